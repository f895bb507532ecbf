"""The page alone is enough: the vectors open by the offsets and labels of the spec, without our code."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FOLDER: Final = Path(__file__).parents[1] / "vectors" / "sealed-note"
LABEL: Final = b"vouchsafe/sealed-note/1/"


def first_case(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["cases"][0]


def _identities() -> list[dict[str, Any]]:
    return json.loads((FOLDER / "identities.json").read_text(encoding="utf-8"))["cases"]


def lp(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def hashed(purpose: bytes, content: bytes) -> bytes:
    return hashlib.sha256(lp(LABEL + purpose, content)).digest()


def derived(key: bytes, purpose: bytes, context: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, None, lp(LABEL + purpose, context)).derive(key)


def strand_epoch(statement: bytes) -> bytes:
    return statement[4:20] + statement[3:4] + statement[20:24]


def test_section_2_2_the_key_id() -> None:
    mentee = first_case("identities")
    assert hashed(b"key-id", bytes.fromhex(mentee["public"])).hex() == mentee["key_id"]


def test_section_3_a_grant_opens_and_its_statement_is_signed_and_committed() -> None:
    mentee, case = first_case("identities"), first_case("grants")
    statement = bytes.fromhex(case["statement"])
    sealed_key = bytes.fromhex(case["sealed_keys"]["mentee"])
    key_id, private = bytes.fromhex(mentee["key_id"]), bytes.fromhex(mentee["private"])
    stretched = hashlib.shake_256(private[3:35]).digest(96)
    hpke_key = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(stretched[:64]),
        X25519PrivateKey.from_private_bytes(stretched[64:]),
    )
    suite = b"MLKEM768-X25519,HKDF-SHA256,AES-256-GCM,Ed25519"
    place = (UUID(case["expected"]["notebook_id"]).bytes, b"\x02", b"\x00\x00\x00\x01")
    info = lp(LABEL + b"notebook-key", suite, *place, key_id, key_id, b"read")
    hpke = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    notebook_key = hpke.decrypt(sealed_key[3:], hpke_key, info=info)
    assert notebook_key.hex() == case["notebook_key"]
    context = strand_epoch(statement)
    assert derived(notebook_key, b"notebook-commitment", context, 32) == statement[88:120]
    assert key_id + hashed(b"sealed-key-hash", sealed_key) in statement[122:250]
    signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(mentee["public"])[1219:])
    signer.verify(statement[-64:], lp(LABEL + b"epoch-signature", statement[:-64]))
    assert hashed(b"statement-hash", statement).hex() == case["statement_hash"]


def test_section_4_an_entry_opens_and_is_signed() -> None:
    mentee, grant, case = first_case("identities"), first_case("grants"), first_case("entries")
    statement, entry = bytes.fromhex(grant["statement"]), bytes.fromhex(case["entry"])
    wrapped, header = bytes.fromhex(case["wrapped_key"]), entry[:156]
    signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(mentee["public"])[1219:])
    signer.verify(entry[-64:], lp(LABEL + b"entry-signature", entry[:-64]))
    assert header[24:56].hex() == grant["statement_hash"]
    assert header[124:156].hex() == mentee["key_id"]
    context = strand_epoch(statement)
    notebook_key = bytes.fromhex(grant["notebook_key"])
    wrapping = AESGCM(derived(notebook_key, b"entry-key-wrapping", context, 32))
    bound = lp(LABEL + b"wrapped-entry-key", header)
    both = derived(wrapping.decrypt(wrapped[3:15], wrapped[15:], bound), b"entry", header, 64)
    assert both[32:] == entry[156:188]
    padded = AESGCM(both[:32]).decrypt(entry[188:200], entry[200:-64], header)
    text = case["text"].encode()
    assert padded == b"\x01" + lp(text) + bytes(1019 - len(text))
    assert hashed(b"entry-hash", entry).hex() == case["entry_hash"]


def test_section_2_3_the_words() -> None:
    mentee = first_case("identities")
    digest = hashed(b"fingerprint", bytes.fromhex(mentee["key_id"]))
    bits = "".join(f"{byte:08b}" for byte in digest)[:78]
    middles = ["ld", "lm", "lt", "lv", "ml", "nl", "nv", "rl"]
    words = []
    for at in range(0, 78, 13):
        cuts = (bits[at : at + 4], bits[at + 4 : at + 6], bits[at + 6 : at + 9])
        ends = (bits[at + 9 : at + 11], bits[at + 11 : at + 13])
        first, vowel, middle, other, last = (int(cut, 2) for cut in (*cuts, *ends))
        word = "bdfghjklmnprstvw"[first] + "aeio"[vowel] + middles[middle]
        words.append(word + "aeio"[other] + "lmns"[last])
    assert " ".join(words) == mentee["fingerprint"]


def test_section_3_4_what_is_passed_on_opens_and_is_signed() -> None:
    case = first_case("passed_on")
    people = {each["name"]: each for each in _identities()}
    granter, reader = people[case["granter"]], people[case["reader"]]
    statement, sealed_key = bytes.fromhex(case["statement"]), bytes.fromhex(case["sealed_key"])
    about = first_case("grants")
    assert statement[:24] == bytes((1, 7, 1)) + bytes.fromhex(about["statement"])[3:24]
    assert statement[24:56].hex() == about["statement_hash"]
    assert statement[56:120].hex() == granter["key_id"] + reader["key_id"]
    assert statement[120:152] == hashed(b"sealed-key-hash", sealed_key)
    signing_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(granter["public"])[1219:])
    signing_key.verify(statement[152:], lp(LABEL + b"passing-on-signature", statement[:152]))
