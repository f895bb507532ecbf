"""Vectors of section 6 and of whole vaults: sealed identities, and bytes to refuse."""

import json
from pathlib import Path
from uuid import UUID

from tests.vectors.vault_maker.by_hand import (
    RECOVERY_CODE,
    Seeded,
    Wrapper,
    code_of,
    seal_identity,
    secret_of,
)
from tests.vectors.vault_maker.wrappers import (
    NONCE,
    PERSON,
    SOMEBODY,
    VAULT_KEY,
    place_of,
    wrapper_id,
)

Case = dict[str, object]
KNOWN = json.loads(
    (Path(__file__).parents[1] / "sealed-note" / "identities.json").read_text(encoding="utf-8")
)["cases"]
PRIVATE = {case["name"]: bytes.fromhex(case["private"]) for case in KNOWN}
MENTEE, MENTOR = PRIVATE["mentee"], PRIVATE["mentor"]


def sealed_identities() -> Case:
    return {
        "about": "Section 6: private identities of tests/vectors/sealed-note/identities.json, sealed under a vault key.",
        "cases": [_case("mentee", PERSON), _case("mentor", SOMEBODY)],
        "refused": [_row(*each) for each in (*_forms(), *_elsewhere(), *_altered())],
    }


def vaults() -> Case:
    return {
        "about": "Section 9: a vault as it is begun with these draws, in this order, by two recovery codes.",
        "cases": [_vault(name) for name in ("mentee", "mentor")],
    }


def _case(name: str, person: UUID) -> Case:
    return {
        "name": name,
        "person": str(person),
        "vault_key": VAULT_KEY.hex(),
        "private": PRIVATE[name].hex(),
        "randomness": NONCE.hex(),
        "sealed": seal_identity(PRIVATE[name], VAULT_KEY, person, NONCE).hex(),
    }


Refusal = tuple[str, str, bytes]


def _row(error: str, name: str, sealed: bytes) -> Case:
    place = {"person": str(PERSON), "vault_key": VAULT_KEY.hex()}
    return {"name": name, **place, "sealed": sealed.hex(), "error": error}


def _forms() -> list[Refusal]:
    good = seal_identity(MENTEE, VAULT_KEY, PERSON, NONCE)
    bad = [
        ("an unknown version", b"\x02" + good[1:]),
        ("another form", b"\x01\x11" + good[2:]),
        ("a private identity in the open", MENTEE),
        ("a lower suite", good[:2] + b"\x00" + good[3:]),
        ("one byte short", good[:-1]),
        ("one byte over", good + b"\x00"),
        ("no bytes", b""),
    ]
    return [("UnknownFormat", name, data) for name, data in bad]


def _elsewhere() -> list[Refusal]:
    good = seal_identity(MENTEE, VAULT_KEY, PERSON, NONCE)
    other_key = Seeded("another vault")(32)
    bad = [
        ("another person's", seal_identity(MENTEE, VAULT_KEY, SOMEBODY, NONCE)),
        ("of another vault", seal_identity(MENTEE, other_key, PERSON, NONCE)),
        ("relabelled with another key id", good[:3] + MENTOR[67:] + good[35:]),
        ("an altered commitment", _flipped(good, 35)),
    ]
    return [("VaultBelongsElsewhere", name, data) for name, data in bad]


def _altered() -> list[Refusal]:
    good = seal_identity(MENTEE, VAULT_KEY, PERSON, NONCE)
    wrong_seed = bytes([*MENTEE[:3], MENTEE[3] ^ 1, *MENTEE[4:]])
    bad = [
        ("an altered nonce", _flipped(good, 67)),
        ("an altered ciphertext", _flipped(good, 79)),
        ("an altered tag", _flipped(good, 193)),
        (
            "another identity under this key id",
            seal_identity(MENTOR, VAULT_KEY, PERSON, NONCE, MENTEE[67:]),
        ),
        ("seeds that do not give the key id", seal_identity(wrong_seed, VAULT_KEY, PERSON, NONCE)),
        (
            "bytes that are no identity",
            seal_identity(bytes(67) + MENTEE[67:], VAULT_KEY, PERSON, NONCE),
        ),
    ]
    return [("VaultWasAltered", name, data) for name, data in bad]


def _vault(name: str) -> Case:
    random, person = Seeded(f"the vault of the {name}"), PERSON if name == "mentee" else SOMEBODY
    vault_key = random(32)
    sealed = seal_identity(PRIVATE[name], vault_key, person, random(12))
    rows = []
    for number in (1, 2):
        secret = secret_of(random(17))
        wrapper = Wrapper(person, wrapper_id(number), RECOVERY_CODE, random(32), b"", secret)
        wrapped = wrapper.wrap(vault_key, random(12))
        rows.append({**place_of(wrapper), "code": code_of(secret), "wrapped_key": wrapped.hex()})
    return {
        "name": name,
        "person": str(person),
        "randomness": random.drawn.hex(),
        "vault_key": vault_key.hex(),
        "private": PRIVATE[name].hex(),
        "sealed_identity": sealed.hex(),
        "wrappers": rows,
    }


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
