/** An editor in the place of the answer's textarea: the text stays what is posted, and within reach "As text". */
import { html } from "./elements.js";

/** Thrown by what reads the text, at a line that an editor can't show. */
export class Unreadable extends Error {
  constructor(/** @type {number} */ line) {
    super(`Line ${line} can't be shown in rows, so here is the text. Mend it, then turn off “As text”.`);
  }
}

/**
 * @template Content
 * @typedef {object} Editor
 * @property {HTMLElement} root
 * @property {(content: Content) => void} show
 */

/**
 * Offers an editor while the note is of `kind` and its text can be read; the textarea is hidden while it is open.
 * @template Content
 * @param {object} how
 * @param {string} how.kind
 * @param {(text: string) => Content} how.read throws Unreadable
 * @param {(content: Content) => string} how.write
 * @param {(changed: (content: Content) => void, say: (words: string) => void) => Editor<Content>} how.build
 */
export function editAnswer({ kind, read, write, build }) {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("note_form"));
  const select = form?.elements.namedItem("kind");
  const text = form?.elements.namedItem("answer");
  if (!(select instanceof HTMLSelectElement) || !(text instanceof HTMLTextAreaElement)) return;

  const said = html("p", { class: "visually-hidden", role: "status" });
  const why = html("p", { class: "answer-editor-why", role: "status" });
  const asText = html("input", { type: "checkbox" });
  const editor = build(changed, (words) => (said.textContent = words));
  editor.root.classList.add("answer-editor-body");
  const choice = html("label", { class: "answer-editor-switch" }, asText, "As text");
  const frame = html("div", { class: "answer-editor" }, choice, why, editor.root, said);
  (text.closest(".flex-container") ?? text).after(frame);

  function changed(/** @type {Content} */ content) {
    text.value = write(content);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function update() {
    frame.hidden = select.value !== kind;
    editor.root.hidden = true;
    why.textContent = "";
    if (frame.hidden || asText.checked) return;
    try {
      editor.show(read(text.value));
      editor.root.hidden = false;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      asText.checked = true;
      why.textContent = error.message;
    }
  }

  // Enter in a field of the editor must not send the note off half written.
  editor.root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change"));
  });
  asText.addEventListener("change", update);
  select.addEventListener("change", () => {
    asText.checked = false;
    update();
  });
  text.addEventListener("rewritten", update);
  // The browser may have filled in what was typed before; who types already is not disturbed.
  window.addEventListener("pageshow", () => frame.contains(document.activeElement) || update());
  update();
}
