"""Lines of the record in plain words, to whom they are about. Pure."""

from dataclasses import dataclass
from datetime import datetime

from flashcards.classes.models import Event, Role

SENTENCES = {
    Event.Kind.CHANGED: "{who} changed what {place} calls you.",
    Event.Kind.JOINED: "{who} brought you into {place}.",
    Event.Kind.REMOVED: "{who} removed you from {place}.",
    Event.Kind.HANDED_OVER: "{who} made you the owner of {place}.",
    Event.Kind.INVITED: "{who} invited you to {place}.",
    Event.Kind.ROSTER: "{who} entered you from a roster of {place}.",
    Event.Kind.READ: "{who} opened your page in {place}.",
    Event.Kind.EXPORTED: "{who} exported the gradebook of {place}, with your line in it.",
}
ROLES = {
    Role.OWNER: "{who} made you the owner of {place}.",
    Role.TEACHER: "{who} made you a teacher of {place}.",
    Role.ASSISTANT: "{who} made you an assistant of {place}.",
    Role.STUDENT: "{who} made you a student of {place}.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """When something was done, and what, as a sentence."""

    at: datetime
    words: str


def told(event: Event) -> Line:
    """Return the event as it is told to the person it is about; its actor and class are loaded.

    Whoever did it is named, but never by an address.
    """
    who = (event.actor.name if event.actor else "") or "Somebody who teaches there"
    place = event.study_class.name if event.study_class else "a class that is gone"
    if event.kind == Event.Kind.ROLE and event.words in Role.values:
        return Line(event.at, ROLES[Role(event.words)].format(who=who, place=place))
    sentence = SENTENCES.get(Event.Kind(event.kind))
    if sentence is None:
        more = f" ({event.words})" if event.words else ""
        return Line(event.at, f"{who}, {place}: {event.get_kind_display()}{more}.")
    return Line(event.at, sentence.format(who=who, place=place))
