/** Sends a picture or a sound to the site and returns the Markdown that shows it. */

/** @typedef {{ markdown: string, path: string }} Medium */

const UNREACHABLE = "The site can't be reached. Nothing is lost: try again when it can.";
const SIGNED_OUT = "You are signed out. Sign in in another tab, then add it again; what you wrote stays here.";
const SENTENCES = {
  403: SIGNED_OUT,
  404: "You can't add pictures to this deck.",
  413: "The file is too large.",
  429: "That were many files at once. Wait a minute, then add it again.",
};

/** Thrown with a sentence for the person who added the file. */
export class NotUploaded extends Error {}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} section the preview's, which knows the address and the deck
 * @returns {Record<string, string>} where the file belongs; throws NotUploaded while no topic is chosen
 */
function belonging(form, section) {
  if (section.dataset.deck) return { deck: section.dataset.deck };
  const topic = form.elements.namedItem("topic");
  if (topic instanceof HTMLSelectElement && topic.value) return { topic: topic.value };
  throw new NotUploaded("Choose a topic first: the file is kept with its deck.");
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} section
 * @param {File} file
 * @returns {Promise<Medium>} throws NotUploaded
 */
export async function upload(form, section, file) {
  const body = new FormData();
  for (const [name, value] of Object.entries(belonging(form, section))) body.set(name, value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("file", file);
  const headers = { Accept: "application/json" };
  /** @type {Response} */
  let response;
  try {
    response = await fetch(section.dataset.upload ?? "", { method: "POST", body, headers });
  } catch {
    throw new NotUploaded(UNREACHABLE);
  }
  if (response.redirected) throw new NotUploaded(SIGNED_OUT);
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const answer = isJson ? await response.json() : {};
  if (response.ok && answer.markdown) return answer;
  const problems = (answer.problems ?? []).map((/** @type {{ message: string }} */ { message }) => message).join(" ");
  const sentence = SENTENCES[/** @type {keyof typeof SENTENCES} */ (response.status)];
  throw new NotUploaded(problems || sentence || "The site could not take the file. Try again later.");
}
