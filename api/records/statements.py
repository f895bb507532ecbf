"""What people state for the matching, as sealed fields: their places, and how they open for one run of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from api.records.availability import record_of
from api.records.openings import Openings, Whose, Why
from api.records.slices import slices_of
from crypto.errors import SealedRecordError
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.availability import Availability
from domain.commands.preferences import find_preferences
from domain.consent import ConsentLedger
from domain.matching.hours import hours_of
from domain.matching.pool import holds_of, wants_of
from domain.matching.stated import Background, Stated
from domain.mentor_profile import MentorProfile
from domain.mentoring import Mentoring, NotFound
from domain.preferences import Preferences
from domain.programme import Settings
from domain.relationship_events import Part
from domain.values import Compartment, Purpose, Sealed


def seal_stated(openings: Openings, owner: UUID, stated: Stated) -> Sealed:
    """Seal what somebody wishes, under their key for taking part."""
    whose = Whose(Compartment.PERSONAL, owner, Purpose.TAKE_PART, "stated")
    return openings.seal(whose, stated.encode())


def seal_background(openings: Openings, owner: UUID, background: Background) -> Sealed:
    """Seal what somebody says and wishes of backgrounds, under the key of that consent alone."""
    whose = Whose(Compartment.SPECIAL, owner, Purpose.IDENTITY_PREFERENCE, "detail")
    return openings.seal(whose, background.encode())


@dataclass(frozen=True, slots=True)
class Someone:
    """One person of a run; `subject` is their request, or a mentor themselves."""

    person: UUID
    subject: UUID
    part: Part
    ledger: ConsentLedger

    @property
    def records(self) -> tuple[UUID, UUID]:
        """Where what they said is kept."""
        is_mentor = self.part is Part.MENTOR
        record = MentorProfile.id_of(self.person) if is_mentor else self.person
        return record, Preferences.id_of(self.person)


@dataclass(slots=True)
class Said:
    """What one person said, as far as it could be opened; what could not restricts nothing."""

    stated: Stated = field(default_factory=Stated)
    background: Background | None = None
    availability: Availability | None = None

    def __repr__(self) -> str:
        return "<sealed>"

    def as_party(self, id: UUID, part: Part, settings: Settings, now: datetime) -> dict[str, Any]:
        """What the engine takes of it; only a mentee's wishes about backgrounds count."""
        wished = self.background if part is Part.MENTEE else None
        hours = hours_of(self.availability, settings.working_hours, settings.time_zone, now.date())
        return {
            "id": id,
            "holds": holds_of(self.stated, self.background),
            "wants": wants_of(self.stated, wished),
            "languages": frozenset(self.stated.languages),
            "hours": hours,
            "employer": self.stated.employer,
            "team": self.stated.team,
        }


@dataclass(frozen=True)
class Statements:
    """Opens what people said for one coordinator's run of the matching."""

    mentoring: Mentoring
    openings: Openings
    caller: Caller
    now: datetime

    def of(self, people: Sequence[Someone]) -> list[Said]:
        """What each said, in their order; the looks at some of them are recorded in one commit."""
        return [said for some in slices_of(people) for said in self._of(some)]

    def _of(self, people: Sequence[Someone]) -> list[Said]:
        said = [Said() for _ in people]
        there = self.mentoring.ahead([id for each in people for id in each.records])
        sealed = [
            (index, value, why)
            for index, person in enumerate(people)
            for value, why in _sealed_of(there, person)
        ]
        wanted = [(value, why) for _, value, why in sealed]
        texts = self.openings.open_each(self.caller, wanted, now=self.now)
        for (index, _, why), text in zip(sealed, texts, strict=True):
            if text is not None:
                _note(said[index], why.kind, text)
        return said


def _sealed_of(mentoring: Mentoring, someone: Someone) -> list[tuple[Sealed, Why]]:
    found: list[tuple[Sealed | None, RecordKind]] = []
    # A damaged or erased record of one person holds up nobody else; they count as having said nothing.
    with suppress(NotFound, SealedRecordError):
        record = record_of(mentoring, someone.person, someone.part)
        found.append((record.availability, RecordKind.AVAILABILITY))
    with suppress(SealedRecordError):
        stated = find_preferences(mentoring, someone.person)
        if stated is not None:
            found.append((stated.stated.get(someone.part), RecordKind.PREFERENCES))
            found.append((stated.details.get(someone.part), RecordKind.IDENTITY))
    subject = someone.subject if someone.part is Part.MENTEE else None
    return [
        (value, Why(kind, AccessPurpose.MATCHING, Authority.CONSENT, subject))
        for value, kind in found
        if value is not None
    ]


def _note(said: Said, kind: RecordKind, text: str) -> None:
    match kind:
        case RecordKind.AVAILABILITY:
            said.availability = Availability.decode(text)
        case RecordKind.PREFERENCES:
            said.stated = Stated.decode(text)
        case _:
            said.background = Background.decode(text)
