"""The cast of the classes' tests: see `people`."""

import pytest

from flashcards.accounts.models import User
from flashcards.classes.models import Membership, Role, StudyClass
from tests.classes import people


@pytest.fixture
def anna(db: None) -> User:
    """Return who owns the class."""
    return people.member("Anna")


@pytest.fixture
def owner(anna: User) -> Membership:
    """Return the owner's membership."""
    return people.make_class(anna)


@pytest.fixture
def study_class(owner: Membership) -> StudyClass:
    """Return the class."""
    return owner.study_class


@pytest.fixture
def teacher(study_class: StudyClass) -> Membership:
    """Return the membership of a teacher who does not own the class."""
    return people.add(study_class, people.member("Tom"), Role.TEACHER)


@pytest.fixture
def assistant(study_class: StudyClass) -> Membership:
    """Return the membership of an assistant."""
    return people.add(study_class, people.member("Ada"), Role.ASSISTANT)


@pytest.fixture
def student(study_class: StudyClass) -> Membership:
    """Return the membership of a student."""
    return people.add(study_class, people.member("Sam"))
