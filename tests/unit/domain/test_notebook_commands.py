from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from domain.commands.notebooks import append_entry, destroy_entry, open_epoch, share_entry
from domain.mentoring import Mentoring, NotFound
from domain.notebook import Notebook
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import ClosingReason
from domain.relationship_state import AlreadyClosed, NotAParticipant
from domain.strand import Audience, Entry, NoSuchEntry, WrongReaders
from domain.values import Act
from tests.sealed_notes import entry_of, epoch_of, grants_for, kept
from tests.unit.domain.watched import WatchedRecorder, order, watched_mentoring

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MENTEE = uuid4()
STRANGER = uuid4()


class Request:
    """A mentee's request, before anybody else takes part, and what is stored of its notebook."""

    def __init__(self) -> None:
        self.mentoring: Mentoring
        self.recorder: WatchedRecorder
        self.mentoring, self.recorder = watched_mentoring()
        self.id = uuid4()
        act = Act(MENTEE, NOON)
        requested = Relationship.request(self.id, RequestFacts(MENTEE, uuid4()), act)
        self.mentoring.commit(order(act), requested)

    def open(self, audience: Audience, *people: UUID, granter: UUID = MENTEE) -> None:
        notebook = Notebook.id_of(self.id)
        open_epoch(
            self.mentoring,
            order(Act(granter, NOON)),
            relationship=self.id,
            epoch=epoch_of(notebook, audience, 1, granter, people),
            grants=grants_for(notebook, audience, 1, people),
        )

    def append(self, audience: Audience = Audience.OWN, author: UUID = MENTEE) -> Entry:
        entry = self.entry(audience, author)
        act = Act(author, NOON)
        append_entry(self.mentoring, order(act), relationship=self.id, entry=entry)
        return kept(entry)

    def entry(self, audience: Audience, author: UUID = MENTEE) -> Entry:
        place = Entry(uuid4(), audience, 1, 1, author, b"", b"")
        return entry_of(Notebook.id_of(self.id), place)

    def close(self) -> None:
        relationship = self.mentoring.load(Relationship, self.id)
        act = Act(MENTEE, NOON)
        relationship.close(ClosingReason.NO_FAULT, None, act)
        self.mentoring.commit(order(act), relationship)

    @property
    def notebook(self) -> Notebook:
        return self.mentoring.load(Notebook, Notebook.id_of(self.id))


@pytest.fixture
def request_made() -> Request:
    return Request()


def test_a_mentee_writes_their_own_words_before_anybody_else_takes_part(
    request_made: Request,
) -> None:
    request_made.open(Audience.OWN, MENTEE)
    words = request_made.append()
    assert request_made.notebook.entries_for(MENTEE) == (words,)


def test_every_entry_rests_on_who_takes_part(request_made: Request) -> None:
    request_made.open(Audience.OWN, MENTEE)
    assert request_made.recorder.commands[-1].expected_heads == {request_made.id: 1}
    request_made.append()
    assert request_made.recorder.commands[-1].expected_heads == {request_made.id: 1}


def test_rule_11_a_stranger_neither_opens_nor_writes_in_a_notebook(request_made: Request) -> None:
    request_made.open(Audience.OWN, MENTEE)
    with pytest.raises(NotAParticipant):
        request_made.open(Audience.OWN, STRANGER, granter=STRANGER)
    with pytest.raises(NotAParticipant):
        request_made.append(author=STRANGER)


def test_rule_11_nobody_is_slipped_in_as_a_reader(request_made: Request) -> None:
    with pytest.raises(WrongReaders):
        request_made.open(Audience.SHARED, MENTEE, STRANGER)
    with pytest.raises(NotFound):
        assert request_made.notebook


def test_sharing_and_destroying_are_stored(request_made: Request) -> None:
    request_made.open(Audience.OWN, MENTEE)
    request_made.open(Audience.SHARED, MENTEE)
    own, shared = request_made.append(), request_made.entry(Audience.SHARED)
    act = Act(MENTEE, NOON)
    share_entry(
        request_made.mentoring,
        order(act),
        relationship=request_made.id,
        entry=own.id,
        shared=shared,
    )
    destroy_entry(request_made.mentoring, order(act), relationship=request_made.id, entry=own.id)
    assert request_made.notebook.shared_as == {own.id: shared.id}
    assert request_made.notebook.destroyed == {own.id}


def test_a_stranger_cannot_tell_whether_an_entry_exists(request_made: Request) -> None:
    request_made.open(Audience.OWN, MENTEE)
    words = request_made.append()
    for entry in (words.id, uuid4()):
        with pytest.raises(NoSuchEntry):
            destroy_entry(
                request_made.mentoring,
                order(Act(STRANGER, NOON)),
                relationship=request_made.id,
                entry=entry,
            )


def test_after_the_end_nobody_writes_to_the_other(request_made: Request) -> None:
    for audience in Audience:
        request_made.open(audience, MENTEE)
    own = request_made.append()
    request_made.close()
    with pytest.raises(AlreadyClosed):
        request_made.append(Audience.SHARED)
    with pytest.raises(AlreadyClosed):
        request_made.open(Audience.SHARED, MENTEE)
    with pytest.raises(AlreadyClosed):
        share_entry(
            request_made.mentoring,
            order(Act(MENTEE, NOON)),
            relationship=request_made.id,
            entry=own.id,
            shared=request_made.entry(Audience.SHARED),
        )


def test_after_the_end_each_goes_on_writing_for_themselves(request_made: Request) -> None:
    request_made.close()
    request_made.open(Audience.OWN, MENTEE)
    own = request_made.append()
    assert request_made.notebook.entries_for(MENTEE) == (own,)
    destroy_entry(
        request_made.mentoring,
        order(Act(MENTEE, NOON)),
        relationship=request_made.id,
        entry=own.id,
    )
    assert request_made.notebook.destroyed == {own.id}
