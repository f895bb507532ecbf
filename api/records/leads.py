"""Who of the safeguarding leads looks into a concern: one at a time, and never somebody who is too near to it."""

from uuid import UUID

from api.records.handling import Handling
from api.records.letters import require_of_others
from crypto.errors import Erased
from domain.concern import Concern
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound
from domain.person import Person
from domain.values import Role
from projections.desk_questions import holders
from projections.reader import Reader


class NotALead(DomainError):
    """Choose a safeguarding lead to whom to hand it over; they are none, or not any more."""


def other_leads(reader: Reader, person: UUID) -> list[UUID]:
    """The safeguarding leads besides somebody; raises NotYet."""
    return [each for each in holders(reader, Role.SAFEGUARDING_LEAD) if each != person]


def gone_lead(mentoring: Mentoring, subject: Concern) -> UUID | None:
    """Who has a concern and is no lead any more, so that nobody is left to hand it over."""
    if subject.handler is None or _is_lead(mentoring, subject.handler):
        return None
    return subject.handler


def require_may_look_into(handling: Handling, subject: Concern, lead: UUID) -> None:
    """Refuse whoever is no lead, whose own the concern is, or who is or was in a relationship with whose it is."""
    if not _is_lead(handling.mentoring, lead):
        raise NotALead
    require_of_others(handling.apart, lead, subject.raised_by)


def _is_lead(mentoring: Mentoring, person: UUID) -> bool:
    try:
        found = mentoring.load(Person, person)
    except (NotFound, Erased):
        return False
    return found.is_active and Role.SAFEGUARDING_LEAD in found.roles
