"""Samples of branch keys as each key service wraps them, built by hand after docs/specs/wrapped-key.md.

What a service makes inside is its own affair. So a sample freezes what is ours: the framing, the names of
keys, and what is bound in which encoding; with it goes what the service is known to hold, ask and answer.
"""

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.envelope import DataKey, place
from tests.vectors.frozen_maker.samples import Sample, coded

COMPARTMENT, OLDER, NEWEST = "personal", 2, 3
KEK, BRANCH_KEY = bytes([3]) * 32, bytes([19]) * 32
KMS_KEYS = {
    OLDER: "2b1f0c66-5a0e-4d0e-9a55-0d6a3a1f7c02",
    NEWEST: "3b1f0c66-5a0e-4d0e-9a55-0d6a3a1f7c03",
}
KMS_BLOB = b"\x01\x02\x02\x00 what KMS itself made"


def wrapped_keys() -> list[Sample]:
    """One of each service, and one of AWS whose key has lost its alias."""
    return [_in_files(), _in_a_token(), _in_kms(NEWEST), _in_kms(OLDER), _in_openbao()]


def _sample(service: str, epoch: int, wrapped_key: bytes, **world: object) -> Sample:
    return {
        "service": service,
        "prefix": "vouchsafe",
        "compartment": COMPARTMENT,
        "epoch": epoch,
        "context": coded(_context(epoch)),
        "wrapped_key": coded(wrapped_key),
        "opens_to": coded(BRANCH_KEY),
        "world": world,
    }


def _in_files() -> Sample:
    """The first epoch was destroyed, and is not in the file."""
    epochs = {str(epoch): coded(KEK) for epoch in (OLDER, NEWEST)}
    text = json.dumps(
        {"format": "vouchsafe-local-kek/1", "compartment": COMPARTMENT, "epochs": epochs}
    )
    wrapped = DataKey(KEK).seal(BRANCH_KEY, _context(OLDER))
    return _sample("local", OLDER, wrapped, key_file=text)


def _in_a_token() -> Sample:
    return _sample(
        "pkcs11",
        NEWEST,
        _framed(b"\x10", _sealed(NEWEST)),
        token="vouchsafe-personal",
        object_id="vouchsafe/personal",
        object_label="vouchsafe/personal/3",
        kek=coded(KEK),
    )


def _in_kms(epoch: int) -> Sample:
    """Only the newest key has its alias; its description names the one before."""
    key, newest = KMS_KEYS[epoch], KMS_KEYS[NEWEST]
    description = json.dumps({"vouchsafe/1": {"2": KMS_KEYS[OLDER]}})
    metadata = {"KeyId": key, "KeyState": "Enabled", "Description": description}
    alias = {"AliasName": "alias/vouchsafe/personal/3", "TargetKeyId": newest}
    return _sample(
        "aws",
        epoch,
        _framed(b"\x11", KMS_BLOB),
        answers={
            "ListAliases": {"Aliases": [alias]},
            "DescribeKey": {"KeyMetadata": metadata},
            "Decrypt": {"KeyId": key, "Plaintext": coded(BRANCH_KEY)},
        },
        asked_to_decrypt={
            "KeyId": key,
            "CiphertextBlob": coded(KMS_BLOB),
            "EncryptionContext": {"vouchsafe": coded(_bound(epoch))},
        },
    )


def _in_openbao() -> Sample:
    text = b"vault:v1:" + b64encode(_sealed(NEWEST))
    return _sample(
        "openbao", NEWEST, _framed(b"\x12", text), key="vouchsafe-personal-3", kek=coded(KEK)
    )


def _framed(kind: bytes, inner: bytes) -> bytes:
    return kind + sha256(kind + inner).digest() + inner


def _sealed(epoch: int) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(KEK).encrypt(nonce, BRANCH_KEY, _bound(epoch))


def _bound(epoch: int) -> bytes:
    return place("wrapped-key", *_named(epoch), _context(epoch))


def _context(epoch: int) -> bytes:
    return place("branch-key", *_named(epoch))


def _named(epoch: int) -> Iterator[bytes]:
    yield COMPARTMENT.encode()
    yield epoch.to_bytes(4, "big")
