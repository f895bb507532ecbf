"""The key schedule of HPKE (RFC 9180, section 5.1) in base mode with HKDF-SHA256, apart from any library's.

With it a published shared secret becomes a ciphertext of our suite, which no published vector has.
"""

import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MLKEM768_X25519, HKDF_SHA256, AES_256_GCM = 0x647A, 1, 2
KEY_BYTES = {1: 16, 2: 32, 3: 32}
NONCE_BYTES = 12
BASE_MODE = b"\x00"


def sealed_by_hand(shared_secret: bytes, info: bytes, plaintext: bytes) -> bytes:
    """The first ciphertext of a context, without associated data."""
    key, nonce = key_schedule(MLKEM768_X25519, AES_256_GCM, shared_secret, info)
    return AESGCM(key).encrypt(nonce, plaintext, None)


def key_schedule(kem: int, aead: int, shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    """The key and the base nonce of a context; an AEAD that only exports has neither."""
    suite = b"HPKE" + b"".join(each.to_bytes(2, "big") for each in (kem, HKDF_SHA256, aead))
    context = BASE_MODE + b"".join(
        _extract(suite, b"", label, given)
        for label, given in ((b"psk_id_hash", b""), (b"info_hash", info))
    )
    secret = _extract(suite, shared_secret, b"secret", b"")
    key = _expand(suite, secret, b"key", context, KEY_BYTES.get(aead, 0))
    return key, _expand(suite, secret, b"base_nonce", context, NONCE_BYTES)


def _extract(suite: bytes, salt: bytes, label: bytes, given: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + given, "sha256")


def _expand(suite: bytes, secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
    info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
    block = hmac.digest(secret, info + b"\x01", "sha256")
    return block[:length]
