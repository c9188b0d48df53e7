/** Makes elements with their attributes and what stands in them. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {Element} Made
 * @param {Made} made
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} inside
 */
function filled(made, attributes, inside) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...inside);
  return made;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} inside
 */
export const html = (tag, attributes = {}, ...inside) => filled(document.createElement(tag), attributes, inside);

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} inside
 */
export const svg = (tag, attributes = {}, ...inside) => filled(document.createElementNS(SVG, tag), attributes, inside);

/**
 * Returns a button that does `act` and sends no form.
 * @param {string} words
 * @param {() => void} act
 * @param {Record<string, string>} [attributes]
 */
export function button(words, act, attributes = {}) {
  const made = html("button", { type: "button", class: "button", ...attributes }, words);
  made.addEventListener("click", act);
  return made;
}

/**
 * Returns a field within its label.
 * @param {string} words
 * @param {HTMLElement} field
 * @param {string} [name] a class of the label
 */
export const labelled = (words, field, name = "") => html("label", { class: name }, html("span", {}, words), field);
