"""Notes with one fault each, and the same notes mended: what `check_deck` is tested with."""

HEAD = "---\ndeck: small\ntitle: Small\n---\n\n# Light {#light}\n"
FIGURE = "/static/figures/deep-learning/relu.svg"


def note(key: str, *parts: str, header: str = "") -> str:
    return f"\n## {key}\n{header}\n" + "\n---\n\n".join(f"{part}\n\n" for part in parts)


def choice(key: str, right: str, *wrong: str) -> str:
    options = f"- [x] {right}\n" + "".join(f"- [ ] {text}\n  why: Because {key}.\n" for text in wrong)
    return note(key, f"Which is {key}?", options, header="kind: choice\n")


def numeric(numbers: str) -> str:
    return note("sum", "What is {{n}} squared?", f"{numbers}\nanswer: n**2", header="kind: numeric\n")


def words(count: int, word: str = "word") -> str:
    return " ".join(f"{word}{chr(97 + index % 26)}{chr(97 + index // 26)}" for index in range(count))


GOOD = note("photon", "What is a photon?", "A quantum of light.")
CLOZE = "kind: cloze\n"
TYPED = "kind: typed\n"
REVERSED = "kind: reversed\n"
OCCLUSION = "kind: occlusion\n"
BOXES = f"![A line]({FIGURE})\n1: 10 10 20 20 = kink"

