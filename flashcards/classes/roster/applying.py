"""A roster that was read waits for its teacher's word; then all of it is applied, or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from flashcards.accounts.models import User
from flashcards.classes.invitations import MOST_WAITING
from flashcards.classes.models import Event, Invitation, Membership, Role, RosterUpload, StudyClass
from flashcards.classes.roster.lines import Line
from flashcards.classes.roster.plan import Known, Plan, Step, plan
from flashcards.classes.roster.reading import Roster
from flashcards.classes.services import record
from flashcards.lib.errors import Problem, Refused

KEPT = timedelta(days=1)
BATCH = 200
INVITATION_FIELDS = ("email", "name", "student_number", "role", "membership", "sent_at")
GONE = "This roster was applied or discarded, or a day has passed. Upload it again."
CHANGED = "The class changed since this was shown. Look at it again: nothing was applied."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applying did: how many were new and changed, and the invitations that nobody has been told of yet."""

    new: int
    changed: int
    untold: list[Invitation]


def put_aside(roster: Roster, teacher: Membership, now: datetime) -> None:
    """Keep a roster until it is applied, in place of one that the teacher uploaded for this class before."""
    forget_old(now)
    RosterUpload.objects.update_or_create(
        study_class=teacher.study_class,
        uploaded_by=teacher.user,
        defaults={
            "uploaded_at": now,
            "lines": [asdict(line) for line in roster.lines],
            "columns": roster.columns,
            "unread": roster.unread,
        },
    )


def waiting(teacher: Membership, now: datetime) -> RosterUpload | None:
    """Return the roster that the teacher has yet to apply to their class, None without one or after a day."""
    fresh = RosterUpload.objects.filter(uploaded_at__gt=now - KEPT)
    return fresh.filter(study_class=teacher.study_class, uploaded_by=teacher.user).first()


def discard(teacher: Membership) -> None:
    """Forget the roster that the teacher has yet to apply."""
    RosterUpload.objects.filter(study_class=teacher.study_class, uploaded_by=teacher.user).delete()


def forget_old(now: datetime) -> None:
    """Delete what has waited for more than a day, in every class."""
    RosterUpload.objects.filter(uploaded_at__lte=now - KEPT).delete()


def lines_of(upload: RosterUpload) -> list[Line]:
    """Return the lines of a roster that waits."""
    return [Line(**line) for line in upload.lines]


def apply(teacher: Membership, digest: str, now: datetime) -> Outcome:
    """Apply the roster that waits and return what was done; all of it or nothing.

    `digest` is of the plan that the teacher saw. Raises Refused if there is none any more or it would do something
    else by now, and for more invitations than a class may have.
    """
    try:
        with transaction.atomic():
            study_class = StudyClass.objects.select_for_update().get(pk=teacher.study_class_id)
            upload = waiting(teacher, now)
            if upload is None:
                raise _refusal(GONE)
            found = plan(study_class, lines_of(upload))
            if found.digest != digest:
                raise _refusal(CHANGED)
            outcome = _write(found, study_class, teacher.user)
            upload.delete()
            words = f"{outcome.new} new, {outcome.changed} changed"
            record(Event.Kind.ROSTER, now, study_class=study_class, actor=teacher.user, words=words)
    except IntegrityError as error:
        raise _refusal(CHANGED) from error
    return outcome


def _write(found: Plan, study_class: StudyClass, by: User) -> Outcome:
    """Store what the plan says; raises Refused for too many invitations, before anything is written."""
    untold = [_invitation(step, study_class, by) for step in found.new]
    others: list[Invitation] = []
    members: list[Membership] = []
    for step in found.changed:
        membership = step.known.membership if step.known is not None else None
        if membership is not None:
            members.append(_named(membership, step))
        if membership is None or step.has_invitation or step.moves:
            others.append(_invitation(step, study_class, by))
        if membership is None and step.moves:
            untold.append(others.pop())
    rows = [*untold, *others]
    made = [invitation for invitation in rows if invitation.pk is None]
    if study_class.invitations.count() + len(made) > MOST_WAITING:
        raise _refusal(f"A class has at most {MOST_WAITING:,} invitations. Withdraw some first.")
    stored = [invitation for invitation in rows if invitation.pk is not None]
    Invitation.objects.bulk_update(stored, INVITATION_FIELDS, batch_size=BATCH)
    Invitation.objects.bulk_create(made, batch_size=BATCH)
    Membership.objects.bulk_update(members, ["name", "student_number"], batch_size=BATCH)
    return Outcome(len(found.new), len(found.changed), untold)


def _named(membership: Membership, step: Step) -> Membership:
    membership.name = step.line.name
    membership.student_number = step.line.student_number or membership.student_number
    return membership


def _invitation(step: Step, study_class: StudyClass, by: User) -> Invitation:
    """Return the invitation that says what the line says, not stored yet: one there is, or a new one."""
    line, known = step.line, step.known or Known()
    theirs = next((one for one in known.invitations if one.email == line.email), None)
    invitation = theirs or next(iter(known.invitations), None)
    if invitation is None:
        invitation = Invitation(study_class=study_class, role=Role.STUDENT, invited_by=by)
    if known.left or step.moves:
        invitation.email, invitation.sent_at = line.email, None
    if known.left:
        invitation.role = Role.STUDENT
    invitation.email = invitation.email or line.email
    invitation.name = line.name
    invitation.student_number = line.student_number or invitation.student_number
    invitation.membership = known.membership
    return invitation


def _refusal(message: str) -> Refused:
    return Refused([Problem("", message)])
