"""A rotation puts every key under a new epoch and ends the old one, and nobody who works notices."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from crypto.errors import (
    Erased,
    KeysDamaged,
    NewestEpochStays,
    NotEveryCompartment,
    RotationRuns,
    RotationStopped,
)
from crypto.keyring import NamedKey
from crypto.kms.local import LocalKeyService
from tests.databases import Database
from tests.event_store import COMPARTMENTS, Card, Store, new_card
from tests.rotating import a_rotation, decided_anew, rotate

JoinStore = Callable[[], Store]
Owner = psycopg.Connection[tuple[object, ...]]
EPOCHS = "SELECT DISTINCT epoch FROM keys.data_key WHERE wrapped_key IS NOT NULL"
EVERY_EVENT = "SELECT * FROM record.event ORDER BY position"


def field_key(store: Store, compartment: str = "personal") -> NamedKey:
    """A key of somebody's, used and therefore stored."""
    named = store.keyring.field_key_or_new(compartment, uuid4(), "take_part")
    note = new_card()
    note.name_key(compartment, named.key_id)
    store.commit(note)
    return named


def end_stream(store: Store, whose: Card) -> None:
    card = new_card()
    card.end_keys("operational", whose.id, "stream")
    store.commit(card)


def test_everything_lies_under_the_new_epoch_and_opens_while_no_event_changes(
    store: Store, another_store: JoinStore, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    cards = [store.begin(number=number) for number in range(3)]
    fields = [field_key(store, compartment) for compartment in COMPARTMENTS[1:]]
    before = owner.execute(EVERY_EVENT).fetchall()
    rotate(database, files)
    assert owner.execute(EPOCHS).fetchall() == [(2,)]
    assert owner.execute(EVERY_EVENT).fetchall() == before
    for reader in (store, another_store()):
        assert [reader.load(card.id).words["number"] for card in cards] == [0, 1, 2]
        opened = [reader.keyring.field_key(each.compartment, each.key_id) for each in fields]
        assert [each.key.secret for each in opened] == [each.key.secret for each in fields]


def test_the_old_epoch_is_gone_from_the_database_and_the_key_service(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    store.begin()
    rotate(database, files)
    ended = owner.execute(
        "SELECT compartment FROM keys.branch_key WHERE epoch = 1 AND wrapped_key IS NULL"
        " AND destroyed_at IS NOT NULL ORDER BY 1"
    ).fetchall()
    assert ended == [(compartment,) for compartment in sorted(COMPARTMENTS)]
    service = LocalKeyService(files)
    assert all(service.is_destroyed(compartment, 1) for compartment in COMPARTMENTS)
    assert owner.execute("SELECT FROM keys.rotation WHERE finished_at IS NULL").fetchall() == []


@pytest.mark.parametrize("newer", ["kept", "gone"])
def test_what_was_copied_before_opens_nothing_after(
    store: Store,
    another_store: JoinStore,
    owner: Owner,
    database: Database,
    files: dict[str, Path],
    newer: str,
) -> None:
    """As in a backup that is put back with its branch keys, once its key-encryption key is gone."""
    card = store.begin()
    owner.execute("CREATE TABLE old_branch AS SELECT * FROM keys.branch_key")
    owner.execute("CREATE TABLE old_key AS SELECT * FROM keys.data_key")
    rotate(database, files)
    owner.execute("DELETE FROM keys.data_key")
    owner.execute("DELETE FROM keys.branch_key WHERE epoch = 1 OR %s", [newer == "gone"])
    owner.execute("INSERT INTO keys.branch_key SELECT * FROM old_branch")
    owner.execute("INSERT INTO keys.data_key SELECT * FROM old_key")
    with pytest.raises(Erased):
        another_store().load(card.id)


def test_a_destroyed_key_stays_destroyed_and_a_retired_one_opens(
    store: Store, another_store: JoinStore, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    gone, retired = store.begin(), field_key(store)
    end_stream(store, gone)
    owner.execute("UPDATE keys.data_key SET state = 'retired' WHERE key_id = %s", [retired.key_id])
    rotate(database, files)
    reader = another_store()
    with pytest.raises(Erased):
        reader.load(gone.id)
    assert reader.keyring.field_key("personal", retired.key_id).key.secret == retired.key.secret


def test_each_rotation_ends_one_more_epoch(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    card = store.begin(words="kept")
    for _ in range(3):
        rotate(database, files)
        assert store.load(card.id).words == {"words": "kept"}
        decided_anew(store.begin)
    epochs = "SELECT count(*) FROM keys.branch_key WHERE destroyed_at IS NULL GROUP BY compartment"
    assert set(owner.execute(epochs).fetchall()) == {(1,)}
    with pytest.raises(NewestEpochStays):
        LocalKeyService(files).destroy_epoch("operational", 4)


def test_a_record_read_before_the_rotation_opens_after_it(
    store: Store, another_store: JoinStore, database: Database, files: dict[str, Path]
) -> None:
    """The old branch key is gone by then, which must not look like an erasure."""
    named, reader = field_key(store), another_store()
    record = reader.keyring._store.key("personal", named.key_id)
    assert record is not None
    rotate(database, files)
    reader.keyring.forget([])
    reader.keyring._branches.newest("personal")
    assert reader.keyring._unwrap("personal", record).key.secret == named.key.secret


def test_only_one_rotation_runs(database: Database, files: dict[str, Path]) -> None:
    service = LocalKeyService(files)
    with a_rotation(database, service), pytest.raises(RotationRuns):
        rotate(database, files)
    rotate(database, files)


def test_a_rotation_without_every_key_begins_nothing(
    owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    with pytest.raises(NotEveryCompartment):
        rotate(database, {name: files[name] for name in ("operational", "contact")})
    assert LocalKeyService(files).epoch("operational") == 1
    assert owner.execute("SELECT FROM keys.rotation").fetchall() == []


def test_one_that_is_told_to_stop_goes_on_later_with_the_same_epochs(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    card = store.begin(words="kept")
    with pytest.raises(RotationStopped):
        rotate(database, files, go_on=lambda: False)
    rotate(database, files)
    assert owner.execute("SELECT max(epoch), count(*) FROM keys.branch_key").fetchall() == [
        (2, 2 * len(COMPARTMENTS))
    ]
    assert store.load(card.id).words == {"words": "kept"}


def test_a_tampered_key_keeps_its_epoch_until_it_is_restored_and_no_other_key_there(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    tampered, other = field_key(store), field_key(store)
    swap = "UPDATE keys.data_key SET wrapped_key = overlay(wrapped_key PLACING %s FROM 50) WHERE key_id = %s"
    ((kept,),) = owner.execute(
        "SELECT wrapped_key FROM keys.data_key WHERE key_id = %s", [tampered.key_id]
    ).fetchall()
    owner.execute(swap, [b"\x00\x00\x00\x00", tampered.key_id])
    with pytest.raises(KeysDamaged) as refused:
        rotate(database, files)
    assert refused.value.records == [f"key {tampered.key_id}"]
    under = "SELECT epoch FROM keys.data_key WHERE key_id = %s"
    assert owner.execute(under, [tampered.key_id]).fetchall() == [(1,)]
    assert owner.execute(under, [other.key_id]).fetchall() == [(2,)]
    assert not LocalKeyService(files).is_destroyed("personal", 1)
    restore = "UPDATE keys.data_key SET wrapped_key = %s WHERE key_id = %s"
    owner.execute(restore, [kept, tampered.key_id])
    rotate(database, files)
    assert LocalKeyService(files).is_destroyed("personal", 1)
    assert store.keyring.field_key("personal", tampered.key_id).key.secret == tampered.key.secret


def test_a_destruction_that_is_confirmed_later_is_asked_after_again(
    owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    """As with a key service that waits for days before it destroys."""

    class Waiting(LocalKeyService):
        def is_destroyed(self, compartment: str, epoch: int) -> bool:  # noqa: ARG002 - the same whichever
            return False

    unconfirmed = (
        "SELECT count(*) FROM keys.epoch WHERE emptied_at IS NOT NULL AND destroyed_at IS NULL"
    )
    with a_rotation(database, Waiting(files)) as made:
        made.carry_out(ask=True)
    assert owner.execute(unconfirmed).fetchall() == [(len(COMPARTMENTS),)]
    with a_rotation(database, LocalKeyService(files)) as made:
        made.carry_out(ask=False)
    assert owner.execute(unconfirmed).fetchall() == [(0,)]
    assert LocalKeyService(files).epoch("operational") == 2
