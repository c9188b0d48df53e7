/** The written fields of the note form: named as the kind names them, with its help and what is wrong under each. */

/** @typedef {Record<string, Record<string, { label: string, help: string }>>} Kinds by kind and field */
/** @typedef {{ field: string, line: number | null, message: string }} Problem */

export const FIELDS = ["question", "answer", "explanation"];

/** @param {string} name */
const rowOf = (name) => /** @type {HTMLElement | null} */ (document.querySelector(`.form-row.field-${name}`));

/**
 * Puts each problem under its field, in the place of those before.
 * @param {Problem[]} problems
 */
export function showProblems(problems) {
  document.querySelectorAll(".live-problems").forEach((list) => list.remove());
  for (const { field, line, message } of problems) {
    const row = rowOf(field);
    if (!row) continue;
    let list = row.querySelector(".live-problems");
    if (!list) {
      row.querySelector(".errorlist")?.remove();
      list = document.createElement("ul");
      list.className = "errorlist live-problems";
      row.append(list);
    }
    const item = document.createElement("li");
    item.textContent = line ? `Line ${line}: ${message}` : message;
    list.append(item);
  }
}

/**
 * Shows a text under a field, in the place of the field's own help, and ties it to the field; "" brings that back.
 * @param {HTMLElement} row
 * @param {HTMLElement} field
 * @param {string} text
 */
function showHelp(row, field, text) {
  const own = /** @type {HTMLElement | null} */ (row.querySelector("div.help"));
  let help = row.querySelector(".part-help");
  if (!help) {
    help = document.createElement("p");
    help.className = "help part-help";
    help.id = `${field.id}_part_help`;
    row.append(help);
  }
  help.textContent = text;
  if (own) own.hidden = text !== "";
  const described = text ? help.id : own?.id;
  if (described) field.setAttribute("aria-describedby", described);
  else field.removeAttribute("aria-describedby");
}

/**
 * Names the fields as the kind does, with its help, and hides an empty one that it does not use.
 * @param {HTMLFormElement} form
 * @param {Kinds} kinds
 */
export function showKind(form, kinds) {
  const parts = kinds[form.elements.kind.value] ?? {};
  for (const name of FIELDS) {
    const row = rowOf(name);
    const field = form.elements[name];
    if (!row || !field) continue;
    row.hidden = !(name in parts) && !field.value.trim();
    const label = row.querySelector("label");
    if (label && name in parts) label.textContent = parts[name].label + (label.textContent.trim().endsWith(":") ? ":" : "");
    showHelp(row, field, parts[name]?.help ?? "");
  }
}
