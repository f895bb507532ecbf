"""What a client remembers of its vault and of one relationship, so that the service cannot show it another past."""

from typing import Self
from uuid import UUID

import msgspec

from crypto.sealing import EMPTY, Audience, Epoch, PublicIdentity, Tip


class StrandMemory(msgspec.Struct, frozen=True):
    """The last epoch and the last entry seen of one strand.

    `since` is the epoch that it begins with for us, and `before` how many entries came before the first of ours.
    """

    epoch: int = 0
    statement_hash: bytes = b""
    position: int = EMPTY.position
    entry_hash: bytes = EMPTY.entry_hash
    since: int = 1
    before: int = 0

    @classmethod
    def of(cls, epoch: Epoch | None, tip: Tip, *, since: int = 1, before: int = 0) -> Self:
        """What to remember of a strand that was verified up to here."""
        if epoch is None:
            return cls()
        return cls(epoch.number, epoch.statement_hash, tip.position, tip.entry_hash, since, before)

    def going_on(self, epoch: Epoch, tip: Tip) -> Self:
        """What to remember after an epoch or an entry of one's own."""
        return self.of(epoch, tip, since=self.since, before=self.before)

    @property
    def tip(self) -> Tip:
        """Where the strand ended."""
        return Tip(self.position, self.entry_hash)


class OtherMemory(msgspec.Struct, frozen=True):
    """Another participant and the public keys trusted as theirs, the last being current."""

    person: UUID
    keys: tuple[bytes, ...]
    compared: bool = False
    has_left: bool = False

    @property
    def identities(self) -> list[PublicIdentity]:
        """The trusted keys, oldest first."""
        return [PublicIdentity.from_bytes(each) for each in self.keys]

    @property
    def current(self) -> PublicIdentity:
        """The keys to seal to."""
        return PublicIdentity.from_bytes(self.keys[-1])

    def compared_under(self, identity: PublicIdentity) -> "OtherMemory":
        """The same, taking part, under current keys whose words were compared."""
        keys = (*(each for each in self.keys if each != identity.to_bytes()), identity.to_bytes())
        return OtherMemory(self.person, keys, compared=True)


class Memory(msgspec.Struct, frozen=True):
    """One relationship, or group, as this client last saw it; `partner` is the first of the others, `further` are the rest."""

    my_person: UUID | None = None
    partner: OtherMemory | None = None
    own: StrandMemory = StrandMemory()
    shared: StrandMemory = StrandMemory()
    further: tuple[OtherMemory, ...] = ()

    @property
    def others(self) -> tuple[OtherMemory, ...]:
        """Everybody else whom we know here."""
        return (self.partner, *self.further) if self.partner else ()

    def with_others(self, others: tuple[OtherMemory, ...]) -> "Memory":
        """The same with others known."""
        first, further = (others[0], others[1:]) if others else (None, ())
        return msgspec.structs.replace(self, partner=first, further=further)

    def strand(self, audience: Audience) -> StrandMemory:
        """What is remembered of one strand."""
        return self.own if audience is Audience.OWN else self.shared

    def with_strand(self, audience: Audience, strand: StrandMemory) -> "Memory":
        """The same with one strand seen anew."""
        if audience is Audience.OWN:
            return msgspec.structs.replace(self, own=strand)
        return msgspec.structs.replace(self, shared=strand)


class VaultMemory(msgspec.Struct, frozen=True):
    """Whose vault it is and the keys that were last in it."""

    person: UUID | None = None
    key_id: bytes | None = None
