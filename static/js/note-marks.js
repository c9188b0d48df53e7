/** What each tool makes of a text and the selection in it: Markdown's marks, formulas, gaps, tables. */

/** @typedef {import("./field-text.js").Edit} Edit */
/** @typedef {(value: string, start: number, end: number, same?: boolean) => Edit} Mark */

const MOST_GAPS = 99;
const LINE = /^(\s*(?:(?:[-*+]|\d+[.)])\s+)?)(.*?)(\s*)$/;
const ITEM = /^(\s*)[-*+] /;
const ADDRESS = /^(https?:\/\/|\/)\S+$/;

/** Returns the selection without the space around it; an empty one stays where it is. */
function tight(/** @type {string} */ value, /** @type {number} */ start, /** @type {number} */ end) {
  const chosen = value.slice(start, end);
  if (!chosen.trim()) return [start, end];
  return [start + chosen.length - chosen.trimStart().length, end - chosen.length + chosen.trimEnd().length];
}

/** @returns {boolean} whether `text` begins with `mark`; one star of two or four is not one of its own */
function opens(/** @type {string} */ text, /** @type {string} */ mark) {
  if (mark[0] !== "*") return text.startsWith(mark);
  const stars = /^\**/.exec(text)?.[0].length ?? 0;
  return mark === "**" ? stars >= 2 : stars % 2 === 1;
}

const reversed = (/** @type {string} */ text) => [...text].reverse().join("");
const closes = (/** @type {string} */ text, /** @type {string} */ mark) => opens(reversed(text), reversed(mark));

/**
 * Returns a tool that puts `mark` on both sides, if `byLine` of each line, and takes it away where it is. In an empty
 * pair the text goes on inside; at the end of a text that is marked it goes on outside.
 * @param {string} mark
 * @param {boolean} [byLine]
 * @returns {Mark}
 */
export const around = (mark, byLine = true) => (value, from, to) => {
  const [start, end] = tight(value, from, to);
  const [before, chosen, after] = [value.slice(0, start), value.slice(start, end), value.slice(end)];
  const size = mark.length;
  if (closes(before, mark) && opens(after, mark)) {
    return { start: start - size, end: end + size, text: chosen, from: start - size, to: end - size };
  }
  if (!chosen) {
    const out = start + size;
    const ends = opens(after, mark) && before.slice(before.lastIndexOf("\n") + 1).includes(mark);
    return { start, end, text: ends ? "" : mark + mark, from: out, to: out };
  }
  if (chosen.length > 2 * size && opens(chosen, mark) && closes(chosen, mark)) {
    return { start, end, text: chosen.slice(size, -size), from: start, to: end - 2 * size };
  }
  const marked = (/** @type {string} */ line) =>
    line.trim() ? line.replace(LINE, (_, lead, words, tail) => `${lead}${mark}${words}${mark}${tail}`) : line;
  const text = byLine ? chosen.split("\n").map(marked).join("\n") : mark + chosen + mark;
  return { start, end, text, from: start + text.length, to: start + text.length };
};

/** @type {Mark} code in a line; text with backticks gets longer ones */
export const code = (value, start, end) => around("`".repeat(longest(value.slice(start, end)) + 1))(value, start, end);

const longest = (/** @type {string} */ text) => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

/**
 * Returns the text set apart by empty lines; `from` and `to` are counted from its own beginning.
 * @param {string} value
 * @param {number} start
 * @param {number} end
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {Edit}
 */
export function apart(value, start, end, text, from, to) {
  const missing = (/** @type {string} */ beside) => (beside ? "\n".repeat(Math.max(0, 2 - newlines(beside))) : "");
  const lead = missing(reversed(value.slice(0, start)));
  const at = start + lead.length;
  return { start, end, text: lead + text + missing(value.slice(end)), from: at + from, to: at + to };
}

const newlines = (/** @type {string} */ text) => /^\n*/.exec(text)?.[0].length ?? 0;

/** @type {(open: string, close: string, value: string, start: number, end: number) => Edit} */
function fenced(open, close, value, from, to) {
  const [start, end] = tight(value, from, to);
  const chosen = value.slice(start, end);
  const place = chosen ? (open + chosen + close).length : open.length;
  return apart(value, start, end, open + chosen + close, place, place);
}

/** @type {Mark} */
export const formulaApart = (value, start, end) => fenced("$$", "$$", value, start, end);

/** @type {Mark} */
export function codeBlock(value, start, end) {
  const fence = "`".repeat(Math.max(3, longest(value.slice(start, end)) + 1));
  return fenced(`${fence}\n`, `\n${fence}`, value, start, end);
}

/** @type {Mark} the next gap; with `same` another one of the last number */
export function gap(value, from, to, same = false) {
  const [start, end] = tight(value, from, to);
  const last = Math.max(0, ...[...value.matchAll(/\{\{c(\d+)::/g)].map((found) => Number(found[1])));
  const number = Math.min(Math.max(same ? last : last + 1, 1), MOST_GAPS);
  const chosen = value.slice(start, end);
  const text = `{{c${number}::${chosen}}}`;
  const place = start + text.length - (chosen ? 0 : 2);
  return { start, end, text, from: place, to: place };
}

/** @type {Mark} items of the lines, or lines of the items */
export function list(value, from, to) {
  const start = from ? value.lastIndexOf("\n", from - 1) + 1 : 0;
  const next = value.indexOf("\n", Math.max(from, to - 1));
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end).split("\n");
  const full = lines.filter((line) => line.trim());
  const items = full.length > 0 && full.every((line) => ITEM.test(line));
  const made = lines.map((line) => {
    if (items) return line.replace(ITEM, "$1");
    return (line.trim() && !ITEM.test(line)) || full.length === 0 ? `- ${line}` : line;
  });
  const above = value.slice(0, Math.max(start - 1, 0)).split("\n").at(-1) ?? "";
  const lead = !items && above.trim() && !ITEM.test(above) ? "\n" : "";
  const text = lead + made.join("\n");
  return { start, end, text, from: start + text.length, to: start + text.length };
}

/** @type {Mark} the words chosen, or the address chosen; what is missing is marked for typing */
export function link(value, from, to) {
  const [start, end] = tight(value, from, to);
  const chosen = value.slice(start, end);
  if (ADDRESS.test(chosen)) return { start, end, text: `[](${chosen})`, from: start + 1, to: start + 1 };
  const place = start + chosen.length + 3;
  const [first, last] = chosen ? [place, place + "https://".length] : [start + 1, start + 1];
  return { start, end, text: `[${chosen}](https://)`, from: first, to: last };
}

/** Returns a table with a heading and `rows` rows under it; the text goes on in its first cell. */
export function table(/** @type {number} */ rows, /** @type {number} */ columns) {
  const line = (/** @type {string} */ cell) => `|${` ${cell} |`.repeat(columns)}`;
  return [line("  "), line("---"), ...Array.from({ length: rows }, () => line("  "))].join("\n");
}
