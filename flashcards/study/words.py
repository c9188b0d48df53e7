"""Durations and intervals in words, short for a button and long for a sentence."""

MINUTE, HOUR, DAY, MONTH, YEAR = 60, 3_600, 86_400, 30.44 * 86_400, 365.25 * 86_400
UNITS = (
    (YEAR, "y", "year"),
    (MONTH, "mo", "month"),
    (DAY, "d", "day"),
    (HOUR, "h", "hour"),
    (MINUTE, "min", "minute"),
    (1, "s", "second"),
)


def _amount(seconds: float) -> tuple[str, str, str]:
    """Return the number, the short and the long unit of a duration; months and years with one decimal."""
    size, short, long = next((unit for unit in UNITS if seconds >= unit[0]), UNITS[-1])
    value = seconds / size
    number = f"{value:.1f}".removesuffix(".0") if size >= MONTH else str(round(value))
    return number, short, long


def interval(seconds: float) -> str:
    """Return an interval as a button says it: "10 min", "3 d", "1.5 mo"."""
    number, short, _ = _amount(seconds)
    return f"{number} {short}"


def interval_long(seconds: float) -> str:
    """Return an interval as a sentence says it: "10 minutes", "1 day", "1.5 months"."""
    number, _, long = _amount(seconds)
    return f"{number} {long}" if number == "1" else f"{number} {long}s"


def time_spent(seconds: float) -> str:
    """Return a time spent: "40 s", "4 min 10 s", "1 h 5 min"."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: count(1, "card") is "1 card", count(3, "card") is "3 cards"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Return a share between 0 and 1 as "91 %"."""
    return f"{share * 100:.0f} %"


def in_days(days: int) -> str:
    """Return a day as seen from today: "today", "tomorrow", "in 3 days", "yesterday", "3 days ago"."""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"
