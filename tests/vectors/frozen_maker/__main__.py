"""Adds a sample of every stored format that has none yet to `tests/vectors/frozen/`; changes none that is there.

Run it as `python -m tests.vectors.frozen_maker` with a new class of event, a new `class_version` or a new format.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from api.erasing.journal import Journal
from api.participant.memory import Memory, OtherMemory, StrandMemory
from crypto.envelope import (
    SMALLEST_FIELD,
    SMALLEST_STATE,
    DataKey,
    event_place,
    field_place,
    pad,
    place,
)
from crypto.event_store.mapper import _Shape
from crypto.kms.local import LocalKeyService, write_key_file
from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    Kind,
    Strand,
    grant_epoch,
    new_identity,
    seal_entry,
)
from domain import EVENT_CLASSES
from domain.aggregate import Aggregate
from tests.vectors.frozen_maker.exports import note_exports
from tests.vectors.frozen_maker.facts import STREAM, event_of
from tests.vectors.frozen_maker.locks import locks
from tests.vectors.frozen_maker.samples import OWNER, Sample, coded, read, told, write
from tests.vectors.frozen_maker.wrapped_keys import wrapped_keys

EPOCH = 1
STREAM_KEY_ID = UUID("0b0f4a52-6c1e-4c44-9a53-6b2f0e8d7c11")
FIELD_KEY_ID = UUID("9b5e0d4c-3a41-4f0e-8f64-2d1c7a60e5b1")
COMPARTMENTS = {"operational": 1, "personal": 2}
STREAM_KEY, FIELD_KEY = DataKey(b"\x21" * 32), DataKey(b"\x22" * 32)
TEXT = "Zoë, ferrule 🌱"


def main() -> None:
    for made in (keys, wrapped_keys, fields, locks, notes, note_exports, journals):
        if not read(made.__name__):
            write(made.__name__, made())
    write("events", [*read("events"), *new_events(read("events"))])


def new_events(known: list[Sample]) -> Iterator[Sample]:
    have = {(each["topic"], each["class_version"]) for each in known}
    number = len(known)
    for topic, kind in sorted(EVENT_CLASSES.items()):
        if (topic, getattr(kind, "class_version", 1)) not in have:
            for bare in (False, True):
                number += 1
                yield event_sample(topic, kind, number, bare=bare)


def event_sample(topic: str, kind: type[Aggregate.Event], number: int, *, bare: bool) -> Sample:
    event = event_of(kind, number, bare=bare)
    state = pad(_Shape(kind).encode(event), SMALLEST_STATE)
    return {
        "topic": topic,
        "class_version": getattr(kind, "class_version", 1),
        "originator_version": number,
        "state": coded(STREAM_KEY.seal(state, event_place(STREAM, number, topic))),
        "opens_to": told(event),
    }


def keys() -> Sample:
    keks = {name: DataKey(bytes([number]) * 32) for name, number in COMPARTMENTS.items()}
    branches = {name: DataKey(bytes([16 + number]) * 32) for name, number in COMPARTMENTS.items()}
    rows = (
        ("operational", STREAM_KEY_ID, STREAM, "stream", STREAM_KEY),
        ("personal", FIELD_KEY_ID, OWNER, "take_part", FIELD_KEY),
    )
    return {
        "key_files": {name: _key_file(name, kek) for name, kek in keks.items()},
        "branch_keys": [_branch_key(name, keks[name], branches[name]) for name in COMPARTMENTS],
        "data_keys": [_data_key(branches[name], key, name, *whose) for name, *whose, key in rows],
    }


def _branch_key(compartment: str, kek: DataKey, branch: DataKey) -> Sample:
    where = place("branch-key", compartment.encode(), EPOCH.to_bytes(4, "big"))
    wrapped = coded(kek.seal(branch.secret, where))
    return {"compartment": compartment, "epoch": EPOCH, "wrapped_key": wrapped}


def _data_key(branch: DataKey, key: DataKey, *named: Any) -> Sample:
    compartment, key_id, owner, purpose = named
    parts = (compartment.encode(), key_id.bytes, owner.bytes, purpose.encode())
    where = place("data-key", *parts, EPOCH.to_bytes(4, "big"))
    return {
        "compartment": compartment,
        "key_id": str(key_id),
        "owner": str(owner),
        "purpose": purpose,
        "epoch": EPOCH,
        "wrapped_key": coded(branch.seal(key.secret, where)),
    }


def _key_file(compartment: str, kek: DataKey) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kek.json"
        write_key_file(path, compartment, {EPOCH: kek})
        LocalKeyService({compartment: path})
        return path.read_text("utf-8")


def fields() -> list[Sample]:
    where = field_place("personal", OWNER, "take_part", "words")
    sealed = FIELD_KEY.seal(pad(TEXT.encode(), SMALLEST_FIELD), where)
    return [
        {
            "compartment": "personal",
            "owner": str(OWNER),
            "purpose": "take_part",
            "field": "words",
            "key_id": str(FIELD_KEY_ID),
            "ciphertext": coded(sealed),
            "opens_to": TEXT,
        }
    ]


def journals() -> list[Sample]:
    """One of two erasures, the second of somebody who had no stream."""
    erasures = [(STREAM, OWNER, (FIELD_KEY_ID, STREAM_KEY_ID)), (FIELD_KEY_ID, STREAM, ())]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "erasures.journal"
        for erasure in erasures:
            Journal(path).add(*erasure)
        text = path.read_text("utf-8")
    names = ("erasure", "person", "streams")
    said = [dict(zip(names, erasure, strict=True)) for erasure in erasures]
    return [{"format": 1, "text": text, "opens_to": json.loads(msgspec.json.encode(said))}]


def notes() -> list[Sample]:
    mentee, mentor = new_identity(), new_identity()
    strand = Strand(OWNER, Audience.SHARED)
    granted = grant_epoch(mentee, [mentee.public, mentor.public], strand=strand)
    slot = EMPTY.next(FIELD_KEY_ID)
    sealed = seal_entry(
        Body(Kind.GOAL, TEXT), slot, author=mentee, notebook_key=granted.notebook_key
    )
    seen = StrandMemory.of(granted.notebook_key.epoch, sealed.tip)
    partner = OtherMemory(FIELD_KEY_ID, (mentee.public.to_bytes(),), compared=True)
    memory = Memory(OWNER, partner, shared=seen)
    return [
        {
            "format": 1,
            "notebook": str(OWNER),
            "entry_id": str(slot.entry_id),
            "folder": {
                "identity.key": coded(mentor.to_bytes()),
                "memory": msgspec.json.encode(memory).decode(),
            },
            "granter": coded(mentee.public.to_bytes()),
            "statement": coded(granted.statement),
            "sealed_key": coded(granted.sealed_keys[mentor.public.key_id]),
            "entry": coded(sealed.entry),
            "wrapped_key": coded(sealed.wrapped_key),
            "kind": Kind.GOAL.name,
            "opens_to": TEXT,
        }
    ]


if __name__ == "__main__":
    main()
