"""When people can meet, as one sealed field of each: its place, and its opening for a pair that arranges a session."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.records.openings import Openings, Whose, Why
from crypto.errors import Erased, SealedRecordError
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.availability import Availability
from domain.commands.circles import Circle, load_circle
from domain.commands.sessions import Stated
from domain.mentor_profile import MentorProfile
from domain.mentoring import Mentoring, NotFound
from domain.person import Person
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.values import Compartment, Purpose, Sealed

FIELD = "availability"


def seal_availability(openings: Openings, owner: UUID, said: Availability) -> Sealed:
    """Seal what a person said under their own key."""
    whose = Whose(Compartment.PERSONAL, owner, Purpose.TAKE_PART, FIELD)
    return openings.seal(whose, said.encode())


@dataclass(frozen=True)
class Arranging:
    """Opens for one party of a pair when both can meet; each look is recorded first."""

    mentoring: Mentoring
    openings: Openings
    caller: Caller
    subject: Relationship
    now: datetime

    def stated(self) -> Stated:
        """What both said and what the mentor planned with others; who said nothing restricts nothing."""
        records = tuple(self._records())
        others = tuple(self._others_of(records))
        opened = (self._opened(record.availability) for record in records)
        planned = (session for other in others for session in other.sessions.values())
        return Stated(
            tuple(each for each in opened if each is not None),
            tuple(each.span for each in planned if each.outcome is None),
            (*records, *others),
        )

    def _records(self) -> Iterator[Person | MentorProfile]:
        for each in self.subject.participants:
            # Without a record nothing was said, and of who was erased nothing can be read any more.
            with suppress(NotFound, Erased):
                yield record_of(self.mentoring, each.person, each.part)

    def _others_of(self, records: Iterable[Person | MentorProfile]) -> Iterator[Circle]:
        """The other pairs and groups of the mentor; a mentee has one place, and so one mentor, at a time."""
        engaged = (each.engaged for each in records if isinstance(each, MentorProfile))
        for other in set().union(*engaged) - {self.subject.id, self.subject.group}:
            # A damaged record of one pair holds up no other.
            with suppress(SealedRecordError):
                yield load_circle(self.mentoring, other)

    def _opened(self, value: Sealed | None) -> Availability | None:
        if value is None:
            return None
        why = Why(
            RecordKind.AVAILABILITY, AccessPurpose.ARRANGING, Authority.AGREEMENT, self.subject.id
        )
        try:
            opened = self.openings.open(
                self.caller, value, why, now=self.now, shown_to=self.subject.people
            )
        except Erased:
            # Said under a consent that has ended since: nobody can read it any more.
            return None
        return Availability.decode(opened)


def record_of(mentoring: Mentoring, person: UUID, part: Part) -> Person | MentorProfile:
    """Where somebody says when they can meet: a mentor in their profile, everybody else in their own record.

    Who mentors informally needs no profile.
    """
    if part is Part.MENTOR:
        with suppress(NotFound):
            return mentoring.load(MentorProfile, MentorProfile.id_of(person))
    return mentoring.load(Person, person)
