"""What one release stored, every later one opens: rows of all kinds, as they once lay in the database and beside it.

The samples in `tests/vectors/frozen/` are never changed and never taken away. `python -m tests.vectors.frozen_maker`
adds those that are missing: of a new class of event, a new `class_version`, or a new format. Where an upcast gives old
bytes a new meaning, `opens_to` is edited by hand; the bytes stay. Exports of notes are opened by both clients, in tests of
their own.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from api.erasing.journal import Journal
from api.participant import ParticipantFolder
from api.records.openings import Openings
from api.settings import KeySettings
from crypto.branch_keys import branch_place
from crypto.envelope import field_place, unpad
from crypto.sealing import (
    EMPTY,
    Audience,
    ExpectedEpoch,
    PublicIdentity,
    SealedEntry,
    Strand,
    open_entry,
    open_grant,
    verify_chain,
)
from domain import EVENT_CLASSES
from domain.values import Compartment, Sealed
from tests.databases import Database, fresh_database
from tests.event_store import Store, joined
from tests.key_services.frozen import service_of
from tests.vectors.frozen_maker.facts import STREAM
from tests.vectors.frozen_maker.samples import Sample, decoded, read, told

BRANCH_KEY = "INSERT INTO keys.branch_key (compartment, epoch, wrapped_key) VALUES (%s, %s, %s)"
DATA_KEY = """
INSERT INTO keys.data_key (compartment, key_id, owner, purpose, epoch, wrapped_key)
VALUES (%s, %s, %s, %s, %s, %s)
"""
EVENT = """
INSERT INTO record.event
    (position, originator_id, originator_version, topic, state, recorded_at, command_id, salt)
