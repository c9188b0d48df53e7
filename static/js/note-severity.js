/** Beside the choice of how grave a change is: what it seems to be, and why. */
const SEEMS = {
  wording: "The change looks like one of wording.",
  meaning: "The change looks like one of meaning.",
};

/**
 * @param {HTMLFormElement} form
 * @param {string | undefined} severity nothing where there is no stored note to compare with
 * @param {string[]} [reasons]
 */
export function showSeverity(form, severity, reasons = []) {
  const said = form.querySelector(".note-severity");
  if (!said) return;
  const words = SEEMS[/** @type {keyof typeof SEEMS} */ (severity)];
  const text = words ? [words, ...reasons].join(" ") : "";
  if (said.textContent !== text) said.textContent = text;
}
