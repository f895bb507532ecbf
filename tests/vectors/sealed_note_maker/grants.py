"""Vectors of section 3: epochs, and grants to refuse."""

from collections.abc import Mapping
from dataclasses import replace

from crypto.sealing import Audience, Granted, PublicIdentity, Strand
from tests.vectors.sealed_note_maker import forge
from tests.vectors.sealed_note_maker.forge import said_otherwise
from tests.vectors.sealed_note_maker.world import (
    ASKED,
    ELSEWHERE,
    MENTEE,
    MENTOR,
    OWN,
    PEOPLE,
    SHARED_1,
    SHARED_2,
    STRANGER,
    SUCCESSOR,
    Asked,
    Case,
)

JOINED = replace(SHARED_2, previous=None, joined_at=2)


def grants(made: Mapping[str, Granted]) -> Case:
    cases = [
        {
            "name": name,
            "expected": ASKED[name].as_json(),
            "statement": granted.statement.hex(),
            "statement_hash": granted.notebook_key.epoch.statement_hash.hex(),
            "notebook_key": granted.notebook_key.secret.reveal().hex(),
            "sealed_keys": {
                reader: granted.sealed_keys[PEOPLE[reader].public.key_id].hex()
                for reader in ASKED[name].readers
            },
        }
        for name, granted in made.items()
    ]
    joined = {**cases[1], "name": "shared-2, as who joins reads it", "expected": JOINED.as_json()}
    cases.append({**joined, "sealed_keys": {"successor": cases[1]["sealed_keys"]["successor"]}})
    refused = [*_misplaced_grants(made), *_wrong_readers(made), *_bad_sealed_keys(made)]
    return {"about": "Section 3: epochs, and grants to refuse.", "cases": cases, "refused": refused}


def _refused_grant(
    error: str,
    name: str,
    statement: bytes,
    sealed_key: bytes,
    asked: Asked = SHARED_1,
    reader: str = "mentor",
) -> Case:
    return {
        "name": name,
        "reader": reader,
        "expected": asked.as_json(),
        "statement": statement.hex(),
        "sealed_key": sealed_key.hex(),
        "error": error,
    }


def _misplaced_grants(made: Mapping[str, Granted]) -> list[Case]:
    granted = made["shared-1"]
    statement, key = granted.statement, granted.sealed_keys[MENTOR.public.key_id]
    unsorted = statement[:122] + statement[186:250] + statement[122:186] + statement[250:]
    twice = statement[:122] + statement[122:186] * 2 + statement[250:]
    forms = [
        ("an unknown version", b"\x02" + statement[1:]),
        ("another form", b"\x01\x05" + statement[2:]),
        ("a lower suite", statement[:2] + b"\x00" + statement[3:]),
        ("an unknown audience", forge.resigned(statement[:3] + b"\x03" + statement[4:], MENTEE)),
        ("epoch 0", forge.resigned(statement[:20] + bytes(4) + statement[24:], MENTEE)),
        ("one byte short", statement[:-1]),
        ("one byte over", statement + b"\x00"),
        ("only a prefix", statement[:3]),
        ("readers out of order", forge.resigned(unsorted, MENTEE)),
        ("a reader twice", forge.resigned(twice, MENTEE)),
        ("no readers", forge.resigned(statement[:120] + bytes(66), MENTEE)),
    ]
    second = made["shared-2"]
    joining = second.statement, second.sealed_keys[SUCCESSOR.public.key_id]
    elsewhere = [
        (
            "replayed in another notebook",
            replace(SHARED_1, strand=Strand(ELSEWHERE, Audience.SHARED)),
        ),
        ("replayed as own", replace(SHARED_1, strand=OWN)),
        ("replayed as the next epoch", replace(SHARED_1, previous="shared-1")),
    ]
    unlinked = said_otherwise(granted, MENTEE, previous_hash=b"\x01" * 32)
    return [
        *(_refused_grant("UnknownFormat", name, data, key) for name, data in forms),
        *(
            _refused_grant("GrantBelongsElsewhere", name, statement, key, asked)
            for name, asked in elsewhere
        ),
        *(
            _refused_grant("GrantBelongsElsewhere", name, *joining, asked, "successor")
            for name, asked in (
                ("joined at another epoch", replace(JOINED, joined_at=3)),
                ("a later epoch as the first", replace(JOINED, joined_at=1)),
            )
        ),
        _refused_grant("GrantBelongsElsewhere", "another epoch before it", unlinked, key),
        _refused_grant(
            "WrongGranter",
            "another granter than expected",
            statement,
            key,
            replace(SHARED_1, granter="mentor"),
        ),
    ]


