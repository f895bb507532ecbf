"""A disclosure: telling somebody outside what must be told, because a limit of confidentiality was met.

Rule 16: two deciders, the minimum facts, and the mentee told first, unless a dated reason stands against it.
What it says is sealed under a key of its own, and no note is opened for it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed, SealedForAnotherPurpose
from domain.kept_for import require_kept_for
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed

DISCLOSURE_PURPOSE = "matter"
"""What both fields are sealed for: a legal duty, which needs no consent."""

MOST_DAYS_UNTOLD = 31
"""Not telling somebody what is said of them is looked at anew each month."""
MOST_DAYS_TO_REVIEW = 92


class DecidersMustDiffer(NotAllowed):
    """A disclosure needs two deciders: somebody other than who wrote it decides."""


class DisclosureIsDecided(DomainError):
    """This disclosure is decided already."""


class DisclosureIsNotAgreed(DomainError):
    """A disclosure is made once two have decided for it, and once only."""


class DisclosureIsNotMade(DomainError):
    """A disclosure is reviewed after it was made."""


class MenteeComesFirst(DomainError):
    """The mentee is told first; if that cannot be, say why not yet, and when it is looked at again."""


class MenteeIsTold(DomainError):
    """The mentee was told already."""


class LookAgainSooner(DomainError):
    """Say a later day, within a month, on which telling the mentee is looked at again."""


class ReviewSooner(DomainError):
    """Say a later day, within three months, on which it is reviewed again, or that it is closed."""


class DisclosureIsForgotten(DomainError):
    """This disclosure has been kept long enough and was destroyed; nobody can read it any more."""


class Ground(StrEnum):
    """Which limit of confidentiality was met; the agreement names all of them."""

    SERIOUS_HARM = "serious_harm"
    LEGAL_DUTY = "legal_duty"
    SERIOUS_MISCONDUCT = "serious_misconduct"


class NotToldReason(StrEnum):
    """Why the mentee is not told yet."""

    WOULD_RAISE_RISK = "would_raise_risk"
    CANNOT_BE_REACHED = "cannot_be_reached"
    LAW_FORBIDS = "law_forbids"


class DisclosureStage(StrEnum):
    """Where it stands."""

    WRITTEN = "written"
    DECLINED = "declined"
    AGREED = "agreed"
    MADE = "made"
    CLOSED = "closed"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Telling:
    """Whether the mentee knows; if not, why not yet, and when that is looked at again."""

    is_told: bool
    reason: NotToldReason | None = None
    look_again_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it lets a disclosure be made on a day: told, or a reason that was looked at in time."""
        return self.is_told or (self.look_again_on is not None and day <= self.look_again_on)


NOT_TOLD = Telling(is_told=False)


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """What is written: on which ground, and, sealed, the minimum that must be told and to whom."""

    relationship: UUID
    ground: Ground
    facts: Sealed
    recipient: Sealed


