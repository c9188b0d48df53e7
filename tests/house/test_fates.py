"""Every field that holds something about a person says what becomes of it, and that is what becomes of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.accounts.personal import ClassEnd, Deletion, Fate, all_fates, export_json
from flashcards.accounts.services import delete_person
from flashcards.classes.models import Event, Invitation

from .whole_person import GIVEN, Whole, owner_of, whole_person

pytestmark = pytest.mark.django_db

OTHER_JSON = {
    "given": {**GIVEN, "text": "other words"},
    "classes": [],
    "sources": ["another"],
    "proposed": {"answer": "C"},
}
FATES = [(label, fate) for label, fates in all_fates().items() for fate in fates]
FIELDS = [(label, name, fate) for label, fate in FATES for name in fate.names]


@pytest.fixture
def whole(db: None) -> Whole:
    """Return a person with a row in every model; there are others, too."""
    whole = whole_person()
    owner_of(whole.study_class)
    User.objects.create_superuser("root@example.org", "a password")
    return whole


def about_people() -> set[type[models.Model]]:
    """Return the models with a path to a person by foreign keys, the person's own among them."""
    found: set[type[models.Model]] = {User}
    while True:
        more = {
            model
            for model in apps.get_models()
            if model not in found and any(field.related_model in found for field in fields_of(model))
        }
        if not more:
            return found
        found |= more


def fields_of(model: type[models.Model]) -> list[Any]:
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def test_every_model_about_people_has_its_fates() -> None:
    assert {model._meta.label for model in about_people()} == set(all_fates())


@pytest.mark.parametrize("label", all_fates())
def test_every_field_says_once_what_becomes_of_it(label: str) -> None:
    told = Counter(name for fate in all_fates()[label] for name in fate.names)
    assert told == Counter(field.name for field in fields_of(apps.get_model(label)))


def test_a_field_that_says_nothing_of_its_export_is_refused() -> None:
    with pytest.raises(ValueError, match="the export"):
        Fate("name", "perhaps", Deletion.DELETED)


def test_there_is_a_row_of_every_model(whole: Whole) -> None:
    assert set(whole.rows) == set(all_fates())


def other(field: Any, row: models.Model) -> Any:
    """Return another value than the row has in a field."""
    value = getattr(row, field.attname)
    if field.is_relation:
        others = field.related_model._base_manager.exclude(pk=value)
        return None if field.null and value is not None else others.latest("pk").pk
    if field.choices:
        return next(key for key, _ in field.choices if key != value)
    if isinstance(field, models.JSONField):
        return OTHER_JSON[field.name]
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.UUIDField):
        return uuid4()
    if isinstance(field, models.DateTimeField | models.DateField):
        return (value or timezone.now()) + timedelta(days=3)
    return f"{value}x" if isinstance(value, str) else value + 1


def change(row: models.Model, name: str) -> None:
    """Store another value in a field of a row."""
    field = row._meta.get_field(name)
    if field.many_to_many:
        getattr(row, name).clear()
        return
    values = {field.attname: other(field, row)}  # type: ignore[union-attr]
    if name == "is_guest":
        values["email"] = None
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def exported(person: User) -> str:
    return "".join(export_json(User.objects.get(pk=person.pk)))


def without_any_effect(whole: Whole) -> Iterator[str]:
    """Yield the fields said to be exported that may hold something else without the export saying so."""
    before = exported(whole.person)
    for label, name, fate in FIELDS:
        if fate.export != "yes":
            continue
        with transaction.atomic():
            # Whose profile it is comes from the row that was loaded.
            change(whole.rows[label], name)
            if exported(whole.person) == before:
                yield f"{label}.{name}"
            transaction.set_rollback(True)


def test_the_export_says_what_each_field_holds(whole: Whole) -> None:
    assert list(without_any_effect(whole)) == []


def test_the_export_holds_no_secret(whole: Whole) -> None:
    text = exported(whole.person)
    assert GIVEN["text"] in text
    for secret in (whole.person.password, "a-secret-session-key", "session_data"):
        assert secret not in text


def now_in(row: models.Model) -> models.Model | None:
    return type(row)._base_manager.filter(pk=row.pk).first()


def values(row: models.Model, fate: Fate) -> list[Any]:
    """Return what a row has in the fields of a fate; how much of a sum has outlived its reviews is no matter."""
    names = {name for name in fate.names if not name.startswith("kept_")}
    concrete = [field.attname for field in type(row)._meta.concrete_fields if field.name in names]
    return [getattr(row, name) for name in concrete]


def test_deletion_does_what_it_says(whole: Whole) -> None:
    before = {label: now_in(row) for label, row in whole.rows.items()}
    delete_person(whole.person, by=User.objects.get(is_superuser=True))
    for label, fate in FATES:
        was, row = before[label], now_in(whole.rows[label])
        assert was is not None
        if fate.deletion == Deletion.DELETED:
            assert row is None, label
            continue
        if fate.deletion == Deletion.EMPTIED:
            assert row is None or set(values(row, fate)) == {None}, (label, fate.fields)
        else:
            assert row is not None, label
            assert values(row, fate) == values(was, fate), (label, fate.fields)


def test_what_they_did_for_others_stays(whole: Whole) -> None:
    Invitation.objects.create(study_class=whole.study_class, email="bob@example.org", invited_by=whole.person)
    delete_person(whole.person)
    assert Invitation.objects.get().invited_by is None
    event = now_in(whole.rows["classes.Event"])
    assert isinstance(event, Event)
    assert (event.actor, event.person) == (None, None)


def test_the_end_of_a_class_does_what_it_says(whole: Whole) -> None:
    before = {label: now_in(row) for label, row in whole.rows.items()}
    call_command("forget")
    for label, fate in FATES:
        was, row = before[label], now_in(whole.rows[label])
        assert was is not None
        if fate.class_end == ClassEnd.DELETED:
            assert row is None, label
            continue
        assert row is not None, label
        now = values(row, fate)
        if fate.class_end in {ClassEnd.EMPTIED, ClassEnd.EMPTIED_UNLESS_NEEDED}:
            assert not any(now), (label, fate.fields)
        elif fate.class_end == ClassEnd.ENDED:
            assert None not in now, (label, fate.fields)
        else:
            assert now == values(was, fate), (label, fate.fields)


def test_the_page_in_docs_is_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("personal_data")
    page = Path(settings.BASE_DIR) / "docs" / "personal-data.md"
    assert page.read_text(encoding="utf-8") == capsys.readouterr().out
