/** The boxes of a figure as a list: number, label, place and size of each in fields. */
import { button, html, labelled } from "./elements.js";
import { LEAST_SIDE, MOST_NUMBER, moved, sized } from "./occlusion-boxes.js";

/** @typedef {import("./occlusion-boxes.js").Box} Box */
/** @typedef {import("./occlusion-image.js").Edits} Edits */

const LONGEST_LABEL = 200;
const EDGES = /** @type {const} */ (["left", "top", "width", "height"]);

const percent = (/** @type {number} */ least) =>
  html("input", { type: "number", min: least, max: 100, step: 0.1, inputmode: "decimal" });

/** Returns the box with one edge or side as it was typed. */
function withEdge(/** @type {Box} */ box, /** @type {typeof EDGES[number]} */ edge, /** @type {number} */ value) {
  const { left, top, width, height } = { ...box, [edge]: value };
  return edge === "left" || edge === "top" ? moved(box, left, top) : sized(box, width, height);
}

/** A row: always the box at `index`, whichever that is. */
class Row {
  /**
   * @param {number} index
   * @param {Edits} edits
   */
  constructor(index, edits) {
    this.number = html("input", { type: "number", min: 1, max: MOST_NUMBER, step: 1, inputmode: "numeric" });
    this.label = html("input", { type: "text", maxlength: LONGEST_LABEL });
    this.edges = { left: percent(0), top: percent(0), width: percent(LEAST_SIDE), height: percent(LEAST_SIDE) };
    this.remove = button("Remove", () => edits.remove(index));
    this.root = html(
      "li",
      { class: "box-row" },
      labelled("Number", this.number),
      labelled("Label", this.label, "box-row-label"),
      ...EDGES.map((edge) => labelled(`${edge[0].toUpperCase()}${edge.slice(1)} %`, this.edges[edge])),
      this.remove,
    );
    // A label is taken letter by letter; a number only when it is complete, so that 12 is not first 1.
    this.label.addEventListener("input", () => edits.replace(index, { ...edits.box(index), label: this.label.value }));
    this.number.addEventListener("change", () => {
      const number = Math.round(Number(this.number.value));
      const valid = number >= 1 && number <= MOST_NUMBER;
      edits.replace(index, valid ? { ...edits.box(index), number } : edits.box(index));
    });
    for (const edge of EDGES) {
      this.edges[edge].addEventListener("change", () => {
        const value = this.edges[edge].valueAsNumber;
        const box = edits.box(index);
        edits.replace(index, Number.isFinite(value) ? withEdge(box, edge, value) : box);
      });
    }
  }

  show(/** @type {Box} */ box) {
    const set = (/** @type {HTMLInputElement} */ field, /** @type {string} */ value) => {
      if (field.value !== value) field.value = value;
    };
    set(this.number, String(box.number));
    set(this.label, box.label);
    for (const edge of EDGES) set(this.edges[edge], String(box[edge]));
    this.remove.setAttribute("aria-label", `Remove box ${box.number}${box.label ? `, ${box.label}` : ""}`);
  }
}

/**
 * @param {Edits} edits
 * @returns {{ root: HTMLElement, draw: (boxes: Box[]) => void, name: (index: number) => void }}
 */
export function occlusionList(edits) {
  const root = html("ol", { class: "box-rows", "aria-label": "Boxes" });
  /** @type {Row[]} */
  const rows = [];

  function draw(/** @type {Box[]} */ boxes) {
    while (rows.length > boxes.length) rows.pop()?.root.remove();
    while (rows.length < boxes.length) {
      rows.push(new Row(rows.length, edits));
      root.append(rows[rows.length - 1].root);
    }
    boxes.forEach((box, index) => rows[index].show(box));
  }

  return { root, draw, name: (index) => rows[index]?.label.focus() };
}
