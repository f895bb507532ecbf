"""Lock keys lie directly under a key-encryption key: every unwrapping is asked of the key service, and old copies die with the epoch."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import ConnectionPool
from typing_extensions import override

from crypto.branch_keys import key_place
from crypto.errors import Erased, KeysDamaged, KeyServiceUnavailable, Tampered
from crypto.key_store import KeyStore
from crypto.keyring import Keyring, NamedKey
from crypto.kms.local import LocalKeyService
from tests.databases import Database
from tests.event_store import KEY_POOL, Store, new_card
from tests.rotating import decided_anew, rotate

Owner = psycopg.Connection[tuple[object, ...]]
LOCKS = "locks"
PURPOSE = f"lock/{UUID(int=1)}/shared/1"
LOCK_KEYS = "SELECT epoch, wrapped_key FROM keys.data_key_locks WHERE key_id = %s"
HURT = "UPDATE keys.data_key_locks SET wrapped_key = wrapped_key || 'x' WHERE key_id = %s"


class Counting(LocalKeyService):
    """Counts what it is asked to unwrap of locks, apart from their branch key, and can be away."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__(files)
        self.unwrapped: list[int] = []
        self.is_away = False

    @override
    def unwrap(self, compartment: str, epoch: int, wrapped: bytes, context: bytes) -> bytes:
        if self.is_away:
            raise KeyServiceUnavailable
        if compartment == LOCKS:
            self.unwrapped.append(epoch)
        return super().unwrap(compartment, epoch, wrapped, context)


@pytest.fixture
def service(files: dict[str, Path]) -> Counting:
    return Counting(files)


@pytest.fixture
def keyring(database: Database, service: Counting) -> Iterator[Keyring]:
    with ConnectionPool(database.api_url, **KEY_POOL, open=True) as pool:
        ring = Keyring(KeyStore(pool), service)
        service.unwrapped.clear()
        yield ring


def stored(store: Store, purpose: str = PURPOSE, owner: UUID | None = None) -> NamedKey:
    """A key of the compartment of locks, named by an event and therefore kept."""
    named = store.keyring.field_key_or_new(LOCKS, owner or uuid4(), purpose)
    card = new_card()
    card.name_key(LOCKS, named.key_id)
    store.commit(card)
    return named


def test_each_unwrapping_of_a_lock_key_is_asked_of_the_key_service(
    store: Store, keyring: Keyring, service: Counting
) -> None:
    named = stored(store)
    for asked in (1, 2, 3):
        opened = keyring.field_key(LOCKS, named.key_id)
        assert opened.key.secret == named.key.secret
        assert service.unwrapped == [1] * asked
    stored_again = keyring.field_key_or_new(LOCKS, uuid4(), PURPOSE)
    assert isinstance(stored_again, NamedKey)


def test_keys_of_entries_cost_no_call(store: Store, keyring: Keyring, service: Counting) -> None:
    entries = [stored(store, "entry") for _ in range(5)]
    found = keyring.field_keys([(LOCKS, each.key_id) for each in entries])
    secrets = {
        key_id: each.key.secret for (_, key_id), each in found.items() if isinstance(each, NamedKey)
    }
    assert secrets == {each.key_id: each.key.secret for each in entries}
    assert service.unwrapped == []


def test_without_the_key_service_no_lock_comes_off_and_entries_keys_still_open(
    store: Store, keyring: Keyring, service: Counting
) -> None:
    lock, entry = stored(store), stored(store, "entry")
    service.is_away = True
    with pytest.raises(KeyServiceUnavailable):
        keyring.field_key(LOCKS, lock.key_id)
    assert keyring.field_key(LOCKS, entry.key_id).key.secret == entry.key.secret
    service.is_away = False
    assert keyring.field_key(LOCKS, lock.key_id).key.secret == lock.key.secret


def test_a_lock_key_does_not_open_as_anybody_elses_nor_for_another_epoch(
    store: Store, owner: Owner, keyring: Keyring
) -> None:
    mine, other = stored(store), stored(store)
    changes = [
        ("owner", uuid4()),
        ("purpose", f"lock/{UUID(int=1)}/shared/2"),
        ("key_id", uuid4()),
    ]
    for column, value in changes:
        set_to = f"UPDATE keys.data_key_locks SET {column} = %s WHERE key_id = %s RETURNING key_id"  # noqa: S608 - the columns are written above
        before = owner.execute(
            f"SELECT {column} FROM keys.data_key_locks WHERE key_id = %s".encode(),  # noqa: S608 - see above
            [mine.key_id],
        ).fetchone()
        assert before is not None
        changed = owner.execute(set_to.encode(), [value, mine.key_id]).fetchone()
        assert changed is not None
        with pytest.raises(Tampered):
            keyring.field_key(LOCKS, changed[0])  # type: ignore[arg-type]  # - a uuid
        owner.execute(set_to.encode(), [before[0], changed[0]])
    assert keyring.field_key(LOCKS, mine.key_id).key.secret == mine.key.secret
    assert keyring.field_key(LOCKS, other.key_id).key.secret == other.key.secret


