"""What a client remembers of its vault and of one relationship, so that the service cannot show it another past."""

from typing import Self
from uuid import UUID

import msgspec

from crypto.sealing import EMPTY, Audience, Epoch, PublicIdentity, Tip


class StrandMemory(msgspec.Struct, frozen=True):
    """The last epoch and the last entry seen of one strand."""

    epoch: int = 0
    statement_hash: bytes = b""
    position: int = EMPTY.position
    entry_hash: bytes = EMPTY.entry_hash

    @classmethod
    def of(cls, epoch: Epoch | None, tip: Tip) -> Self:
        """What to remember of a strand that was verified up to here."""
        if epoch is None:
            return cls()
        return cls(epoch.number, epoch.statement_hash, tip.position, tip.entry_hash)

    @property
    def tip(self) -> Tip:
        """Where the strand ended."""
        return Tip(self.position, self.entry_hash)


class PartnerMemory(msgspec.Struct, frozen=True):
    """The other participant and the public keys trusted as theirs, the last being current."""

    person: UUID
    keys: tuple[bytes, ...]
    compared: bool = False

    @property
    def identities(self) -> list[PublicIdentity]:
        """The trusted keys, oldest first."""
        return [PublicIdentity.from_bytes(each) for each in self.keys]

    @property
    def current(self) -> PublicIdentity:
        """The keys to seal to."""
        return PublicIdentity.from_bytes(self.keys[-1])


class Memory(msgspec.Struct, frozen=True):
    """One relationship as this client last saw it."""

    my_person: UUID | None = None
    partner: PartnerMemory | None = None
    own: StrandMemory = StrandMemory()
    shared: StrandMemory = StrandMemory()

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
