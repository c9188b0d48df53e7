"""What applying a roster would change in a class, worked out without changing anything."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress

from flashcards.classes.models import Invitation, Membership, Role, StudyClass
from flashcards.classes.roster.lines import Line

EMAIL = "E-mail"


@dataclass(slots=True)
class Known:
    """Somebody in the class (`membership`) or expected in it; `left` if they were there and went.

    `invitations` are those to them, the one that says where the roster reaches them first.
    """

    membership: Membership | None = None
    invitations: list[Invitation] = field(default_factory=list)
    left: bool = False

    @property
    def who(self) -> Membership | Invitation:
        """What holds their name and number now."""
        return self.membership or self.invitations[0]

    @property
    def email(self) -> str:
        """The address to show; "" for a guest whom no roster has named."""
        if self.invitations:
            return self.invitations[0].email
        return (self.membership.user.email or "") if self.membership else ""

    @property
    def is_student(self) -> bool:
        """Whether a roster should have them."""
        return self.who.role == Role.STUDENT and not self.left

    def emails(self) -> Iterator[str]:
        """Yield every address of theirs."""
        if self.membership is not None and self.membership.user.email:
            yield self.membership.user.email
        yield from (invitation.email for invitation in self.invitations)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the roster has differently."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the roster and whom it is about; `is_confirmed` is False for a member whose address nobody proved."""

    line: Line
    known: Known | None
    differences: tuple[Difference, ...] = ()
    is_confirmed: bool = True

    @property
    def joined(self) -> bool:
        """Whether they are in the class, not only expected."""
        return self.known is not None and self.known.membership is not None

    @property
    def has_invitation(self) -> bool:
        """Whether somebody or a roster invited them before."""
        return self.known is not None and bool(self.known.invitations)

    @property
    def moves(self) -> bool:
        """Whether they have another address now."""
        return any(difference.field == EMAIL for difference in self.differences)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a roster would do. `missing` are students it does not name: they are left alone."""

    new: list[Step]
    changed: list[Step]
    unchanged: list[Step]
    missing: list[Known]

    @property
    def untold(self) -> int:
        """How many are expected under an address that nobody has written to."""
        return len(self.new) + sum(step.moves and not step.joined for step in self.changed)

    @property
    def digest(self) -> str:
        """A fingerprint of what would change, so that what is applied is what was shown."""
        steps = [
            [
                step.line.email,
                step.line.name,
                step.line.student_number,
                [[d.field, d.before] for d in step.differences],
            ]
            for step in (*self.new, *self.changed)
        ]
        return hashlib.sha256(json.dumps([len(self.new), steps]).encode()).hexdigest()


def plan(study_class: StudyClass, lines: Sequence[Line]) -> Plan:
    """Return what `lines` would change in the class; the same few queries however long it is.

    People are matched by address, those that are left then by a student number that only one of them has.
    """
    people = _people(study_class)
    matched = _matched(people, lines)
    joined = [known.membership.user_id for known in matched.values() if known.membership is not None]
    confirmed = set(EmailAddress.objects.filter(user__in=joined, verified=True).values_list("email", flat=True))
    found = Plan([], [], [], [])
    for line in lines:
        known = matched.get(line.row)
        if known is None or known.left:
            found.new.append(Step(line, known))
            continue
        differences = tuple(_differences(known, line))
        proved = known.membership is None or known.membership.user.email in confirmed
        (found.changed if differences else found.unchanged).append(Step(line, known, differences, proved))
    taken = {id(known) for known in matched.values()}
    found.missing.extend(known for known in people if known.is_student and id(known) not in taken)
    found.missing.sort(key=lambda known: (known.who.name.casefold(), known.email))
    return found


def _people(study_class: StudyClass) -> list[Known]:
    """Return everybody that the class knows, each once, with the invitations that are theirs."""
    members = Membership.objects.filter(study_class=study_class, left_at=None).select_related("user").order_by("pk")
    by_user = {membership.user_id: Known(membership) for membership in members}
    by_email = {known.membership.user.email: known for known in by_user.values() if known.membership is not None}
    others: list[Known] = []
    invitations = Invitation.objects.filter(study_class=study_class).select_related("membership").order_by("-pk")
    for invitation in invitations:
        came_as = invitation.membership
        known = by_user.get(came_as.user_id) if came_as is not None else by_email.get(invitation.email)
        if known is None:
            others.append(Known(invitations=[invitation], left=came_as is not None))
        else:
            known.invitations.append(invitation)
    return [*by_user.values(), *others]


def _matched(people: Iterable[Known], lines: Iterable[Line]) -> dict[int, Known]:
    """Return whom each line is about, by the line's row."""
    by_email = {email: known for known in people for email in known.emails()}
    matched: dict[int, Known] = {}
    taken: set[int] = set()
    rest: list[Line] = []
    for line in lines:
        known = by_email.get(line.email)
        if known is None or id(known) in taken:
            rest.append(line)
            continue
        matched[line.row] = known
        taken.add(id(known))
    by_number: dict[str, list[Known]] = {}
    for known in people:
        if known.who.student_number and id(known) not in taken:
            by_number.setdefault(known.who.student_number, []).append(known)
    for line in rest:
        same = by_number.get(line.student_number, [])
        if len(same) == 1:
            matched[line.row] = same[0]
    return matched


def _differences(known: Known, line: Line) -> Iterator[Difference]:
    who = known.who
    if who.name != line.name:
        yield Difference("Name", who.name, line.name)
    # A roster without numbers takes none away.
    if line.student_number and who.student_number != line.student_number:
        yield Difference("Student number", who.student_number, line.student_number)
    if line.email not in known.emails():
        yield Difference(EMAIL, known.email, line.email)
