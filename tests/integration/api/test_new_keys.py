"""Keys that were lost, replaced or are a successor's: notes from before come back only by whoever still reads them."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from api.participant import (
    Audience,
    KeysHaveChanged,
    NotebookService,
    NotPassedOnYet,
    ParticipantClient,
    ParticipantFolder,
    Reading,
    VaultKeeping,
    WordsNotCompared,
)
from crypto.sealing import RecoveryCode
from tests.match import Match, match, publish_notices
from tests.scheme import Scheme, Somebody


@dataclass
class Device:
    """One folder of one person, and the codes that were shown there."""

    person: Somebody
    folder: Path
    codes: list[RecoveryCode]

    @property
    def keeping(self) -> VaultKeeping:
        return VaultKeeping(ParticipantFolder(self.folder), NotebookService(self.person.client))

    @property
    def client(self) -> ParticipantClient:
        service = NotebookService(self.person.client)
        return ParticipantClient(ParticipantFolder(self.folder), service)

    def set_up(self, *, anew: bool = False) -> str:
        keeping = self.keeping
        return (keeping.begin_anew if anew else keeping.begin)(self.codes.append)


class Pair:
    """A matched pair with a shared note of each and an own note of the mentee."""

    def __init__(self, scheme: Scheme, folder: Path) -> None:
        self.made: Match = match(scheme)
        self.folder, self.relationship = folder, self.made.relationship
        self.mentee = self.device(self.made.mentee, "mentee")
        self.mentor = self.device(self.made.mentor, "mentor")
        self.mentee.set_up()
        self.mentor.set_up()
        self.mentee.client.write(self.relationship, "own one")
        self.mentee.client.write(self.relationship, "one", audience=Audience.SHARED)
        self.mentor.client.write(self.relationship, "two", audience=Audience.SHARED)

    def device(self, person: Somebody, name: str) -> Device:
        return Device(person, self.folder / name, [])

    def accept_new_keys_of_the_mentee(self, words: str) -> None:
        self.mentor.client.accept_keys(self.relationship, words)


@pytest.fixture(scope="module")
def ready(shared_scheme: Scheme) -> Scheme:
    publish_notices(shared_scheme)
    return shared_scheme


@pytest.fixture
def pair(ready: Scheme, tmp_path: Path) -> Pair:
    return Pair(ready, tmp_path)


def texts(reading: Reading) -> list[str | None]:
    return [entry.text for entry in reading]


def test_a_recovered_device_reads_and_writes_as_the_lost_one_did(pair: Pair) -> None:
    second = pair.device(pair.made.mentee, "second")
    second.keeping.recover(pair.mentee.codes[1])
    assert texts(second.client.read(pair.relationship)) == ["own one", "one", "two"]
    second.client.write(pair.relationship, "three", audience=Audience.SHARED)
    assert texts(pair.mentor.client.read(pair.relationship)) == ["one", "two", "three"]


def test_who_lost_everything_reads_what_the_other_passes_on_after_comparing_words(
    pair: Pair,
) -> None:
    relationship, mentor = pair.relationship, pair.mentor.client
    fresh = pair.device(pair.made.mentee, "fresh")
    words = fresh.set_up(anew=True)

    before = fresh.client.read(relationship)
    assert texts(before) == [None, None, None]
    assert all(each.is_closed for each in before)
    with pytest.raises(NotPassedOnYet):
        fresh.client.write(relationship, "secret", audience=Audience.SHARED)
    with pytest.raises(KeysHaveChanged):
        mentor.pass_on_to_partner(relationship)
    pair.accept_new_keys_of_the_mentee(words)
    assert mentor.pass_on_to_partner(relationship) == 1
    assert mentor.pass_on_to_partner(relationship) == 0

    assert texts(fresh.client.read(relationship)) == [None, "one", "two"]
    fresh.client.write(relationship, "own two")
    fresh.client.write(relationship, "three", audience=Audience.SHARED)
    assert texts(fresh.client.read(relationship)) == [None, "own two", "one", "two", "three"]
    assert texts(mentor.read(relationship)) == ["one", "two", "three"]
    assert [each.is_mine for each in fresh.client.read(relationship)][-3:] == [True, False, True]


def test_nothing_is_passed_on_before_words_were_compared(pair: Pair) -> None:
    with pytest.raises(WordsNotCompared):
        pair.mentor.client.pass_on_to_partner(pair.relationship)


def test_keys_that_were_replaced_go_on_opening_on_every_device(pair: Pair) -> None:
    relationship = pair.relationship
    words = pair.mentee.set_up(anew=True)
    pair.accept_new_keys_of_the_mentee(words)
    other = pair.device(pair.made.mentee, "other")
    other.keeping.recover(pair.mentee.codes[-1])
    assert texts(other.client.read(relationship)) == ["own one", "one", "two"]

    other.client.write(relationship, "three", audience=Audience.SHARED)
    other.client.write(relationship, "own two")

    assert pair.mentee.client.pass_on_to_myself(relationship) == 0
    assert pair.mentor.client.pass_on_to_partner(relationship) == 0
    mine = ["own one", "own two", "one", "two", "three"]
    assert texts(pair.mentee.client.read(relationship)) == mine
    assert texts(pair.mentor.client.read(relationship)) == ["one", "two", "three"]
