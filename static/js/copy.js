/** Buttons that copy the text of another element. Without scripts, or where copying is not allowed, there are none. */

/** @param {HTMLButtonElement} button */
function letCopy(button) {
  const source = document.querySelector(button.dataset.copy ?? "");
  if (!source) return;
  const words = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent?.trim() ?? "");
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not copied: mark it by hand";
    }
    setTimeout(() => (button.textContent = words), 3000);
  });
}

if (navigator.clipboard) document.querySelectorAll("button[data-copy]").forEach(letCopy);
