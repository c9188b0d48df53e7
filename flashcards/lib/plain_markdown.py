"""Markdown that is little more than words, to HTML without the converter: the same, ten times as fast.

Most cards that people bring are sentences. A text is taken only if nothing in it could mean anything else: paragraphs
of lines with hard breaks, escaped signs, and words in bold or italics. tests/lib/test_plain_markdown.py holds every
answer to be the converter's.
"""

import re

# Signs without any meaning in the middle of a line; those left out may begin something.
_WORD = r"[^\W_]"
_SIGN = r"""[ ,.;:()"'?%/–—’‘“”„…·×÷≤≥≠→←±°€£§©]"""
_ESCAPED = r"\\[\\`*_{}\[\]()#+\-.!|]"
_PLAIN = rf"(?:{_WORD}|{_SIGN}|{_ESCAPED}|(?<={_WORD})-(?={_WORD}))"
_INNER = rf"{_WORD}(?:(?:{_WORD}|[ ,.;:'?%/–—’]|(?<={_WORD})-(?={_WORD}))*{_WORD})?"
_MARKED = rf"(?<![^ (])(?:\*\*{_INNER}\*\*|\*{_INNER}\*)(?![^ ,.;:)?\n])"
# A digit may begin a list, unless a word follows.
_BEGIN = rf"""(?:[^\W\d_]|\d+(?={_WORD}| |\\)|[("'“„‘]|{_ESCAPED}|(?:\*\*{_INNER}\*\*|\*{_INNER}\*)(?![^ ,.;:)?\n]))"""
_LINE = rf"{_BEGIN}(?:{_PLAIN}|{_MARKED})*"
_TEXT = re.compile(rf"{_LINE}(?:(?:(?<! )\n\n|(?<! )\n|(?<=  )\n){_LINE})*")
_LONGEST = 2_000
_BOLD = re.compile(r"(?<!\\)\*\*([^*]+)\*\*")
_ITALIC = re.compile(r"(?<!\\)\*([^*]+)\*")
_SIGNS = re.compile(r"\\(.)")
_BREAK = "  \n"
_GAP = re.compile(r"  (?!\n)")


def plain_html(source: str) -> str | None:
    """Return `source` (tidied Markdown) as HTML that is still to be cleaned, None if it needs the converter."""
    if not source:
        return ""
    if len(source) > _LONGEST or _GAP.search(source) or not _TEXT.fullmatch(source):
        return None
    text = _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", source))
    text = _SIGNS.sub(r"\1", text).replace(_BREAK, "<br>\n")
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
