/** The card on show: how it turns over, where the focus goes, and how long it has been looked at. */
import { letKeysScroll } from "./scrollers.js";

/** @returns {HTMLElement | null} the part of the page that every answer replaces */
export const showing = () => document.getElementById("showing");

/** @returns {boolean} whether a card is on show whose answer is still hidden */
export const isHidden = () => document.getElementById("answer")?.hidden ?? false;

/** Milliseconds the card has been in sight; those with the tab in the background do not count. */
class Stopwatch {
  #spent = 0;
  /** @type {number | null} */
  #since = null;

  constructor() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#pause() : this.#go()));
    this.restart();
  }

  #pause() {
    if (this.#since !== null) this.#spent += performance.now() - this.#since;
    this.#since = null;
  }

  #go() {
    this.#since ??= performance.now();
  }

  /** Begins again at nothing. */
  restart() {
    this.#spent = 0;
    this.#since = document.hidden ? null : performance.now();
  }

  /** @returns {number} whole milliseconds */
  read() {
    return Math.round(this.#spent + (this.#since === null ? 0 : performance.now() - this.#since));
  }
}

const stopwatch = new Stopwatch();
let place = showing()?.dataset.place;
let turned = false;

/** @param {string} words what a screen reader is to say */
function say(words) {
  const said = document.getElementById("said");
  if (said) said.textContent = words;
}

/** Brings as much of the answer into sight as fits above the grades, without moving more than it must. */
function bringIntoSight(/** @type {HTMLElement} */ answer) {
  const foot = document.getElementById("grades")?.getBoundingClientRect().top ?? window.innerHeight;
  const { top, bottom } = answer.getBoundingClientRect();
  const distance = Math.min(bottom - foot + 24, top - 24);
  if (distance > 0) window.scrollBy({ top: distance, behavior: "instant" });
}

/**
 * Shows the answer and the grades.
 * @param {{ quietly?: boolean }} [how] quietly: as it was before, without the turn and without a word
 */
export function reveal({ quietly = false } = {}) {
  const answer = document.getElementById("answer");
  const grades = document.getElementById("grades");
  const button = document.getElementById("reveal");
  if (!answer || !grades || !button) return;
  turned = true;
  answer.hidden = grades.hidden = false;
  button.hidden = true;
  letKeysScroll();
  if (quietly) return;
  answer.classList.add("turning");
  answer.focus({ preventScroll: true });
  bringIntoSight(answer);
  say("Answer shown");
}

/** Looks after what the server has just put on the page: the same card stays as it was, another one begins. */
export function settle() {
  const now = showing()?.dataset.place;
  const told = showing()?.dataset.told;
  say("");
  if (now !== undefined && now === place) {
    if (told !== undefined) return tell(told);
    if (turned) reveal({ quietly: true });
  } else {
    stopwatch.restart();
    turned = false;
    window.scrollTo({ top: 0, behavior: "instant" });
  }
  place = now;
  begin();
}

/** Shows what the server said of an answer. */
function tell(/** @type {string} */ told) {
  const answer = document.getElementById("answer");
  if (!answer) return;
  turned = true;
  letKeysScroll();
  answer.focus({ preventScroll: true });
  bringIntoSight(answer);
  say(told);
}

/** Puts the focus where one goes on: into the field for the answer where there is a keyboard, else on the question. */
function begin() {
  const field = document.getElementById("given");
  const typing = field && matchMedia("(hover: hover)").matches;
  (typing ? field : document.getElementById("question"))?.focus({ preventScroll: true });
}

/** Turns the card by a click on it or on its button; writes the time spent into the form that sends a grade. */
export function watch() {
  turned = showing() !== null && document.getElementById("answer")?.hidden === false;
  if (document.getElementById("given")) begin();
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !isHidden()) return;
    if (target.closest("#reveal")) {
      event.preventDefault();
      reveal();
    } else if (target.closest(".flashcard") && !target.closest("a, button, summary, input, label")) {
      if (document.getSelection()?.isCollapsed ?? true) reveal();
    }
  });
  document.addEventListener(
    "submit",
    (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      const field = form.elements.namedItem("duration_ms");
      if (field instanceof HTMLInputElement) field.value = String(stopwatch.read());
    },
    { capture: true },
  );
}
