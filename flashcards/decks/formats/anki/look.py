"""How our cards look in Anki: the site's paper and ink, by day and at night, on a desktop and a phone."""

_CONTENT = """\
.card {
  color-scheme: light;
  --page: #f6f4ef; --card: #fffdf8; --sunk: #edeae2; --ink: #1d1f23; --quiet: #5b616b; --line: #dedacf;
  --accent: #3a46c2; --accent-strong: #2d379e; --accent-tint: #eeeef4; --good: #1b6b3b; --again: #b0271f;
  --code-word: #6b2391; --code-text: #155027; --code-number: #743600; --code-name: #1a4a85; --code-known: #0c535c;
  max-width: 62ch;
  margin: 0 auto;
  padding: 1.25rem 1rem;
  background: var(--page);
  color: var(--ink);
  font: 1.1875rem/1.55 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif;
  text-align: start;
}
.card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card {
  color-scheme: dark;
  --page: #121419; --card: #1b1e25; --sunk: #181b21; --ink: #e9e6df; --quiet: #a2a7b0; --line: #2c313b;
  --accent: #9aa5ff; --accent-strong: #b7bfff; --accent-tint: #23262f; --good: #82d6a2; --again: #ff9d92;
  --code-word: #d7a9f5; --code-text: #9fdbb0; --code-number: #f0b98a; --code-name: #a4c8ff; --code-known: #8ed6de;
}
hr#answer { margin: 1.25rem 0; border: 0; border-top: 1px solid var(--line); }
.explanation { margin-top: 1.25rem; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); }
.explanation, .also { font-size: 0.94em; }
.reference { margin-top: 1.25rem; color: var(--quiet); font: 0.75rem/1.4 system-ui, sans-serif; }
.card :is(p, ul, ol, dl, pre, table, blockquote, figure) { margin-block: 0.75em; }
.card blockquote { margin-inline: 0; padding-inline-start: 1em; border-inline-start: 3px solid var(--line); }
.card :not(#image-occlusion-container) > img {
  display: block; max-width: 100%; max-height: 60vh; margin-inline: auto; border-radius: 0.5rem;
}
.card a { color: var(--accent); }
.card table { display: block; max-width: 100%; overflow-x: auto; border-collapse: collapse; font-size: 0.9em; }
.card :is(td, th) { padding: 0.3em 0.75em; border-bottom: 1px solid var(--line); text-align: start; }
.card code { padding: 0.1em 0.3em; border-radius: 0.25em; background: var(--sunk); font-size: 0.85em; }
.card pre { padding: 0.75rem 1rem; overflow-x: auto; border-radius: 0.5rem; background: var(--sunk); }
.card pre { line-height: 1.5; }
.card pre code { padding: 0; }
.highlight :is(.k, .kc, .kd, .kn, .kp, .kr, .kt, .ow, .nt) { color: var(--code-word); }
.highlight :is(.s, .s1, .s2, .sa, .sb, .sc, .dl, .sd, .se, .sh, .si, .sx, .sr, .ss) { color: var(--code-text); }
.highlight :is(.m, .mb, .mf, .mh, .mi, .mo, .il) { color: var(--code-number); }
.highlight :is(.nf, .fm, .nc, .nd, .ne) { color: var(--code-name); }
.highlight :is(.nb, .bp, .na, .nn, .no) { color: var(--code-known); }
.highlight :is(.c, .c1, .ch, .cm, .cp, .cs) { color: var(--quiet); font-style: italic; }
"""

_CLOZE = """\
.cloze {
  padding: 0.05em 0.3em;
  border-radius: 0.25em;
  background: var(--accent-tint);
  color: var(--accent-strong);
  font-weight: 600;
}
"""

_CHOICE = """\
.options { padding-inline-start: 1.25em; }
.options li + li { margin-top: 0.4em; }
.options .right { color: var(--good); font-weight: 600; }
.options .right::marker { content: "✓ "; }
.options .wrong::marker { content: "✗ "; color: var(--again); }
.options .why { color: var(--quiet); font-size: 0.94em; font-weight: 400; }
.options .why p { margin-block: 0.25em; }
"""

_TYPED = """\
.also p, .also ul { margin-block: 0.4em; }
#typeans { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 1em; }
input#typeans { box-sizing: border-box; width: 100%; padding: 0.5rem; border: 1px solid var(--quiet); }
"""

_OCCLUSION = """\
#image-occlusion-canvas {
  --inactive-shape-color: #edeae2; --inactive-shape-border: 1px #85888f;
  --active-shape-color: #efb764; --active-shape-border: 1px #875200;
  --highlight-shape-color: #1b6b3b00; --highlight-shape-border: 2px #1b6b3b;
}
.labels { text-align: center; }
.labels .cloze-inactive { display: none; }
"""

CSS = {
    "": _CONTENT,
    "cloze": _CONTENT + _CLOZE,
    "choice": _CONTENT + _CHOICE,
    "typed": _CONTENT + _TYPED,
    "occlusion": _CONTENT + _CLOZE + _OCCLUSION,
}
"""The style sheet of each kind; that of the others is under ""."""
