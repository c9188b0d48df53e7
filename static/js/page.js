/** What every page does: fills in the time zone, closes an open menu like people expect, lets keys scroll what is wide. */
import { letKeysScroll } from "./scrollers.js";

/** Writes the browser's time zone into the forms that ask for it. */
function fillTimeZones() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of document.querySelectorAll("input[type=hidden][name=time_zone]")) {
    /** @type {HTMLInputElement} */ (field).value ||= zone ?? "";
  }
}

/**
 * Closes every open menu that does not contain `kept`.
 * @param {Node | null} kept
 */
function closeMenus(kept) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(kept)) /** @type {HTMLDetailsElement} */ (menu).open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(/** @type {Node} */ (event.target)));
document.addEventListener("keydown", (event) => {
  const menu = /** @type {HTMLDetailsElement | null} */ (document.querySelector("details.menu[open]"));
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

window.addEventListener("resize", letKeysScroll);
document.addEventListener("toggle", letKeysScroll, { capture: true });
document.body.addEventListener("htmx:afterSwap", letKeysScroll);

fillTimeZones();
letKeysScroll();
