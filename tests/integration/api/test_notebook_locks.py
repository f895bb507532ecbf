"""The second lock over HTTP: who reads after a change of readers or of keys, who does not, and what stands in whose register."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pydantic import SecretStr

from api.bootstrap import joined, keeper
from api.settings import Settings
from crypto.errors import Erased
from crypto.sealing import Audience, grant_epoch
from domain.mentoring import Order
from domain.notebook import Notebook
from domain.strand import Audience as StrandAudience
from domain.strand import Reader
from domain.values import Act, Role, Sealed
from tests.databases import Database
from tests.devices import Device
from tests.match import Match, done, match, matched_again, propose, publish_notices
from tests.scheme import Scheme, Somebody

SHARED, OWN = Audience.SHARED, Audience.OWN
LOCKS = "SELECT owner, state FROM keys.data_key_locks WHERE starts_with(purpose, 'lock/')"
ENTRY_KEY = "SELECT state FROM keys.data_key_locks WHERE purpose = 'entry' AND owner = %s"
SAID = "Sentinel: what the corridor is like"


@dataclass
class Pair:
    """Two matched people with a device each, and a first shared epoch."""

    made: Match
    mentee: Device
    mentor: Device

    def close(self) -> None:
        path = f"/relationships/{self.made.relationship}/closing"
        done(self.made.mentee.post(path, {"reason": "no_fault"}))

    def end_mentors_reading(self) -> Any:
        return self.mentee.person.delete(f"{self.mentee.path}/readers/{self.mentor.person.id}")


@pytest.fixture(scope="module")
def noticed(shared_scheme: Scheme) -> Scheme:
    publish_notices(shared_scheme)
    return shared_scheme


def a_pair(scheme: Scheme) -> Pair:
    made = match(scheme)
    mentee = Device(made.mentee, made.relationship).publish()
    mentor = Device(made.mentor, made.relationship).publish()
    mentee.open_epoch(SHARED, mentor)
    return Pair(made, mentee, mentor)


@pytest.fixture
def pair(noticed: Scheme) -> Pair:
    return a_pair(noticed)


def kind_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def looks(person: Somebody) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(person.get("/me/access-records"))["looks"]
    return found


def rows(scheme: Scheme, query: str, values: list[Any] | None = None) -> list[Any]:
    with scheme.parts.pool.connection() as connection:
        return connection.execute(query.encode(), values).fetchall()


def locks_of(scheme: Scheme, person: UUID) -> list[str]:
    return sorted(state for owner, state in rows(scheme, LOCKS) if owner == person)


def test_each_taking_off_of_a_lock_stands_in_the_readers_own_register(pair: Pair) -> None:
    pair.mentor.open_epoch(OWN)
    pair.mentor.write(SAID, SHARED)
    before = len([each for each in looks(pair.made.mentor) if each["action"] == "unlocked"])
    for _ in range(2):
        assert pair.mentor.texts() == [SAID]
    unlocked = [each for each in looks(pair.made.mentor) if each["action"] == "unlocked"]
    assert len(unlocked) == before + 2
    assert {each["who"] for each in unlocked} == {str(pair.made.mentor.id)}
    newest = unlocked[0]
    assert (newest["own_epochs"], newest["shared_epochs"]) == ([1], [1])
    assert newest["subject"] == str(pair.made.relationship)
    assert "unlocked" not in {each["action"] for each in looks(pair.made.mentee)[:1]}


def test_what_the_database_keeps_of_a_grant_is_not_what_was_sealed(
    noticed: Scheme, pair: Pair
) -> None:
    kept = noticed.parts.mentoring.load(Notebook, Notebook.id_of(pair.made.relationship))
    held = kept.grant_for(pair.made.mentor.id, StrandAudience.SHARED, 1)
    (shown,) = pair.mentor.shown()["epochs"]
    assert isinstance(held, Sealed)
    assert shown["sealed_key"].encode() not in repr(vars(kept)).encode()
    assert len(held.ciphertext) > 1171


def test_a_mentees_own_words_are_kept_before_there_is_a_mentor_and_shared_if_they_wish(
    noticed: Scheme,
) -> None:
    made = propose(noticed)
    mentee = Device(made.mentee, made.relationship).publish()
    mentee.open_epoch(OWN)
    words = mentee.write(SAID, OWN)
    assert kind_of(made.mentor.get(mentee.path)) == (404, "not-found")
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/acceptance"
    for party in (made.mentee, made.mentor):
        done(party.post(path, {"version": 1}))
    mentor = Device(made.mentor, made.relationship).publish()
    assert mentor.texts() == []
    mentee.open_epoch(SHARED, mentor)
    mentee.write(SAID, SHARED, shares=words)
    assert mentor.texts() == [SAID]
    assert mentee.texts() == [SAID, SAID]


def test_a_destroyed_entry_loses_its_key_and_the_other_is_told(noticed: Scheme, pair: Pair) -> None:
    first, second = (pair.mentee.write(text, SHARED) for text in ("one", "two"))
    done(pair.made.mentee.delete(f"{pair.mentee.path}/entries/{first}"))
    assert pair.mentor.texts() == ["two"]
    states = [rows(noticed, ENTRY_KEY, [UUID(each)]) for each in (first, second)]
    assert states == [[("destroyed",)], [("live",)]]
    shown = pair.mentor.shown()["entries"]
    assert [each["wrapped_entry_key"] is None for each in shown] == [True, False]
    pair.mentee.write("three", SHARED)
    assert pair.mentor.texts() == ["two", "three"]


def test_after_the_end_the_mentee_ends_the_mentors_reading_and_nobody_elses(
    noticed: Scheme, pair: Pair
) -> None:
    pair.mentee.write(SAID, SHARED)
    pair.mentor.open_epoch(OWN)
    pair.mentor.write("for me", OWN)
    assert kind_of(pair.end_mentors_reading()) == (409, "still-takes-part")
    pair.close()
    assert pair.mentor.texts() == ["for me", SAID]
    others = f"{pair.mentor.path}/readers/{pair.made.mentee.id}"
    assert kind_of(pair.made.mentor.delete(others)) == (403, "not-yours-to-end")
    done(pair.end_mentors_reading())
    assert pair.mentor.texts() == ["for me"]
    assert pair.mentee.texts() == [SAID]
    assert locks_of(noticed, pair.made.mentor.id) == ["destroyed", "live"]
    assert locks_of(noticed, pair.made.mentee.id) == ["live"]
    assert kind_of(pair.end_mentors_reading()) == (403, "not-a-reader")


def test_somebody_ends_their_own_reading(pair: Pair) -> None:
    pair.mentee.write(SAID, SHARED)
    pair.close()
    done(pair.made.mentor.delete(f"{pair.mentor.path}/readers/{pair.made.mentor.id}"))
    assert (pair.mentor.texts(), pair.mentee.texts()) == ([], [SAID])


def test_new_keys_read_what_the_other_passed_on_to_them_and_nothing_before(pair: Pair) -> None:
    pair.mentee.write(SAID, SHARED)
    renewed = Device(pair.made.mentor, pair.made.relationship)
    assert kind_of(pair.mentee.pass_on(renewed, 1)) == (409, "keys-are-not-current")
    renewed.publish()
    done(pair.mentee.pass_on(renewed, 1))
    assert renewed.texts() == [SAID]
    pair.mentee.open_epoch(SHARED, renewed)
    renewed.write("again", SHARED)
    assert pair.mentee.texts() == renewed.texts() == [SAID, "again"]
    (row,) = pair.mentee.shown()["epochs"][0]["passed_on"]
    assert (row["granter"], row["reader"]) == (str(pair.made.mentee.id), str(pair.made.mentor.id))


def test_ones_own_notes_are_passed_on_to_ones_own_new_keys(pair: Pair) -> None:
    pair.mentee.open_epoch(OWN)
    pair.mentee.write(SAID, OWN)
    renewed = Device(pair.made.mentee, pair.made.relationship).publish()
    done(pair.mentee.pass_on(renewed, 1, audience=OWN))
    shown = renewed.shown()
    (own,) = renewed.keys(shown, OWN).values()
    assert own.epoch.number == 1
    shown["epochs"] = [each for each in shown["epochs"] if each["audience"] == "own"]
    assert renewed.texts_in(shown) == [SAID]


def test_nobody_passes_on_to_a_stranger_nor_learns_whether_one_exists(
    noticed: Scheme, pair: Pair
) -> None:
    stranger = Device(noticed.person(Role.MENTOR), pair.made.relationship).publish()
    nobody = Device(stranger.person, pair.made.relationship, stranger.identity)
    for device in (pair.mentee, pair.mentor):
        assert kind_of(device.pass_on(stranger, 1)) == (409, "wrong-readers")
        made_up = {"reader": str(uuid4())}
        assert kind_of(device.pass_on(nobody, 1, **made_up)) == (409, "wrong-readers")
    assert kind_of(stranger.person.get(stranger.path)) == (404, "not-found")


def test_what_was_granted_before_there_were_locks_is_read_and_written_on(
    noticed: Scheme,
) -> None:
    made = propose(noticed)
    device = Device(made.mentee, made.relationship).publish()
    public, person = device.identity.public, made.mentee.id
    granted = grant_epoch(device.identity, [public], strand=device.strand(OWN))
    act = Act(person, noticed.now())
    old = Notebook.begin_for(made.relationship, act)
    place = {"audience": StrandAudience.OWN, "epoch": 1, "granter": person}
    readers = (Reader(person, public.key_id),)
    old.record(Notebook.EpochOpened, act, **place, readers=readers, statement=granted.statement)
    sealed_key = granted.sealed_keys[public.key_id]
    old.record(Notebook.KeyGranted, act, **place, reader=person, sealed_key=sealed_key)
    noticed.parts.mentoring.commit(Order(act, uuid4()), old)
    device.write(SAID, OWN)
    assert device.texts() == [SAID]
    (newest, *_) = looks(made.mentee)
    assert (newest["action"], newest["own_epochs"]) == ("unlocked", [])


@dataclass
class Succession:
    """A first pair that ended, and the mentee with a second mentor."""

    first: Pair
    second: Match
    successor: Device

    @property
    def mentee(self) -> Device:
        return self.first.mentee


def succeeded(scheme: Scheme, *, rematch: bool) -> Succession:
    first = a_pair(scheme)
    first.mentee.write(SAID, SHARED)
    first.close()
    if rematch:
        done(first.made.mentee.post(f"/relationships/{first.made.relationship}/rematch", {}))
    second = matched_again(scheme, first.made)
    successor = Device(second.mentor, first.made.relationship).publish()
    return Succession(first, second, successor)


def test_a_mentor_who_was_replaced_reads_no_more_and_the_successor_only_what_the_mentee_passes_on(
    noticed: Scheme,
) -> None:
    made = succeeded(noticed, rematch=True)
    predecessor = made.first.mentor
    assert predecessor.texts() == []
    assert locks_of(noticed, predecessor.person.id) == ["destroyed"]
    assert made.mentee.texts() == [SAID]
    assert kind_of(made.second.mentor.get(made.mentee.path)) == (404, "not-found")
    named = {"relationship": str(made.second.relationship)}
    assert kind_of(made.mentee.pass_on(made.successor, 1)) == (409, "wrong-readers")
    done(made.mentee.pass_on(made.successor, 1, **named))
    assert made.successor.texts() == [SAID]
    (further,) = made.mentee.shown()["further_readers"]
    assert further["person"] == str(made.second.mentor.id)
    done(made.mentee.person.delete(f"{made.mentee.path}/readers/{made.second.mentor.id}"))
    assert kind_of(made.second.mentor.get(made.mentee.path)) == (404, "not-found")


def test_without_a_wish_for_another_both_go_on_reading_what_they_shared(noticed: Scheme) -> None:
    made = succeeded(noticed, rematch=False)
    assert made.first.mentor.texts() == made.mentee.texts() == [SAID]


def test_a_predecessor_does_not_pass_on_what_is_the_mentees_to_pass_on(noticed: Scheme) -> None:
    made = succeeded(noticed, rematch=False)
    named = {"relationship": str(made.second.relationship)}
    refused = made.first.mentor.pass_on(made.successor, 1, **named)
    assert kind_of(refused) == (404, "not-found")


@pytest.fixture
def stolen(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        yield owner


def test_a_removed_mentor_with_their_own_key_and_stolen_copies_opens_nothing(
    scheme: Scheme, database: Database, stolen: psycopg.Connection[Any]
) -> None:
    """One copy from after the removal with every key file; one from before, with what key files are left later."""
    publish_notices(scheme)
    pair = a_pair(scheme)
    pair.mentee.write(SAID, SHARED)
    shown = pair.mentor.shown()
    pair.close()
    stolen.execute("CREATE TABLE copied AS SELECT * FROM keys.data_key_locks")
    stolen.execute("CREATE TABLE copied_branch AS SELECT * FROM keys.branch_key_locks")
    held = grant_in(scheme, pair)
    done(pair.end_mentors_reading())
    with pytest.raises(Erased):
        scheme.parts.keyring.field_key("locks", held.key_id)
    rotate(scheme, database)
    stolen.execute("DELETE FROM keys.data_key_locks")
    stolen.execute("DELETE FROM keys.branch_key_locks")
    stolen.execute("INSERT INTO keys.branch_key_locks SELECT * FROM copied_branch")
    stolen.execute("INSERT INTO keys.data_key_locks SELECT * FROM copied")
    with joined(scheme.parts.settings) as parts, pytest.raises(Erased):
        parts.keyring.field_key("locks", held.key_id)
    assert pair.mentor.texts_in(shown) == [SAID], "what was opened before can be kept"


def grant_in(scheme: Scheme, pair: Pair) -> Sealed:
    kept = scheme.parts.mentoring.load(Notebook, Notebook.id_of(pair.made.relationship))
    held = kept.grant_for(pair.made.mentor.id, StrandAudience.SHARED, 1)
    assert isinstance(held, Sealed)
    return held


def rotate(scheme: Scheme, database: Database) -> None:
    files = scheme.parts.settings.key_files
    settings = Settings(database_url=SecretStr(database.keeper_url), key_files=files)
    with keeper(settings, progress=lambda *_: None, go_on=lambda: True) as rotation:
        rotation.carry_out(ask=True)
