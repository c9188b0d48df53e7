/** The options of a choice note in rows: which are right, in what order, and what is wrong with the others. */
import { editAnswer } from "./answer-editor.js";
import { button, html, labelled } from "./elements.js";
import { emptyOption, readOptions, writeOptions } from "./option-text.js";

/** @typedef {import("./option-text.js").Option} Option */

const FIRST_ROWS = 3;
const LONGEST_SLIP = 80;

/** A row: always the option at `index`, whichever that is. */
class Row {
  /**
   * @param {number} index
   * @param {Rows} rows
   */
  constructor(index, rows) {
    const number = index + 1;
    this.right = html("input", { type: "checkbox" });
    this.text = html("textarea", { rows: 1 });
    this.slip = html("input", { type: "text", maxlength: LONGEST_SLIP });
    this.why = html("textarea", { rows: 1 });
    this.up = button("Up", () => rows.move(index, -1), { "aria-label": `Move option ${number} up` });
    this.down = button("Down", () => rows.move(index, 1), { "aria-label": `Move option ${number} down` });
    const remove = button("Remove", () => rows.remove(index), { "aria-label": `Remove option ${number}` });
    const [slip, why] = [labelled("Slip", this.slip), labelled("Why it is wrong", this.why)];
    this.wrong = html("div", { class: "option-row-wrong" }, slip, why);
    const title = html("strong", {}, `Option ${number}`);
    const right = html("label", {}, this.right, "Right");
    this.root = html(
      "div",
      { class: "option-row", role: "group", "aria-label": `Option ${number}` },
      html("div", { class: "option-row-head" }, title, right, this.up, this.down, remove),
      labelled("Text", this.text),
      this.wrong,
    );
    this.root.addEventListener("input", () => rows.edit(index, this.option));
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      rows.add(index + 1);
    });
  }

  /** @returns {Option} */
  get option() {
    this.wrong.hidden = this.right.checked;
    return { right: this.right.checked, text: this.text.value, slip: this.slip.value, why: this.why.value };
  }

  /**
   * @param {Option} option
   * @param {boolean} isFirst
   * @param {boolean} isLast
   */
  show(option, isFirst, isLast) {
    this.right.checked = this.wrong.hidden = option.right;
    for (const name of /** @type {const} */ (["text", "slip", "why"])) {
      if (this[name].value !== option[name]) this[name].value = option[name];
    }
    this.up.disabled = isFirst;
    this.down.disabled = isLast;
  }
}

class Rows {
  /** @type {Option[]} */
  #options = [];
  /** @type {Row[]} */
  #rows = [];
  #list = html("div", { class: "option-rows" });

  /**
   * @param {(options: Option[]) => void} changed
   * @param {(words: string) => void} say
   */
  constructor(changed, say) {
    this.changed = changed;
    this.say = say;
    const add = button("Add option", () => this.add(this.#options.length));
    this.root = html("div", { role: "group", "aria-label": "Options" }, this.#list, add);
  }

  /** Shows these options; a new note begins with empty ones, the first of them right. */
  show(/** @type {Option[]} */ options) {
    const empty = Array.from({ length: FIRST_ROWS }, (_, index) => ({ ...emptyOption(), right: index === 0 }));
    this.#options = options.length > 0 ? options : empty;
    this.#draw();
  }

  #draw() {
    const count = this.#options.length;
    while (this.#rows.length > count) this.#rows.pop()?.root.remove();
    while (this.#rows.length < count) this.#rows.push(new Row(this.#rows.length, this));
    this.#list.append(...this.#rows.slice(this.#list.children.length).map((row) => row.root));
    this.#options.forEach((option, index) => this.#rows[index].show(option, index === 0, index === count - 1));
  }

  #change(/** @type {string} */ words) {
    this.#draw();
    this.say(words);
    this.changed(this.#options);
  }

  edit(/** @type {number} */ index, /** @type {Option} */ option) {
    this.#options[index] = option;
    this.changed(this.#options);
  }

  add(/** @type {number} */ index) {
    this.#options.splice(index, 0, emptyOption());
    this.#change(`Option ${index + 1} added.`);
    this.#rows[index].text.focus();
  }

  remove(/** @type {number} */ index) {
    this.#options.splice(index, 1);
    if (this.#options.length === 0) this.#options.push(emptyOption());
    this.#change(`Option ${index + 1} removed.`);
    this.#rows[Math.min(index, this.#rows.length - 1)].text.focus();
  }

  /**
   * Moves an option by one place; the focus goes with it.
   * @param {number} index
   * @param {-1 | 1} by
   */
  move(index, by) {
    const [option] = this.#options.splice(index, 1);
    this.#options.splice(index + by, 0, option);
    this.#change(`Option ${index + 1} is now option ${index + by + 1}.`);
    const { up, down } = this.#rows[index + by];
    const again = by < 0 ? up : down;
    (again.disabled ? (by < 0 ? down : up) : again).focus();
  }
}

editAnswer({
  kind: "choice",
  read: readOptions,
  write: writeOptions,
  build: (changed, say) => new Rows(changed, say),
});
