"""Keys and records agree: a destroyed key takes no more appends, and none comes back."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.application import AggregateNotFoundError

from crypto.envelope import field_place
from crypto.errors import Absent, CompartmentIsClosed, Erased, KeyNotLive, Tampered
from crypto.key_store import add_branch_key
from crypto.keyring import NamedKey, new_branch_key
from crypto.kms.local import LocalKeyService
from domain.mentoring import NotFound
from tests.databases import Database
from tests.event_store import Card, Store, joined, new_card

Owner = psycopg.Connection[tuple[object, ...]]
JoinStore = Callable[[], Store]


def test_a_stale_cached_key_cannot_append_to_an_erased_stream(
    store: Store, another_store: JoinStore
) -> None:
    stale = another_store()
    card = stale.begin()
    end_keys(store, card, "operational", "stream")
    card.say({"late": "append"})
    with pytest.raises(KeyNotLive):
        stale.commit(card)
    assert len(store.recorder.select_events(card.id)) == 1


def test_after_that_refusal_the_stale_process_knows_that_the_stream_is_erased(
    store: Store, another_store: JoinStore
) -> None:
    stale = another_store()
    card = stale.begin()
    end_keys(store, card, "operational", "stream")
    card.say({})
    with pytest.raises(KeyNotLive):
        stale.commit(card)
    with pytest.raises(Erased):
        stale.load(card.id)


def test_the_process_that_erases_a_stream_opens_it_no_more(store: Store) -> None:
    card = store.begin()
    end_keys(store, card, "operational", "stream")
    with pytest.raises(Erased):
        store.load(card.id)


def test_an_erased_stream_gets_no_new_key_and_no_new_event(store: Store) -> None:
    card = store.begin()
    end_keys(store, card, "operational", "stream")
    card.say({})
    with pytest.raises(Erased):
        store.commit(card)


def test_an_erased_subject_gets_no_new_key_in_any_compartment(store: Store) -> None:
    subject, note = store.begin(), store.begin()
    end_keys(store, subject, "operational", "stream")
    named = store.keyring.field_key_or_new("personal", subject.id, "themes")
    note.name_key("personal", named.key_id)
    with pytest.raises(KeyNotLive):
        store.commit(note)
    with pytest.raises(Absent):
        store.keyring.field_key("personal", named.key_id)


def test_a_sealed_field_dies_with_its_key_in_every_process(
    store: Store, another_store: JoinStore
) -> None:
    other = another_store()
    person = store.begin()
    named = field_key(store, person, "special", "identity")
    place = field_place("special", person.id, "identity", "words")
    sealed = named.key.seal(b"sentinel", place)
    opened = other.keyring.field_key("special", named.key_id).key.open(sealed, place, record="x")
    assert opened == b"sentinel"
    end_keys(store, person, "special", "identity")
    for each in (store, other):
        with pytest.raises(Erased):
            each.keyring.field_key("special", named.key_id)


def test_a_withdrawn_purpose_takes_no_late_append(store: Store, another_store: JoinStore) -> None:
    person = store.begin()
    named = field_key(store, person, "special", "identity")
    late = another_store()
    card = late.load(person.id)
    end_keys(store, person, "special", "identity")
    card.name_key("special", named.key_id)
    with pytest.raises(KeyNotLive):
        late.commit(card)


def test_a_purpose_that_is_consented_to_again_has_another_key(store: Store) -> None:
    person = store.begin()
    first = field_key(store, person, "special", "identity")
    end_keys(store, person, "special", "identity")
    second = field_key(store, person, "special", "identity")
    assert second.key_id != first.key_id
    with pytest.raises(Erased):
        store.keyring.field_key("special", first.key_id)


def test_a_destroyed_key_leaves_a_tombstone_without_its_bytes(store: Store, owner: Owner) -> None:
    card = store.begin()
    end_keys(store, card, "operational", "stream")
    row = owner.execute(
        "SELECT state, wrapped_key, destroyed_at IS NOT NULL FROM keys.data_key WHERE owner = %s",
        [card.id],
    ).fetchone()
    assert row == ("destroyed", None, True)


def test_erasing_one_stream_leaves_every_other_byte_as_it_was(store: Store, owner: Owner) -> None:
    kept, erased = store.begin(words="kept"), store.begin()
    everything = "SELECT * FROM record.event WHERE originator_id = %s"
    before = owner.execute(everything, [kept.id]).fetchall()
    end_keys(store, erased, "operational", "stream")
    assert owner.execute(everything, [kept.id]).fetchall() == before
    assert store.load(kept.id).words == {"words": "kept"}


def test_key_records_that_changed_places_are_tampered(
    store: Store, another_store: JoinStore, owner: Owner
) -> None:
    one, other = store.begin(), store.begin()
    owner.execute(
        "UPDATE keys.data_key k SET wrapped_key = o.wrapped_key FROM keys.data_key o"
        " WHERE k.owner = %s AND o.owner = %s",
        [one.id, other.id],
    )
    reader = another_store()
    with pytest.raises(Tampered):
        reader.load(one.id)
    assert reader.load(other.id).id == other.id


def test_a_missing_key_record_is_absent_not_erased(
    store: Store, another_store: JoinStore, owner: Owner
) -> None:
    card = store.begin()
    owner.execute("DELETE FROM keys.data_key WHERE owner = %s", [card.id])
    with pytest.raises(Absent):
        another_store().load(card.id)


def test_a_stream_that_never_was_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.load(uuid4())
    with pytest.raises(AggregateNotFoundError):
        store.mentoring.repository.get(uuid4())


def test_a_process_without_a_compartments_file_cannot_open_it(
    store: Store, database: Database, files: dict[str, Path]
) -> None:
    named = field_key(store, store.begin(), "special", "identity")
    operational = {"operational": files["operational"]}
    with joined(database.worker_url, operational) as worker:
        with pytest.raises(CompartmentIsClosed):
            worker.keyring.field_key_or_new("special", uuid4(), "identity")
        with pytest.raises(CompartmentIsClosed):
            worker.keyring.field_key("special", named.key_id)


def test_a_running_process_opens_keys_of_an_epoch_begun_by_another(
    store: Store, another_store: JoinStore, owner: Owner, files: dict[str, Path]
) -> None:
    service = LocalKeyService(files)
    service.new_epoch("operational")
    add_branch_key(owner, "operational", *new_branch_key(service, "operational"))
    card = another_store().begin(words="new epoch")
    assert store.load(card.id).words == {"words": "new epoch"}


def test_a_process_starts_after_an_old_epoch_was_destroyed(
    store: Store, another_store: JoinStore, owner: Owner, files: dict[str, Path]
) -> None:
    old = store.begin()
    service = LocalKeyService(files)
    service.new_epoch("operational")
    add_branch_key(owner, "operational", *new_branch_key(service, "operational"))
    service.destroy_epoch("operational", 1)
    later = another_store()
    assert later.begin(words="after").words == {"words": "after"}
    with pytest.raises(Erased):
        later.load(old.id)


def field_key(store: Store, person: Card, compartment: str, purpose: str) -> NamedKey:
    """A key for a person's purpose, used and therefore stored."""
    named = store.keyring.field_key_or_new(compartment, person.id, purpose)
    note = new_card()
    note.name_key(compartment, named.key_id)
    store.commit(note)
    return named


def end_keys(store: Store, whose: Card, compartment: str, purpose: str) -> None:
    card = new_card()
    card.end_keys(compartment, whose.id, purpose)
    store.commit(card)


def test_a_stream_brings_its_key_along(store: Store, another_store: Callable[[], Store]) -> None:
    card = store.begin(told="once")
    fresh = another_store()
    # No question about keys can be asked any more.
    fresh.keyring._store._pool.close()
    assert fresh.load(card.id).words == {"told": "once"}
