"""A person's wish to be erased: asked for, perhaps held, decided by another, carried out, completed.

Rule 17: it can wait for a hold that the person can see, and it is answered within one calendar month.
"""

from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed
from domain.month import months_after
from domain.public_keys import PublicKeys
from domain.values import Act


class NotYoursToAsk(NotAllowed):
    """Only the person can ask to be erased, or take that back."""


class NotYoursToDecide(NotAllowed):
    """Nobody decides about their own erasure."""


class ErasureIsAsked(DomainError):
    """You have asked to be erased already; it is being decided."""


class ErasureIsDecided(DomainError):
    """This request is decided already, or was taken back."""


class ErasureIsHeld(DomainError):
    """This erasure is held; lift the hold before you decide."""


class ErasureIsNotHeld(DomainError):
    """This erasure is not held."""


class ErasureIsNotGranted(DomainError):
    """This erasure was not granted, or is carried out already."""


class ErasureIsNotCarriedOut(DomainError):
    """This erasure was not carried out, or is completed already."""


class ReviewComesTooLate(DomainError):
    """A hold is looked at again on a later day, within three months."""


class HoldWouldTell(DomainError):
    """The person reads why their erasure waits and must not learn of a disclosure by it; say legal duty instead."""


class HoldReason(StrEnum):
    """Why an erasure must wait; an open disclosure is no reason that anybody can give any more."""

    OPEN_DISCLOSURE = "open_disclosure"
    OPEN_CONCERN = "open_concern"
    LEGAL_CLAIM = "legal_claim"
    LEGAL_DUTY = "legal_duty"


class RefusalReason(StrEnum):
    """Why an erasure was refused."""

    LEGAL_CLAIM = "legal_claim"
    LEGAL_DUTY = "legal_duty"
    NOT_SURE_WHO_ASKED = "not_sure_who_asked"


