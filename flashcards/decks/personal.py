"""What this floor holds of a person: the decks that belong to them."""

from collections.abc import Iterator
from typing import Any

from flashcards.accounts.models import User
from flashcards.accounts.personal import NUMBER, Deletion, Fate, Fates, PersonalData, counted
from flashcards.decks import services
from flashcards.decks.models import ChangeSet, ClassDeck, Deck, MediaFile, Note, Suggestion, Topic, Transfer
from flashcards.decks.transfers.folder import remove as remove_files

HISTORIES = (Deck.history, Topic.history, Note.history)


def export(user: User) -> Iterator[dict[str, Any]]:
    """Yield each deck of the person with all its notes, archived ones too; what they suggested; their transfers."""
    for deck in Deck.objects.filter(owner=user).order_by("pk"):
        yield {
            "slug": deck.slug,
            "title": deck.title,
            "introduction": deck.introduction,
            "language": deck.language,
            "public": deck.is_public,
            "created": deck.created_at,
            "changed": deck.updated_at,
            "topics": list(deck.topics.values("slug", "title", "position")),
            "tags": list(deck.tags.values_list("name", flat=True)),
            "classes": [_shared(shared) for shared in deck.class_decks.select_related("study_class").order_by("pk")],
            "media": list(deck.media.order_by("pk").values(*_MEDIA)),
            "notes": _notes(deck),
        }
    for suggestion in Suggestion.objects.filter(author=user).select_related("note", "card").order_by("pk"):
        yield {"suggestion": _suggested(suggestion)}
    for transfer in Transfer.objects.filter(user=user).select_related("deck").order_by("created_at", "pk"):
        yield {"transfer": _transferred(transfer)}


_MEDIA = ("name", "digest", "extension", "size", "width", "height", "added_by", "added_at")


def _suggested(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "note": suggestion.note.key,
        "card": suggestion.card and suggestion.card.ordinal,
        "version": suggestion.version,
        "reason": suggestion.reason,
        "comment": suggestion.comment,
        "proposed": suggestion.proposed,
        "made": suggestion.made_at,
        "state": suggestion.state,
        "reply": suggestion.reply,
        "handled": suggestion.handled_at,
        "told": suggestion.told_at,
    }


def _transferred(transfer: Transfer) -> dict[str, Any]:
    return {
        "direction": transfer.direction,
        "format": transfer.format,
        "deck": transfer.deck and transfer.deck.title,
        "file": transfer.name,
        "state": transfer.state,
        "begun": transfer.created_at,
        "finished": transfer.finished_at,
    }


def _shared(shared: ClassDeck) -> dict[str, Any]:
    return {"class": shared.study_class.name, "leavers_keep_it": shared.keeps_memory, "since": shared.shared_at}


def _notes(deck: Deck) -> Iterator[dict[str, Any]]:
    for note in deck.notes.select_related("topic").prefetch_related("tags").iterator(chunk_size=500):
        yield {
            "id": note.key,
            "topic": note.topic.title,
            "position": note.position,
            "kind": note.kind,
            "tags": [tag.name for tag in note.tags.all()],
            "question": note.question,
            "answer": note.answer,
            "explanation": note.explanation,
            "reference": note.reference,
            "sources": note.sources,
            "archived": note.archived_at,
            "created": note.created_at,
            "changed": note.updated_at,
        }


def holdings(user: User) -> list[str]:
    """Return how many decks belong to the person and how many of them classes study, a line each."""
    decks = Deck.objects.filter(owner=user)
    shared = ClassDeck.objects.filter(deck__in=decks).values("deck").distinct().count()
    lines = [(decks.count(), ""), (shared, " of their own that classes study")]
    return [f"{counted(number, 'deck')}{words}" for number, words in lines if number]


def adopt(leaving: User, staying: User) -> None:
    """Give one person's decks, and the changes that they made, to another."""
    Deck.objects.filter(owner=leaving).update(owner=staying)
    Deck.history.filter(owner=leaving).update(owner=staying)
    for history in HISTORIES:
        history.filter(history_user=leaving).update(history_user=staying)
    Note.history.filter(credit=leaving).update(credit=staying)
    MediaFile.objects.filter(added_by=leaving).update(added_by=staying)
    Suggestion.objects.filter(author=leaving).update(author=staying)
    Suggestion.objects.filter(handled_by=leaving).update(handled_by=staying)
    ChangeSet.objects.filter(made_by=leaving).update(made_by=staying)
    Transfer.objects.filter(user=leaving).update(user=staying)


