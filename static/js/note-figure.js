/** An uploaded picture becomes the figure of an occlusion note. */
import { Unreadable } from "./answer-editor.js";
import { NotUploaded } from "./media-upload.js";
import { readFigure, writeFigure } from "./occlusion-text.js";

/** @typedef {{ at: number, alt: string }} Shown where the Markdown of a picture begins, and what it says is seen */

/**
 * Makes a picture the figure of the note; its boxes stay.
 * @param {HTMLTextAreaElement} field
 * @param {string} path
 * @returns {Shown} throws NotUploaded if the lines that are there would be lost
 */
export function setFigure(field, path) {
  try {
    const figure = readFigure(field.value);
    field.value = writeFigure({ ...figure, path });
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("rewritten"));
    return { at: 0, alt: figure.alt };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new NotUploaded("The lines of the figure can't be read. Mend them, then add the picture again.");
  }
}
