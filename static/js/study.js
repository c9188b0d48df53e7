/** The study page. Every form works without this; with it a card turns at once and a grade is never lost. */
import { listen } from "./keys.js";
import { isBusy, watch as watchSending } from "./sending.js";
import { settle, watch as watchShowing } from "./showing.js";
import { watch as watchWrong } from "./wrong.js";

watchShowing();
listen(isBusy);
watchSending();
watchWrong();

document.body.addEventListener("htmx:afterSwap", settle);

// The back button may bring an old page from the browser's memory: ask for it anew, so that what it says is true.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