def delete(user: User) -> None:
    """Delete the person's decks, and with them every learner's memory of their cards and the history of changes."""
    for transfer in Transfer.objects.filter(user=user).values_list("pk", flat=True):
        remove_files(transfer)
    services.delete_decks(Deck.objects.filter(owner=user).values_list("pk", flat=True))
    # Decks that were theirs once: nothing in the database minds a number that points at nobody.
    Deck.history.filter(owner=user).update(owner=None)


def data() -> PersonalData:
    """Return what to register with the accounts floor."""
    return PersonalData("decks", export=export, adopt=adopt, delete=delete, holdings=holdings, fates=FATES)


_MADE = "no: made from what the note says"
_EARLIER = "no: earlier states of what the decks say"
_EDITORS = "no: the record of what editors did"
_WORKING = "no: how far the program has come with it"
FATES: Fates = {
    "decks.Deck": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("slug title introduction language owner is_public created_at updated_at", "yes", Deletion.DELETED),
        Fate("introduction_html", "no: made from the introduction", Deletion.DELETED),
    ),
    "decks.ClassDeck": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("study_class deck keeps_memory shared_at", "yes", Deletion.DELETED),
    ),
    "decks.Topic": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("deck slug title position", "yes", Deletion.DELETED),
    ),
    "decks.Tag": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("deck name", "yes", Deletion.DELETED),
    ),
    "decks.Note": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("deck topic key kind position question answer explanation reference", "yes", Deletion.DELETED),
        Fate("sources tags archived_at created_at updated_at", "yes", Deletion.DELETED),
    ),
    "decks.Card": (
        Fate("id note deck topic kind ordinal position", _MADE, Deletion.DELETED),
        Fate("question_html answer_html explanation_html search_text data archived_at", _MADE, Deletion.DELETED),
        Fate("meaning_changed_at", _MADE, Deletion.DELETED),
    ),
    "decks.MediaFile": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("deck digest extension name size width height added_at", "yes", Deletion.DELETED),
        Fate("added_by", "yes", Deletion.EMPTIED),
    ),
    "decks.Suggestion": (
        Fate("id", NUMBER, Deletion.KEPT),
        Fate("author", "yes", Deletion.EMPTIED),
        Fate("note card reason comment proposed version made_at state reply handled_at told_at", "yes", Deletion.KEPT),
        Fate("handled_by", "no: who of the editors looked at it", Deletion.EMPTIED),
    ),
    "decks.ChangeSet": (
        Fate("id deck made_at kind words undone_at", _EDITORS, Deletion.OWN),
        Fate("made_by", _EDITORS, Deletion.EMPTIED),
    ),
    "decks.ChangedNote": (Fate("id change note before after", _EDITORS, Deletion.OWN),),
    "decks.Transfer": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("user direction format deck name state created_at finished_at", "yes", Deletion.DELETED),
        Fate("options done total found problems outcome change beat_at", _WORKING, Deletion.DELETED),
    ),
    "decks.HistoricalDeck": (
        Fate("id slug title introduction language is_public created_at", _EARLIER, Deletion.OWN),
        Fate("history_id history_date history_change_reason history_type", _EARLIER, Deletion.OWN),
        Fate("owner history_user", _EARLIER, Deletion.EMPTIED),
    ),
    "decks.HistoricalTopic": (
        Fate("id slug title position deck", _EARLIER, Deletion.OWN),
        Fate("history_id history_date history_change_reason history_type", _EARLIER, Deletion.OWN),
        Fate("history_user", _EARLIER, Deletion.EMPTIED),
    ),
    "decks.HistoricalNote": (
        Fate("id deck topic key kind position question answer explanation reference", _EARLIER, Deletion.OWN),
        Fate("sources archived_at created_at severity", _EARLIER, Deletion.OWN),
        Fate("history_id history_date history_change_reason history_type", _EARLIER, Deletion.OWN),
        Fate("history_user credit", _EARLIER, Deletion.EMPTIED),
    ),
    "decks.HistoricalNote_tags": (Fate("id note tag history m2m_history_id", _EARLIER, Deletion.OWN),),
}