VALUES (%s, %s, %s, %s, %s, now(), %s, %s)
"""


@pytest.fixture(scope="module")
def stored(postgres: object, template: str) -> Iterator[Database]:
    """A database in which the frozen rows lie, and nothing else."""
    with fresh_database(postgres, template) as database:  # type: ignore[arg-type]  # - the fixture is the server
        with psycopg.connect(database.owner_url) as connection:
            lay_down(connection)
        yield database


@pytest.fixture(scope="module")
def store(stored: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    files = key_files(tmp_path_factory.mktemp("keys"))
    with joined(stored.api_url, files, EVENT_CLASSES) as store:
        yield store


def lay_down(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for row in [*read("keys")["branch_keys"], *read("locks")["branch_keys"]]:
        values = (row["compartment"], row["epoch"], decoded(row["wrapped_key"]))
        connection.execute(BRANCH_KEY, values)
    for row in [*read("keys")["data_keys"], *read("locks")["data_keys"]]:
        names = ("compartment", "key_id", "owner", "purpose", "epoch")
        values = (*(row[name] for name in names), decoded(row["wrapped_key"]))
        connection.execute(DATA_KEY, values)
    for row in read("events"):
        version = row["originator_version"]
        place = (version, STREAM, version, row["topic"])
        connection.execute(EVENT, (*place, decoded(row["state"]), uuid4(), bytes(32)))


def key_files(folder: Path) -> dict[str, Path]:
    texts = read("keys")["key_files"] | read("locks")["key_files"]
    files = {name: folder / f"{name}.json" for name in texts}
    for name, text in texts.items():
        files[name].write_text(text, encoding="utf-8")
        files[name].chmod(0o600)
    return files


def test_every_class_of_event_has_a_sample_of_its_shape() -> None:
    have = {(each["topic"], each["class_version"]) for each in read("events")}
    classes = EVENT_CLASSES.items()
    now = {(topic, getattr(kind, "class_version", 1)) for topic, kind in classes}
    assert now - have == set(), "run python -m tests.vectors.frozen_maker"


def test_every_frozen_event_opens_to_what_it_said(store: Store) -> None:
    samples = {each["originator_version"]: each for each in read("events")}
    rows = store.recorder.select_events(STREAM)
    assert len(rows) == len(samples) >= 2 * 71
    for row, event in zip(rows, store.mapper.open_many(rows), strict=True):
        sample = samples[row.originator_version]
        assert type(event) is EVENT_CLASSES[sample["topic"]]
        assert told(event) == sample["opens_to"]


def test_every_frozen_field_opens_under_its_frozen_key(store: Store) -> None:
    samples: list[Sample] = read("fields")
    assert samples
    openings = Openings(store.mentoring, store.keyring)
    for sample in samples:
        value = Sealed(
            Compartment(sample["compartment"]),
            UUID(sample["owner"]),
            sample["purpose"],
            sample["field"],
            UUID(sample["key_id"]),
            decoded(sample["ciphertext"]),
        )
        assert openings._unsealed(value) == sample["opens_to"]


def test_every_frozen_lock_comes_off_under_its_frozen_key(store: Store) -> None:
    samples: list[Sample] = read("locks")["fields"]
    assert {sample["field"] for sample in samples} == {"sealed_key", "wrapped_entry_key"}
    for sample in samples:
        owner, key_id = UUID(sample["owner"]), UUID(sample["key_id"])
        where = field_place("locks", owner, sample["purpose"], sample["field"])
        key = store.keyring.field_key("locks", key_id).key
        part = unpad(key.open(decoded(sample["ciphertext"]), where, record=""), record="")
        assert part == decoded(sample["opens_to"])


def test_every_key_service_has_a_frozen_wrapped_key() -> None:
    services = get_args(KeySettings.model_fields["key_service"].annotation)
    assert {each["service"] for each in read("wrapped_keys")} == set(services)


@pytest.mark.parametrize(
    "sample", read("wrapped_keys"), ids=lambda each: f"{each['service']} {each['epoch']}"
)
def test_every_frozen_wrapped_key_opens_in_its_key_service(sample: Sample, tmp_path: Path) -> None:
    compartment, epoch = sample["compartment"], sample["epoch"]
    context = decoded(sample["context"])
    assert branch_place(compartment, epoch) == context
    with service_of(sample, tmp_path) as service:
        opened = service.unwrap(compartment, epoch, decoded(sample["wrapped_key"]), context)
    assert opened == decoded(sample["opens_to"])


@pytest.mark.parametrize("cut_short", ["", '{"format":"vouchsafe-erasure/1","er'])
@pytest.mark.parametrize("sample", read("journals"), ids=lambda each: f"format {each['format']}")
def test_every_frozen_journal_is_read_and_written_on(
    sample: Sample, cut_short: str, tmp_path: Path
) -> None:
    path = tmp_path / "erasures.journal"
    path.touch(mode=0o600)
    path.write_text(sample["text"] + cut_short, encoding="utf-8")
    said = erasures(path)
    assert said == sample["opens_to"]
    Journal(path).add(uuid4(), uuid4(), (uuid4(),))
    assert erasures(path)[:-1] == said
    assert path.read_text("utf-8").startswith(sample["text"])


def erasures(journal: Path) -> list[Sample]:
    names = ("erasure", "person", "streams")
    lines = json.loads(msgspec.json.encode(Journal(journal).lines()))
    return [{name: line[name] for name in names} for line in lines]


@pytest.mark.parametrize("sample", read("notes"), ids=lambda each: f"format {each['format']}")
def test_every_frozen_note_opens_from_its_readers_frozen_folder(
    sample: Sample, tmp_path: Path
) -> None:
    folder = reader_folder(tmp_path, sample)
    reader = folder.identity()
    memory = folder.memory(UUID(sample["notebook"]))
    granter = PublicIdentity.from_bytes(decoded(sample["granter"]))
    assert memory.partner is not None
    assert memory.partner.identities == [granter]
    strand = Strand(UUID(sample["notebook"]), Audience.SHARED)
    expected = ExpectedEpoch(strand, granter, [granter, reader.public])
    statement, sealed_key = decoded(sample["statement"]), decoded(sample["sealed_key"])
    key = open_grant(statement, sealed_key, reader=reader, expected=expected)
    sealed = SealedEntry(decoded(sample["entry"]), decoded(sample["wrapped_key"]))
    slot = EMPTY.next(UUID(sample["entry_id"]))
    body = open_entry(sealed, slot, notebook_key=key, author=granter).body
    assert (body.kind.name, body.text) == (sample["kind"], sample["opens_to"])
    assert verify_chain([sealed.entry], [key.epoch], remembered=memory.shared.tip) == sealed.tip


def reader_folder(path: Path, sample: Sample) -> ParticipantFolder:
    folder = ParticipantFolder(path / "reader")
    files = {
        "identity.key": decoded(sample["folder"]["identity.key"]),
        f"seen-{sample['notebook']}.json": sample["folder"]["memory"].encode(),
    }
    for name, content in files.items():
        file = path / "reader" / name
        file.touch(mode=0o600)
        file.write_bytes(content)
    return folder