FAULTS: dict[str, tuple[str, str, tuple[str, str, str, str], str]] = {
    # name: (faulty, mended, what is found, and a piece of the line where it stands)
    "a formula that fails": (
        note("mass", "What is mass?", "It is\n\n$\\foo$"),
        note("mass", "What is mass?", "It is\n\n$m$"),
        ("error", "refused", "mass", "answer"),
        "$\\foo$",
    ),
    "a kind's syntax": (
        numeric("n = 1 to 9\nm = 9 to 1"),
        numeric("n = 1 to 9"),
        ("error", "refused", "sum", "answer"),
        "m = 9 to 1",
    ),
    "a source's form": (
        note("mass", "What is mass?", "Inertia.", header="sources: S 1\n"),
        note("mass", "What is mass?", "Inertia.", header="sources: S1\n"),
        ("error", "refused", "mass", "sources"),
        "## mass",
    ),
    "an answer too long": (
        note("mass", "What is mass?", words(46)),
        note("mass", "What is mass?", words(45)),
        ("warning", "length", "mass", "answer"),
        "wordaa",
    ),
    "an answer far too long": (
        note("mass", "What is mass?", words(91)),
        note("mass", "What is mass?", words(45)),
        ("error", "length", "mass", "answer"),
        "wordaa",
    ),
    "a formula too long": (
        note("mass", "What is mass?", f"$${'x + ' * 46}y$$"),
        note("mass", "What is mass?", f"$${'x + ' * 44}y$$"),
        ("warning", "length", "mass", "answer"),
        "x + x",
    ),
    "the other way too long": (
        note("mass", words(46), "Mass", header=REVERSED),
        note("mass", words(45), "Mass", header=REVERSED),
        ("warning", "length", "mass", "question"),
        "wordaa",
    ),
    "a gap too long": (
        note("mass", f"Mass is {{{{c1::{words(46)}}}}}.", header=CLOZE),
        note("mass", f"{words(10)} {{{{c1::{words(45, 'hidden')}}}}}.", header=CLOZE),
        ("warning", "length", "mass", "question"),
        "Mass is",
    ),
    "a question too long": (
        note("mass", words(61), "Mass."),
        note("mass", words(60), "Mass."),
        ("warning", "length", "mass", "question"),
        "wordaa",
    ),
    "an option too long": (
        choice("mass", words(26), words(26, "more"), words(20, "less")),
        choice("mass", words(25), words(25, "more"), words(20, "less")),
        ("warning", "length", "mass", "answer"),
        "- [x]",
    ),
    "too much to type": (
        note("mass", "What is mass?", words(9), header=TYPED),
        note("mass", "What is mass?", f"{words(8)}\n{words(9, 'also')}", header=TYPED),
        ("warning", "length", "mass", "answer"),
        "wordaa",
    ),
    "too much code": (
        note("mass", "How is mass computed?", "```\n" + "m = m + 1\n" * 16 + "```"),
        note("mass", "How is mass computed?", "```\n" + "m = m + 1\n" * 15 + "```"),
        ("warning", "length", "mass", "answer"),
        "```",
    ),
    "no alternative text": (
        note("kink", "What is drawn?", f"ReLU:\n\n![]({FIGURE})"),
        note("kink", "What is drawn?", f"ReLU:\n\n![A line with a kink]({FIGURE})"),
        ("error", "image", "kink", "answer"),
        FIGURE,
    ),
    "a file's name for a text": (
        note("kink", "What is drawn?", "Look", f"![ReLU.svg]({FIGURE})"),
        note("kink", "What is drawn?", "Look", f"![ReLU, a line with a kink]({FIGURE})"),
        ("warning", "image", "kink", "explanation"),
        FIGURE,
    ),
    "the same question": (
        note("quantum", "what is  *a* PHOTON", "Light's least."),
        note("quantum", "Where is light's least amount?", "In a photon."),
        ("error", "duplicate", "quantum", "question"),
        "PHOTON",
    ),
    "nearly the same question": (
        note("bend", "Why does light bend when it enters dense glass from air?", "It slows down.")
        + note("slow", "When it enters dense glass from the air, why does light bend?", "Its speed falls."),
        note("bend", "Why does light bend when it enters dense glass from air?", "It slows down.")
        + note("slow", "Which colour does dense glass bend most?", "Violet."),
        ("warning", "duplicate", "slow", "question"),
        "When it enters",
    ),
    "an answer in the question": (
        note("name", "What is the refraction of light in glass called?", "Refraction."),
        note("name", "What is the bending of light in glass called?", "Refraction."),
        ("warning", "giveaway", "name", "question"),
        "refraction of light",
    ),
    "a typed answer in the question": (
        note("name", "Type the argument that sets momentum: `SGD(____=0.9)`.", "momentum\nmass", header=TYPED),
        note("name", "Type the argument: `SGD(____=0.9)`.", "momentum\nmass", header=TYPED),
        ("warning", "giveaway", "name", "question"),
        "sets momentum",
    ),
    "a term in its definition": (
        note("name", "Refractive index", "The index of a refractive medium, c over v.", header=REVERSED),
        note("name", "Refractive index", "How much slower than in a vacuum light is.", header=REVERSED),
        ("warning", "giveaway", "name", "answer"),
        "medium",
    ),
    "a gap shown elsewhere": (
        note("lens", "A {{c1::convex}} lens gathers light,\nfor convex glass bends it inwards.", header=CLOZE),
        note("lens", "A {{c1::convex}} lens gathers light,\nfor such glass bends it inwards.", header=CLOZE),
        ("warning", "giveaway", "lens", "question"),
        "{{c1::convex}}",
    ),
    "an option that repeats the question": (
        choice("lens", "Any lens", "A mirror", "A prism"),
        choice("lens", "A convex piece of glass", "A mirror for a lens", "A prism made of crystal"),
        ("warning", "giveaway", "lens", "answer"),
        "- [x]",
    ),
    "the longest option is right": (
        choice("red", "The one that says by far the most", "Short", "Shorter"),
        choice("red", "The one that says by far the most", "The one that says not so much", "Shorter"),
        ("warning", "choice", "red", "answer"),
        "- [x]",
    ),
    "no reason": (
        choice("red", "Long waves", "Short waves") + "- [ ] No waves\n",
        choice("red", "Long waves", "Short waves") + "- [ ] No waves\n  why: It would be dark.\n",
        ("warning", "choice", "red", "answer"),
        "- [ ] No waves",
    ),
    "one answer in all draws": (
        numeric("n = one of 2, -2"),
        numeric("n = 1 to 9"),
        ("error", "draws", "sum", "answer"),
        "answer: n",
    ),
    "few answers": (
        numeric("n = 1 to 3"),
        numeric("n = 1 to 4"),
        ("warning", "draws", "sum", "answer"),
        "answer: n",
    ),
    "one answer in most draws": (
        numeric("k = 1 to 20\nn = k if k > 16 else 1"),
        numeric("k = 1 to 20\nn = k if k > 4 else 1"),
        ("warning", "draws", "sum", "answer"),
        "answer: n",
    ),
    "a figure that nobody draws": (
        note("kink", "What is drawn?", "![A line](/static/figures/deep-learning/none.svg)"),
        note("kink", "What is drawn?", f"![A line]({FIGURE})"),
        ("error", "address", "kink", "answer"),
        "none.svg",
    ),
    "a static file that is missing": (
        note("kink", "What is drawn?", "![A line](/static/icons/none.svg)"),
        note("kink", "What is drawn?", "![A line](/static/icons/icon.svg)"),
        ("error", "address", "kink", "answer"),
        "none.svg",
    ),
    "a figure with boxes that is missing": (
        note("kink", "What is hidden?", BOXES.replace("relu", "none"), header=OCCLUSION),
        note("kink", "What is hidden?", BOXES, header=OCCLUSION),
        ("error", "address", "kink", "answer"),
        "none.svg",
    ),
    "an image from elsewhere": (
        note("kink", "What is drawn?", "![A line](https://example.org/line.svg)"),
        note("kink", "What is drawn?", f"![A line]({FIGURE})"),
        ("error", "address", "kink", "answer"),
        "example.org",
    ),
    "a page that is not there": (
        note("more", "Where is more?", "[Here](/nowhere/at/all/)"),
        note("more", "Where is more?", "[Here](/decks/small/) and [here](/history)"),
        ("error", "address", "more", "answer"),
        "/nowhere/",
    ),
    "an address relative to the page": (
        note("more", "Where is more?", "[Here](history/)"),
        note("more", "Where is more?", "[Here](/history/)"),
        ("error", "address", "more", "answer"),
        "(history/)",
    ),
    "a host that can't be": (
        note("more", "Where is more?", "[Here](https://example)"),
        note("more", "Where is more?", "[Here](https://example.org/a?b=c) or [there](mailto:a@example.org)"),
        ("error", "address", "more", "answer"),
        "https://example",
    ),
    "a link that the site drops": (
        note("more", "Where is more?", "[Here](ftp://example.org)"),
        note("more", "Where is more?", "[Here](http://example.org)"),
        ("error", "address", "more", "answer"),
        "ftp:",
    ),
    "a link in what is said of an error": (
        note("name", "What is it?", "photon\n! foton: See [how](/nowhere/).", header=TYPED),
        note("name", "What is it?", "photon\n! foton: See [how](/history/).", header=TYPED),
        ("error", "address", "name", "answer"),
        "/nowhere/",
    ),
    "a reference without a year": (
        note("mass", "What is mass?", "Inertia.", header="reference: Newton, Principia\n"),
        note("mass", "What is mass?", "Inertia.", header="reference: Newton, Principia (1687)\n"),
        ("warning", "address", "mass", "reference"),
        "## mass",
    ),
}
