"""A mentee lets a successor read what was shared before: the successor's own program lists, verifies and opens it, and nobody else's does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.embedded_postgres import EmbeddedPostgres
from api.participant import (
    Audience,
    NotebookService,
    NotFromAnybodyYouKnow,
    OnlyToRead,
    ParticipantClient,
    ParticipantFolder,
    Reading,
    ServiceRefused,
)
from domain.values import Role
from tests.databases import fresh_database
from tests.match import Match, done, match, matched_again, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on


@dataclass(frozen=True)
class Desk:
    """One person's own folder and program."""

    person: Somebody
    folder: Path

    @property
    def client(self) -> ParticipantClient:
        keys = ParticipantFolder(self.folder)
        return ParticipantClient(keys, NotebookService(self.person.client))


@dataclass(frozen=True)
class Succession:
    """An ended relationship and the next one, with a program for each of the three and for a stranger."""

    first: Match
    second: Match
    mentee: Desk
    predecessor: Desk
    successor: Desk
    stranger: Desk

    def compare_words(self) -> None:
        """In the later relationship, mentee and successor say their words to each other."""
        later = self.second.relationship
        for one, other in ((self.mentee, self.successor), (self.successor, self.mentee)):
            one.client.accept_keys(later, other.client.my_words())

    def pass_on(self) -> int:
        first, later = self.first.relationship, self.second.relationship
        return self.mentee.client.pass_on_to_successor(first, later)


@pytest.fixture(scope="module")
def scheme(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    folder = tmp_path_factory.mktemp("succession")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as running,
    ):
        publish_notices(running)
        yield running


@pytest.fixture
def made(scheme: Scheme, tmp_path: Path) -> Succession:
    first = match(scheme)
    mentee, predecessor = (
        Desk(each, tmp_path / each.role.value) for each in (first.mentee, first.mentor)
    )
    for desk in (mentee, predecessor):
        desk.client.make_keys()
    mentee.client.write(first.relationship, "for me alone")
    mentee.client.write(first.relationship, "one", audience=Audience.SHARED)
    predecessor.client.write(first.relationship, "two", audience=Audience.SHARED)
    done(first.mentee.post(f"/relationships/{first.relationship}/closing", {"reason": "no_fault"}))
    second = matched_again(scheme, first)
    stranger = Desk(scheme.person(Role.MENTOR), tmp_path / "stranger")
    successor = Desk(second.mentor, tmp_path / "successor")
    for desk in (stranger, successor):
        desk.client.make_keys()
    return Succession(first, second, mentee, predecessor, successor, stranger)


def texts(reading: Reading) -> list[str | None]:
    return [entry.text for entry in reading]


def test_a_successor_lists_and_reads_what_was_passed_on_and_nobody_else_does(
    made: Succession,
) -> None:
    first, successor = made.first.relationship, made.successor.client
    assert successor.passed_on() == []
    with pytest.raises(ServiceRefused):
        successor.read(first)
    made.compare_words()
    assert made.pass_on() == 1

    (listed,) = successor.passed_on()
    assert (listed.relationship, listed.later) == (first, made.second.relationship)
    assert listed.epochs == 1
    reading = successor.read(first)
    assert (texts(reading), reading.trouble) == (["one", "two"], None)
    assert [each.is_mine for each in reading] == [False, False]
    assert made.stranger.client.passed_on() == []
    with pytest.raises(ServiceRefused):
        made.stranger.client.read(first)
    assert texts(made.predecessor.client.read(first)) == ["one", "two"]


def test_a_successor_writes_nothing_into_what_was_passed_on(made: Succession) -> None:
    made.compare_words()
    made.pass_on()
    for audience in Audience:
        with pytest.raises(OnlyToRead):
            made.successor.client.write(made.first.relationship, "secret", audience=audience)


def test_who_does_not_know_the_mentee_believes_nothing_that_was_passed_on(
    made: Succession, tmp_path: Path
) -> None:
    made.compare_words()
    made.pass_on()
    elsewhere = Desk(made.successor.person, tmp_path / "elsewhere")
    folder = ParticipantFolder(elsewhere.folder)
    folder.keep_identity(ParticipantFolder(made.successor.folder).identity())

    with pytest.raises(NotFromAnybodyYouKnow):
        elsewhere.client.read(made.first.relationship)
    elsewhere.client.read(made.second.relationship)
    assert texts(elsewhere.client.read(made.first.relationship)) == ["one", "two"]


def test_what_the_mentee_got_back_from_the_predecessor_is_passed_on_too(
    made: Succession, tmp_path: Path
) -> None:
    """The successor knows the mentee alone, and follows the words from the predecessor's on."""
    first, later = made.first.relationship, made.second.relationship
    fresh = Desk(made.mentee.person, tmp_path / "fresh")
    words = fresh.client.make_keys()
    made.predecessor.client.accept_keys(first, words)
    assert made.predecessor.client.pass_on_to_partner(first) == 1
    made.successor.client.accept_keys(later, words)
    fresh.client.accept_keys(later, made.successor.client.my_words())

    assert fresh.client.pass_on_to_successor(first, later) == 1
    assert texts(made.successor.client.read(first)) == ["one", "two"]


def test_when_the_mentee_ends_it_a_successor_reads_no_more(made: Succession) -> None:
    made.compare_words()
    made.pass_on()
    readers = f"/relationships/{made.first.relationship}/notebook/readers"
    done(made.first.mentee.delete(f"{readers}/{made.second.mentor.id}"))

    assert made.successor.client.passed_on() == []
    with pytest.raises(ServiceRefused):
        made.successor.client.read(made.first.relationship)
    assert texts(made.mentee.client.read(made.first.relationship))[1:] == ["one", "two"]
