from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from domain.aggregate import project
from domain.locks import lock_purpose
from domain.notebook import Notebook
from domain.sealed_note import NotASealedNote, SealedForAnotherPlace, WrongSize
from domain.strand import (
    MOST_ENTRIES,
    MOST_EPOCHS,
    Audience,
    Entry,
    EntryExists,
    EntryIsDestroyed,
    Epoch,
    Grant,
    NoSuchEntry,
    NotAReader,
    NotYourEntry,
    OutOfOrder,
    ReadersHaveChanged,
    StrandIsFull,
    TooManyEpochs,
    WrittenWithOtherKeys,
    WrongReaders,
)
from domain.values import Act, Compartment, Sealed
from tests.sealed_notes import (
    entry_of,
    epoch_of,
    grants_for,
    kept,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RELATIONSHIP = uuid4()
MENTEE = uuid4()
MENTOR = uuid4()
STRANGER = uuid4()
PAIR = frozenset({MENTEE, MENTOR})
SHARED = Audience.SHARED
OWN = Audience.OWN


def by(actor: UUID) -> Act:
    return Act(actor, NOON)


def epoch(audience: Audience, number: int, granter: UUID, *people: UUID) -> Epoch:
    return epoch_of(Notebook.id_of(RELATIONSHIP), audience, number, granter, people)


def grants(*people: UUID, audience: Audience = SHARED, number: int = 1) -> tuple[Grant, ...]:
    return grants_for(Notebook.id_of(RELATIONSHIP), audience, number, people)


def entry(
    audience: Audience,
    author: UUID,
    position: int = 1,
    number: int = 1,
    amends: UUID | None = None,
) -> Entry:
    place = Entry(uuid4(), audience, number, position, author, b"", b"", amends)
    return entry_of(Notebook.id_of(RELATIONSHIP), place)


def opened() -> Notebook:
    notebook = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    open_epoch(notebook, epoch(SHARED, 1, MENTOR, MENTEE, MENTOR), PAIR)
    for person in (MENTEE, MENTOR):
        open_epoch(notebook, epoch(OWN, 1, person, person), PAIR)
    return notebook


def open_epoch(notebook: Notebook, new: Epoch, participants: frozenset[UUID]) -> None:
    people = [reader.person for reader in new.readers]
    handed_in = grants(*people, audience=new.audience, number=new.number)
    notebook.open_epoch(new, handed_in, by(new.granter), participants=participants)


def changed(part: bytes, at: int) -> bytes:
    return part[:at] + bytes((part[at] ^ 1,)) + part[at + 1 :]


def append(
    notebook: Notebook, new: Entry, participants: frozenset[UUID] = PAIR, actor: UUID | None = None
) -> Entry:
    notebook.append(new, by(actor or new.author), participants=participants)
    return kept(new)


def test_rule_11_an_own_entry_is_for_its_author_alone() -> None:
    notebook = opened()
    own = append(notebook, entry(OWN, MENTEE))
    assert notebook.entries_for(MENTEE) == (own,)
    assert notebook.entries_for(MENTOR) == ()
    assert notebook.entries_for(STRANGER) == ()


def test_rule_11_a_shared_entry_is_for_the_participants_only() -> None:
    notebook = opened()
    shared = append(notebook, entry(SHARED, MENTOR))
    assert notebook.entries_for(MENTEE) == notebook.entries_for(MENTOR) == (shared,)
    assert notebook.entries_for(STRANGER) == ()


def test_rule_11_a_successor_sees_nothing_of_a_predecessors_and_who_left_sees_nothing() -> None:
    notebook, successor = opened(), uuid4()
    before = append(notebook, entry(SHARED, MENTOR))
    now = frozenset({MENTEE, successor})
    open_epoch(notebook, epoch(SHARED, 2, MENTEE, MENTEE, successor), now)
    after = append(notebook, entry(SHARED, MENTEE, position=2, number=2), now)
    assert notebook.entries_for(successor) == (after,)
    assert notebook.entries_for(MENTOR) == notebook.epochs_for(MENTOR)[1:] == ()
    assert notebook.entries_for(MENTEE) == (before, after)


def test_rule_11_a_grant_is_handed_to_its_reader_alone() -> None:
    notebook = opened()
    for person, audience in ((MENTEE, SHARED), (MENTOR, OWN)):
        held = notebook.grant_for(person, audience, 1)
        assert isinstance(held, Sealed)
        assert (held.compartment, held.owner) == (Compartment.LOCKS, person)
        assert held.purpose == lock_purpose(notebook.id, audience, 1)
    for audience in Audience:
        with pytest.raises(NotAReader):
            notebook.grant_for(STRANGER, audience, 1)


def test_each_grant_is_an_event_of_its_own() -> None:
    notebook = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    open_epoch(notebook, epoch(SHARED, 1, MENTEE, MENTEE, MENTOR), PAIR)
    granted = [e for e in notebook.pending_events if isinstance(e, Notebook.KeyEntrusted)]
    assert [fact.reader for fact in granted] == [MENTEE, MENTOR]


@pytest.mark.parametrize(
    "wrong",
    [
        epoch(SHARED, 1, MENTEE, MENTEE),
        epoch(SHARED, 1, MENTEE, MENTEE, MENTOR, STRANGER),
        epoch(SHARED, 1, MENTEE, MENTEE, MENTOR, MENTOR),
        epoch(OWN, 1, MENTEE, MENTEE, MENTOR),
        epoch(OWN, 1, MENTEE, MENTOR),
    ],
)
def test_an_epochs_readers_are_exactly_the_participants_or_the_author_alone(wrong: Epoch) -> None:
    with pytest.raises(WrongReaders):
        open_epoch(Notebook.begin_for(RELATIONSHIP, by(MENTEE)), wrong, PAIR)


def test_every_reader_gets_exactly_one_grant() -> None:
    notebook = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    new = epoch(SHARED, 1, MENTEE, MENTEE, MENTOR)
    for wrong in (grants(MENTEE), grants(MENTEE, MENTEE), grants(MENTEE, STRANGER)):
        with pytest.raises(WrongReaders):
            notebook.open_epoch(new, wrong, by(MENTEE), participants=PAIR)


def test_only_a_participant_opens_an_epoch_and_only_in_their_own_name() -> None:
    notebook = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    new = epoch(SHARED, 1, MENTEE, MENTEE, MENTOR)
    with pytest.raises(NotAReader):
        notebook.open_epoch(new, grants(MENTEE, MENTOR), by(MENTOR), participants=PAIR)
    with pytest.raises(NotAReader):
        open_epoch(notebook, epoch(OWN, 1, STRANGER, STRANGER), PAIR)


def test_epochs_follow_without_gaps_and_are_opened_by_a_reader_of_the_last() -> None:
    notebook, successor = opened(), uuid4()
    now = frozenset({MENTEE, successor})
    with pytest.raises(OutOfOrder):
        open_epoch(notebook, epoch(SHARED, 3, MENTEE, MENTEE, successor), now)
    with pytest.raises(NotAReader):
        open_epoch(notebook, epoch(SHARED, 2, successor, MENTEE, successor), now)


@pytest.mark.parametrize(("position", "number"), [(0, 1), (2, 1), (1, 0), (1, 2)])
def test_positions_follow_without_gaps_in_the_newest_epoch(position: int, number: int) -> None:
    with pytest.raises(OutOfOrder):
        append(opened(), entry(SHARED, MENTEE, position, number))


def test_an_entry_needs_an_epoch() -> None:
    with pytest.raises(OutOfOrder):
        append(Notebook.begin_for(RELATIONSHIP, by(MENTEE)), entry(OWN, MENTEE, number=0))


def test_strands_count_apart() -> None:
    notebook = opened()
    append(notebook, entry(SHARED, MENTEE))
    append(notebook, entry(OWN, MENTEE))
    append(notebook, entry(OWN, MENTOR))
    append(notebook, entry(SHARED, MENTOR, position=2))
    assert [e.position for e in notebook.entries_for(MENTOR)] == [1, 1, 2]


def test_only_a_participant_writes_and_only_as_themselves() -> None:
    notebook = opened()
    with pytest.raises(NotAReader):
        append(notebook, entry(SHARED, STRANGER))
    with pytest.raises(NotAReader):
        append(notebook, entry(SHARED, MENTOR), actor=MENTEE)


def test_whoever_joined_or_left_needs_a_new_epoch_before_anything_is_shared() -> None:
    with pytest.raises(ReadersHaveChanged):
        append(opened(), entry(SHARED, MENTEE), frozenset({MENTEE}))


def test_an_entry_is_written_once() -> None:
    notebook = opened()
    first = append(notebook, entry(SHARED, MENTEE))
    with pytest.raises(EntryExists):
        append(notebook, first)


@pytest.mark.parametrize("bucket", [1024, 4096, 16_384, 65_536])
def test_an_entry_fills_one_of_four_buckets(bucket: int) -> None:
    fitting = entry_of(Notebook.id_of(RELATIONSHIP), entry(OWN, MENTEE), bucket=bucket)
    for size in (len(fitting.sealed_entry) - 1, len(fitting.sealed_entry) + 1):
        sealed_entry = fitting.sealed_entry.ljust(size, b"e")[:size]
        with pytest.raises(WrongSize):
            append(opened(), replace(fitting, sealed_entry=sealed_entry))
    append(opened(), fitting)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("part", ["sealed_entry", "wrapped_entry_key"])
def test_an_entry_is_of_the_one_version_form_and_suite(part: str, at: int) -> None:
    good = entry(SHARED, MENTEE)
    for wrong in (b"", b"\x01\x05\x01"[:at], changed(getattr(good, part), at)):
        with pytest.raises(NotASealedNote):
            append(opened(), replace(good, **{part: wrong}))


@pytest.mark.parametrize("at", [3, 4, 19, 23, 56, 75, 108, 124, 155])
def test_an_entry_says_of_its_place_and_author_what_the_request_says(at: int) -> None:
    good = entry(SHARED, MENTEE)
    with pytest.raises(SealedForAnotherPlace):
        append(opened(), replace(good, sealed_entry=changed(good.sealed_entry, at)))


def test_nobody_writes_under_the_key_of_another() -> None:
    theirs = entry(SHARED, MENTOR)
    with pytest.raises(SealedForAnotherPlace):
        append(opened(), replace(theirs, author=MENTEE))


def test_a_three_byte_entry_of_a_partner_is_refused() -> None:
    notebook = opened()
    with pytest.raises(WrongSize):
        append(notebook, replace(entry(SHARED, MENTOR), sealed_entry=b"\x01\x05\x01"))
    assert notebook.entries_for(MENTEE) == ()


@pytest.mark.parametrize("size", [62, 64])
def test_a_wrapped_key_has_the_size_of_its_format(size: int) -> None:
    good = entry(OWN, MENTEE)
    wrong = good.wrapped_entry_key.ljust(size, b"w")[:size]
    with pytest.raises(WrongSize):
        append(opened(), replace(good, wrapped_entry_key=wrong))


@pytest.mark.parametrize("size", [1170, 1172])
def test_a_grant_has_the_size_of_its_format(size: int) -> None:
    notebook = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    (good,) = grants(MENTEE, audience=OWN)
    wrong = (replace(good, sealed_key=good.sealed_key.ljust(size, b"g")[:size]),)
    with pytest.raises(WrongSize):
        notebook.open_epoch(epoch(OWN, 1, MENTEE, MENTEE), wrong, by(MENTEE), participants=PAIR)


def test_a_statement_has_a_row_for_each_reader() -> None:
    notebook = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    good = epoch(SHARED, 1, MENTEE, MENTEE, MENTOR)
    for wrong in (good.statement[:-1], good.statement[:-64], changed(good.statement, 121)):
        with pytest.raises(WrongSize):
            open_epoch(notebook, replace(good, statement=wrong), PAIR)


@pytest.mark.parametrize("at", [3, 4, 23, 56, 122, 186])
def test_a_statement_says_of_its_epoch_what_the_request_says(at: int) -> None:
    notebook = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    good = epoch(SHARED, 1, MENTEE, MENTEE, MENTOR)
    with pytest.raises(SealedForAnotherPlace):
        open_epoch(notebook, replace(good, statement=changed(good.statement, at)), PAIR)


def test_a_strand_takes_no_more_than_its_most_entries() -> None:
    notebook = opened()
    last = entry(OWN, MENTEE)
    notebook.own[MENTEE].entries[:] = [last] * MOST_ENTRIES
    with pytest.raises(StrandIsFull):
        append(notebook, entry(OWN, MENTEE, position=MOST_ENTRIES + 1))
    append(notebook, entry(SHARED, MENTEE))


def test_a_strand_takes_no_more_than_its_most_epochs() -> None:
    notebook = opened()
    own = notebook.own[MENTEE]
    own.epochs[:] = own.epochs * MOST_EPOCHS
    with pytest.raises(TooManyEpochs):
        open_epoch(notebook, epoch(OWN, MOST_EPOCHS + 1, MENTEE, MENTEE), PAIR)


def test_sharing_seals_an_own_entry_anew_and_leaves_the_own_one() -> None:
    notebook = opened()
    own = append(notebook, entry(OWN, MENTEE))
    shared = entry(SHARED, MENTEE)
    notebook.share(own.id, shared, by(MENTEE), participants=PAIR)
    assert notebook.entries_for(MENTEE) == (own, kept(shared))
    assert notebook.entries_for(MENTOR) == (kept(shared),)
    assert notebook.shared_as == {own.id: shared.id}


def test_nobody_shares_or_destroys_or_amends_what_is_not_theirs() -> None:
    notebook = opened()
    own = append(notebook, entry(OWN, MENTEE))
    theirs = append(notebook, entry(SHARED, MENTEE))
    with pytest.raises(NoSuchEntry):
        notebook.share(own.id, entry(SHARED, MENTOR, 2), by(MENTOR), participants=PAIR)
    with pytest.raises(NoSuchEntry):
        notebook.destroy(own.id, by(MENTOR))
    with pytest.raises(NotYourEntry):
        notebook.destroy(theirs.id, by(MENTOR))
    with pytest.raises(NotYourEntry):
        append(notebook, entry(SHARED, MENTOR, 2, amends=theirs.id))
    with pytest.raises(NoSuchEntry):
        append(notebook, entry(SHARED, MENTOR, 2, amends=own.id))


def test_an_author_amends_their_own_in_the_same_strand() -> None:
    notebook = opened()
    first = append(notebook, entry(SHARED, MENTEE))
    append(notebook, entry(SHARED, MENTEE, 2, amends=first.id))
    with pytest.raises(NoSuchEntry):
        append(notebook, entry(OWN, MENTEE, 1, amends=first.id))


def test_what_was_written_with_other_keys_is_not_amended_with_these() -> None:
    """A client takes it for a forgery, and the strand would be broken for every reader."""
    notebook = opened()
    first = append(notebook, entry(SHARED, MENTEE))
    earlier = first.sealed_entry.replace(MENTEE.bytes * 2, bytes(32))
    notebook.shared.entries[0] = replace(first, sealed_entry=earlier)
    with pytest.raises(WrittenWithOtherKeys):
        append(notebook, entry(SHARED, MENTEE, 2, amends=first.id))


def test_a_destroyed_entry_keeps_its_place_and_loses_its_key() -> None:
    notebook = opened()
    first = append(notebook, entry(SHARED, MENTEE))
    notebook.destroy(first.id, by(MENTEE))
    (left,) = notebook.entries_for(MENTOR)
    assert left == replace(first, locked_entry_key=None)
    with pytest.raises(EntryIsDestroyed):
        notebook.destroy(first.id, by(MENTEE))
    append(notebook, entry(SHARED, MENTOR, 2))


def test_nothing_sealed_is_printed() -> None:
    assert repr(entry(OWN, MENTEE)) == "<sealed>"
    assert repr(grants(MENTEE)[0]) == "<sealed>"


def test_replaying_the_events_gives_the_same_notebook() -> None:
    notebook = opened()
    own = append(notebook, entry(OWN, MENTEE))
    notebook.share(own.id, entry(SHARED, MENTEE), by(MENTEE), participants=PAIR)
    notebook.destroy(own.id, by(MENTEE))
    assert project(None, notebook.collect_events()) == notebook
