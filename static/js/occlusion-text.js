/** A figure and its boxes as they are written: read, and written back. The server reads them alike. */
import { Unreadable } from "./answer-editor.js";
import { fitted } from "./occlusion-boxes.js";

/** @typedef {import("./occlusion-boxes.js").Box} Box */
/** @typedef {import("./occlusion-boxes.js").Figure} Figure */

const NUMBER = "(\\d{1,3}(?:\\.\\d{1,3})?)";
const BOX = new RegExp(`^(\\d{1,3}):\\s*${NUMBER}\\s+${NUMBER}\\s+${NUMBER}\\s+${NUMBER}\\s*=\\s*(.*)$`);
const HIDE = /^hide:\s*(all|one)$/;
const IMAGE = /^!\[([^[\]]*)\]\(([^\s()]*)\)$/;

/** @returns {Box | undefined} undefined if the line is no box, or one that reaches outside the image */
function readBox(/** @type {string} */ line) {
  const found = BOX.exec(line);
  if (!found) return undefined;
  const [number, left, top, width, height] = found.slice(1, 6).map(Number);
  if (left + width > 100 || top + height > 100) return undefined;
  return fitted({ number, left, top, width, height, label: found[6] });
}

/**
 * @param {string} source
 * @returns {Figure} throws Unreadable at a line that the editor would lose
 */
export function readFigure(source) {
  /** @type {Figure} */
  const figure = { path: "", alt: "", hide: "all", boxes: [] };
  let images = 0;
  let hides = 0;
  source.split("\n").forEach((written, index) => {
    const line = written.trim();
    const box = readBox(line);
    const hide = HIDE.exec(line);
    const image = IMAGE.exec(line);
    if (box) {
      const known = figure.boxes.find((other) => other.number === box.number && other.label);
      figure.boxes.push({ ...box, label: box.label || (known?.label ?? "") });
    } else if (hide && hides++ === 0) figure.hide = /** @type {"all" | "one"} */ (hide[1]);
    else if (image && images++ === 0) [figure.alt, figure.path] = image.slice(1);
    else if (line) throw new Unreadable(index + 1);
  });
  return figure;
}

/** Returns a path without what would end it in Markdown. */
const tidyPath = (/** @type {string} */ path) =>
  path.trim().replace(/[\s()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** Returns a text alternative without what would end it in Markdown. */
const tidyAlt = (/** @type {string} */ alt) =>
  alt.replace(/\s+/g, " ").trim().replaceAll("[", "(").replaceAll("]", ")");

/**
 * @param {Figure} figure
 * @returns {string}
 */
export function writeFigure({ path, alt, hide, boxes }) {
  const image = path.trim() || alt.trim() ? [`![${tidyAlt(alt)}](${tidyPath(path)})`] : [];
  const lines = boxes.map(({ number, left, top, width, height, label }) =>
    `${number}: ${[left, top, width, height].join(" ")} = ${label.trim()}`.trimEnd(),
  );
  return [...image, `hide: ${hide}`, ...lines].join("\n");
}
