/** Asks how large a table is to be: a small dialog under the toolbar. */
import { button, html, labelled } from "./elements.js";

const MOST_ROWS = 50;
const MOST_COLUMNS = 12;

/** Closes the one that is open. */
let close = () => {};

const count = (/** @type {number} */ value, /** @type {number} */ most) =>
  html("input", { type: "number", min: 1, max: most, step: 1, value, inputmode: "numeric" });

const within = (/** @type {HTMLInputElement} */ { value }, /** @type {number} */ most) =>
  Math.min(Math.max(Math.round(Number(value)) || 1, 1), most);

/**
 * @param {HTMLElement} toolbar
 * @param {(rows: number, columns: number) => void} done told once: the size, or 0 rows if nothing is wanted
 */
export function askForTable(toolbar, done) {
  close();
  const rows = count(2, MOST_ROWS);
  const columns = count(2, MOST_COLUMNS);
  const put = button("Put it in", () => answer(true));
  const root = html(
    "div",
    { class: "note-table", role: "dialog", "aria-label": "A table" },
    labelled("Rows under the heading", rows),
    labelled("Columns", columns),
    put,
  );

  function answer(/** @type {boolean} */ wanted) {
    close();
    done(wanted ? within(rows, MOST_ROWS) : 0, within(columns, MOST_COLUMNS));
  }

  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      answer(event.key === "Enter");
    }
  });
  // What is typed here is no part of the note.
  root.addEventListener("input", (event) => event.stopPropagation());
  root.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !root.contains(relatedTarget)) close();
  });
  close = () => {
    close = () => {};
    root.remove();
  };
  toolbar.after(root);
  rows.focus();
  rows.select();
}
