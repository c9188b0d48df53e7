/** The tools of a written field: what each is called, looks like and does, and where it means something. */
import { around, code, codeBlock, formulaApart, gap, link, list } from "./note-marks.js";

/** @typedef {import("./note-marks.js").Mark} Mark */
/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} label
 * @property {string} icon paths on a square of 24
 * @property {string} [key] the key with Ctrl or ⌘, as its `code`
 * @property {boolean} [shift] whether Shift is held as well
 * @property {string} [more] what else its tooltip says
 * @property {Mark} [mark] what it makes of the text; the others ask for something first
 */

/** @type {Tool[]} */
export const TOOLS = [
  {
    name: "bold",
    label: "Bold",
    key: "KeyB",
    mark: around("**"),
    icon: "M7 5h6a3.5 3.5 0 0 1 0 7H7zm0 7h7a3.5 3.5 0 0 1 0 7H7z",
  },
  { name: "italic", label: "Italic", key: "KeyI", mark: around("*"), icon: "M10 5h8M6 19h8M14 5l-4 14" },
  { name: "code", label: "Code", key: "KeyE", mark: code, icon: "M8 7l-5 5 5 5M16 7l5 5-5 5" },
  {
    name: "block",
    label: "Block of code",
    mark: codeBlock,
    icon: "M4 4h16v16H4zM9.5 9l-3 3 3 3M14.5 9l3 3-3 3",
  },
  { name: "formula", label: "Formula", key: "KeyM", mark: around("$", false), icon: "M18 6V5H6l6 7-6 7h12v-1" },
  {
    name: "display",
    label: "Formula on its own",
    mark: formulaApart,
    icon: "M3 3h18M3 21h18M15 8.5V7H8.5l4 5-4 5H15v-1.5",
  },
  {
    name: "gap",
    label: "Gap",
    key: "KeyC",
    shift: true,
    mark: gap,
    more: "with Alt the same number again",
    icon:
      "M8 4C4 4 7 11 3.5 12 7 13 4 20 8 20" +
      "M16 4c4 0 1 7 4.5 8-3.5 1-.5 8-4.5 8M9.5 12h.01M12 12h.01M14.5 12h.01",
  },
  { name: "table", label: "Table", icon: "M4 5h16v14H4zM4 10h16M4 14.5h16M12 5v14" },
  {
    name: "list",
    label: "List",
    key: "Digit8",
    shift: true,
    mark: list,
    icon: "M9 6h12M9 12h12M9 18h12M4 6h.01M4 12h.01M4 18h.01",
  },
  {
    name: "link",
    label: "Link",
    key: "KeyK",
    mark: link,
    icon:
      "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5" +
      "M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5",
  },
  { name: "picture", label: "Picture", icon: "M4 5h16v14H4zM4 17l5-5 4 4 2.5-2.5L20 18M15.5 9h.01" },
  {
    name: "sound",
    label: "Sound",
    icon: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  },
];

/** @type {Record<string, string[]>} of answers that are no text of their own, by kind */
const ANSWER_TOOLS = {
  choice: ["bold", "italic", "code", "formula", "link", "picture"],
  typed: ["formula"],
  numeric: ["formula"],
  occlusion: ["picture"],
};

/**
 * @param {string} name of a tool
 * @param {string} field
 * @param {string} kind
 * @returns {boolean} whether it means something there
 */
export function belongs(name, field, kind) {
  if (name === "gap") return kind === "cloze" && field === "question";
  const few = field === "answer" ? ANSWER_TOOLS[kind] : undefined;
  return !few || few.includes(name);
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);

/** Returns a tool's name and keys as people write them, such as Link (Ctrl+K). */
export function tooltipOf(/** @type {Tool} */ { label, key, shift, more }) {
  if (!key) return label;
  // ⌘M is the system's own; Ctrl works everywhere.
  const first = isMac && key !== "KeyM" ? "⌘" : "Ctrl+";
  const keys = `${first}${shift ? (isMac ? "⇧" : "Shift+") : ""}${key.slice(-1)}`;
  return `${label} (${[keys, more].filter(Boolean).join("; ")})`;
}

/** Returns the tool that these keys ask for. A different Alt is only for another gap of the same number. */
export function toolFor(/** @type {KeyboardEvent} */ event) {
  if (!(event.ctrlKey || event.metaKey) || event.isComposing || event.getModifierState("AltGraph")) return undefined;
  const pressed = (/** @type {Tool} */ { name, key, shift }) =>
    isKey(event, key) && Boolean(shift) === event.shiftKey && (!event.altKey || name === "gap");
  return TOOLS.find(pressed);
}

/** Letters are where the layout has them, digits where they stand on the keyboard. */
const isKey = (/** @type {KeyboardEvent} */ event, /** @type {string | undefined} */ key) =>
  key?.startsWith("Key")
    ? event.key.toUpperCase() === key.slice(-1) || isAltered(event, key)
    : event.code === key;

/** With Alt some systems write another sign; then the place of the key counts. */
const isAltered = (/** @type {KeyboardEvent} */ { altKey, code }, /** @type {string} */ key) => altKey && code === key;
