/** What is typed in the note form outlives a closed tab, a crash and an expired session; it is only ever offered. */
import { DraftStore, newId } from "./draft-store.js";
import { button, html } from "./elements.js";
import { alike, putInto, valuesOf } from "./form-values.js";
import { WAITING } from "./note-media.js";

/** @typedef {import("./draft-store.js").Draft} Draft */

const PAUSE_MS = 600;
const SENT = "note-draft-sent";
const NOT_KEPT = "This browser keeps no drafts: save before you leave.";
const CHANGED = "The stored note has changed since then: compare before you save.";

/** Returns a moment as people say it, such as 25 Nov, 14:02. */
function moment(/** @type {number} */ at) {
  const year = new Date(at).getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  const how = /** @type {const} */ ({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", year });
  return new Intl.DateTimeFormat("en-GB", how).format(at);
}

class Drafts {
  /**
   * @param {HTMLFormElement} form
   * @param {DraftStore} store
   * @param {boolean} isPosted whether the page answers a save that failed: then it does not show what is stored
   */
  constructor(form, store, isPosted) {
    this.form = form;
    this.store = store;
    this.isPosted = isPosted;
    this.stored = isPosted ? {} : valuesOf(form, true);
    this.last = this.stored;
    this.version = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("version"))?.value ?? "";
    this.field = html("input", { type: "hidden", name: "draft", value: newId() });
    this.kept = html("p", { class: "note-draft-kept" });
    this.timer = 0;
    form.append(this.field);
    (form.querySelector(".submit-row, .note-save") ?? this.field).after(this.kept);
  }

  begin() {
    this.store.tidy();
    this.resume();
    this.offer();
    this.form.addEventListener("input", () => this.later());
    this.form.addEventListener("change", () => this.later());
    this.form.addEventListener("submit", () => {
      this.keep();
      sessionStorage.setItem(SENT, this.field.value);
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    window.addEventListener("pagehide", () => this.keep());
    // Back from what was saved: what is typed from here on is another draft.
    window.addEventListener("pageshow", ({ persisted }) => persisted && (this.field.value = newId()));
  }

  /** Goes on with the draft that the form shows already: the save failed, or the browser has filled it in again. */
  resume() {
    const now = valuesOf(this.form);
    const shown = this.store.all().filter((draft) => alike(draft.values, now));
    const sent = this.isPosted ? sessionStorage.getItem(SENT) : null;
    const id = sent ?? (alike(now, this.stored) ? undefined : shown[0]?.id);
    for (const draft of shown) if (draft.id !== id) this.store.drop(draft.id);
    this.field.value = id ?? this.field.value;
    this.keep();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  keep() {
    clearTimeout(this.timer);
    const values = valuesOf(this.form);
    if (alike(values, this.last)) return;
    this.last = values;
    try {
      this.store.keep({ id: this.field.value, at: Date.now(), version: this.version, values });
      this.kept.textContent = `Not saved yet. A draft is kept in this browser, ${moment(Date.now())}.`;
    } catch (error) {
      this.fail(error);
    }
  }

  /** Says that nothing is kept, where the browser refuses to. */
  fail(/** @type {unknown} */ error) {
    if (!(error instanceof DOMException)) throw error;
    this.kept.textContent = NOT_KEPT;
  }

  /** Offers the newest draft that says something else than the form, and when that is decided the next. */
  offer() {
    const known = [this.stored, valuesOf(this.form)];
    const draft = this.store
      .all()
      .find(({ id, values }) => id !== this.field.value && !known.some((each) => alike(values, each)));
    if (!draft) return;
    const notice = html("section", { class: "note-draft notice", "aria-label": "Draft" });
    const take = button("Take them up", () => {
      this.take(draft);
      notice.remove();
    });
    const discard = button("Discard", () => {
      this.store.drop(draft.id);
      notice.remove();
      this.offer();
    });
    const more = draft.version === this.version ? "" : ` ${CHANGED}`;
    const words = html("p", {}, `You left changes here on ${moment(draft.at)}.${more}`);
    notice.append(words, html("div", { class: "note-draft-choice" }, take, discard));
    this.form.before(notice);
  }

  /** The form goes on as this draft; what was typed here before stays one of its own. */
  take(/** @type {Draft} */ { id, values }) {
    this.keep();
    this.field.value = id;
    const whole = Object.entries(values).map(([name, said]) => [name, said.map((each) => each.replace(WAITING, ""))]);
    putInto(this.form, Object.fromEntries(whole));
    /** @type {HTMLElement | null} */ (this.form.querySelector("[name=question]"))?.focus();
  }
}

function start() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("note_form"));
  const { user, posted } = document.getElementById("note-preview")?.dataset ?? {};
  if (!form || !user) return;
  const drafts = new Drafts(form, new DraftStore(user, location.pathname), Boolean(posted));
  try {
    drafts.begin();
  } catch (error) {
    drafts.fail(error);
  }
}

start();
