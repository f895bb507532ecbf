"""What a look at sealed fields says of itself: where they belong, why they are opened, and why none is."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, Look, RecordKind
from domain.consent import ConsentLedger
from domain.values import Compartment, Purpose


class NotOneLook(ValueError):
    """These fields are not one owner's for one purpose, so one look does not cover them."""


class NothingToOpen(Exception):
    """None of these fields rests on a live consent now."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Where a field belongs: its compartment, its owner, what for, and its name."""

    compartment: Compartment
    owner: UUID
    purpose: str
    field: str

    @property
    def key(self) -> tuple[str, UUID, str]:
        """Of what its key is the one that lives."""
        return self.compartment, self.owner, self.purpose


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


def look_of(caller: Caller, why: Why, about: About | None = None) -> Look:
    """The look as it is recorded: for the owner of the field, or for whom its words are about."""
    rests_on = about or why
    return Look(caller.role, why.kind, rests_on.purpose, rests_on.authority, subject=why.subject)
