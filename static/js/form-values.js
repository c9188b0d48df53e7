/** What is typed in a form, as values by name: taken from it, put back into it, compared. */

/** @typedef {import("./draft-store.js").Values} Values */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

const LEFT_OUT = ["hidden", "file", "password", "submit", "button", "reset", "image"];

/** @returns {Control[]} what is typed or chosen in */
const controls = (/** @type {HTMLFormElement} */ form) =>
  /** @type {Control[]} */ ([...form.elements].filter((each) => /** @type {Control} */ (each).name && isTyped(each)));

const isTyped = (/** @type {Element} */ element) =>
  element instanceof HTMLSelectElement ||
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && !LEFT_OUT.includes(element.type));

const isChecked = (/** @type {Control} */ control) =>
  control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type);

/** @returns {string[]} what one control says, now or as the page came */
function said(/** @type {Control} */ control, /** @type {boolean} */ asItCame) {
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    const chosen = options.filter((option) => (asItCame ? option.defaultSelected : option.selected));
    const first = asItCame && !control.multiple && chosen.length === 0 ? options.slice(0, 1) : chosen;
    return first.map(({ value }) => value);
  }
  if (isChecked(control)) {
    const { checked, defaultChecked } = /** @type {HTMLInputElement} */ (control);
    return (asItCame ? defaultChecked : checked) ? [control.value] : [];
  }
  return [(asItCame ? control.defaultValue : control.value).replaceAll("\r\n", "\n")];
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} [asItCame] as the page came, not as it is now
 * @returns {Values}
 */
export function valuesOf(form, asItCame = false) {
  /** @type {Values} */
  const values = {};
  for (const control of controls(form)) (values[control.name] ??= []).push(...said(control, asItCame));
  return values;
}

/** Returns whether two forms say the same; space at the end of a text is no difference, as it is not stored. */
export function alike(/** @type {Values} */ one, /** @type {Values} */ other) {
  const text = (/** @type {string[] | undefined} */ said) => (said ?? []).map((each) => each.trim()).join("\n").trim();
  return Object.keys({ ...one, ...other }).every((name) => text(one[name]) === text(other[name]));
}

/** Puts values into a form, and lets everything that follows its fields know. */
export function putInto(/** @type {HTMLFormElement} */ form, /** @type {Values} */ values) {
  const left = Object.fromEntries(Object.entries(values).map(([name, said]) => [name, [...said]]));
  const changed = controls(form).filter((control) => control.name in left);
  for (const control of changed) {
    const said = left[control.name];
    if (isChecked(control)) /** @type {HTMLInputElement} */ (control).checked = said.includes(control.value);
    else if (control instanceof HTMLSelectElement) {
      for (const option of control.options) option.selected = said.includes(option.value);
    } else control.value = said.shift() ?? "";
  }
  for (const control of changed) {
    if (control instanceof HTMLSelectElement) control.dispatchEvent(new Event("change", { bubbles: true }));
    if (control instanceof HTMLTextAreaElement) control.dispatchEvent(new Event("rewritten"));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
