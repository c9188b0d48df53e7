/** Takes files into a written field: uploads them, says how far they are, and puts in the Markdown that shows them. */
import { html } from "./elements.js";
import { newProgress } from "./file-progress.js";
import { apply, swap } from "./field-text.js";
import { NotUploaded, upload } from "./media-upload.js";
import { FIELDS } from "./note-fields.js";
import { setFigure } from "./note-figure.js";
import { apart } from "./note-marks.js";
import { belongs } from "./note-tools.js";

/** @typedef {import("./note-figure.js").Shown} Shown */

const form = /** @type {HTMLFormElement} */ (document.getElementById("note_form"));
const section = /** @type {HTMLElement} */ (document.getElementById("note-preview"));
const ALT = /^!\[([^\]]*)\]/;
const SAY_WHAT = "Now say what is seen, for those who can't see it: type it where the cursor stands.";
const IN_ROWS = ".answer-editor";

/** What stands in a text until its file is there. */
export const WAITING = /\[Uploading [^\]\n]*, \d+\]/g;

let count = 0;
let running = 0;
/** What is to happen when nothing is uploaded any more. */
let afterwards = (/** @type {boolean} */ _whole) => {};

const rowOf = (/** @type {Element} */ field) => /** @type {Element} */ (field.closest(".form-row"));
const isFigure = (/** @type {Element} */ field) =>
  field.getAttribute("name") === "answer" && form.elements.kind.value === "occlusion";

/** Returns why a file can't stand in a field; "" if it can. */
function refusal(/** @type {Element} */ field, /** @type {File} */ { type }) {
  const name = FIELDS.find((each) => rowOf(field).matches(`.field-${each}`)) ?? "";
  const kind = form.elements.kind.value;
  const may = { image: belongs("picture", name, kind), audio: belongs("sound", name, kind) };
  if (may[/** @type {keyof typeof may} */ (type.split("/")[0])]) return "";
  if (!may.image) return "Only text can stand here.";
  return may.audio ? "Only pictures and sounds can be put in." : "Only pictures can be put in here.";
}

/** Puts lines for the files into the text, to be replaced one by one. */
function waitingLines(/** @type {HTMLTextAreaElement} */ field, /** @type {File[]} */ files) {
  const name = (/** @type {File} */ file) => file.name.replace(/[^\p{L}\p{N}. -]/gu, "").slice(0, 40);
  const lines = files.map((file) => `[Uploading ${name(file)}, ${(count += 1)}]`);
  const { value, selectionEnd: end } = field;
  const text = lines.join(field.closest(IN_ROWS) ? " " : "\n\n");
  const to = end + text.length;
  if (field.closest(IN_ROWS)) apply(field, { start: end, end, text, from: to, to });
  else apply(field, apart(value, end, end, text, text.length, text.length));
  return lines;
}

/**
 * Uploads files one after the other and shows each in the text, or as the figure.
 * @param {HTMLTextAreaElement} field
 * @param {File[]} files
 * @param {import("./file-progress.js").Progress} progress
 * @returns {Promise<Shown | undefined>} the first picture, if nobody has typed on meanwhile
 */
async function bring(field, files, progress) {
  const lines = isFigure(field) ? [] : waitingLines(field, files);
  let [seen, isTouched] = [field.value, false];
  /** @type {Shown | undefined} */
  let first;
  for (const [index, file] of files.entries()) {
    progress.say(`Uploading ${files.length > 1 ? `${index + 1} of ${files.length}: ` : ""}${file.name}`);
    try {
      const { markdown, path } = await upload(form, section, file);
      isTouched ||= field.value !== seen;
      const alt = ALT.exec(markdown)?.[1];
      const put = () => ({ at: swap(field, lines[index], markdown), alt: alt ?? "" });
      const shown = lines[index] ? put() : setFigure(field, path);
      if (alt !== undefined && shown.at >= 0) first ??= shown;
    } catch (error) {
      if (!(error instanceof NotUploaded)) throw error;
      isTouched ||= field.value !== seen;
      if (lines[index]) swap(field, lines[index], "");
      progress.fail(file, error.message);
    }
    seen = field.value;
  }
  return isTouched ? undefined : first;
}

/**
 * Takes files into a field and then asks what the first picture shows, unless one writes elsewhere by then.
 * @param {HTMLTextAreaElement} field
 * @param {File[]} files
 */
export async function take(field, files) {
  const progress = newProgress(rowOf(field));
  const wanted = files.filter((file) => {
    const why = refusal(field, file);
    if (why) progress.fail(file, why);
    return !why;
  });
  if (wanted.length === 0) return;
  running += 1;
  try {
    const shown = await bring(field, isFigure(field) ? wanted.slice(0, 1) : wanted, progress);
    const here = document.activeElement;
    const isThere = isFigure(field) || here === field || here === document.body;
    progress.say(progress.failed ? "" : shown && isThere ? SAY_WHAT : "Uploaded.");
    if (shown && isThere) askWhatIsSeen(field, shown);
  } finally {
    running -= 1;
    if (running === 0) afterwards(!progress.failed);
  }
}

/**
 * Puts the focus where it is said what a picture shows, with what stands there marked.
 * @param {HTMLTextAreaElement} field
 * @param {Shown} shown
 */
function askWhatIsSeen(field, { at, alt }) {
  const own = /** @type {HTMLTextAreaElement | null} */ (document.querySelector(".occlusion-alt"));
  if (!isFigure(field) || !own?.offsetParent) {
    apply(field, { start: at, end: at, text: "", from: at + 2, to: at + 2 + alt.length });
    return;
  }
  own.focus();
  own.select();
}

/** Asks for files and takes them. */
export function chooseFile(/** @type {HTMLTextAreaElement} */ field, /** @type {string} */ accept) {
  const input = html("input", { type: "file", accept });
  input.multiple = !isFigure(field);
  input.addEventListener("change", () => take(field, [...(input.files ?? [])]));
  input.click();
}

/**
 * Returns whether files are on their way; then `act` is called when they are all there, told whether none failed.
 * @param {(whole: boolean) => void} act
 */
export function waitForFiles(act) {
  if (running > 0) afterwards = act;
  return running > 0;
}
