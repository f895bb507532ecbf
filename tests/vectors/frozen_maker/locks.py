"""A sample of both locks of a notebook, as docs/specs/notebook.md has them, and of the keys that they lie under."""

import json
from uuid import UUID

from crypto.envelope import SMALLEST_FIELD, DataKey, field_place, pad, place
from tests.vectors.frozen_maker.samples import OWNER, Sample, coded

COMPARTMENT, EPOCH = "locks", 1
READER = UUID("2c5b7f14-08b5-4c0e-a5a4-7a3c1f6f9d01")
ENTRY = UUID("2c5b7f14-08b5-4c0e-a5a4-7a3c1f6f9d02")
LOCK_KEY_ID = UUID("2c5b7f14-08b5-4c0e-a5a4-7a3c1f6f9d03")
ENTRY_KEY_ID = UUID("2c5b7f14-08b5-4c0e-a5a4-7a3c1f6f9d04")
KEK, BRANCH_KEY = DataKey(b"\x23" * 32), DataKey(b"\x24" * 32)
LOCK_KEY, ENTRY_KEY = DataKey(b"\x25" * 32), DataKey(b"\x26" * 32)
LOCK_PURPOSE = f"lock/{OWNER}/shared/7"


def locks() -> Sample:
    """A grant of the seventh shared epoch under its reader's lock, and an entry's wrapped key under its own."""
    rows = [
        (KEK, LOCK_KEY_ID, READER, LOCK_PURPOSE, LOCK_KEY),
        (BRANCH_KEY, ENTRY_KEY_ID, ENTRY, "entry", ENTRY_KEY),
    ]
    fields = [
        (LOCK_KEY, LOCK_KEY_ID, READER, LOCK_PURPOSE, "sealed_key", bytes((1, 4, 1)) + bytes(1168)),
        (
            ENTRY_KEY,
            ENTRY_KEY_ID,
            ENTRY,
            "entry",
            "wrapped_entry_key",
            bytes((1, 6, 1)) + bytes(60),
        ),
    ]
    epochs = {str(EPOCH): coded(KEK.secret)}
    key_file = {"format": "vouchsafe-local-kek/1", "compartment": COMPARTMENT, "epochs": epochs}
    where = place("branch-key", COMPARTMENT.encode(), EPOCH.to_bytes(4, "big"))
    branch = {"compartment": COMPARTMENT, "epoch": EPOCH}
    return {
        "key_files": {COMPARTMENT: json.dumps(key_file)},
        "branch_keys": [branch | {"wrapped_key": coded(KEK.seal(BRANCH_KEY.secret, where))}],
        "data_keys": [_data_key(*row) for row in rows],
        "fields": [_field(*field) for field in fields],
    }


def _data_key(under: DataKey, key_id: UUID, owner: UUID, purpose: str, key: DataKey) -> Sample:
    parts = (COMPARTMENT.encode(), key_id.bytes, owner.bytes, purpose.encode())
    where = place("data-key", *parts, EPOCH.to_bytes(4, "big"))
    return {
        "compartment": COMPARTMENT,
        "key_id": str(key_id),
        "owner": str(owner),
        "purpose": purpose,
        "epoch": EPOCH,
        "wrapped_key": coded(under.seal(key.secret, where)),
    }


def _field(
    key: DataKey, key_id: UUID, owner: UUID, purpose: str, field: str, part: bytes
) -> Sample:
    where = field_place(COMPARTMENT, owner, purpose, field)
    return {
        "compartment": COMPARTMENT,
        "owner": str(owner),
        "purpose": purpose,
        "field": field,
        "key_id": str(key_id),
        "ciphertext": coded(key.seal(pad(part, SMALLEST_FIELD), where)),
        "opens_to": coded(part),
    }
