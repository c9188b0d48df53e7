/** What was typed and not saved, in this browser: by person and page, each with its time and the version it was of. */

/** @typedef {Record<string, string[]>} Values by name of field */
/**
 * @typedef {object} Draft
 * @property {string} id
 * @property {number} at when it was typed, in milliseconds
 * @property {string} version of the stored note when it was opened; "" for a new one
 * @property {Values} values
 */

const PREFIX = "note-draft";
const SAVED = "saved_drafts";
const DAYS_KEPT = 30;
const DAY_MS = 86_400_000;

/** Returns an id for a new draft. */
export const newId = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX} `));

/** @returns {Draft | undefined} undefined for what no longer is one */
function read(/** @type {string} */ key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "");
    return typeof draft.at === "number" && typeof draft.values === "object" ? draft : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The ids of drafts that the site has saved since they were last cleared away; it says so in a cookie. */
function savedIds() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(`${SAVED}=`));
  if (cookie) document.cookie = `${SAVED}=; path=/; max-age=0; samesite=lax`;
  return cookie?.slice(SAVED.length + 1).split(".") ?? [];
}

/** The drafts of one person on one page. All of it throws DOMException where the browser keeps nothing. */
export class DraftStore {
  /**
   * @param {string} user
   * @param {string} page
   */
  constructor(user, page) {
    this.user = user;
    this.page = page;
  }

  #key(/** @type {string} */ id) {
    return [PREFIX, this.user, this.page, id].join(" ");
  }

  /** Forgets what was saved, what is old, and everything of anybody else who was signed in here. */
  tidy() {
    const saved = savedIds();
    for (const key of keys()) {
      const [, user, , id] = key.split(" ");
      const isOld = Date.now() - (read(key)?.at ?? 0) > DAYS_KEPT * DAY_MS;
      if (user !== this.user || saved.includes(id) || isOld) localStorage.removeItem(key);
    }
  }

  /** @returns {Draft[]} the newest first */
  all() {
    const here = keys().filter((key) => key.startsWith(this.#key("")));
    const drafts = here.flatMap((key) => read(key) ?? []);
    return drafts.sort((one, other) => other.at - one.at);
  }

  keep(/** @type {Draft} */ draft) {
    localStorage.setItem(this.#key(draft.id), JSON.stringify(draft));
  }

  drop(/** @type {string} */ id) {
    localStorage.removeItem(this.#key(id));
  }
}
