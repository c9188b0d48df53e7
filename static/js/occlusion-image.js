/** The figure with its boxes over it: drawn, moved and resized by mouse or touch, and moved by the keys. */
import { html, svg } from "./elements.js";
import { moved, sized, spanning } from "./occlusion-boxes.js";

/** @typedef {import("./occlusion-boxes.js").Box} Box */
/** @typedef {import("./occlusion-boxes.js").Figure} Figure */
/** @typedef {{ x: number, y: number }} Point */
/**
 * @typedef {object} Edits what may be done to the boxes
 * @property {(index: number) => Box} box
 * @property {(index: number, box: Box) => void} replace
 * @property {(place: Pick<Box, "left" | "top" | "width" | "height">) => number} add returns its index
 * @property {(index: number) => void} remove
 * @property {(index: number) => void} name begins to write its label
 */

const LEAST_DRAG = 1;
const HANDLE = 24;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HOW =
  "Drag on the image to draw a box. Arrow keys move a box, with Shift they resize it, with Alt by a tenth. " +
  "Enter names it, Delete removes it.";

/** @param {Box} box */
const inWords = ({ number, label, left, top, width, height }) =>
  `Box ${number}${label ? `, ${label}` : ""}: left ${left}, top ${top}, width ${width}, height ${height}`;

/** One box on the image: its rectangle, its number and a handle at each corner. */
function newGroup(/** @type {number} */ index) {
  const corners = ["left top", "right top", "left bottom", "right bottom"];
  const handles = corners.map((corner) => [
    svg("circle", { class: "box-knob", r: 5, "data-corner": corner }),
    svg("rect", { class: "box-handle", width: HANDLE, height: HANDLE, "data-corner": corner }),
  ]);
  return svg(
    "g",
    { class: "box", tabindex: 0, role: "button", "data-index": index },
    svg("rect", { class: "box-side" }),
    svg("text", { class: "box-number", dx: 5, dy: 17 }),
    ...handles.flat(),
  );
}

function drawGroup(/** @type {SVGGElement} */ group, /** @type {Box} */ box) {
  const at = { left: box.left, right: box.left + box.width, top: box.top, bottom: box.top + box.height };
  const set = (/** @type {Element} */ part, /** @type {Record<string, number>} */ values) =>
    Object.entries(values).forEach(([name, value]) => part.setAttribute(name, `${value}%`));
  group.setAttribute("aria-label", inWords(box));
  set(group.children[0], { x: box.left, y: box.top, width: box.width, height: box.height });
  set(group.children[1], { x: box.left, y: box.top });
  group.children[1].textContent = String(box.number);
  for (const part of /** @type {SVGElement[]} */ ([...group.children].slice(2))) {
    const [x, y] = /** @type {("left" | "right" | "top" | "bottom")[]} */ ((part.dataset.corner ?? "").split(" "));
    set(part, part.tagName === "circle" ? { cx: at[x], cy: at[y] } : { x: at[x], y: at[y] });
  }
}

/**
 * @param {Edits} edits
 * @param {(words: string) => void} say
 * @returns {{ root: HTMLElement, draw: (figure: Figure) => void, focus: (index: number) => void }}
 */
export function occlusionImage(edits, say) {
  const picture = html("img", { alt: "", draggable: "false" });
  const layer = svg("svg", { class: "boxes", role: "group", "aria-label": "Boxes on the image" });
  const stage = html("div", { class: "occlusion-stage" }, picture, layer);
  const missing = html("p", { class: "occlusion-missing", role: "status" });
  const root = html("div", {}, stage, missing, html("p", { class: "help" }, HOW));
  /** @type {((to: Point) => void) | null} */
  let drag = null;
  let drawn = -1;

  const focus = (/** @type {number} */ index) =>
    /** @type {SVGGElement | undefined} */ (layer.children[index])?.focus({ preventScroll: true });

  /** @returns {Point} where the pointer is, in percent, no further than the edge */
  function point(/** @type {PointerEvent} */ event) {
    const { left, top, width, height } = layer.getBoundingClientRect();
    const share = (/** @type {number} */ part) => Math.min(Math.max(part * 100, 0), 100);
    return { x: share((event.clientX - left) / width), y: share((event.clientY - top) / height) };
  }

  /** Returns what a drag from here does: it resizes from a corner, moves a box, or draws a new one. */
  function begun(/** @type {SVGElement} */ target, /** @type {Point} */ from) {
    const index = Number(target.closest("g")?.dataset.index ?? -1);
    if (index < 0) return drawing(from);
    focus(index);
    const box = edits.box(index);
    if (!target.dataset.corner) {
      return (/** @type {Point} */ to) =>
        edits.replace(index, moved(edits.box(index), box.left + to.x - from.x, box.top + to.y - from.y));
    }
    const [x, y] = target.dataset.corner.split(" ");
    const fixed = {
      x: x === "left" ? box.left + box.width : box.left,
      y: y === "top" ? box.top + box.height : box.top,
    };
    return (/** @type {Point} */ to) => edits.replace(index, spanning(edits.box(index), fixed, to));
  }

  function drawing(/** @type {Point} */ from) {
    return (/** @type {Point} */ to) => {
      const far = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) >= LEAST_DRAG;
      if (drawn < 0 && far) drawn = edits.add({ left: from.x, top: from.y, width: LEAST_DRAG, height: LEAST_DRAG });
      if (drawn >= 0) edits.replace(drawn, spanning(edits.box(drawn), from, to));
    };
  }

  layer.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    layer.setPointerCapture(event.pointerId);
    drawn = -1;
    drag = begun(/** @type {SVGElement} */ (event.target), point(event));
  });
  layer.addEventListener("pointermove", (event) => event.isPrimary && drag?.(point(event)));
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    layer.addEventListener(end, (event) => {
      if (!drag || !event.isPrimary) return;
      drag = null;
      if (drawn >= 0 && event.pointerType === "mouse") edits.name(drawn);
      else if (drawn >= 0) focus(drawn);
    });
  }

  layer.addEventListener("keydown", (event) => {
    const group = /** @type {SVGElement} */ (event.target).closest("g");
    if (!group || event.ctrlKey || event.metaKey) return;
    const index = Number(group.dataset.index);
    const arrow = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
    if (arrow) {
      const [x, y] = arrow.map((way) => way * (event.altKey ? 0.1 : 1));
      const box = edits.box(index);
      const grown = () => sized(box, box.width + x, box.height + y);
      edits.replace(index, event.shiftKey ? grown() : moved(box, box.left + x, box.top + y));
      say(inWords(edits.box(index)));
    } else if (event.key === "Delete" || event.key === "Backspace") edits.remove(index);
    else if (event.key === "Enter") edits.name(index);
    else return;
    event.preventDefault();
  });

  picture.addEventListener("error", () => (missing.textContent = "There is no image at this path."));
  picture.addEventListener("load", () => (missing.textContent = ""));

  /** Shows the image, if its path is another one than before, and the boxes over it. */
  function draw(/** @type {Figure} */ figure) {
    stage.hidden = !figure.path;
    if (figure.path && picture.getAttribute("src") !== figure.path) picture.src = figure.path;
    while (layer.children.length > figure.boxes.length) layer.lastElementChild?.remove();
    while (layer.children.length < figure.boxes.length) layer.append(newGroup(layer.children.length));
    figure.boxes.forEach((box, index) => drawGroup(/** @type {SVGGElement} */ (layer.children[index]), box));
  }

  return { root, draw, focus };
}
