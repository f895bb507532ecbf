"""What standards published comes out of our own seams: keys from seeds, signatures, derived keys, sealed bytes, HPKE.

Each test counts the vectors that ran, since a file that reads as empty proves nothing.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from crypto.sealing import Identity, PublicIdentity, SealingError, Secret
from crypto.sealing.encoding import expand
from crypto.sealing.gcm import gcm_open, gcm_seal
from crypto.sealing.identity import (
    _is_hpke_public,
    _is_signed,
    _is_signing_public,
    _private_keys,
)
from tests.vectors.hpke_by_hand import key_schedule, sealed_by_hand

Case = dict[str, Any]
PUBLISHED = Path(cryptography_vectors.__file__).parent
MLKEM768_X25519, HKDF_SHA256, BASE_MODE = 0x647A, 1, 0
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_PRIME = 2**255 - 19
SOME_POINT = (9).to_bytes(32, "little")
GOOD_IDENTITY = Identity(Secret(b"\x01" * 32), Secret(b"\x02" * 32)).public

# RFC 7748, section 6.1: the points that give every partner one secret, and their twins above the prime.
LOW_ORDER_POINTS = (
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    CURVE_PRIME - 1,
    CURVE_PRIME,
    CURVE_PRIME + 1,
)


def records(path: str) -> Iterator[dict[str, str]]:
    """The `name = value` blocks of a published text; each begins with its count."""
    case: dict[str, str] = {}
    for line in (PUBLISHED / path).read_text("utf-8").splitlines():
        name, equals, value = (part.strip() for part in line.partition("="))
        if name.lower() == "count":
            yield from [case] if len(case) > 1 else []
            case = {}
        if equals and not name.startswith("["):
            case[name.lower()] = value
    yield case


def unhex(case: Case, *names: str) -> list[bytes]:
    return [bytes.fromhex(case[name]) for name in names]


def hpke(name: str) -> list[Case]:
    cases: list[Case] = json.loads((PUBLISHED / "HPKE" / name).read_text("utf-8"))
    return cases


def xwing_cases() -> list[Case]:
    return [case for case in hpke("hpke-pq-test-vectors.json") if case["kem_id"] == MLKEM768_X25519]


@pytest.mark.parametrize("path", ["KDF/rfc-5869-HKDF-SHA256.txt", "KDF/hkdf-generated.txt"])
def test_keys_are_derived_as_rfc_5869_says(path: str) -> None:
    """Those without a salt: no format here has one."""
    ran = 0
    for case in (case for case in records(path) if not case["salt"]):
        ikm, info = unhex(case, "ikm", "info")
        assert expand(Secret(ikm), info, int(case["l"])).hex() == case["okm"]
        ran += 1
    assert ran == 1


def usable_gcm(name: str) -> Iterator[Case]:
    """Those with the one length of nonce and tag that the format has."""
    for case in records(f"ciphers/AES/GCM/{name}"):
        if len(case.get("iv", "")) == 24 and len(case["tag"]) == 32:
            yield case


def test_parts_of_an_entry_are_sealed_as_nist_published() -> None:
    ran = 0
    for case in usable_gcm("gcmEncryptExtIV256.rsp"):
        key, nonce, text, aad, body, tag = unhex(case, "key", "iv", "pt", "aad", "ct", "tag")
        assert gcm_seal(Secret(key), nonce, text, aad) == nonce + body + tag
        ran += 1
    assert ran == 375


def test_parts_of_an_entry_open_or_are_refused_as_nist_published() -> None:
    opened = refused = 0
    for case in usable_gcm("gcmDecrypt256.rsp"):
        key, nonce, aad, body, tag = unhex(case, "key", "iv", "aad", "ct", "tag")
        if "pt" in case:
            assert gcm_open(Secret(key), nonce + body + tag, aad).hex() == case["pt"]
            opened += 1
            continue
        with pytest.raises(SealingError):
            gcm_open(Secret(key), nonce + body + tag, aad)
        refused += 1
    assert (opened + refused, min(opened, refused) > 100) == (375, True)


def ed25519_cases() -> Iterator[tuple[bytes, bytes, bytes, bytes]]:
    for line in (PUBLISHED / "asymmetric" / "Ed25519" / "sign.input").read_text().splitlines():
        secret, public, message, signed, _ = line.split(":")
        seed, signature = bytes.fromhex(secret)[:32], bytes.fromhex(signed)[:64]
        yield seed, bytes.fromhex(public), bytes.fromhex(message), signature


def test_signatures_are_those_that_ed25519_published() -> None:
    ran = 0
    for seed, public, message, signature in ed25519_cases():
        signer = Identity(Secret(bytes(32)), Secret(seed))._signing_key()
        assert signer.public_key().public_bytes_raw() == public
        assert signer.sign(message) == signature
        assert _is_signing_public(public)
        assert _is_signed(public, signature, message)
        ran += 1
    assert ran == 1024


def test_a_published_signature_changed_in_any_way_proves_nothing() -> None:
    ran = 0
    for _, public, message, signature in list(ed25519_cases())[::16]:
        scalar = int.from_bytes(signature[32:], "little") + ED25519_ORDER
        wrong = {
            "S not reduced": signature[:32] + scalar.to_bytes(32, "little"),
            "R changed": bytes((signature[0] ^ 1,)) + signature[1:],
            "S changed": signature[:32] + bytes((signature[32] ^ 1,)) + signature[33:],
            "R of the neutral point": (1).to_bytes(32, "little") + signature[32:],
            "all zeros": bytes(64),
            "halves exchanged": signature[32:] + signature[:32],
            "cut": signature[:63],
            "longer": signature + b"\x00",
            "none": b"",
        }
        assert [how for how, each in wrong.items() if _is_signed(public, each, message)] == []
        assert not _is_signed(public, signature, message + b"\x00")
        ran += 1
    assert ran == 64


def test_keys_come_from_seeds_as_ml_kem_768_published() -> None:
    ran = 0
    for case in records("asymmetric/MLKEM/kat_MLKEM_768.rsp"):
        d, z, public, ciphertext, shared = unhex(case, "d", "z", "pk", "ct", "ss")
        private, _ = _private_keys(d + z + bytes(32))
        assert private.public_key().public_bytes_raw() == public
        assert private.decapsulate(ciphertext) == shared
        assert _is_hpke_public(public + SOME_POINT)
        assert not _is_hpke_public(b"\xff\xff" + public[2:] + SOME_POINT)
        ran += 1
    assert ran == 1000


def test_x25519_keys_agree_as_rfc_7748_published() -> None:
    ran = 0
    for case in records("asymmetric/X25519/rfc7748.txt"):
        scalar, point, shared = unhex(case, "input_scalar", "input_u", "output_u")
        _, private = _private_keys(bytes(64) + scalar)
        assert private.exchange(X25519PublicKey.from_public_bytes(point)) == shared
        assert _is_hpke_public(GOOD_IDENTITY.hpke_public[:1184] + point)
        ran += 1
    assert ran == 3


def test_no_point_of_low_order_is_taken_as_somebodys_key() -> None:
    mlkem = GOOD_IDENTITY.hpke_public[:1184]
    for point in LOW_ORDER_POINTS:
        for high_bit in (0, 2**255):
            key = mlkem + (point + high_bit).to_bytes(32, "little")
            with pytest.raises(SealingError):
                PublicIdentity(key, GOOD_IDENTITY.signing_public)


def test_the_schedule_by_hand_is_that_of_rfc_9180_and_of_its_successor() -> None:
    """What the next test rests on: for every KEM with our KDF and a key that is used."""
    ran = 0
    for case in [*hpke("test-vectors.json"), *hpke("hpke-pq-test-vectors.json")]:
        if (case["mode"], case["kdf_id"]) != (BASE_MODE, HKDF_SHA256) or "key" not in case:
            continue
        if not case["key"]:
            continue
        shared, info = unhex(case, "shared_secret", "info")
        key, nonce = key_schedule(case["kem_id"], case["aead_id"], shared, info)
        assert (key.hex(), nonce.hex()) == (case["key"], case["base_nonce"])
        ran += 1
    assert ran >= 12


def test_what_was_sealed_to_a_published_key_opens() -> None:
    """Published key, encapsulation and shared secret, in our own suite: no vector has its AEAD."""
    ran = 0
    for case in xwing_cases():
        seed, enc, shared, info = unhex(case, "skRm", "enc", "shared_secret", "info")
        reader = Identity(Secret(seed), Secret(bytes(32)))
        assert reader.public.hpke_public.hex() == case["pkRm"]
        for text in (b"", b"\x07" * 32, bytes.fromhex(case["encryptions"][0]["pt"])):
            sealed = enc + sealed_by_hand(shared, info, text)
            assert reader.open(sealed, info) == text
            ran += 1
    assert ran == 3 * 2


def test_what_was_sealed_otherwise_to_a_published_key_does_not_open() -> None:
    ran = 0
    for case in xwing_cases():
        seed, enc, shared, info = unhex(case, "skRm", "enc", "shared_secret", "info")
        reader = Identity(Secret(seed), Secret(bytes(32)))
        sealed = enc + sealed_by_hand(shared, info, b"\x07" * 32)
        other_suite = enc + bytes.fromhex(case["encryptions"][0]["ct"])
        for wrong in (
            b"\x00" + sealed[1:],
            sealed[:1087] + bytes((sealed[1087] ^ 1,)) + sealed[1088:],
            sealed[:1100] + bytes((sealed[1100] ^ 1,)) + sealed[1101:],
            sealed[:-1],
            sealed + b"\x00",
            enc,
            enc[:-1],
            b"",
            other_suite,
        ):
            assert reader.open(wrong, info) is None
        assert reader.open(sealed, info + b"\x00") is None
        assert Identity(Secret(bytes(32)), Secret(seed)).open(sealed, info) is None
        ran += 1
    assert ran == 2
