"""The keyring opens what the page says it opens, refuses the rest by name, and rewraps to the same bytes."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typing_extensions import override

from crypto import errors
from crypto.branch_keys import key_places
from crypto.envelope import DataKey
from crypto.errors import SealedRecordError
from crypto.key_store import KeyRecord, KeyStore
from crypto.keyring import Keyring
from crypto.kms.local import LocalKeyService, write_key_file
from crypto.rewrapping import Step, _rewrapped
from tests.vectors import keyring_maker

Case = dict[str, Any]
FOLDER = Path(keyring_maker.__file__).parent / "keyring"


class StoredKeys(KeyStore):
    """What a vector says is stored."""

    def __init__(self, branches: Mapping[str, str], record: KeyRecord | None) -> None:
        self._branches = {int(epoch): bytes.fromhex(text) for epoch, text in branches.items()}
        self._record = record

    @override
    def branch_keys(self, compartment: str) -> dict[int, bytes]:
        return self._branches

    @override
    def key(self, compartment: str, key_id: UUID) -> KeyRecord | None:
        return self._record if self._record and self._record.key_id == key_id else None

    @override
    def keys_of(
        self, compartment: str, owners: Iterable[UUID], purpose: str
    ) -> dict[UUID, KeyRecord]:
        found = self._record
        return {found.owner: found} if found and found.owner in set(owners) else {}


@cache
def vectors(name: str) -> Case:
    content: Case = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def cases(name: str, kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in vectors(name)[kind]]


def stored(record: Case) -> KeyRecord:
    fields = {**record, "key_id": UUID(record["key_id"]), "owner": UUID(record["owner"])}
    del fields["compartment"]
    wrapped = fields["wrapped_key"]
    return KeyRecord(
        **fields | {"wrapped_key": None if wrapped is None else bytes.fromhex(wrapped)}
    )


def keyring_of(case: Case, folder: Path) -> Keyring:
    record = case.get("record")
    compartment = record["compartment"] if record else case["compartment"]
    file = folder / "keks.json"
    keks = {int(epoch): DataKey(bytes.fromhex(text)) for epoch, text in case["keks"].items()}
    write_key_file(file, compartment, keks)
    store = StoredKeys(case["branches"], record and stored(record))
    return Keyring(store, LocalKeyService({compartment: file}))


@pytest.mark.parametrize("case", cases("records", "opened"))
def test_a_good_record_opens(case: Case, tmp_path: Path) -> None:
    ours, record = keyring_of(case, tmp_path), case["record"]
    named = ours.field_key(record["compartment"], UUID(record["key_id"]))
    assert named.key.secret.hex() == case["secret"]


@pytest.mark.parametrize("case", cases("records", "refused"))
def test_a_bad_record_is_refused_by_name(case: Case, tmp_path: Path) -> None:
    ours, record = keyring_of(case, tmp_path), case["record"]
    error: type[SealedRecordError] = getattr(errors, case["error"])
    with pytest.raises(SealedRecordError) as refused:
        ours.field_key(record["compartment"], UUID(record["key_id"]))
    assert type(refused.value) is error
    assert refused.value.record == f"key {UUID(record['key_id'])}"


def test_a_record_that_is_not_there_is_absent(tmp_path: Path) -> None:
    case = vectors("records")["opened"][0]
    with pytest.raises(errors.Absent):
        keyring_of(case, tmp_path).field_key(case["record"]["compartment"], UUID(int=1))


@pytest.mark.parametrize("case", cases("branches", "refused"))
def test_a_bad_branch_key_is_refused_at_the_start(case: Case, tmp_path: Path) -> None:
    with pytest.raises(getattr(errors, case["error"])):
        keyring_of(case, tmp_path)


@pytest.mark.parametrize("case", cases("rewrapped", "rewrapped"))
def test_a_rewrapped_key_has_the_bytes_of_the_page(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = case["old"], case["new"]
    keys = {int(each): DataKey(bytes.fromhex(text)) for each, text in case["branches"].items()}
    step = Step(
        old["compartment"], old["epoch"], keys[old["epoch"]], new["epoch"], keys[new["epoch"]]
    )
    monkeypatch.setattr("crypto.rewrapping.os.urandom", lambda _: bytes.fromhex(case["nonce"]))
    ids = bytes.fromhex(old["key_id"]), bytes.fromhex(old["owner"]), old["purpose"].encode()
    damaged: list[bytes] = []
    (made,) = _rewrapped(step, [(*ids, bytes.fromhex(old["wrapped_key"]))], damaged)
    assert made.hex() == old["key_id"] + new["wrapped_key"]
    assert damaged == []


@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33), bytes(64)])
def test_a_key_of_another_length_is_damaged_though_it_opens(secret: bytes) -> None:
    """Written back, it would shift the bytes of the keys after it."""
    key_id, owner, old_key = bytes(16), bytes(16), DataKey(bytes(32))
    wrapped = old_key.seal(secret, key_places("personal", 1)(key_id, owner, b"take_part"))
    damaged: list[bytes] = []
    step = Step("personal", 1, old_key, 2, DataKey(bytes(32)))
    assert _rewrapped(step, [(key_id, owner, b"take_part", wrapped)], damaged) == []
    assert damaged == [key_id]


def test_the_vectors_are_those_that_the_maker_writes() -> None:
    made = keyring_maker.files()
    assert made == {name: (FOLDER / f"{name}.json").read_text(encoding="utf-8") for name in made}
    assert {path.stem for path in FOLDER.glob("*.json")} == set(made)
