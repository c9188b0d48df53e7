/** The lines under a field that say how far its files are, and what became of them. */
import { html } from "./elements.js";

export class Progress {
  constructor(/** @type {Element} */ row) {
    this.status = html("p", { class: "help note-upload", role: "status" });
    this.problems = html("div", { class: "note-upload-problems", role: "alert" });
    row.append(this.status, this.problems);
  }

  say(/** @type {string} */ words) {
    this.status.textContent = words;
  }

  fail(/** @type {File} */ file, /** @type {string} */ why) {
    this.problems.append(html("p", {}, `${file.name}: ${why}`));
  }

  get failed() {
    return this.problems.children.length > 0;
  }
}

/** @type {WeakMap<Element, Progress>} by row */
const known = new WeakMap();

/** Returns the empty lines of a field's row. */
export function newProgress(/** @type {Element} */ row) {
  const progress = known.get(row) ?? new Progress(row);
  known.set(row, progress);
  progress.say("");
  progress.problems.replaceChildren();
  return progress;
}
