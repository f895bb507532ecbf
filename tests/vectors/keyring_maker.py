"""Writes `tests/vectors/keyring/*.json` from docs/specs/keyring.md, with fixed keys and nonces.

It follows the page and shares no code with the keyring, so that the two check each other. Every run
writes the same bytes. Run it when the format changes, never otherwise.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.vectors.envelope_maker import ID, NONCE, OTHER, WHO, Case, encoded, sealed

FOLDER = Path(__file__).parent / "keyring"
COMPARTMENTS = ("operational", "contact", "personal", "special", "safeguarding")
EPOCHS = (1, 2, 257)
WRAPPED_BYTES = 93


def made_up(*names: object) -> bytes:
    """32 bytes for a name, always the same."""
    return sha256("/".join(map(str, names)).encode()).digest()


def kek(compartment: str, epoch: int) -> bytes:
    return made_up("kek", compartment, epoch)


def branch(compartment: str, epoch: int) -> bytes:
    return made_up("branch", compartment, epoch)


def wrapped_branch(compartment: str, epoch: int, *, claims: int | None = None) -> bytes:
    place = encoded("branch-key", compartment.encode(), (claims or epoch).to_bytes(4, "big"))
    return sealed(branch(compartment, epoch), place, key=kek(compartment, epoch))


def wrapped_key(secret: bytes, record: Case) -> bytes:
    parts = (
        record["compartment"].encode(),
        bytes.fromhex(record["key_id"]),
        bytes.fromhex(record["owner"]),
        record["purpose"].encode(),
        record["epoch"].to_bytes(4, "big"),
    )
    wrapping = branch(record["compartment"], record["epoch"])
    return sealed(secret, encoded("data-key", *parts), key=wrapping)


def record_of(secret: bytes, **changes: Any) -> Case:
    record: Case = {
        "compartment": "personal",
        "key_id": ID.hex,
        "owner": WHO.hex,
        "purpose": "take_part",
        "state": "live",
        "epoch": 1,
    } | changes
    return record | {"wrapped_key": wrapped_key(secret, record).hex()}


def world(compartment: str, *, keks: tuple[int, ...], branches: tuple[int, ...]) -> Case:
    """The epochs that live in the key service, and the branch keys that are stored."""
    return {
        "keks": {str(epoch): kek(compartment, epoch).hex() for epoch in keks},
        "branches": {str(epoch): wrapped_branch(compartment, epoch).hex() for epoch in branches},
    }


def case(name: str, record: Case, keks: tuple[int, ...] = (1, 2, 257), **more: Any) -> Case:
    branches = more.pop("branches", keks)
    return {
        "name": name,
        **world(record["compartment"], keks=keks, branches=branches),
        "record": record,
        **more,
    }


def opened() -> list[Case]:
    secret = made_up("data key")
    records = {f"of {name}": record_of(secret, compartment=name) for name in COMPARTMENTS}
    records |= {f"of epoch {epoch}": record_of(secret, epoch=epoch) for epoch in EPOCHS}
    records |= {
        "of a stream": record_of(secret, compartment="operational", purpose="stream"),
        "retired": record_of(secret, state="retired"),
        "of a purpose that is not ASCII": record_of(secret, purpose="zweck-ü"),
    }
    return [case(name, record, secret=secret.hex()) for name, record in records.items()]


def refused() -> list[Case]:
    secret = made_up("data key")
    good = record_of(secret)
    destroyed = good | {"state": "destroyed", "wrapped_key": None}
    late = record_of(secret, epoch=257)
    return [
        case("destroyed", destroyed, error="Erased"),
        case("its epoch ended in the key service", good, (2,), branches=(1, 2), error="Erased"),
        case("alone, and its epoch ended", good, (2,), branches=(1,), error="Erased"),
        case("its epoch is emptied", good, (2,), error="Erased"),
        case("its epoch is not there yet", late, (1, 2), error="Absent"),
        *(case(name, wrong, error="Tampered") for name, wrong in relabelled(secret).items()),
        *(case(name, wrong, error="Tampered") for name, wrong in changed(good).items()),
    ]


def relabelled(secret: bytes) -> dict[str, Case]:
    """The wrapped key of one record in another that differs in one thing."""
    good = record_of(secret)
    others = {
        "another compartment's": {"compartment": "special"},
        "another key's": {"key_id": OTHER.hex},
        "another owner's": {"owner": OTHER.hex},
        "another purpose's": {"purpose": "identity_preference"},
        "another epoch's": {"epoch": 2},
    }
    return {
        name: good | {"wrapped_key": record_of(secret, **other)["wrapped_key"]}
        for name, other in others.items()
    }


def changed(good: Case) -> dict[str, Case]:
    """Every field of the envelope with one bit turned, and lengths that are wrong."""
    wrapped = bytes.fromhex(good["wrapped_key"])
    at = {"version": 0, "commitment": 1, "nonce": 33, "ciphertext": 45, "tag": 92}
    forms = {
        f"one bit of the {name}": wrapped[:n] + bytes([wrapped[n] ^ 1]) + wrapped[n + 1 :]
        for name, n in at.items()
    }
    forms |= {"empty": b"", "one byte short": wrapped[:-1], "one byte long": wrapped + b"\x00"}
    return {name: good | {"wrapped_key": form.hex()} for name, form in forms.items()}


def branches() -> list[Case]:
    """Wrapped branch keys that are not what was stored there."""
    good = wrapped_branch("personal", 1)
    wrong = {
        "of another epoch": wrapped_branch("personal", 1, claims=2),
        "of another compartment": wrapped_branch("special", 1),
        "with one bit turned": good[:-1] + bytes([good[-1] ^ 1]),
        "one byte short": good[:-1],
    }
    return [
        {
            "name": name,
            "compartment": "personal",
            "keks": {"1": kek("personal", 1).hex()},
            "branches": {"1": form.hex()},
            "error": "Tampered",
        }
        for name, form in wrong.items()
    ]


def rewrapped() -> list[Case]:
    """The same key under the next epoch, with the nonce named."""
    secret = made_up("data key")
    return [
        {
            "name": f"of {compartment}, from {old} to {new}",
            "old": record_of(secret, compartment=compartment, epoch=old),
            "new": record_of(secret, compartment=compartment, epoch=new),
            "branches": {str(each): branch(compartment, each).hex() for each in (old, new)},
            "nonce": NONCE.hex(),
        }
        for compartment in COMPARTMENTS
        for old, new in ((1, 2), (1, 257))
    ]


def files() -> dict[str, str]:
    made = {
        "records": {
            "about": "Bytes and ids in hexadecimal. With the KEKs in the `local` key service and the wrapped branch keys stored, a record of `opened` opens to `secret`, and one of `refused` raises `error`.",
            "opened": opened(),
            "refused": refused(),
        },
        "branches": {
            "about": "With the KEKs in the `local` key service, the wrapped branch keys raise `error`.",
            "refused": branches(),
        },
        "rewrapped": {
            "about": "Under the unwrapped branch keys and with the nonce, rewrapping `old` gives the wrapped key of `new`.",
            "rewrapped": rewrapped(),
        },
    }
    return {name: json.dumps(content, indent=1) + "\n" for name, content in made.items()}


def main() -> None:
    for name, text in files().items():
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