def _wrong_readers(made: Mapping[str, Granted]) -> list[Case]:
    granted = made["shared-1"]
    statement, key = granted.statement, granted.sealed_keys[MENTOR.public.key_id]
    both = ("mentee", "mentor")
    dropped, added = (
        replace(SHARED_1, readers=(*both, "successor")),
        replace(SHARED_1, readers=("mentee",)),
    )
    outsider = Asked("mentor", both, previous="shared-2")
    not_granter = replace(SHARED_1, readers=("mentor",))
    by_mentor = said_otherwise(granted, MENTOR)
    flipped = statement[:-1] + bytes((statement[-1] ^ 1,))
    return [
        _refused_grant("WrongReaders", "a reader was dropped", statement, key, dropped),
        _refused_grant("WrongReaders", "a reader was added", statement, key, added),
        _refused_grant("WrongReaders", "the granter is not a reader", statement, key, not_granter),
        _refused_grant(
            "WrongReaders",
            "an own strand with two readers",
            said_otherwise(granted, MENTEE, strand=OWN),
            key,
            replace(SHARED_1, strand=OWN),
        ),
        _refused_grant(
            "WrongReaders",
            "the granter did not read the epoch before",
            said_otherwise(
                granted,
                MENTOR,
                epoch=3,
                granter=MENTOR.public.key_id,
                previous_hash=made["shared-2"].notebook_key.epoch.statement_hash,
            ),
            key,
            outsider,
        ),
        _refused_grant("SignatureIsNotTheGranters", "signed by another reader", by_mentor, key),
        _refused_grant("SignatureIsNotTheGranters", "an altered signature", flipped, key),
        _refused_grant(
            "NotForThisReader", "opened by a stranger", statement, key, reader="stranger"
        ),
    ]


def _bad_sealed_keys(made: Mapping[str, Granted]) -> list[Case]:
    granted, place = made["shared-1"], SHARED_1.expected(made)
    statement, key = granted.statement, granted.sealed_keys[MENTOR.public.key_id]
    secret = granted.notebook_key.secret.reveal()
    info = forge.info_of(place, MENTOR)
    other_epoch = forge.info_of(SHARED_2.expected(made), MENTOR)
    dishonest = [
        ("UnknownFormat", "a sealed key of an unknown version", b"\x02" + key[1:]),
        ("UnknownFormat", "a sealed key one byte short", key[:-1]),
        (
            "GrantWasAltered",
            "a key sealed to somebody else",
            _sealed_to(STRANGER.public, secret, info),
        ),
        (
            "GrantWasAltered",
            "a key sealed for another epoch",
            _sealed_to(MENTOR.public, secret, other_epoch),
        ),
        (
            "CommitmentDoesNotMatch",
            "another notebook key for one reader",
            _sealed_to(MENTOR.public, b"\x05" * 32, info),
        ),
    ]
    return [
        _refused_grant(
            "GrantWasAltered", "an altered sealed key", statement, key[:-1] + bytes((key[-1] ^ 1,))
        ),
        _refused_grant(
            "GrantWasAltered",
            "the same key, sealed afresh by another reader",
            statement,
            _sealed_to(MENTOR.public, secret, info),
        ),
        _refused_grant(
            "GrantWasAltered",
            "the other reader's sealed key",
            statement,
            granted.sealed_keys[MENTEE.public.key_id],
        ),
        *(
            _refused_grant(
                error, name, forge.with_sealed_key(granted, MENTEE, MENTOR, sealed), sealed
            )
            for error, name, sealed in dishonest
        ),
    ]


def _sealed_to(reader: PublicIdentity, secret: bytes, info: bytes) -> bytes:
    return b"\x01\x04\x01" + reader.seal(secret, info)
