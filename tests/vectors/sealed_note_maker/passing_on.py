"""Vectors of section 3.4: epochs that are passed on, and what to refuse.

Run by itself it writes `passed_on.json` alone, about the epochs that `grants.json` holds.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from crypto.sealing import (
    Audience,
    ExpectedEpoch,
    Identity,
    NotebookKey,
    PassedOn,
    PublicIdentity,
    Strand,
    open_grant,
    pass_on,
)
from crypto.sealing.encoding import SUITE_LABEL, label, labelled_hash, lp
from tests.vectors.sealed_note_maker.world import (
    MENTEE,
    MENTOR,
    PEOPLE,
    STRANGER,
    SUCCESSOR,
    Case,
)

FOLDER = Path(__file__).parents[1] / "sealed-note"
PURPOSE = "passing-on-signature"
Keys = Mapping[str, NotebookKey]


def passed_on(keys: Keys) -> Case:
    """All of them; a reader opens what the grant of the same name gave."""
    return {
        "about": "Section 3.4: epochs passed on to a key that could not read them, and what to refuse.",
        "cases": list(_good(keys)),
        "refused": [*_misplaced(keys), *_wrongly_signed(keys), *_bad_keys(keys)],
    }


def _good(keys: Keys) -> Iterator[Case]:
    later = {SUCCESSOR.public.key_id}
    ways = [
        ("shared-1, to a successor", "shared-1", "mentee", "successor", []),
        ("shared-1, to somebody's new keys", "shared-1", "mentor", "stranger", []),
        ("shared-2, to a predecessor", "shared-2", "successor", "mentor", []),
        ("own-1, to its author's new keys", "own-1", "mentee", "stranger", []),
        ("shared-1, by a later reader", "shared-1", "successor", "stranger", ["successor"]),
    ]
    for name, grant, granter, reader, before in ways:
        epoch = replace(keys[grant].epoch, later=frozenset(later if before else ()))
        key = replace(keys[grant], epoch=epoch)
        made = pass_on(key, PEOPLE[reader].public, granter=PEOPLE[granter])
        yield _case(name, made, grant=grant, granter=granter, reader=reader, later=before)


def _case(
    name: str,
    made: PassedOn,
    *,
    grant: str = "shared-1",
    granter: str = "mentee",
    reader: str = "successor",
    **more: object,
) -> Case:
    return {
        "name": name,
        "grant": grant,
        "granter": granter,
        "reader": reader,
        "later": [],
        "statement": made.statement.hex(),
        "sealed_key": made.sealed_key.hex(),
        **more,
    }


def _made(keys: Keys) -> PassedOn:
    return pass_on(keys["shared-1"], SUCCESSOR.public, granter=MENTEE)


def _signed(statement: bytes, granter: Identity = MENTEE, purpose: str = PURPOSE) -> bytes:
    return statement[:152] + granter.sign(purpose, statement[:152])


def _changed(statement: bytes, at: int, part: bytes) -> bytes:
    return _signed(statement[:at] + part + statement[at + len(part) :])


def _misplaced(keys: Keys) -> Iterator[Case]:
    made = _made(keys)
    statement = made.statement
    forms = [
        ("an unknown version", b"\x02" + statement[1:]),
        ("another form", b"\x01\x03" + statement[2:]),
        ("a lower suite", statement[:2] + b"\x00" + statement[3:]),
        ("an unknown audience", _changed(statement, 3, b"\x03")),
        ("one byte short", statement[:-1]),
        ("one byte over", statement + b"\x00"),
        ("only a prefix", statement[:3]),
    ]
    elsewhere = [
        ("another notebook", _changed(statement, 4, UUID(int=7).bytes)),
        ("the other audience", _changed(statement, 3, b"\x01")),
        ("another epoch", _changed(statement, 20, b"\x00\x00\x00\x02")),
        ("another statement of the epoch", _changed(statement, 24, b"\x01" * 32)),
    ]
    for error, wrong in (("UnknownFormat", forms), ("GrantBelongsElsewhere", elsewhere)):
        for name, changed in wrong:
            yield _case(name, replace(made, statement=changed), error=error)
    yield _case("replayed for a later epoch", made, grant="shared-2", error="GrantBelongsElsewhere")


def _wrongly_signed(keys: Keys) -> Iterator[Case]:
    made = _made(keys)
    statement = made.statement
    flipped = statement[:-1] + bytes((statement[-1] ^ 1,))
    outsider = _signed(_changed(statement, 56, STRANGER.public.key_id), STRANGER)
    yield _case("another granter than expected", made, granter="mentor", error="WrongGranter")
    yield _case(
        "a granter who does not read the epoch",
        replace(made, statement=outsider),
        granter="stranger",
        error="WrongGranter",
    )
    for name, signed in (
        ("an altered signature", flipped),
        ("signed by the other reader", _signed(statement, MENTOR)),
        ("signed as an epoch is", _signed(statement, purpose="epoch-signature")),
    ):
        yield _case(name, replace(made, statement=signed), error="SignatureIsNotTheGranters")
    yield _case("opened by somebody else", made, reader="stranger", error="NotForThisReader")


def _bad_keys(keys: Keys) -> Iterator[Case]:
    made, secret = _made(keys), keys["shared-1"].secret.reveal()
    key, info = made.sealed_key, _info(keys["shared-1"], b"read-passed-on")
    altered = replace(made, sealed_key=key[:-1] + bytes((key[-1] ^ 1,)))
    yield _case("an altered sealed key", altered, error="GrantWasAltered")
    wrong = [
        ("UnknownFormat", "a sealed key of an unknown version", b"\x02" + key[1:]),
        ("UnknownFormat", "a sealed key one byte short", key[:-1]),
        (
            "GrantWasAltered",
            "a key sealed to somebody else",
            _sealed(STRANGER.public, secret, info),
        ),
        (
            "GrantWasAltered",
            "a key sealed as in an epoch's own grant",
            _sealed(SUCCESSOR.public, secret, _info(keys["shared-1"], b"read")),
        ),
        (
            "CommitmentDoesNotMatch",
            "another notebook key",
            _sealed(SUCCESSOR.public, b"\x05" * 32, info),
        ),
    ]
    for error, name, sealed_key in wrong:
        statement = _changed(made.statement, 120, labelled_hash("sealed-key-hash", sealed_key))
        yield _case(name, PassedOn(statement, sealed_key), error=error)


def _sealed(reader: PublicIdentity, secret: bytes, info: bytes) -> bytes:
    return b"\x01\x04\x01" + reader.seal(secret, info)


def _info(key: NotebookKey, purpose: bytes) -> bytes:
    """The `info` of section 3.1, from the mentee to the successor, written out a second time."""
    strand, number = key.epoch.strand, key.epoch.number
    place = strand.notebook_id.bytes, bytes((strand.audience,)), number.to_bytes(4, "big")
    ids = MENTEE.public.key_id, SUCCESSOR.public.key_id
    return lp(label("notebook-key"), SUITE_LABEL, *place, *ids, purpose)


def kept_keys() -> Keys:
    """The notebook keys of the epochs that `grants.json` holds."""
    cases = json.loads((FOLDER / "grants.json").read_text(encoding="utf-8"))["cases"]
    keys: dict[str, NotebookKey] = {}
    for case in cases:
        asked = case["expected"]
        if asked["joined_at"] == 1:
            strand = Strand(UUID(asked["notebook_id"]), Audience[asked["audience"].upper()])
            readers = [PEOPLE[name].public for name in asked["readers"]]
            previous = keys[asked["previous"]].epoch if asked["previous"] else None
            expected = ExpectedEpoch(strand, PEOPLE[asked["granter"]].public, readers, previous)
            keys[case["name"]] = open_grant(
                bytes.fromhex(case["statement"]),
                bytes.fromhex(case["sealed_keys"]["mentee"]),
                reader=MENTEE,
                expected=expected,
            )
    return keys


if __name__ == "__main__":
    text = json.dumps(passed_on(kept_keys()), indent=1, ensure_ascii=False)
    (FOLDER / "passed_on.json").write_text(text + "\n", encoding="utf-8")
