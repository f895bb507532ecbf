"""What anybody can see of a vault, format 1: lengths and first bytes, read without any key."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.errors import DomainError
from domain.public_keys import KEY_ID_BYTES

SALT_BYTES: Final = 32
CREDENTIAL_HASH_BYTES: Final = 32
WRAPPED_VAULT_KEY_BYTES: Final = 96
SEALED_IDENTITY_BYTES: Final = 194
"""The lengths that docs/specs/vault.md gives."""

_SEALED_IDENTITY: Final = bytes((1, 0x12, 1))


class NotAWrapper(DomainError):
    """A way to unlock is not as the vault, format 1, has it; perhaps the client is another version."""


class NotASealedIdentity(DomainError):
    """The sealed keys are not as the vault, format 1, has them; perhaps the client is another version."""


class WrapperKind(StrEnum):
    """What a way to unlock is."""

    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


_FIRST_BYTES: Final = {
    WrapperKind.PASSKEY: bytes((1, 0x11, 1, 1)),
    WrapperKind.RECOVERY_CODE: bytes((1, 0x11, 1, 2)),
}


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A vault key, wrapped for one way to unlock; a passkey's names the credential by its hash."""

    id: UUID
    kind: WrapperKind
    credential_hash: bytes
    salt: bytes = field(repr=False)
    wrapped_key: bytes = field(repr=False)

    def require_form(self) -> None:
        """Refuse what no client of the specification would make."""
        named = CREDENTIAL_HASH_BYTES if self.kind is WrapperKind.PASSKEY else 0
        lengths = (len(self.credential_hash), len(self.salt), len(self.wrapped_key))
        if lengths != (named, SALT_BYTES, WRAPPED_VAULT_KEY_BYTES):
            raise NotAWrapper
        if self.wrapped_key[:4] != _FIRST_BYTES[self.kind]:
            raise NotAWrapper


def key_id_of(sealed_identity: bytes) -> bytes:
    """Whose identity is sealed here, on its own word; raises NotASealedIdentity."""
    if len(sealed_identity) != SEALED_IDENTITY_BYTES or sealed_identity[:3] != _SEALED_IDENTITY:
        raise NotASealedIdentity
    return sealed_identity[3 : 3 + KEY_ID_BYTES]
