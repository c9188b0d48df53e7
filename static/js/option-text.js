/** The options of a choice note as they are written: read into rows, written back. The server reads them alike. */
import { Unreadable } from "./answer-editor.js";

/** @typedef {{ right: boolean, text: string, slip: string, why: string }} Option */

const OPTION = /^[-*] +\[([ xX])\](?: +(.*))?$/;
const MORE = /^(?: {2,}|\t)(slip|why):(?: +(.*))?$/;

/** @returns {Option} a wrong option without a word */
export const emptyOption = () => ({ right: false, text: "", slip: "", why: "" });

/**
 * @param {string} source
 * @returns {Option[]} throws Unreadable at a line that rows would lose
 */
export function readOptions(source) {
  /** @type {Option[]} */
  const options = [];
  source.split("\n").forEach((written, index) => {
    const line = written.trimEnd();
    const option = OPTION.exec(line);
    const more = MORE.exec(line);
    const last = options.at(-1);
    if (option) {
      options.push({ ...emptyOption(), right: option[1] !== " ", text: (option[2] ?? "").trim() });
    } else if (more && last && !last.right && !last[/** @type {"slip" | "why"} */ (more[1])]) {
      last[/** @type {"slip" | "why"} */ (more[1])] = (more[2] ?? "").trim();
    } else if (line) throw new Unreadable(index + 1);
  });
  return options;
}

/**
 * @param {Option[]} options those without a word are left out
 * @returns {string}
 */
export function writeOptions(options) {
  const tidy = (/** @type {string} */ text) => text.replace(/\s+/g, " ").trim();
  return options
    .filter((option) => option.text.trim() || (!option.right && (option.slip.trim() || option.why.trim())))
    .flatMap(({ right, text, slip, why }) => [
      `- [${right ? "x" : " "}] ${tidy(text)}`.trimEnd(),
      ...(!right && tidy(slip) ? [`  slip: ${tidy(slip)}`] : []),
      ...(!right && tidy(why) ? [`  why: ${tidy(why)}`] : []),
    ])
    .join("\n");
}
