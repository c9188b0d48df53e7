/** The preview's cards as wide as on a phone or on a desk, smaller where there is less room; the choice is kept. */
import { html } from "./elements.js";

/** How wide a card is on the study page there, in rem. */
const WIDTHS = { phone: 22.5, desktop: 44 };
const KEPT = "note-preview-width";
const LABELS = { phone: "Phone", desktop: "Desktop" };

/** @typedef {keyof typeof WIDTHS} Width */

/** @returns {Width} the one chosen last; a phone's where nothing is kept */
function keptWidth() {
  try {
    return localStorage.getItem(KEPT) === "desktop" ? "desktop" : "phone";
  } catch (error) {
    if (error instanceof DOMException) return "phone";
    throw error;
  }
}

function keep(/** @type {Width} */ width) {
  try {
    localStorage.setItem(KEPT, width);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // the choice lasts as long as the page
  }
}

/**
 * Puts the choice above the cards and fits them into what room there is.
 * @param {HTMLElement} section
 * @param {HTMLElement} host of the cards
 */
export function chooseWidth(section, host) {
  let chosen = keptWidth();

  function fit() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const room = /** @type {HTMLElement} */ (host.parentElement).clientWidth;
    host.style.inlineSize = `${WIDTHS[chosen]}rem`;
    host.style.zoom = String(Math.min(1, room / (WIDTHS[chosen] * rem)));
  }

  const radios = /** @type {Width[]} */ (Object.keys(WIDTHS)).map((width) => {
    const radio = html("input", { type: "radio", name: "preview-width", value: width, form: "" });
    radio.checked = width === chosen;
    radio.addEventListener("change", () => {
      keep((chosen = width));
      fit();
    });
    return html("label", {}, radio, LABELS[width]);
  });
  const choice = html("div", { class: "segments", role: "radiogroup", "aria-label": "Size of the cards" }, ...radios);
  section.querySelector("h2")?.after(choice);
  new ResizeObserver(fit).observe(/** @type {HTMLElement} */ (host.parentElement));
}
