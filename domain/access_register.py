"""Who opened what about one person, why and under which role; the person can read all of it.

Rule 13: a record here comes before the content is released; if it cannot be written, nothing is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.values import Act, Role


class RecordKind(StrEnum):
    """What kind of thing about a person is looked at."""

    CONTACT = "contact"
    PROFILE = "profile"
    PREFERENCES = "preferences"
    IDENTITY = "identity"
    ACCESS_NEEDS = "access_needs"
    SESSION_DETAILS = "session_details"
    AVAILABILITY = "availability"
    CONCERN = "concern"
    DISCLOSURE = "disclosure"
    CONSENTS = "consents"
    NOTEBOOK_LOCK = "notebook_lock"
    ACCESS_REGISTER = "access_register"
    WHOLE_RECORD = "whole_record"
    ENQUIRY = "enquiry"
    SAID_WORDS = "said_words"
    PASSKEYS = "passkeys"
    RIGHTS_REQUEST = "rights_request"
    PORTFOLIO = "portfolio"
    FEEDBACK = "feedback"
    STORY = "story"
    SUGGESTION = "suggestion"


class AccessPurpose(StrEnum):
    """Why it is looked at."""

    OWN_RECORD = "own_record"
    MATCHING = "matching"
    MENTORING = "mentoring"
    ARRANGING = "arranging"
    SERVICE_MESSAGE = "service_message"
    RIGHTS_REQUEST = "rights_request"
    SAFEGUARDING = "safeguarding"
    AUDIT = "audit"
    ANSWERING = "answering"
    EVALUATING = "evaluating"


class Authority(StrEnum):
    """What gives the right to look."""

    OWN_RECORD = "own_record"
    CONSENT = "consent"
    AGREEMENT = "agreement"
    ASSIGNED_DUTY = "assigned_duty"
    LEGAL_DUTY = "legal_duty"


class Outcome(StrEnum):
    """How it ended, as far as is known before anything is released."""

    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one person's record; `subject` is the relationship it was about, if any."""

    role: Role
    kind: RecordKind
    purpose: AccessPurpose
    authority: Authority
    outcome: Outcome = Outcome.ALLOWED
    subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class LocksTaken:
    """Of which epochs of a notebook the reader's own locks were taken off: of their own strand, and of the shared one."""

    own: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many locks."""
        return len(self.own) + len(self.shared)


class Looked(Aggregate.Event):
    """What every look says; the actor is who looked. No names, addresses or search text."""

    person: UUID
    role: Role
    kind: RecordKind
    purpose: AccessPurpose
    authority: Authority
    outcome: Outcome
    subject: UUID | None


class AccessRegister(Aggregate):
    """One person's register; its state is its length, so adding to it needs its last record only."""

    TOPIC = "access_register"

    class Created(Aggregate.Created):
        TOPIC = "access_register.begun"
        person: UUID

    class Opened(Looked):
        TOPIC = "access_register.opened"

    class Listed(Looked):
        TOPIC = "access_register.listed"

    class Exported(Looked):
        TOPIC = "access_register.exported"

    class Automated(Looked):
        TOPIC = "access_register.automated"

    class Unlocked(Looked):
        """The locks on what was sealed to the person came off; `subject` is the relationship of the notebook."""

        TOPIC = "access_register.unlocked"
        own_epochs: tuple[int, ...]
        shared_epochs: tuple[int, ...]

    @staticmethod
    def id_of(person: UUID) -> UUID:
        """The id of a person's one register."""
        return uuid5(person, "access-register")

    @classmethod
    def begin_for(cls, person: UUID, act: Act) -> Self:
        """Begin the register of a person, once."""
        return cls.begin(cls.id_of(person), act, person=person)

    @classmethod
    def resume(cls, person: UUID, *, version: int, recorded_at: datetime) -> Self:
        """The register as it stands after its last record, without replaying the ones before."""
        register = cls.__new__(cls)
        register.__base_init__(cls.id_of(person), version, recorded_at)
        register.person = person
        return register

    @event(Created)
    def __init__(self, person: UUID) -> None:
        self.person = person

    def opened(self, look: Look, act: Act) -> None:
        """Somebody opens one record of the person."""
        self._looked(self.Opened, look, act)

    def listed(self, look: Look, act: Act) -> None:
        """The person appears in a list that somebody reads or searches."""
        self._looked(self.Listed, look, act)

    def exported(self, look: Look, act: Act) -> None:
        """Somebody takes a copy out of the service."""
        self._looked(self.Exported, look, act)

    def automated(self, look: Look, act: Act) -> None:
        """The service itself uses a record, to send a message for instance."""
        self._looked(self.Automated, look, act)

    def unlocked(self, look: Look, taken: LocksTaken, act: Act) -> None:
        """The locks on what was sealed to the person are taken off."""
        epochs = {"own_epochs": taken.own, "shared_epochs": taken.shared}
        self._looked(self.Unlocked, look, act, **epochs)

    def _looked(self, kind: type[Looked], look: Look, act: Act, **more: tuple[int, ...]) -> None:
        self.record(
            kind,
            act,
            person=self.person,
            role=look.role,
            kind=look.kind,
            purpose=look.purpose,
            authority=look.authority,
            outcome=look.outcome,
            subject=look.subject,
            **more,
        )


AccessRegisterBegun = AccessRegister.Created
