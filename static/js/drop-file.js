/** Lets a file be dropped anywhere on the form that takes one; the field itself does the rest. */

for (const form of document.querySelectorAll("form[data-drop]")) {
  const field = form.querySelector(".drop-field");
  const input = /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=file]"));
  const hint = /** @type {HTMLElement | null} */ (form.querySelector(".drop-hint"));
  if (!field || !input) continue;
  if (hint) hint.hidden = false;

  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    field.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) field.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    field.classList.remove("over");
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    event.preventDefault();
    input.files = files;
    input.focus();
  });
}
