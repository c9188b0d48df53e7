/**
 * Sending: htmx sends the forms; this keeps each grade until the server has it. A grade that does not get through is
 * sent again, the same one with the same id, so the server counts it once. It also outlives a reload.
 */
import { showing } from "./showing.js";

const KEPT = "flashcards.unsent:";
const LONGEST_WAIT = 30_000;
const MESSAGES = {
  waiting: "Not sent. Your grade is kept; trying again…",
  stale: "This page is out of date. Your grade is kept; reload to send it.",
  refused: "The server could not take that. Nothing was counted. Reload to go on.",
  unknown: "That may not have gone through. Reload to see where you are.",
};

let busy = false;
let tries = 0;
/** @type {number | undefined} */
let timer;

/** @returns {boolean} whether a request is on its way */
export const isBusy = () => busy;

/**
 * @param {string | undefined} path the address that a session's grades go to
 * @returns {Record<string, string> | null} the fields of the grade that the server may not have yet
 */
function kept(path = showing()?.dataset.answerUrl) {
  try {
    return JSON.parse(localStorage.getItem(KEPT + path) ?? "null");
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Forgets the grade of a session: the server has it, or can't take it. */
function release(/** @type {string} */ path) {
  localStorage.removeItem(KEPT + path);
}

/** Nothing can be sent twice by hand while a request is on its way. */
function setBusy(/** @type {boolean} */ now) {
  busy = now;
  for (const button of showing()?.querySelectorAll("form button, button[form]") ?? []) {
    /** @type {HTMLButtonElement} */ (button).disabled = now;
  }
}

/** @param {keyof MESSAGES | null} message */
function tell(message) {
  const box = document.getElementById("sending");
  const text = document.getElementById("sending-text");
  const button = document.getElementById("sending-now");
  if (!box || !text || !button) return;
  box.hidden = message === null;
  text.textContent = message ? MESSAGES[message] : "";
  button.textContent = message === "waiting" ? "Try now" : "Reload";
}

/** Sends the kept grade once more. */
function sendAgain() {
  clearTimeout(timer);
  const values = kept();
  if (!values) return;
  setBusy(true);
  const request = { target: "#showing", swap: "outerHTML", values };
  // What failed is told by the events below; the promise has nothing to add.
  /** @type {any} */ (window).htmx.ajax("POST", showing()?.dataset.answerUrl, request).catch(() => {});
}

/** Waits a little longer each time, then sends again. */
function retryLater() {
  setBusy(true);
  tell("waiting");
  timer = window.setTimeout(sendAgain, Math.min(LONGEST_WAIT, 1000 * 2 ** tries));
  tries += 1;
}

/** A page that has no card on it, such as the one to sign in, must not be put in the card's place. */
const isForeign = (/** @type {XMLHttpRequest} */ xhr) => !xhr.responseText.includes('id="showing"');

/**
 * Decides by what the server said whether the grade is stored, is to be sent again, or can't be.
 * @param {{ xhr: XMLHttpRequest, pathInfo: { requestPath: string } }} detail
 */
function conclude({ xhr, pathInfo }) {
  const { status } = xhr;
  if (status === 0 || status === 429 || status >= 500) {
    if (kept()) return retryLater();
    setBusy(false);
    return tell("unknown");
  }
  tries = 0;
  if (status === 403) return tell(kept() ? "stale" : "unknown");
  if (status < 300 && isForeign(xhr)) return location.reload();
  release(pathInfo.requestPath);
  setBusy(false);
  return tell(isForeign(xhr) ? "refused" : null);
}

/**
 * Sends a grade of another session by itself, without changing this page.
 * @param {string} path
 */
async function sendAside(path) {
  const token = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"))?.value;
  const headers = { "X-CSRFToken": token ?? "", "HX-Request": "true" };
  const body = new URLSearchParams(kept(path) ?? {});
  const response = await fetch(path, { method: "POST", headers, body }).catch(() => null);
  if (response && response.status < 500 && ![403, 429].includes(response.status) && !response.redirected) release(path);
}

/** Sends what an earlier page could not. */
function resume() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(KEPT))) {
    const path = key.slice(KEPT.length);
    if (path === showing()?.dataset.answerUrl) sendAgain();
    else sendAside(path);
  }
}

/** Begins to look after what htmx sends. */
export function watch() {
  const { body } = document;
  body.addEventListener("htmx:configRequest", (event) => {
    const { elt, path, formData } = /** @type {CustomEvent} */ (event).detail;
    if (!elt.matches("#grades")) return;
    const values = Object.fromEntries(formData);
    delete values.csrfmiddlewaretoken; // the header carries the page's own
    localStorage.setItem(KEPT + path, JSON.stringify(values));
  });
  body.addEventListener("htmx:beforeRequest", () => setBusy(true));
  body.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (isForeign(detail.xhr)) detail.shouldSwap = false;
  });
  body.addEventListener("htmx:afterRequest", (event) => conclude(/** @type {CustomEvent} */ (event).detail));
  window.addEventListener("online", () => busy && timer && sendAgain());
  document.getElementById("sending-now")?.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).textContent === "Reload") location.reload();
    else sendAgain();
  });
  resume();
}