class ErasureStage(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    HELD = "held"
    TAKEN_BACK = "taken_back"
    REFUSED = "refused"
    GRANTED = "granted"
    CARRIED_OUT = "carried_out"
    COMPLETED = "completed"


UNDECIDED = frozenset({ErasureStage.REQUESTED, ErasureStage.HELD})
TELLING_HOLDS = frozenset({HoldReason.OPEN_DISCLOSURE})
"""Recorded by earlier releases; refused now, and shown to nobody."""
DECIDED_AGAINST = frozenset({ErasureStage.TAKEN_BACK, ErasureStage.REFUSED})
MONTHS_TO_ANSWER = 1
MOST_DAYS_HELD = 92
"""A hold that nobody looks at again would be a refusal that nobody has to give a reason for."""


class Erasure(Aggregate):
    """One request; it stays readable afterwards, so that what became of it can be told."""

    TOPIC = "erasure"

    class Created(Aggregate.Created):
        """`receipt` lets whoever knows it see the stage, also when nobody can sign in any more."""

        TOPIC = "erasure.requested"
        person: UUID
        receipt: UUID
        due_on: date

    class Held(Aggregate.Event):
        TOPIC = "erasure.held"
        reason: HoldReason
        review_on: date

    class HoldLifted(Aggregate.Event):
        TOPIC = "erasure.hold_lifted"

    class TakenBack(Aggregate.Event):
        TOPIC = "erasure.taken_back"

    class Refused(Aggregate.Event):
        TOPIC = "erasure.refused"
        reason: RefusalReason

    class Granted(Aggregate.Event):
        """`public_keys` stay, the last being current: others verify with them what was shared."""

        TOPIC = "erasure.granted"
        public_keys: tuple[PublicKeys, ...]

    class CarriedOut(Aggregate.Event):
        """Which streams were deleted, and at which positions of the log their events stood."""

        TOPIC = "erasure.carried_out"
        streams: tuple[UUID, ...]
        positions: tuple[int, ...]

    class Completed(Aggregate.Event):
        TOPIC = "erasure.completed"

    @staticmethod
    def id_of(person: UUID, number: int) -> UUID:
        """The id of a person's first, second or later request."""
        return uuid5(person, f"erasure:{number}")

    @classmethod
    def ask(cls, id: UUID, *, person: UUID, receipt: UUID, act: Act) -> Self:
        """Ask to be erased; the person's own order."""
        if act.actor != person:
            raise NotYoursToAsk
        due_on = months_after(act.at.date(), MONTHS_TO_ANSWER)
        return cls.begin(id, act, person=person, receipt=receipt, due_on=due_on)

    @classmethod
    def by_calendar(cls, id: UUID, *, person: UUID, receipt: UUID, act: Act) -> Self:
        """Begin the erasure of somebody whose record has been kept long enough; the clerk's order."""
        return cls.begin(id, act, person=person, receipt=receipt, due_on=act.at.date())

    @event(Created)
    def __init__(self, person: UUID, receipt: UUID, due_on: date) -> None:
        self.person = person
        self.receipt = receipt
        self.due_on = due_on
        self.stage = ErasureStage.REQUESTED
        self.hold: HoldReason | None = None
        self.review_on: date | None = None
        self.refusal: RefusalReason | None = None
        self.public_keys: tuple[PublicKeys, ...] = ()

    def hold_back(self, reason: HoldReason, review_on: date, act: Act) -> None:
        """Let it wait, with a reason and a day to look again; holding anew moves that day."""
        self._require_undecided(act)
        if reason in TELLING_HOLDS:
            raise HoldWouldTell
        if not 0 < (review_on - act.at.date()).days <= MOST_DAYS_HELD:
            raise ReviewComesTooLate
        self.record(self.Held, act, reason=reason, review_on=review_on)

    @event(Held)
    def _held(self, reason: HoldReason, review_on: date) -> None:
        self.stage = ErasureStage.HELD
        self.hold, self.review_on = reason, review_on

    @property
    def shown_hold(self) -> HoldReason | None:
        """Why it waits, as anybody may read it: of a disclosure nobody learns by this."""
        return HoldReason.LEGAL_DUTY if self.hold in TELLING_HOLDS else self.hold

    def lift_hold(self, act: Act) -> None:
        """End the wait."""
        self._require_undecided(act)
        if self.stage is not ErasureStage.HELD:
            raise ErasureIsNotHeld
        self.record(self.HoldLifted, act)

    @event(HoldLifted)
    def _hold_lifted(self) -> None:
        self.stage = ErasureStage.REQUESTED
        self.hold = self.review_on = None

    def take_back(self, act: Act) -> None:
        """Rather stay; the person's own order, until it is decided."""
        if act.actor != self.person:
            raise NotYoursToAsk
        if self.stage not in UNDECIDED:
            raise ErasureIsDecided
        self.record(self.TakenBack, act)

    @event(TakenBack)
    def _taken_back(self) -> None:
        self.stage = ErasureStage.TAKEN_BACK

    def refuse(self, reason: RefusalReason, act: Act) -> None:
        """Decide against it, with a reason; the person can ask again."""
        self._require_undecided(act)
        self.record(self.Refused, act, reason=reason)

    @event(Refused)
    def _refused(self, reason: RefusalReason) -> None:
        self.stage, self.refusal = ErasureStage.REFUSED, reason

    def grant(self, public_keys: tuple[PublicKeys, ...], act: Act) -> None:
        """Decide for it; from here there is no way back."""
        self._require_undecided(act)
        self.require_not_held()
        self.record(self.Granted, act, public_keys=public_keys)

    @event(Granted)
    def _granted(self, public_keys: tuple[PublicKeys, ...]) -> None:
        self.stage, self.public_keys = ErasureStage.GRANTED, public_keys

    def carried_out(self, streams: tuple[UUID, ...], positions: tuple[int, ...], act: Act) -> None:
        """Note that the keys are destroyed and what was deleted; the clerk's order."""
        if self.stage is not ErasureStage.GRANTED:
            raise ErasureIsNotGranted
        self.record(self.CarriedOut, act, streams=streams, positions=positions)

    @event(CarriedOut)
    def _carried_out(self) -> None:
        self.stage = ErasureStage.CARRIED_OUT

    def complete(self, act: Act) -> None:
        """Note that old copies of the keys are dead too, as the key service confirmed; the clerk's order."""
        if self.stage is not ErasureStage.CARRIED_OUT:
            raise ErasureIsNotCarriedOut
        self.record(self.Completed, act)

    @event(Completed)
    def _completed(self) -> None:
        self.stage = ErasureStage.COMPLETED

    def require_not_held(self) -> None:
        """Refuse to destroy anything while a hold stands."""
        if self.stage is ErasureStage.HELD:
            raise ErasureIsHeld

    def _require_undecided(self, act: Act) -> None:
        if act.actor == self.person:
            raise NotYoursToDecide
        if self.stage not in UNDECIDED:
            raise ErasureIsDecided


ErasureRequested = Erasure.Created
