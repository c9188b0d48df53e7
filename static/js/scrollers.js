/** Wide formulas, code and tables scroll inside themselves; those that do can be reached by keyboard. */

const WIDE = ".table-scroll, .card-content :is(math, p, pre, table, div, .formula, .scroll)";

/** Makes what scrolls sideways a stop for the tab key, and what no longer does none. */
export function letKeysScroll() {
  for (const element of document.querySelectorAll(WIDE)) {
    const scrolls = element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX !== "visible";
    if (scrolls) element.setAttribute("tabindex", "0");
    else element.removeAttribute("tabindex");
  }
}
