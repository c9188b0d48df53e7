/** Boxes over a figure, in percent of it with one decimal. Whatever is done to one, it stays within the image. */

/** @typedef {{ number: number, left: number, top: number, width: number, height: number, label: string }} Box */
/** @typedef {{ path: string, alt: string, hide: "all" | "one", boxes: Box[] }} Figure */

export const LEAST_SIDE = 0.5;
export const MOST_NUMBER = 99;

const tenths = (/** @type {number} */ value) => Math.round(value * 10) / 10;

/** @returns {number} `value` with one decimal, and not below `least` or above `most` */
const between = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) =>
  tenths(Math.min(Math.max(value, least), most));

/**
 * Returns the box moved to a place; it keeps its size.
 * @param {Box} box
 * @param {number} left
 * @param {number} top
 * @returns {Box}
 */
export const moved = (box, left, top) => ({
  ...box,
  left: between(left, 0, 100 - box.width),
  top: between(top, 0, 100 - box.height),
});

/**
 * Returns the box with another size; it keeps its place.
 * @param {Box} box
 * @param {number} width
 * @param {number} height
 * @returns {Box}
 */
export const sized = (box, width, height) => ({
  ...box,
  width: between(width, LEAST_SIDE, 100 - box.left),
  height: between(height, LEAST_SIDE, 100 - box.top),
});

/** Returns the box rounded, its size before its place. */
export function fitted(/** @type {Box} */ box) {
  const whole = { ...box, width: between(box.width, LEAST_SIDE, 100), height: between(box.height, LEAST_SIDE, 100) };
  return moved(whole, box.left, box.top);
}

/**
 * Returns the box between two opposite corners.
 * @param {Box} box
 * @param {{ x: number, y: number }} one
 * @param {{ x: number, y: number }} other
 * @returns {Box}
 */
export const spanning = (box, one, other) =>
  fitted({
    ...box,
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  });

/** Returns a number that no box has yet; the last one if all are taken. */
export function freeNumber(/** @type {Box[]} */ boxes) {
  const taken = new Set(boxes.map((box) => box.number));
  let number = 1;
  while (taken.has(number) && number < MOST_NUMBER) number += 1;
  return number;
}

/**
 * Returns the boxes with `box` at `index`. Those of one number share a label: a box that joins others takes theirs,
 * one that is renamed renames them.
 * @param {Box[]} boxes
 * @param {number} index
 * @param {Box} box
 * @returns {Box[]}
 */
export function withBox(boxes, index, box) {
  const before = boxes[index];
  const others = boxes.filter((_, at) => at !== index);
  const joined = before?.number !== box.number && others.find((other) => other.number === box.number && other.label);
  const label = joined ? joined.label : box.label;
  const renamed = before && before.label !== label && !joined;
  const shared = (/** @type {Box} */ other) =>
    renamed && other.number === box.number ? { ...other, label } : other;
  return boxes.map((other, at) => (at === index ? { ...box, label } : shared(other)));
}
