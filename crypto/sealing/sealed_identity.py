"""The private identity as it lies in the vault (docs/specs/vault.md, section 6)."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.constant_time import bytes_eq

from crypto.sealing.encoding import (
    HASH_BYTES,
    NONCE_BYTES,
    PREFIX_BYTES,
    TAG_BYTES,
    Form,
    Random,
    Secret,
    content_of,
    draw,
    lp,
    prefix,
    system_random,
)
from crypto.sealing.errors import UnknownFormat, VaultBelongsElsewhere, VaultWasAltered
from crypto.sealing.gcm import gcm_open, gcm_seal
from crypto.sealing.identity import PRIVATE_IDENTITY_BYTES, Identity
from crypto.sealing.vault_key import committed_keys, vault_label

_COMMITMENT_AT: Final = PREFIX_BYTES + HASH_BYTES
_NONCE_AT: Final = _COMMITMENT_AT + HASH_BYTES
SEALED_IDENTITY_BYTES: Final = _NONCE_AT + NONCE_BYTES + PRIVATE_IDENTITY_BYTES + TAG_BYTES


def seal_identity(
    identity: Identity, vault_key: Secret, *, person_id: UUID, random: Random = system_random
) -> bytes:
    """The 194 bytes that the service keeps."""
    key_id = identity.public.key_id
    key, commitment = _keys(vault_key, person_id, key_id)
    head = prefix(Form.SEALED_IDENTITY) + key_id + commitment
    return head + gcm_seal(key, draw(random, NONCE_BYTES), identity.to_bytes(), head)


def open_identity(sealed: bytes, vault_key: Secret, *, person_id: UUID) -> Identity:
    """The private identity, after every check of section 6, in its order.

    Raises UnknownFormat, VaultBelongsElsewhere or VaultWasAltered.
    """
    key_id = sealed_key_id(sealed)
    key, commitment = _keys(vault_key, person_id, key_id)
    if not bytes_eq(commitment, sealed[_COMMITMENT_AT:_NONCE_AT]):
        raise VaultBelongsElsewhere
    kept = gcm_open(key, sealed[_NONCE_AT:], sealed[:_NONCE_AT], altered=VaultWasAltered)
    with suppress(UnknownFormat):
        identity = Identity.from_bytes(kept)
        if identity.public.key_id == key_id:
            return identity
    raise VaultWasAltered


def sealed_key_id(sealed: bytes) -> bytes:
    """Whose identity this is, on its own word; raises UnknownFormat."""
    content = content_of(sealed, Form.SEALED_IDENTITY, SEALED_IDENTITY_BYTES)
    return content[:HASH_BYTES]


def _keys(vault_key: Secret, person_id: UUID, key_id: bytes) -> tuple[Secret, bytes]:
    return committed_keys(vault_key, lp(vault_label("identity"), person_id.bytes, key_id))
