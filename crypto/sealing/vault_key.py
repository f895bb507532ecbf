"""The vault key and its wrappers: each way to unlock opens it, and nothing else does (docs/specs/vault.md, sections 2 to 4)."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.constant_time import bytes_eq

from crypto.sealing.encoding import (
    HASH_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    PREFIX_BYTES,
    TAG_BYTES,
    Form,
    Random,
    Secret,
    content_of,
    draw,
    expand,
    lp,
    prefix,
    system_random,
)
from crypto.sealing.errors import (
    DoesNotUnlock,
    NotARecoveryCode,
    PrfOutputUnusable,
    UnknownFormat,
    VaultWasAltered,
)
from crypto.sealing.gcm import gcm_open, gcm_seal
from crypto.sealing.recovery_code import CODE_SECRET_BYTES

SALT_BYTES: Final = 32
_COMMITMENT_AT: Final = PREFIX_BYTES + 1
_NONCE_AT: Final = _COMMITMENT_AT + HASH_BYTES
WRAPPED_VAULT_KEY_BYTES: Final = _NONCE_AT + NONCE_BYTES + KEY_BYTES + TAG_BYTES


class Way(IntEnum):
    """What opens a vault (section 3)."""

    PASSKEY = 1
    RECOVERY_CODE = 2


@dataclass(frozen=True)
class WrapperPlace:
    """What a wrapped vault key is bound to, beside its secret; checked when made (section 3)."""

    person_id: UUID
    wrapper_id: UUID
    way: Way
    salt: bytes
    credential_hash: bytes = b""

    def __post_init__(self) -> None:
        """Refuse a salt or a hash of another length."""
        hash_bytes = HASH_BYTES if self.way is Way.PASSKEY else 0
        if len(self.salt) != SALT_BYTES or len(self.credential_hash) != hash_bytes:
            raise UnknownFormat

    def keys(self, secret: Secret) -> tuple[Secret, bytes]:
        """The wrapping key and the commitment to it."""
        info = lp(
            vault_label("wrapping-key"),
            self.person_id.bytes,
            self.wrapper_id.bytes,
            bytes((self.way,)),
            self.credential_hash,
        )
        return committed_keys(secret, info, self.salt)


def new_vault_key(random: Random = system_random) -> Secret:
    """A new vault key (section 2)."""
    return Secret(draw(random, KEY_BYTES))


def new_salt(random: Random = system_random) -> bytes:
    """A salt for one wrapper; a passkey is asked with it before anything is wrapped (section 9)."""
    return draw(random, SALT_BYTES)


def credential_hash(credential_id: bytes) -> bytes:
    """What a wrapper names a passkey by (section 3)."""
    return vault_hash("credential", credential_id)


def prf_input(salt: bytes) -> bytes:
    """What a passkey is asked with (section 4)."""
    return vault_hash("prf-input", salt)


def wrap_vault_key(
    vault_key: Secret, secret: Secret | None, place: WrapperPlace, random: Random = system_random
) -> bytes:
    """The 96 bytes of section 3.1; raises PrfOutputUnusable."""
    wrapping_key, commitment = place.keys(_usable(secret, place.way))
    head = prefix(Form.WRAPPED_VAULT_KEY) + bytes((place.way,)) + commitment
    return head + gcm_seal(wrapping_key, draw(random, NONCE_BYTES), vault_key.reveal(), head)


def unwrap_vault_key(wrapped: bytes, secret: Secret | None, place: WrapperPlace) -> Secret:
    """The vault key, after every check of section 3.2, in its order.

    Raises UnknownFormat, PrfOutputUnusable, DoesNotUnlock or VaultWasAltered.
    """
    content = content_of(wrapped, Form.WRAPPED_VAULT_KEY, WRAPPED_VAULT_KEY_BYTES)
    if content[0] != place.way:
        raise UnknownFormat
    wrapping_key, commitment = place.keys(_usable(secret, place.way))
    if not bytes_eq(commitment, wrapped[_COMMITMENT_AT:_NONCE_AT]):
        raise DoesNotUnlock
    head, sealed = wrapped[:_NONCE_AT], wrapped[_NONCE_AT:]
    return Secret(gcm_open(wrapping_key, sealed, head, altered=VaultWasAltered))


def committed_keys(secret: Secret, info: bytes, salt: bytes | None = None) -> tuple[Secret, bytes]:
    """DERIVE of section 1: an encryption key and the commitment to it."""
    both = expand(secret, info, KEY_BYTES + HASH_BYTES, salt=salt)
    return Secret(both[:KEY_BYTES]), both[KEY_BYTES:]


def vault_label(purpose: str) -> bytes:
    """LABEL of section 1."""
    return b"vouchsafe/vault/1/" + purpose.encode("ascii")


def vault_hash(purpose: str, content: bytes) -> bytes:
    """HASH of section 1."""
    return hashlib.sha256(lp(vault_label(purpose), content)).digest()


def _usable(secret: Secret | None, way: Way) -> Secret:
    """Section 4: an authenticator that answers nothing, or nothing but zeros, protects nothing."""
    if way is Way.RECOVERY_CODE:
        if secret is None or len(secret.reveal()) != CODE_SECRET_BYTES:
            raise NotARecoveryCode
        return secret
    if secret is None or len(secret.reveal()) != KEY_BYTES or not any(secret.reveal()):
        raise PrfOutputUnusable
    return secret
