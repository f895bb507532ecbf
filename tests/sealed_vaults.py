"""Vaults as they look from outside, with nothing inside: for tests of what the service itself checks."""

from uuid import UUID, uuid4

from domain.public_keys import PublicKeys
from domain.wrapped_forms import Wrapper, WrapperKind

KEY_ID = b"k" * 32


def by_code(id: UUID | None = None) -> Wrapper:
    """A wrapper of a recovery code."""
    wrapped = bytes((1, 0x11, 1, 2)) + bytes(92)
    return Wrapper(id or uuid4(), WrapperKind.RECOVERY_CODE, b"", b"s" * 32, wrapped)


def by_passkey(credential: bytes = b"c", id: UUID | None = None) -> Wrapper:
    """A wrapper of a passkey."""
    wrapped = bytes((1, 0x11, 1, 1)) + bytes(92)
    return Wrapper(id or uuid4(), WrapperKind.PASSKEY, credential * 32, b"t" * 32, wrapped)


def identity_of(key_id: bytes = KEY_ID) -> bytes:
    """A sealed identity that names this key."""
    return bytes((1, 0x12, 1)) + key_id + bytes(159)


def public_of(key_id: bytes = KEY_ID) -> PublicKeys:
    """The public keys beside it."""
    return PublicKeys(key_id, b"h" * 1216, b"s" * 32)
