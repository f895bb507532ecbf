"""The envelope opens what the page says it opens and refuses the rest, ours and the published vectors."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto import errors
from crypto.envelope import DataKey, pad, unpad
from crypto.errors import SealedRecordError, Tampered
from tests.vectors import envelope_maker

Case = dict[str, Any]
FOLDER = Path(envelope_maker.__file__).parent / "envelope"
PUBLISHED = Path(cryptography_vectors.__file__).parent


@cache
def vectors(name: str) -> Case:
    content: Case = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def cases(name: str, kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in vectors(name)[kind]]


def unhex(case: Case, *names: str) -> list[bytes]:
    return [bytes.fromhex(case[name]) for name in names]


def named_error(case: Case) -> type[SealedRecordError]:
    error: type[SealedRecordError] = getattr(errors, case["error"])
    return error


@pytest.mark.parametrize("case", cases("envelopes", "opened"))
def test_a_good_envelope_opens_and_is_sealed_again_to_the_same_bytes(case: Case) -> None:
    key, place, nonce, text, envelope = unhex(
        case, "key", "place", "nonce", "plaintext", "envelope"
    )
    assert DataKey(key).open(envelope, place, record="x") == text
    assert DataKey(key).seal(text, place, random=lambda size: nonce[:size]) == envelope


@pytest.mark.parametrize("case", cases("envelopes", "refused"))
def test_a_bad_envelope_is_refused_by_name(case: Case) -> None:
    key, place, envelope = unhex(case, "key", "place", "envelope")
    with pytest.raises(named_error(case)) as refused:
        DataKey(key).open(envelope, place, record="the record")
    assert refused.value.record == "the record"


@pytest.mark.parametrize("case", cases("paddings", "padded"))
def test_padding_reaches_its_bucket_and_comes_off_again(case: Case) -> None:
    text, padded = unhex(case, "plaintext", "padded")
    assert pad(text, case["smallest"]) == padded
    assert unpad(padded, record="x") == text


@pytest.mark.parametrize("case", cases("paddings", "refused"))
def test_bad_padding_is_refused_by_name(case: Case) -> None:
    with pytest.raises(named_error(case)):
        unpad(bytes.fromhex(case["padded"]), record="x")


def test_each_key_has_the_derivation_of_the_page() -> None:
    for case in vectors("derivations")["derived"]:
        key, sealing, commitment = unhex(case, "key", "sealing", "commitment")
        envelope = DataKey(key).seal(b"text", b"place")
        assert envelope[1:33] == commitment
        assert AESGCM(sealing).decrypt(envelope[33:45], envelope[45:], b"place") == b"text"


def test_the_vectors_are_those_that_the_maker_writes() -> None:
    made = envelope_maker.files()
    assert made == {name: (FOLDER / f"{name}.json").read_text(encoding="utf-8") for name in made}
    assert {path.stem for path in FOLDER.glob("*.json")} == set(made)


def test_the_two_key_ciphertext_is_a_real_one() -> None:
    """Without the commitment it would open under either key, to two texts."""
    one, other = (case for case in vectors("envelopes")["refused"] if "two keys" in case["name"])
    texts = set()
    for case in (one, other):
        key, place, envelope = unhex(case, "key", "place", "envelope")
        sealing, commitment = envelope_maker.derived(key)
        texts.add(AESGCM(sealing).decrypt(envelope[33:45], envelope[45:], place))
        committed = envelope[:1] + commitment + envelope[33:]
        assert DataKey(key).open(committed, place, record="x") in texts
    assert len(texts) == 2


# RFC 5869's vectors have other lengths, salts and infos than a data key ever has, so the wrapper cannot
# express them. They check the maker's own HKDF, and the derivations above check the wrapper against it.
def test_the_makers_hkdf_passes_rfc_5869() -> None:
    passed = 0
    for case in rsp(PUBLISHED / "KDF" / "rfc-5869-HKDF-SHA256.txt"):
        ikm, salt, info = (bytes.fromhex(case[name]) for name in ("IKM", "salt", "info"))
        assert envelope_maker.hkdf(ikm, salt, info, int(case["L"])).hex() == case["OKM"]
        passed += 1
    assert passed == 3


# NIST's vectors name the AES key itself, which a data key derives, so the cipher is put in its place; and
# those with other lengths of nonce or tag are left out, because the format has one of each.
def always(nonce: bytes) -> Callable[[int], bytes]:
    return lambda _: nonce


def with_cipher(key: bytes) -> DataKey:
    data_key = DataKey(bytes(32))
    data_key._aead = AESGCM(key)
    return data_key


def test_what_is_sealed_is_what_nist_published() -> None:
    passed = 0
    for case in gcm("gcmEncryptExtIV256.rsp"):
        key, nonce, text, aad, body, tag = unhex(case, "Key", "IV", "PT", "AAD", "CT", "Tag")
        envelope = with_cipher(key).seal(text, aad, random=always(nonce))
        assert envelope[33:] == nonce + body + tag
        passed += 1
    assert passed == 375


def test_what_nist_published_is_opened_or_refused() -> None:
    passed = {"opened": 0, "refused": 0}
    for case in gcm("gcmDecrypt256.rsp"):
        key, nonce, aad, body, tag = unhex(case, "Key", "IV", "AAD", "CT", "Tag")
        data_key = with_cipher(key)
        envelope = data_key.seal(b"", aad)[:33] + nonce + body + tag
        if "PT" in case:
            assert data_key.open(envelope, aad, record="x").hex() == case["PT"]
            passed["opened"] += 1
        else:
            with pytest.raises(Tampered):
                data_key.open(envelope, aad, record="x")
            passed["refused"] += 1
    assert min(passed.values()) > 100


def gcm(name: str) -> Iterator[Case]:
    for case in rsp(PUBLISHED / "ciphers" / "AES" / "GCM" / name):
        if len(case["IV"]) == 24 and len(case["Tag"]) == 32:
            yield case


def rsp(path: Path) -> Iterator[Case]:
    """The records of a NIST or RFC text, each from one `Count` to the next."""
    case: Case = {}
    for line in path.read_text().splitlines():
        name, equals, value = (part.strip() for part in line.partition("="))
        if name.upper() == "COUNT":
            yield from [case] if case else []
            case = {}
        elif equals and not name.startswith("["):
            case[name] = value
    yield case
