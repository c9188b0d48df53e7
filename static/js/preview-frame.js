/** The place where the preview's cards stand: a shadow tree with the study page's styles, apart from the admin's own. */

/** Returns the site's colours and sizes as a sheet for a shadow tree, where there is no root element. */
async function tokensFor(/** @type {string} */ url) {
  const text = await (await fetch(url)).text();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text.replace(/:root(\[[^\]]*\])?/g, (_, attribute) => (attribute ? `:host(${attribute})` : ":host")));
  return sheet;
}

/** Fonts are known to the document only: hands it those of a sheet that was loaded into the shadow tree. */
function lendFonts(/** @type {HTMLLinkElement} */ link) {
  for (const rule of link.sheet?.cssRules ?? []) {
    if (!(rule instanceof CSSFontFaceRule)) continue;
    const source = rule.style
      .getPropertyValue("src")
      .replace(/url\("([^"]+)"\)/g, (_, path) => `url("${new URL(path, link.href)}")`);
    document.fonts.add(new FontFace(rule.style.getPropertyValue("font-family").replaceAll('"', ""), source));
  }
}

/**
 * Returns the element that cards go into, and the one that holds its shadow tree.
 * @param {HTMLElement} section
 * @returns {Promise<{ host: HTMLElement, cards: HTMLElement }>}
 */
export async function cardFrame(section) {
  const host = /** @type {HTMLElement} */ (section.querySelector(".note-preview-cards"));
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [await tokensFor(section.dataset.tokens ?? "")];
  const sheets = (section.dataset.styles ?? "").split(" ").map((href) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.addEventListener("load", () => lendFonts(link));
    return link;
  });
  const cards = document.createElement("div");
  cards.className = "stack";
  shadow.append(...sheets, cards);
  return { host, cards };
}
