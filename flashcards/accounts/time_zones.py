"""The time zones that a person may live in: names of the tz database."""

from functools import lru_cache
from zoneinfo import available_timezones

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
    "Etc",
)
_NO_PLACE = {"Factory", "localtime", "posixrules"}


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_PLACE)


def is_known(name: str) -> bool:
    """Tell whether `name` is a zone that this computer knows, such as Europe/Oslo."""
    return name in _names()


@lru_cache(maxsize=1)
def choices_by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return choices for a select, a group a region: [("Africa", [("Africa/Abidjan", "Abidjan"), …]), …].

    Names without a region (CET, Cuba) are left out: they are old names of zones that have one.
    """
    groups = []
    for region in REGIONS:
        names = sorted(name for name in _names() if name.startswith(f"{region}/"))
        places = [(name, _place(name)) for name in names]
        groups.append(("UTC and fixed offsets" if region == "Etc" else region, places))
    return groups


def _place(name: str) -> str:
    """Return what stands after the region: America/Indiana/Knox → Indiana, Knox."""
    return name.split("/", 1)[1].replace("/", ", ").replace("_", " ")
