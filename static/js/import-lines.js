/** Marks the lines of a pasted list by keys and taps. Each line is a group of radio buttons that work without this. */

const MARKS = "qats";

/**
 * Returns the button of a line that is chosen, or else its first.
 * @param {Element | null} line
 */
const chosenIn = (line) =>
  /** @type {HTMLInputElement | null} */ (line?.querySelector("input:checked") ?? line?.querySelector("input") ?? null);

/**
 * Marks a line.
 * @param {Element} line
 * @param {string} mark
 */
function mark(line, mark) {
  const button = /** @type {HTMLInputElement | null} */ (line.querySelector(`input[value="${mark}"]`));
  if (!button) return;
  button.checked = true;
  button.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Returns the next line in a direction that `fits` and can be marked.
 * @param {Element} line
 * @param {"nextElementSibling" | "previousElementSibling"} way
 * @param {string} fits a selector
 */
function following(line, way, fits) {
  let next = line[way];
  while (next && !(next.matches(fits) && chosenIn(next))) next = next[way];
  return next;
}

/**
 * Goes to a line, so that keys are about it.
 * @param {Element | null} line
 */
function goTo(line) {
  const button = chosenIn(line);
  if (!line || !button) return;
  line.scrollIntoView({ block: "nearest" });
  button.focus({ preventScroll: true });
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const line = /** @type {Element} */ (event.target).closest(".import-line");
  if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (MARKS.includes(key) && key.length === 1) {
    mark(line, key);
    chosenIn(line)?.focus({ preventScroll: true });
  } else if (key === "arrowdown") goTo(following(line, "nextElementSibling", "*"));
  else if (key === "arrowup") goTo(following(line, "previousElementSibling", "*"));
  else if (key === "d") goTo(following(line, "nextElementSibling", ".is-doubtful"));
  else return;
  event.preventDefault();
}

/** @param {MouseEvent} event */
function onTap(event) {
  const text = /** @type {Element} */ (event.target).closest(".import-text");
  const line = text?.closest(".import-line");
  if (!line || String(getSelection())) return;
  mark(line, chosenIn(line)?.value === "q" ? "a" : "q");
}

for (const lines of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-import-lines]"))) {
  lines.addEventListener("keydown", onKey);
  lines.addEventListener("click", onTap);
  const keys = /** @type {HTMLElement | null} */ (lines.querySelector(".import-lines-keys"));
  if (keys) keys.hidden = false;
}
