"""Lock keys: each lies directly under its compartment's key-encryption key, so no lock comes off without the key service.

Follows docs/specs/notebook.md, "Lock keys". Nothing is kept in memory: each unwrapping is a call.
"""

from dataclasses import dataclass
from uuid import UUID

from crypto.branch_keys import key_place
from crypto.errors import Tampered
from crypto.kms import KeyService

LOCK_COMPARTMENT = "locks"
LOCK_PURPOSES = "lock/"
"""How the purposes of lock keys begin; the compartment's other keys lie under its branch key."""


@dataclass(frozen=True, slots=True)
class LockKey:
    """Which lock key: what its wrapped bytes are bound to, apart from the epoch."""

    key_id: UUID
    owner: UUID
    purpose: str

    def wrap(self, service: KeyService, epoch: int, secret: bytes) -> bytes:
        """Have the key service wrap it."""
        return service.wrap(LOCK_COMPARTMENT, epoch, secret, self._place(epoch))

    def unwrap(self, service: KeyService, epoch: int, wrapped: bytes) -> bytes:
        """Have the key service unwrap it; Tampered names the key, Erased an epoch that ended."""
        try:
            return service.unwrap(LOCK_COMPARTMENT, epoch, wrapped, self._place(epoch))
        except Tampered:
            raise Tampered(f"key {self.key_id}") from None

    def _place(self, epoch: int) -> bytes:
        return key_place(LOCK_COMPARTMENT, self.key_id, self.owner, self.purpose, epoch)


def is_lock(compartment: str, purpose: str) -> bool:
    """Whether a key of this compartment and purpose is a lock key."""
    return compartment == LOCK_COMPARTMENT and purpose.startswith(LOCK_PURPOSES)
