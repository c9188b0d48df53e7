/** The note form: every card as learners see it, while it is written, and what is wrong at its field. */
import { FIELDS, showKind, showProblems } from "./note-fields.js";
import { showSeverity } from "./note-severity.js";
import { cardFrame } from "./preview-frame.js";
import { chooseWidth } from "./preview-width.js";

const PAUSE_MS = 300;
const FIRST_SEED = 1;

/** Returns the answer that is being tried: what is typed, or the keys of the options chosen. */
function givenIn(/** @type {HTMLElement} */ cards) {
  const fields = /** @type {HTMLInputElement[]} */ ([...cards.querySelectorAll("[name=given]")]);
  return fields.filter((field) => field.type === "text" || field.checked).map((field) => field.value).join(" ");
}

/** Shows other cards and keeps the answer that is being tried, as far as they still ask for it. */
function replaceCards(/** @type {HTMLElement} */ cards, /** @type {string} */ html) {
  const given = givenIn(cards);
  cards.innerHTML = html;
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (cards.querySelectorAll("[name=given]"))) {
    if (field.type === "text") field.value = given;
    else field.checked = given.split(" ").includes(field.value);
  }
}

/** On a narrow page the cards stand under the form: a link that stays in sight leads there. */
function leadToCards(/** @type {HTMLElement} */ section) {
  const link = document.createElement("a");
  link.className = "button note-jump";
  link.href = `#${section.id}`;
  link.textContent = "Cards";
  link.setAttribute("aria-label", "See the cards");
  const save = document.querySelector(".note-save");
  if (save) save.append(link);
  else section.before(link);
}

async function start(/** @type {HTMLElement} */ section) {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("note_form"));
  if (!form?.elements.kind) return;
  const kinds = JSON.parse(section.dataset.kinds ?? "{}");
  const state = /** @type {HTMLElement} */ (section.querySelector(".note-preview-state"));
  const numbers = /** @type {HTMLElement} */ (section.querySelector(".note-preview-numbers"));
  const draw = /** @type {HTMLElement} */ (section.querySelector(".note-preview-draw"));
  state.textContent = "";
  const { host, cards } = await cardFrame(section);
  chooseWidth(section, host);
  leadToCards(section);
  let seed = FIRST_SEED;
  let shown = "";
  let timer = 0;
  /** @type {AbortController | undefined} */
  let running;

  async function answer() {
    running?.abort();
    running = new AbortController();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const name of ["kind", ...FIELDS]) body.set(name, form.elements[name].value);
    body.set("note", section.dataset.note ?? "");
    body.set("seed", String(seed));
    body.set("given", givenIn(cards));
    const response = await fetch(section.dataset.url ?? "", { method: "POST", body, signal: running.signal });
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  }

  async function refresh() {
    try {
      const { html, verdict, problems, severity, severity_reasons: reasons } = await answer();
      host.dataset.theme = document.documentElement.dataset.theme ?? "auto";
      if (html && html !== shown) replaceCards(cards, (shown = html));
      const place = cards.querySelector(".verdict-place");
      if (html && place && place.innerHTML !== verdict) place.innerHTML = verdict;
      showSeverity(form, severity, reasons);
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

  function show() {
    showKind(form, kinds);
    numbers.hidden = form.elements.kind.value !== "numeric";
  }

  form.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE_MS);
  });
  numbers.querySelector("button")?.addEventListener("click", async () => {
    seed += 1;
    await refresh();
    draw.textContent = `Draw ${seed}`;
  });
  show();
  refresh();
}

const section = document.getElementById("note-preview");
if (section) start(section);
