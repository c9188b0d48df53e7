/** The figure of an occlusion note and its boxes: on the image, in a list, and the text that both are written to. */
import { editAnswer } from "./answer-editor.js";
import { button, html, labelled } from "./elements.js";
import { fitted, freeNumber, withBox } from "./occlusion-boxes.js";
import { occlusionImage } from "./occlusion-image.js";
import { occlusionList } from "./occlusion-list.js";
import { readFigure, writeFigure } from "./occlusion-text.js";

/** @typedef {import("./occlusion-boxes.js").Figure} Figure */

const NEW_BOX = { left: 40, top: 40, width: 20, height: 20 };

/**
 * @param {(figure: Figure) => void} changed
 * @param {(words: string) => void} say
 */
function build(changed, say) {
  /** @type {Figure} */
  let figure = { path: "", alt: "", hide: "all", boxes: [] };

  function change(/** @type {Partial<Figure>} */ changes) {
    figure = { ...figure, ...changes };
    draw();
    changed(figure);
  }

  /** @type {import("./occlusion-image.js").Edits} */
  const edits = {
    box: (index) => figure.boxes[index],
    replace: (index, box) => change({ boxes: withBox(figure.boxes, index, box) }),
    add(place) {
      const box = fitted({ ...place, number: freeNumber(figure.boxes), label: "" });
      change({ boxes: [...figure.boxes, box] });
      say(`Box ${box.number} added.`);
      return figure.boxes.length - 1;
    },
    remove(index) {
      const { number } = figure.boxes[index];
      change({ boxes: figure.boxes.filter((_, at) => at !== index) });
      say(`Box ${number} removed.`);
      if (figure.boxes.length === 0 || !figure.path) add.focus();
      else image.focus(Math.min(index, figure.boxes.length - 1));
    },
    name: (index) => list.name(index),
  };

  const image = occlusionImage(edits, say);
  const list = occlusionList(edits);
  const path = html("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  const alt = html("textarea", { rows: 1, class: "occlusion-alt" });
  const all = html("option", { value: "all" }, "All boxes");
  const one = html("option", { value: "one" }, "Only the asked one");
  const hide = html("select", {}, all, one);
  const add = button("Add box", () => {
    const index = edits.add(NEW_BOX);
    if (figure.path) image.focus(index);
    else list.name(index);
  });
  path.addEventListener("change", () => change({ path: path.value.trim() }));
  alt.addEventListener("input", () => change({ alt: alt.value }));
  hide.addEventListener("change", () => change({ hide: hide.value === "one" ? "one" : "all" }));

  function draw() {
    if (document.activeElement !== path) path.value = figure.path;
    if (document.activeElement !== alt) alt.value = figure.alt;
    hide.value = figure.hide;
    image.draw(figure);
    list.draw(figure.boxes);
  }

  const fields = html(
    "div",
    { class: "occlusion-fields" },
    labelled("Path of the image", path),
    labelled("What is seen, for those who can't see it", alt),
    labelled("Hide", hide),
  );
  const root = html("div", { role: "group", "aria-label": "Figure and boxes" }, fields, image.root, list.root, add);
  return {
    root,
    show(/** @type {Figure} */ shown) {
      figure = shown;
      draw();
    },
  };
}

editAnswer({ kind: "occlusion", read: readFigure, write: writeFigure, build });
