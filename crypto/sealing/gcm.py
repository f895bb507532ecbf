"""AES-256-GCM as every sealed part uses it: the nonce first, then the ciphertext and its tag (section 1)."""

from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.sealing.encoding import NONCE_BYTES, Secret
from crypto.sealing.errors import EntryWasAltered, Tampered


def gcm_seal(key: Secret, nonce: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """Seal under a nonce that this key has never had."""
    return nonce + AESGCM(key.reveal()).encrypt(nonce, plaintext, bound)


def gcm_open(
    key: Secret, sealed: bytes, bound: bytes, *, altered: type[Tampered] = EntryWasAltered
) -> bytes:
    """Open what was sealed with the same bytes bound to it; raises EntryWasAltered or what is said instead."""
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    with suppress(InvalidTag):
        return AESGCM(key.reveal()).decrypt(nonce, ciphertext, bound)
    raise altered