class Disclosure(Aggregate):
    """Written by a mentor or a safeguarding lead, decided by another lead, made, reviewed and closed."""

    TOPIC = "matter"

    class Created(Aggregate.Created):
        TOPIC = "matter.opened"
        relationship: UUID
        ground: Ground
        facts: Sealed
        recipient: Sealed

    class Agreed(Aggregate.Event):
        TOPIC = "matter.agreed"

    class Declined(Aggregate.Event):
        TOPIC = "matter.declined"

    class Told(Aggregate.Event):
        """The person it is about knows of it; from now on they see that it is there, and who looked."""

        TOPIC = "matter.person_told"
        person: UUID

    class TellingPutOff(Aggregate.Event):
        TOPIC = "matter.telling_put_off"
        reason: NotToldReason
        look_again_on: date

    class Made(Aggregate.Event):
        """Whoever outside had to be told was told."""

        TOPIC = "matter.passed_on"
        review_on: date

    class Reviewed(Aggregate.Event):
        """Looked at again; without another day for that it is closed."""

        TOPIC = "matter.looked_at_again"
        review_on: date | None

    class Forgotten(Aggregate.Event):
        TOPIC = "matter.forgotten"

    @classmethod
    def write(cls, id: UUID, written: DisclosureFacts, act: Act) -> Self:
        """Write one down, which is the first of its two decisions."""
        _require_sealed(id, written.facts, written.recipient)
        return cls.begin(
            id,
            act,
            relationship=written.relationship,
            ground=written.ground,
            facts=written.facts,
            recipient=written.recipient,
        )

    @event(Created)
    def __init__(
        self,
        relationship: UUID,
        ground: Ground,
        facts: Sealed,
        recipient: Sealed,
        actor: UUID,
        timestamp: datetime,
    ) -> None:
        self.relationship, self.ground = relationship, ground
        self.facts, self.recipient = facts, recipient
        self.written_by = actor
        self.written_at = timestamp
        self.decided_by: UUID | None = None
        self.stage = DisclosureStage.WRITTEN
        self.telling = NOT_TOLD
        self.review_on: date | None = None
        self.over_since: datetime | None = None

    def agree(self, act: Act) -> None:
        """Decide for it, as the second of two."""
        self._require_undecided(act)
        self.record(self.Agreed, act)

    @event(Agreed)
    def _agreed(self, actor: UUID) -> None:
        self.stage, self.decided_by = DisclosureStage.AGREED, actor

    def decline(self, act: Act) -> None:
        """Decide against it, as the second of two: nothing is told."""
        self._require_undecided(act)
        self.record(self.Declined, act)

    @event(Declined)
    def _declined(self, actor: UUID, timestamp: datetime) -> None:
        self.stage, self.decided_by = DisclosureStage.DECLINED, actor
        self.over_since = timestamp

    def tell(self, mentee: UUID, act: Act) -> None:
        """Note that the mentee was told; there is no way back from that."""
        self.require_kept()
        if self.telling.is_told:
            raise MenteeIsTold
        self.record(self.Told, act, person=mentee)

    @event(Told)
    def _told(self) -> None:
        self.telling = Telling(is_told=True)

    def put_off_telling(self, reason: NotToldReason, look_again_on: date, act: Act) -> None:
        """Note why the mentee is not told yet, and when that is looked at again."""
        self.require_kept()
        if self.telling.is_told:
            raise MenteeIsTold
        if not _is_within(MOST_DAYS_UNTOLD, look_again_on, act):
            raise LookAgainSooner
        self.record(self.TellingPutOff, act, reason=reason, look_again_on=look_again_on)

    @event(TellingPutOff)
    def _telling_put_off(self, reason: NotToldReason, look_again_on: date) -> None:
        self.telling = Telling(is_told=False, reason=reason, look_again_on=look_again_on)

    def make(self, review_on: date, act: Act) -> None:
        """Note that it was passed on outside: never before the mentee knows or a current reason stands."""
        self.require_kept()
        if self.stage is not DisclosureStage.AGREED:
            raise DisclosureIsNotAgreed
        if not self.telling.holds_on(act.at.date()):
            raise MenteeComesFirst
        if not _is_within(MOST_DAYS_TO_REVIEW, review_on, act):
            raise ReviewSooner
        self.record(self.Made, act, review_on=review_on)

    @event(Made)
    def _made(self, review_on: date) -> None:
        self.stage, self.review_on = DisclosureStage.MADE, review_on

    def review(self, review_on: date | None, act: Act) -> None:
        """Look at it again; without another day for that it is closed."""
        self.require_kept()
        if self.stage is not DisclosureStage.MADE:
            raise DisclosureIsNotMade
        if review_on is not None and not _is_within(MOST_DAYS_TO_REVIEW, review_on, act):
            raise ReviewSooner
        self.record(self.Reviewed, act, review_on=review_on)

    @event(Reviewed)
    def _reviewed(self, review_on: date | None, timestamp: datetime) -> None:
        self.review_on = review_on
        if review_on is None:
            self.stage, self.over_since = DisclosureStage.CLOSED, timestamp

    def forget_when_due(self, period: timedelta, act: Act) -> None:
        """Destroy what it says once it has been over for so long; the clerk's order."""
        self.require_kept()
        require_kept_for(period, self.over_since, act)
        self.record(self.Forgotten, act)

    @event(Forgotten)
    def _forgotten(self) -> None:
        self.stage = DisclosureStage.FORGOTTEN

    def require_kept(self) -> None:
        """Refuse whatever needs what it says."""
        if self.stage is DisclosureStage.FORGOTTEN:
            raise DisclosureIsForgotten

    def _require_undecided(self, act: Act) -> None:
        self.require_kept()
        if act.actor == self.written_by:
            raise DecidersMustDiffer
        if self.stage is not DisclosureStage.WRITTEN:
            raise DisclosureIsDecided


def _is_within(most_days: int, day: date, act: Act) -> bool:
    return 0 < (day - act.at.date()).days <= most_days


def _require_sealed(disclosure: UUID, *values: Sealed) -> None:
    """Refuse what was sealed under another key than the disclosure's own."""
    require_sealed_for(disclosure, Compartment.SAFEGUARDING, *values)
    if {each.purpose for each in values} != {DISCLOSURE_PURPOSE}:
        raise SealedForAnotherPurpose
