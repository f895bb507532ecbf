"""Rule 9 where no round looked: whether two may be brought together, by where each said they work.

The service looks for itself, and each of them reads of it; nobody is shown what it saw.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from api.records.openings import Openings, Use, Why
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.footing import footing_of
from domain.commands.preferences import find_preferences
from domain.consent import ConsentIsNotLive
from domain.errors import DomainError
from domain.matching.stated import Stated
from domain.matching.workplaces import work_too_close
from domain.mentoring import Mentoring, Order
from domain.programme import ConflictRule
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.values import Act, Role


class WorkTooClose(DomainError):
    """These two work too close together: in one team, or for one employer although the mentee did not ask for that."""


@dataclass(frozen=True)
class Workplaces:
    """Looks at what two people said of where they work."""

    mentoring: Mentoring
    openings: Openings

    def require_apart(self, request: Relationship, mentor: UUID, at: datetime) -> None:
        """Refuse to bring together who works too close, where the programme keeps them apart."""
        rules = footing_of(self.mentoring, request.place).programme.settings
        if rules.conflict_rule is not ConflictRule.SAME_LINE_OR_TEAM:
            return
        mentee_said = self._said(request, request.mentee, Part.MENTEE, at)
        if mentee_said.employer and work_too_close(
            mentee_said, self._said(request, mentor, Part.MENTOR, at)
        ):
            raise WorkTooClose

    def _said(self, request: Relationship, person: UUID, part: Part, at: datetime) -> Stated:
        """What somebody said; nothing, where they said nothing or do not take part."""
        stated = find_preferences(self.mentoring, person)
        value = stated.stated.get(part) if stated else None
        if value is None:
            return Stated()
        subject = request.id if part is Part.MENTEE else None
        why = Why(RecordKind.PREFERENCES, AccessPurpose.MATCHING, Authority.CONSENT, subject)
        order = Order(Act(person, at), uuid4())
        try:
            text = self.openings.use(Caller(person, Role(part.value)), value, Use(why), order=order)
        except ConsentIsNotLive:
            return Stated()
        return Stated.decode(text)
