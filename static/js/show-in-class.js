/** A card before a class: space, enter or a click on the card show the answer and hide it; n asks with other numbers. */

const card = /** @type {HTMLElement} */ (document.getElementById("card"));
const answer = /** @type {HTMLElement} */ (document.getElementById("answer"));
const tell = /** @type {HTMLAnchorElement} */ (document.getElementById("tell"));

/** Shows the answer if it is hidden, hides it if it is shown. */
function turn() {
  answer.hidden = !answer.hidden;
  for (const part of card.querySelectorAll("[data-until-told]")) {
    /** @type {HTMLElement} */ (part).hidden = !answer.hidden;
  }
  const label = /** @type {HTMLElement} */ (tell.querySelector("span"));
  label.textContent = (answer.hidden ? tell.dataset.show : tell.dataset.hide) ?? "";
  if (!answer.hidden) answer.scrollIntoView({ block: "nearest" });
}

/**
 * Does what a key stands for.
 * @param {KeyboardEvent} event
 */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = /** @type {Element} */ (event.target);
  if (event.key === " " || event.key === "Enter") {
    // A link that has the focus does what it says; space does nothing on links, so there it turns the card.
    if (event.key === "Enter" && target.closest("a, summary")) return;
    if (target.closest("summary")) return;
    event.preventDefault();
    turn();
    return;
  }
  const link = /** @type {HTMLElement | null} */ (document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`));
  if (link) {
    event.preventDefault();
    link.click();
  }
}

/**
 * Turns the card at a click beside links, unless text was selected with it.
 * @param {MouseEvent} event
 */
function onClick(event) {
  if (/** @type {Element} */ (event.target).closest("a, summary") || String(getSelection())) return;
  turn();
}

tell.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  turn();
});
card.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
