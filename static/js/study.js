/** The study page. Every form works without this; with it a card turns at once and a grade is never lost. */
import { listen } from "./keys.js";
import { isBusy, watch as watchSending } from "./sending.js";
import { settle, watch as watchShowing } from "./showing.js";

watchShowing();
listen(isBusy);
watchSending();

document.body.addEventListener("htmx:afterSwap", settle);

// What is wrong with the card is asked in a sheet; without this the flag leads to a page.
const wrong = /** @type {HTMLElement} */ (document.getElementById("wrong"));
wrong.addEventListener("htmx:afterSwap", () => wrong.showPopover());

// The back button may bring an old page from the browser's memory: ask for it anew, so that what it says is true.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
