/** The note form of the admin: every card as learners see it, while it is written, and what is wrong at its field. */

const PAUSE_MS = 300;
const FIELDS = ["question", "answer", "explanation"];

/** Returns the site's colours and sizes as a sheet for a shadow tree, where there is no root element. */
async function tokensFor(url) {
  const text = await (await fetch(url)).text();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text.replace(/:root(\[[^\]]*\])?/g, (_, attribute) => (attribute ? `:host(${attribute})` : ":host")));
  return sheet;
}

/** Fonts are known to the document only: hands it those of a sheet that was loaded into the shadow tree. */
function lendFonts(link) {
  for (const rule of link.sheet.cssRules) {
    if (!(rule instanceof CSSFontFaceRule)) continue;
    const source = rule.style
      .getPropertyValue("src")
      .replace(/url\("([^"]+)"\)/g, (_, path) => `url("${new URL(path, link.href)}")`);
    document.fonts.add(new FontFace(rule.style.getPropertyValue("font-family").replaceAll('"', ""), source));
  }
}

/** Returns the element that cards go into, styled as on the study page and apart from the admin's own styles. */
async function cardFrame(section) {
  const host = section.querySelector(".note-preview-cards");
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [await tokensFor(section.dataset.tokens)];
  const sheets = section.dataset.styles.split(" ").map((href) => {
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

function fieldRow(name) {
  return document.querySelector(`.form-row.field-${name}`);
}

function showProblems(problems) {
  document.querySelectorAll(".live-problems").forEach((list) => list.remove());
  for (const { field, line, message } of problems) {
    const row = fieldRow(field);
    if (!row) continue;
    let list = row.querySelector(".live-problems");
    if (!list) {
      row.querySelector(".errorlist")?.remove();
      list = document.createElement("ul");
      list.className = "errorlist live-problems";
      row.append(list);
    }
    const item = document.createElement("li");
    item.textContent = line ? `Line ${line}: ${message}` : message;
    list.append(item);
  }
}

/** Names the fields as the kind does and hides an empty one that it does not use. */
function showKind(form, kinds) {
  const parts = kinds[form.elements.kind.value] ?? {};
  for (const name of FIELDS) {
    const row = fieldRow(name);
    row.hidden = !(name in parts) && !form.elements[name].value.trim();
    const label = row.querySelector("label");
    if (label && name in parts) label.textContent = `${parts[name].label}:`;
  }
}

async function start(section) {
  const form = document.getElementById("note_form");
  if (!form?.elements.kind) return;
  const kinds = JSON.parse(section.dataset.kinds);
  const state = section.querySelector(".note-preview-state");
  state.textContent = "";
  const { host, cards } = await cardFrame(section);
  let timer;
  let running;

  async function refresh() {
    running?.abort();
    running = new AbortController();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const name of ["kind", ...FIELDS]) body.set(name, form.elements[name].value);
    try {
      const response = await fetch(section.dataset.url, { method: "POST", body, signal: running.signal });
      if (!response.ok) throw new Error(response.statusText);
      const { html, problems } = await response.json();
      host.dataset.theme = document.documentElement.dataset.theme ?? "auto";
      if (html) cards.innerHTML = html;
      const empty = !form.elements.question.value.trim();
      showProblems(empty ? [] : problems);
      state.classList.toggle("wrong", problems.length > 0 && !empty);
      state.textContent = empty
        ? "Nothing to show yet."
        : problems.length > 0
          ? `${problems.length} to mend: see the fields. The last good cards stay below.`
          : "";
    } catch (error) {
      if (error.name !== "AbortError") state.textContent = "The preview can't be reached. Saving still checks everything.";
    }
  }

  form.addEventListener("input", () => {
    showKind(form, kinds);
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE_MS);
  });
  showKind(form, kinds);
  refresh();
}

const section = document.getElementById("note-preview");
if (section) start(section);
