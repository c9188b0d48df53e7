/** Ctrl+S (⌘S) saves the note, Ctrl+Enter (⌘Enter) saves it and begins another. */
const SAVE = "[name=_save], [name=do][value=save]";
const ADD_ANOTHER = "[name=_addanother], [name=do][value=another]";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("note_form"));
const first = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘" : "Ctrl+";

/** @type {(which: string) => HTMLElement | null | undefined} */
const buttonOf = (which) => form?.querySelector(which);

/** Returns which button the keys stand for. */
function asked(/** @type {KeyboardEvent} */ event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) return undefined;
  if (event.key.toLowerCase() === "s") return SAVE;
  return event.key === "Enter" ? ADD_ANOTHER : undefined;
}

// Before the fields see the keys: in the rows of the editors Enter means something else.
document.addEventListener(
  "keydown",
  (event) => {
    const which = asked(event);
    const pressed = which && (buttonOf(which) ?? buttonOf(SAVE));
    if (!pressed) return;
    event.preventDefault();
    event.stopPropagation();
    // What is being typed is taken as when one leaves the field.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (!event.repeat) form?.requestSubmit(pressed);
  },
  { capture: true },
);

for (const [which, key] of [
  [SAVE, "S"],
  [ADD_ANOTHER, "Enter"],
]) {
  const named = buttonOf(which);
  named?.setAttribute("title", `${first}${key}`);
  named?.setAttribute("aria-keyshortcuts", `Control+${key} Meta+${key}`);
}
