"""What a look at a sealed field says of itself: where the field belongs, and why it is opened."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.consent import ConsentLedger
from domain.values import Compartment, Purpose


@dataclass(frozen=True, slots=True)
class Whose:
    """Where a field belongs: its compartment, its owner, what for, and its name."""

    compartment: Compartment
    owner: UUID
    purpose: str
    field: str


@dataclass(frozen=True, slots=True)
class About:
    """Somebody whom words are about that were sealed for another; they too read of the look.

    `require` is handed their consents and raises where these no longer carry the look.
    """

    person: UUID
    purpose: AccessPurpose
    authority: Authority
    require: Callable[[ConsentLedger, datetime], None]


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is opened, as its access record will say."""

    kind: RecordKind
    purpose: AccessPurpose
    authority: Authority
    subject: UUID | None = None
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """What the service itself opens something for, and the consents besides the field's own that carry it."""

    why: Why
    consents: Collection[Purpose] = ()
