/** What is wrong with a card is asked in a sheet over it; without this the flag leads to a page of its own. */

/**
 * Asks for a page's part that belongs into the sheet.
 * @param {string} url
 * @param {RequestInit} [how]
 */
async function part(url, how = {}) {
  const response = await fetch(url, { ...how, headers: { "HX-Request": "true" } });
  if (response.redirected || (!response.ok && response.status !== 422)) throw new Error(response.statusText);
  return response.text();
}

/** Opens the sheet where the flag is pressed, and sends what is chosen in it; what fails goes on as a page. */
export function watch() {
  const sheet = document.getElementById("wrong");
  if (!sheet) return;
  document.addEventListener("click", async (event) => {
    const flag = /** @type {Element} */ (event.target).closest("a[data-wrong]");
    if (!(flag instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      sheet.innerHTML = await part(flag.href);
      sheet.showPopover();
    } catch {
      location.href = flag.href;
    }
  });
  sheet.addEventListener("submit", async (event) => {
    const { submitter } = /** @type {SubmitEvent} */ (event);
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    try {
      sheet.innerHTML = await part(form.action, { method: "POST", body: new FormData(form, submitter) });
      sheet.querySelector("button")?.focus();
    } catch {
      location.assign(form.action);
    }
  });
}
