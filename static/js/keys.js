/**
 * The keyboard: an element that says `data-key` is clicked by that key, space and enter do what comes next.
 * Keys are left alone in fields, with a modifier, when held down, and while a grade is on its way.
 */
import { isHidden, reveal, showing } from "./showing.js";

const SETTING = "flashcards.keys";

/** @returns {boolean} whether keys are used on this device */
function areOn() {
  return localStorage.getItem(SETTING) !== "off";
}

/** @returns {HTMLButtonElement | null} the button of a grade */
const grade = (/** @type {string} */ rating) => document.querySelector(`#grades button[value="${rating}"]`);

/** @returns {HTMLElement | null} what comes next: Check, the grade that an answer proposes, or Good where none was */
function next() {
  const told = showing()?.dataset.told !== undefined;
  return document.getElementById("check") ?? (told ? document.querySelector("#grades [data-proposed]") : grade("3"));
}

/**
 * Does what comes next: shows the answer, sends what was given, or grades.
 * @returns {boolean} whether there was anything to do
 */
function goOn() {
  if (isHidden()) reveal();
  else if (next()) next()?.click();
  else return false;
  return true;
}

/**
 * Clicks what the key stands for; with two grades, 3 is Good as well.
 * @param {string} key
 * @returns {boolean} whether the key stands for anything
 */
function press(key) {
  if (/^[1-9]$/.test(key) && !document.getElementById("ask")) {
    if (!isHidden()) (document.querySelector(`#grades [data-key="${key}"]`) ?? grade(key))?.click();
    return true;
  }
  const element = /** @type {HTMLElement | null} */ (showing()?.querySelector(`[data-key="${CSS.escape(key)}"]`));
  element?.click();
  return element !== null;
}

/**
 * @param {KeyboardEvent} event
 * @param {() => boolean} isBusy
 */
function onKey(event, isBusy) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const target = /** @type {Element} */ (event.target);
  const goes = event.key === " " || event.key === "Enter";
  if (event.key === "Escape" && target.matches("#given")) /** @type {HTMLElement} */ (target).blur();
  if (target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") || !areOn()) return;
  if (goes && target.closest(event.key === " " ? "a, audio, button, summary, input" : "a, button, summary")) {
    if (event.repeat) event.preventDefault();
    return;
  }
  if (document.querySelector(":popover-open") && !["i", "?"].includes(event.key)) return;
  if (event.repeat || isBusy()) {
    if (goes) event.preventDefault();
    return;
  }
  if (goes ? goOn() : event.key.length === 1 && press(event.key.toLowerCase())) event.preventDefault();
}

/**
 * Listens for keys.
 * @param {() => boolean} isBusy says whether a request is on its way
 */
export function listen(isBusy) {
  document.addEventListener("keydown", (event) => onKey(event, isBusy));
  const box = document.getElementById("keys-on");
  if (!(box instanceof HTMLInputElement)) return;
  box.checked = areOn();
  box.addEventListener("change", () => localStorage.setItem(SETTING, box.checked ? "on" : "off"));
}
