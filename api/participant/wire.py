"""The notebook as the service shows it: read for its form, and nothing in it believed."""

from contextlib import suppress
from typing import Any, TypeAlias, TypeVar
from uuid import UUID, uuid5

import msgspec

from api.participant.errors import NotUnderstood
from crypto.sealing import Audience, PublicIdentity, SealedEntry, UnknownFormat

Shown = TypeVar("Shown", bound=msgspec.Struct)

Named: TypeAlias = tuple[UUID, bytes]
"""A person with the id of a key that is said to be theirs."""


class ShownKeys(msgspec.Struct, frozen=True):
    """Public keys that are said to be somebody's."""

    key_id: bytes
    hpke_public: bytes
    signing_public: bytes

    @property
    def identity(self) -> PublicIdentity:
        """The keys, checked for weakness; raises NotUnderstood, also when the id is not theirs."""
        try:
            identity = PublicIdentity(self.hpke_public, self.signing_public)
        except UnknownFormat:
            raise NotUnderstood from None
        if identity.key_id != self.key_id:
            raise NotUnderstood
        return identity


class ShownParticipant(msgspec.Struct, frozen=True):
    """Somebody who is said to take part."""

    person: UUID
    current_key_id: bytes | None
    public_keys: list[ShownKeys]

    @property
    def current(self) -> PublicIdentity | None:
        """The keys that are said to be current."""
        for keys in self.public_keys:
            if keys.key_id == self.current_key_id:
                return keys.identity
        return None


class ShownFurther(msgspec.Struct, frozen=True):
    """Somebody who is said to read and to take no part any more, or to have been passed something on."""

    person: UUID
    public_keys: list[ShownKeys]


class ShownReader(msgspec.Struct, frozen=True):
    """Who is said to read an epoch."""

    person: UUID
    key_id: bytes


class ShownPassedOn(msgspec.Struct, frozen=True):
    """A statement that lets another key read an epoch later."""

    granter: UUID
    granter_key_id: bytes
    reader: UUID
    reader_key_id: bytes
    statement: bytes


class ShownTip(msgspec.Struct, frozen=True):
    """Where a strand is said to have ended before the first epoch that is for us."""

    position: int
    entry_hash: bytes


class ShownEpoch(msgspec.Struct, frozen=True):
    """A statement, and the notebook key sealed to us: under the last word that passed it on to us, if there is one."""

    audience: str
    granter: UUID
    readers: list[ShownReader]
    statement: bytes
    sealed_key: bytes
    passed_on: list[ShownPassedOn] = []
    after: ShownTip | None = None


class ShownEntry(msgspec.Struct, frozen=True):
    """A sealed entry; everything else that the service says of it is read from inside it."""

    audience: str
    sealed_entry: bytes
    wrapped_entry_key: bytes | None

    @property
    def sealed(self) -> SealedEntry | None:
        """The two sealed values, or None for a destroyed entry."""
        if self.wrapped_entry_key is None:
            return None
        return SealedEntry(self.sealed_entry, self.wrapped_entry_key)


class ShownNotebook(msgspec.Struct, frozen=True):
    """All that the service shows a participant."""

    notebook: UUID
    caller: UUID
    participants: list[ShownParticipant]
    epochs: list[ShownEpoch]
    entries: list[ShownEntry]
    next_after: int | None
    further_readers: list[ShownFurther] = []

    def followed_by(self, later: "ShownNotebook") -> "ShownNotebook":
        """The same with the entries of a later page, which knows all the epochs that its entries need."""
        return msgspec.structs.replace(later, entries=[*self.entries, *later.entries])

    @property
    def published(self) -> dict[Named, ShownKeys]:
        """Every key that is said to be somebody's; its id binds it, and nothing vouches for whose it is."""
        said = [(each.person, each.public_keys) for each in self.participants]
        said += [(each.person, each.public_keys) for each in self.further_readers]
        return {(person, keys.key_id): keys for person, listed in said for keys in listed}

    def epochs_of(self, audience: Audience) -> list[ShownEpoch]:
        """The epochs of one strand, in the order shown."""
        return [each for each in self.epochs if each.audience == audience.name.lower()]

    def entries_of(self, audience: Audience) -> list[ShownEntry]:
        """The entries of one strand, in the order shown."""
        return [each for each in self.entries if each.audience == audience.name.lower()]


class ShownPassedOnNotes(msgspec.Struct, frozen=True):
    """A notebook of others that is said to be passed on to us, and the relationship that we have with its mentee."""

    relationship: UUID
    later: UUID
    epochs: int


class ShownPassedOnList(msgspec.Struct, frozen=True):
    """All of them."""

    passed_on: list[ShownPassedOnNotes]


class ShownWrapper(msgspec.Struct, frozen=True):
    """One way to unlock the vault."""

    id: UUID
    kind: str
    credential_hash: bytes | None
    salt: bytes
    wrapped_key: bytes
    added_at: str = ""


class ShownVault(msgspec.Struct, frozen=True):
    """All that the service shows of one's vault."""

    person: UUID
    version: int
    wrappers: list[ShownWrapper]
    sealed_identity: bytes | None
    earlier_identities: list[bytes]


def notebook_id(relationship: UUID) -> UUID:
    """The id that everything in a relationship's notebook is bound to; the service has no say in it."""
    return uuid5(relationship, "notebook")


def read_shown(body: bytes, kind: type[Shown]) -> Shown:
    """Read what the service answered; raises NotUnderstood."""
    # A decoder's own error carries what it read, so it does not travel with ours.
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        return msgspec.json.decode(body, type=kind)
    raise NotUnderstood


def as_shown(value: Any) -> Any:
    """JSON for the service: bytes as base64, ids as text."""
    return msgspec.to_builtins(value)
