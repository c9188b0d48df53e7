"""What a spreadsheet shows in a cell: its value in its number format, as far as that does not depend on a country.

Formats that every country shows in its own way (the usual date and time) are shown as ISO 8601.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?")
_DATE_PART = re.compile(r"(\"[^\"]*\"|\\.)|(\[h+\]|\[m+\]|\[s+\])|(y+|m+|d+|h+|s+(?:\.0+)?|am/pm|a/p)", re.IGNORECASE)
_COUNTRY_DATES = {"mm-dd-yy", "m/d/yy", "m/d/yyyy", "m/d/yy h:mm", "m/d/yyyy h:mm"}
_MOST_DIGITS = 15
_LARGEST = 1e15


def shown(value: object, number_format: str) -> str:
    """Return a cell's value as text as people see it. `number_format` is the workbook's code for it ("0.00%")."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, datetime | date | time):
        return _moment(value, number_format)
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _number(value: float, number_format: str) -> str:
    sections = [section for section in _SECTION.findall(number_format) if section] or ["General"]
    negative = value < 0
    code = sections[1] if negative and len(sections) > 1 else sections[0]
    if value == 0 and len(sections) > 2:
        code = sections[2]
    signed = negative and len(sections) < 2
    pattern = _DIGITS.search(_LITERAL.sub(lambda found: "\0" * len(found[0]), code))
    if pattern is None or "/" in code or "e+" in code.lower() or not _is_plain(value):
        return _general(value)
    digits = _digits(abs(value), pattern[0], percent="%" in code)
    before, after = (_literals(part) for part in (code[: pattern.start()], code[pattern.end() :]))
    return f"{'-' if signed else ''}{before}{digits}{after}".strip()


def _is_plain(value: float) -> bool:
    return abs(value) < _LARGEST  # Not so for what is no number or has no end, either.


def _literals(code: str) -> str:
    return _LITERAL.sub(lambda found: found[1] or found[2] or found[3] or "", code)


def _digits(value: float, pattern: str, *, percent: bool) -> str:
    whole, _, places = pattern.partition(".")
    thousands = len(whole) - len(whole.rstrip(","))
    exact = Decimal(str(value)) * (100 if percent else 1) / 1000**thousands
    least = places.count("0")
    text = f"{exact.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP):f}"
    units, _, fraction = text.partition(".")
    while len(fraction) > least and fraction.endswith("0"):
        fraction = fraction[:-1]
    units = units.zfill(min(whole.count("0"), 40))
    if "," in whole.rstrip(","):
        units = f"{int(units):,}"
    return f"{units}.{fraction}" if fraction else units


def _general(value: float) -> str:
    if isinstance(value, int) or (_is_plain(value) and float(value).is_integer()):
        return str(int(value))
    return f"{value:.{_MOST_DIGITS}g}"


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}:{rest % 60:02}"


def _moment(value: datetime | date | time, number_format: str) -> str:
    code = re.sub(r"\[\$[^\]]*\]", "", number_format.partition(";")[0]).replace("\\ ", " ").strip()
    parts = [found[0].lower() for found in _DATE_PART.finditer(code) if not found[1]]
    if code.lower() in _COUNTRY_DATES or not parts or isinstance(value, time):
        return _iso(value)
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    twelve = any(part in {"am/pm", "a/p"} for part in parts)
    before = [""]

    def text(found: re.Match[str]) -> str:
        if found[1]:
            return found[1].strip('"').removeprefix("\\")
        part, last = found[0].lower(), before[0]
        before[0] = part
        if set(part) == {"m"} and (
            last.startswith(("h", "[h")) or code[found.end() :].lower().startswith((":s", ".s"))
        ):
            return f"{moment.minute:0{len(part)}}"
        return _date_part(moment, part, twelve=twelve)

    return _DATE_PART.sub(text, code)


def _date_part(moment: datetime, part: str, *, twelve: bool) -> str:
    hour = (moment.hour % 12 or 12) if twelve else moment.hour
    named = {"mmm": "%b", "mmmm": "%B", "mmmmm": "%b", "ddd": "%a", "dddd": "%A"}
    if part in named:
        return moment.strftime(named[part])[: 1 if part == "mmmmm" else None]
    if part in {"am/pm", "a/p"}:
        return "AM" if moment.hour < 12 else "PM"
    if part.startswith("y"):
        return f"{moment.year:04}" if len(part) > 2 else f"{moment.year % 100:02}"
    values = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second, "[": moment.hour}
    return f"{values[part[0]]:0{min(len(part), 2)}}"


def _iso(value: datetime | date | time) -> str:
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return (
            value.date().isoformat() if is_day else value.isoformat(" ", "minutes" if not value.second else "seconds")
        )
    return (
        value.isoformat() if isinstance(value, date) else value.isoformat("minutes" if not value.second else "seconds")
    )