def test_a_destroyed_lock_stays_destroyed_and_its_reader_can_have_another(
    store: Store, keyring: Keyring
) -> None:
    reader = uuid4()
    first, others = stored(store, owner=reader), stored(store)
    card = new_card()
    card.end_keys(LOCKS, reader, PURPOSE)
    store.commit(card)
    with pytest.raises(Erased):
        keyring.field_key(LOCKS, first.key_id)
    again = stored(store, owner=reader)
    assert again.key.secret != first.key.secret
    assert keyring.field_key(LOCKS, again.key_id).key.secret == again.key.secret
    assert keyring.field_key(LOCKS, others.key_id).key.secret == others.key.secret


def test_a_rotation_puts_lock_keys_under_the_new_epoch_through_the_key_service(
    store: Store,
    another_store: Callable[[], Store],
    owner: Owner,
    database: Database,
    files: dict[str, Path],
) -> None:
    locks, entry = [stored(store) for _ in range(3)], stored(store, "entry")
    old = {each.key_id: row(owner, each) for each in locks}
    told: dict[str, int] = {}
    rotate(database, files, progress=lambda name, done, _: told.update({name: done}))
    assert told[LOCKS] >= len(locks)
    for reader in (store, another_store()):
        for each in (*locks, entry):
            assert reader.keyring.field_key(LOCKS, each.key_id).key.secret == each.key.secret
    for each in locks:
        assert row(owner, each)[0] == 2
        where = key_place(LOCKS, each.key_id, owner_of(owner, each), PURPOSE, 1)
        with pytest.raises(Erased):
            LocalKeyService(files).unwrap(LOCKS, 1, old[each.key_id][1], where)


def test_a_process_that_did_not_learn_of_a_rotation_makes_its_next_lock_under_the_new_epoch(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    stored(store)
    rotate(database, files)
    assert row(owner, decided_anew(lambda: stored(store)))[0] == 2


def test_a_lock_that_a_rotation_meets_damaged_keeps_its_epoch_and_all_others_are_rewrapped(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    hurt, whole = stored(store), stored(store)
    kept = row(owner, hurt)
    owner.execute(HURT, [hurt.key_id])
    with pytest.raises(KeysDamaged) as damaged:
        rotate(database, files)
    assert damaged.value.records == [f"key {hurt.key_id}"]
    assert (row(owner, hurt)[0], row(owner, whole)[0]) == (1, 2)
    restore = "UPDATE keys.data_key_locks SET wrapped_key = %s WHERE key_id = %s"
    owner.execute(restore, [kept[1], hurt.key_id])
    rotate(database, files)
    assert store.keyring.field_key(LOCKS, hurt.key_id).key.secret == hurt.key.secret


def test_the_keeper_puts_no_lock_key_under_an_epoch_that_is_not_open_nor_any_other_key(
    store: Store, database: Database, owner: Owner
) -> None:
    lock, entry = stored(store), stored(store, "entry")
    with psycopg.connect(database.keeper_url, autocommit=True) as keeper:
        for old, new, wrapped in ((1, 2, b"x"), (1, 1, b"x"), (2, 1, b"x"), (1, 2, b"")):
            with pytest.raises(psycopg.Error) as refused:
                rewrap(keeper, lock, old, new, wrapped)
            assert refused.value.sqlstate == "VS007"
        keeper.execute("SELECT keys.begin_epoch('locks', 2, 'x')")
        assert rewrap(keeper, entry, 1, 2, b"x") == [(False,)]
        assert rewrap(keeper, lock, 1, 2, b"x") == [(True,)]
    assert row(owner, entry)[0] == 1


def rewrap(
    keeper: psycopg.Connection[Any], key: NamedKey, old: int, new: int, wrapped: bytes
) -> list[Any]:
    statement = "SELECT keys.rewrap_lock(%s, %s, %s, %s)"
    return keeper.execute(statement, [key.key_id, old, new, wrapped]).fetchall()


def row(owner: Owner, key: NamedKey) -> Any:
    return owner.execute(LOCK_KEYS, [key.key_id]).fetchone()


def owner_of(owner: Owner, key: NamedKey) -> UUID:
    statement = "SELECT owner FROM keys.data_key_locks WHERE key_id = %s"
    found: Any = owner.execute(statement, [key.key_id]).fetchone()
    return UUID(str(found[0]))
