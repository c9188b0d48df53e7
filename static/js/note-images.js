/** Pictures and sounds for the written fields are pasted or dropped; saving waits until they are there. */
import { FIELDS } from "./note-fields.js";
import { take, waitForFiles } from "./note-media.js";

/** Returns the files that a paste or a drop brings; none if it brings text as well, as cells of a sheet do. */
function filesOf(/** @type {DataTransfer | null} */ data) {
  return data && !data.getData("text/plain") ? [...data.files] : [];
}

const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;

const isSeen = (/** @type {Element} */ element) => /** @type {HTMLElement} */ (element).offsetParent !== null;

/**
 * Lets files be pasted and dropped on a field's row.
 * @param {Element} row
 * @param {HTMLTextAreaElement} field
 */
function receive(row, field) {
  let inside = 0;
  const drop = (/** @type {boolean} */ isOver) => row.classList.toggle("note-drop", isOver);
  /** Returns the text that files go into: where they fall, else the first in sight. A figure stands in its field. */
  function fieldAt(/** @type {EventTarget | null} */ target) {
    const texts = [...row.querySelectorAll("textarea:not(.occlusion-alt)")].filter(isSeen);
    return /** @type {HTMLTextAreaElement} */ (texts.find((text) => text === target) ?? texts[0] ?? field);
  }

  row.addEventListener("paste", (event) => {
    const files = filesOf(/** @type {ClipboardEvent} */ (event).clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    take(fieldAt(event.target), files);
  });
  row.addEventListener("dragenter", (event) => hasFiles(/** @type {DragEvent} */ (event)) && drop((inside += 1) > 0));
  row.addEventListener("dragleave", (event) => hasFiles(/** @type {DragEvent} */ (event)) && drop((inside -= 1) > 0));
  row.addEventListener("drop", (event) => {
    inside = 0;
    drop(false);
    take(fieldAt(event.target), filesOf(/** @type {DragEvent} */ (event).dataTransfer));
  });
}

function start() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("note_form"));
  if (!form || !document.getElementById("note-preview")?.dataset.upload) return;
  for (const name of FIELDS) {
    const field = form.elements.namedItem(name);
    const row = field instanceof HTMLTextAreaElement && field.closest(".form-row");
    if (row) receive(row, field);
  }
  // The way without scripts is not needed, unless it has something to say.
  for (const other of form.querySelectorAll(".note-picture:not([open])")) other.remove();
  const rows = FIELDS.map((name) => `.field-${name}`).join();
  // A file that misses the field must not take the place of the page.
  for (const type of /** @type {const} */ (["dragover", "drop"])) {
    document.addEventListener(type, (event) => {
      if (!hasFiles(event) || (event.target instanceof HTMLInputElement && event.target.type === "file")) return;
      event.preventDefault();
      const row = event.target instanceof Element && event.target.closest(rows);
      if (event.dataTransfer && !row) event.dataTransfer.dropEffect = "none";
    });
  }
  form.addEventListener("submit", (event) => {
    if (waitForFiles((whole) => whole && form.requestSubmit(event.submitter))) event.preventDefault();
  });
}

start();
