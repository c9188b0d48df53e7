/** A toolbar above each written field of the note form: marks, formulas, gaps, tables, pictures. */
import { html, svg } from "./elements.js";
import { apply } from "./field-text.js";
import { FIELDS } from "./note-fields.js";
import { chooseFile } from "./note-media.js";
import { apart, table } from "./note-marks.js";
import { askForTable } from "./note-table.js";
import { TOOLS, belongs, toolFor, tooltipOf } from "./note-tools.js";

/** @typedef {import("./note-tools.js").Tool} Tool */

const MOVES = { ArrowRight: 1, ArrowLeft: -1 };
const ACCEPTED = {
  picture: "image/png,image/jpeg,image/gif,image/webp,image/svg+xml",
  sound: "audio/*",
};

const takesFiles = Boolean(document.getElementById("note-preview")?.dataset.upload);

/** Returns the button of a tool. Pressed by mouse or finger, it leaves the focus where one types. */
function toolButton(/** @type {Tool} */ tool) {
  const icon = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: tool.icon }));
  const made = html(
    "button",
    { type: "button", class: "note-tool", "aria-label": tool.label, title: tooltipOf(tool) },
    icon,
  );
  made.dataset.tool = tool.name;
  made.addEventListener("pointerdown", (event) => event.preventDefault());
  made.addEventListener("mousedown", (event) => event.preventDefault());
  return made;
}

class Toolbar {
  /**
   * @param {string} name of the field
   * @param {HTMLTextAreaElement} field
   * @param {HTMLSelectElement} kind
   */
  constructor(name, field, kind) {
    this.name = name;
    this.field = field;
    this.kind = kind;
    this.row = /** @type {HTMLElement} */ (field.closest(".form-row"));
    this.last = field;
    this.buttons = TOOLS.map(toolButton);
    const label = `Tools for the ${name}`;
    this.root = html("div", { class: "note-tools", role: "toolbar", "aria-label": label }, ...this.buttons);
    if (field.id) this.root.setAttribute("aria-controls", field.id);
    this.root.addEventListener("click", (event) => {
      const pressed = /** @type {Element} */ (event.target).closest("button");
      const tool = TOOLS.find((each) => each.name === pressed?.dataset.tool);
      if (tool) this.use(tool, event.altKey);
    });
    this.root.addEventListener("keydown", (event) => this.move(event));
    this.root.addEventListener("focusin", (event) => this.only(/** @type {HTMLButtonElement} */ (event.target)));
    this.row.addEventListener("keydown", (event) => this.press(event));
    this.row.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLTextAreaElement) this.last = target;
    });
    field.before(this.root);
    this.update();
  }

  get shown() {
    return this.buttons.filter((each) => !each.hidden);
  }

  /** The text that a tool changes: the one last written in, or the first in sight. */
  get target() {
    const seen = (/** @type {HTMLElement} */ each) => each.offsetParent !== null;
    if (this.last.isConnected && seen(this.last)) return this.last;
    return [...this.row.querySelectorAll("textarea")].find(seen) ?? this.field;
  }

  update() {
    for (const each of this.buttons) {
      const tool = each.dataset.tool ?? "";
      each.hidden = !belongs(tool, this.name, this.kind.value) || (tool in ACCEPTED && !takesFiles);
    }
    this.only(this.shown[0]);
  }

  /** Makes one button the one that Tab reaches. */
  only(/** @type {HTMLButtonElement | undefined} */ reached) {
    for (const each of this.buttons) each.tabIndex = each === reached ? 0 : -1;
  }

  move(/** @type {KeyboardEvent} */ event) {
    const shown = this.shown;
    const at = shown.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const step = MOVES[/** @type {keyof typeof MOVES} */ (event.key)];
    const next = step ? (at + step + shown.length) % shown.length : { Home: 0, End: shown.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    shown[next].focus();
  }

  press(/** @type {KeyboardEvent} */ event) {
    const tool = toolFor(event);
    const inText = event.target instanceof HTMLTextAreaElement;
    if (!tool || !inText || !belongs(tool.name, this.name, this.kind.value)) return;
    event.preventDefault();
    this.use(tool, event.altKey);
  }

  /**
   * @param {Tool} tool
   * @param {boolean} same whether a gap takes the number of the last one
   */
  use(tool, same) {
    const field = this.target;
    const [value, start, end] = [field.value, field.selectionStart, field.selectionEnd];
    if (tool.mark) apply(field, tool.mark(value, start, end, same));
    else if (tool.name === "table") {
      askForTable(this.root, (rows, columns) => {
        if (rows) apply(field, apart(value, end, end, table(rows, columns), 2, 2));
        else field.focus();
      });
    } else {
      const figure = this.name === "answer" && this.kind.value === "occlusion";
      chooseFile(figure ? this.field : field, ACCEPTED[/** @type {keyof typeof ACCEPTED} */ (tool.name)]);
    }
  }
}

function start() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("note_form"));
  const kind = form?.elements.namedItem("kind");
  if (!(kind instanceof HTMLSelectElement)) return;
  const fields = FIELDS.map((name) => /** @type {const} */ ([name, form?.elements.namedItem(name)]));
  const bars = fields.flatMap(([name, field]) =>
    field instanceof HTMLTextAreaElement && field.closest(".form-row") ? [new Toolbar(name, field, kind)] : [],
  );
  kind.addEventListener("change", () => bars.forEach((bar) => bar.update()));
  window.addEventListener("pageshow", () => bars.forEach((bar) => bar.update()));
}

start();
