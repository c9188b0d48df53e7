/** Changes the text of a field as if it were typed: the browser's own undo takes it back in one step. */

/** @typedef {HTMLTextAreaElement | HTMLInputElement} TextField */
/**
 * @typedef {object} Edit what to do with a field's text
 * @property {number} start of what goes
 * @property {number} end
 * @property {string} text what comes in its place
 * @property {number} from where the selection begins afterwards
 * @property {number} to and where it ends
 */

/**
 * Puts `text` in the place of what stands between `start` and `end`; the field has the focus afterwards.
 * @param {TextField} field
 * @param {number} start
 * @param {number} end
 * @param {string} text
 */
function type(field, start, end, text) {
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  if (start === end && !text) return;
  if (document.activeElement !== field) {
    set(field, start, end, text); // it is not in sight
    return;
  }
  // The one way to change a text that undo knows of; browsers that lack it for text fields answer false.
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!done) set(field, start, end, text);
}

/**
 * As `type`, without the focus and therefore without undo.
 * @param {TextField} field
 * @param {number} start
 * @param {number} end
 * @param {string} text
 */
function set(field, start, end, text) {
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/**
 * @param {TextField} field
 * @param {Edit} edit
 */
export function apply(field, { start, end, text, from, to }) {
  if (field.value.slice(start, end) !== text) type(field, start, end, text);
  field.focus({ preventScroll: true });
  field.setSelectionRange(from, to);
}

/**
 * Replaces `old` wherever it stands by now; whoever types on, here or elsewhere, is not disturbed.
 * @param {TextField} field
 * @param {string} old
 * @param {string} text
 * @returns {number} where the new text begins; -1 if `old` is gone
 */
export function swap(field, old, text) {
  const at = field.value.indexOf(old);
  if (at < 0) return at;
  if (document.activeElement !== field) {
    set(field, at, at + old.length, text);
    return at;
  }
  const [from, to] = [field.selectionStart ?? 0, field.selectionEnd ?? 0].map((place) => {
    if (place <= at) return place;
    return place < at + old.length ? at + text.length : place + text.length - old.length;
  });
  apply(field, { start: at, end: at + old.length, text, from, to });
  return at;
}
