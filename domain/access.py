"""May this actor do this? One pure answer per question, asked before any key is touched.

What is not allowed here by name is refused. Keys enforce the same again: a compartment that a
process cannot unwrap stays closed whatever this module says.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.errors import NotAllowed
from domain.values import Compartment, Purpose, Role, Sealed


class RoleMayNot(NotAllowed):
    """Your role does not allow this."""


class NotYoursToOpen(NotAllowed):
    """This part of the record is not yours to open."""


class NotYourRecord(NotAllowed):
    """This record is about somebody else."""


class NotYoursToGrant(NotAllowed):
    """This role is given by whoever runs the service, not by a coordinator."""


class PurposeUnknown(NotAllowed):
    """Nothing may be opened for this purpose."""


PARTIES = frozenset({Role.MENTEE, Role.MENTOR})

CONSENT_READERS = frozenset({Role.DATA_PROTECTION_LEAD, Role.AUDITOR})
"""Besides the person: who may read consents and access records, never content."""

OPENERS: Mapping[Compartment, frozenset[Role]] = {
    Compartment.OPERATIONAL: frozenset(),
    Compartment.CONTACT: frozenset({Role.COORDINATOR}),
    Compartment.PERSONAL: frozenset({Role.COORDINATOR}),
    Compartment.SPECIAL: frozenset(),
    Compartment.SAFEGUARDING: frozenset({Role.SAFEGUARDING_LEAD}),
    Compartment.LOCKS: frozenset(),
}
"""Which role opens other people's sealed values by duty. Sponsors, auditors and operators: none."""

OPENERS_BY_PURPOSE: Mapping[tuple[Compartment, str], frozenset[Role]] = {
    (Compartment.SPECIAL, Purpose.IDENTITY_PREFERENCE): frozenset({Role.COORDINATOR}),
}
"""What the person put into a request, with consent, may be opened by who handles the request."""

OPENERS_OF_LETTERS: Mapping[str, frozenset[Role]] = {
    "remark": frozenset({Role.COORDINATOR, Role.SAFEGUARDING_LEAD}),
    "rights_request": frozenset({Role.DATA_PROTECTION_LEAD}),
    "suggestion": frozenset({Role.COORDINATOR}),
}
"""Concerns and requests about one's own record: who opens them by duty, and nobody else does. Each has a
purpose of its own, which begins with one of these; whom one concern was passed to is asked besides."""

FOR_NOBODY_ELSE = frozenset({"cpd"})
"""What somebody writes for themselves alone: nobody opens it by duty, and it cannot be shown to anybody."""

FOR_EVERYBODY = frozenset({Purpose.PUBLISH_STORY.value, "suggestion_told"})
"""What its person chose to publish, and what the scheme says of a suggestion: read by whoever comes, without a record."""

FOR_NOBODY = frozenset({"feedback_box", "feedback_stamp"})
"""What the service opens for itself and shows nobody: answers on their way out of a box, and the stamp of slips."""

ANSWERS = "response"
"""Answers about how mentoring went, which lead to nobody: opened in whole lots alone."""

SHAREABLE = frozenset({Compartment.CONTACT, Compartment.PERSONAL, Compartment.SPECIAL})
"""What a person can choose to show to the other party of their relationship."""

GRANTED_BY_COORDINATORS = frozenset({Role.MENTEE, Role.MENTOR, Role.SPONSOR_CONTACT})
"""Whoever runs the pipeline must not appoint those who watch over it; they are enrolled apart."""

NEED_CONSENT = frozenset({Compartment.PERSONAL, Compartment.SPECIAL})
WITHOUT_CONSENT = FOR_NOBODY_ELSE | OPENERS_OF_LETTERS.keys()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and as what: one role at a time, even for somebody who has several."""

    person: UUID
    role: Role

    def is_party(self) -> bool:
        """Whether they call for themselves, not by duty."""
        return self.role in PARTIES


def require_role(caller: Caller, *roles: Role) -> None:
    """Refuse everybody who does not call in one of these roles."""
    if caller.role not in roles:
        raise RoleMayNot


def require_may_grant(caller: Caller, roles: Collection[Role]) -> None:
    """Refuse a coordinator who would give or take a role that watches over coordinators."""
    if caller.role is not Role.COORDINATOR or not GRANTED_BY_COORDINATORS.issuperset(roles):
        raise NotYoursToGrant


def require_own(caller: Caller, owner: UUID) -> None:
    """Refuse everybody but the person, calling as a party."""
    if caller.person != owner or not caller.is_party():
        raise NotYourRecord


def may_open(
    caller: Caller,
    compartment: Compartment,
    owner: UUID,
    purpose: str,
    *,
    shown_to: Collection[UUID] = (),
) -> bool:
    """Whether the caller may have a sealed value of the owner opened, once consent is live too.

    `shown_to` names the other parties to whom the owner chose to show it. How they are reached and how they
    sign in is everybody's own, whatever they call as.
    """
    is_own = caller.person == owner
    if kind_of(purpose) in FOR_NOBODY_ELSE:
        return compartment is Compartment.PERSONAL and is_own and caller.is_party()
    letter = OPENERS_OF_LETTERS.get(kind_of(purpose))
    if compartment is Compartment.PERSONAL and letter is not None:
        return is_own or caller.role in letter
    if compartment is Compartment.CONTACT and is_own:
        return True
    if compartment in SHAREABLE and caller.is_party():
        return is_own or caller.person in shown_to
    by_duty = OPENERS[compartment] | OPENERS_BY_PURPOSE.get((compartment, purpose), frozenset())
    return caller.role in by_duty


def require_may_open(caller: Caller, value: Sealed, *, shown_to: Collection[UUID] = ()) -> None:
    """Refuse to have a value opened for somebody whom it is not for."""
    compartment, owner = value.compartment, value.owner
    if not may_open(caller, compartment, owner, value.purpose, shown_to=shown_to):
        raise NotYoursToOpen


def require_may_read_answers(caller: Caller, about: UUID) -> None:
    """Refuse answers about mentoring with somebody to all but them and a coordinator, whoever else takes part."""
    is_own = caller.person == about and caller.role is Role.MENTOR
    if caller.role is not Role.COORDINATOR and not is_own:
        raise NotYoursToOpen


def may_read_consents(caller: Caller, owner: UUID) -> bool:
    """Whether the caller may read a person's consents and who looked; auditors see pseudonyms."""
    if caller.role in CONSENT_READERS:
        return True
    return caller.person == owner and caller.is_party()


def require_may_read_consents(caller: Caller, owner: UUID) -> None:
    """Refuse a person's consents and access records to everybody they are not for."""
    if not may_read_consents(caller, owner):
        raise NotYourRecord


def consent_needed(compartment: Compartment, purpose: str) -> Purpose | None:
    """Which consent must be live before such a value is opened; None where none is needed.

    Contact serves the agreement itself, and a disclosure a legal duty. Whoever raises a concern or uses a right
    is read whether or not they ever consented to anything; what they write for themselves is theirs.
    """
    if compartment not in NEED_CONSENT or kind_of(purpose) in WITHOUT_CONSENT:
        return None
    try:
        return Purpose(purpose)
    except ValueError:
        raise PurposeUnknown from None


def kind_of(purpose: str) -> str:
    """What a purpose begins with, where each record has one of its own."""
    return purpose.partition(":")[0]
