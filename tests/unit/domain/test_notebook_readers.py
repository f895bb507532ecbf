"""Who reads a notebook, and who does not any more: locks, what is passed on, groups, and the end of reading."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from crypto.lock_keys import LOCK_COMPARTMENT, is_lock
from domain.aggregate import project
from domain.consent_keys import keys_ended_by
from domain.locks import ENTRY_PURPOSE, NotLocked, lock_purpose
from domain.notebook import Notebook
from domain.notebook_readers import NotYoursToEnd, NotYoursToPassOn, Readership, StillTakesPart
from domain.sealed_note import NotASealedNote, SealedForAnotherPlace, WrongSize
from domain.strand import (
    MOST_PASSED_ON,
    Audience,
    Entry,
    Epoch,
    GapInEpochs,
    Grant,
    NotAReader,
    PassedOn,
    Reader,
    ReadersHaveChanged,
    TooMuchPassedOn,
    WrongReaders,
)
from domain.values import Act, Compartment, Sealed
from tests.sealed_notes import (
    SEALED_KEY,
    entry_of,
    epoch_of,
    grant_of,
    grants_for,
    kept,
    passed_on,
    reader_of,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RELATIONSHIP = uuid4()
NOTEBOOK = Notebook.id_of(RELATIONSHIP)
MENTEE, MENTOR, SUCCESSOR, STRANGER = (uuid4() for _ in range(4))
PAIR = frozenset({MENTEE, MENTOR})
SHARED, OWN = Audience.SHARED, Audience.OWN
NEW_KEY = b"\x07" * 32


def by(actor: UUID) -> Act:
    return Act(actor, NOON)


def open_epoch(
    notebook: Notebook, number: int, people: frozenset[UUID], granter: UUID = MENTEE
) -> None:
    epoch = epoch_of(NOTEBOOK, SHARED, number, granter, sorted(people))
    grants = grants_for(NOTEBOOK, SHARED, number, sorted(people))
    notebook.open_epoch(epoch, grants, by(granter), participants=people)


def open_own(notebook: Notebook, person: UUID) -> None:
    epoch = epoch_of(NOTEBOOK, OWN, 1, person, [person])
    grants = grants_for(NOTEBOOK, OWN, 1, [person])
    notebook.open_epoch(epoch, grants, by(person), participants=frozenset({person}))


def append(
    notebook: Notebook, people: frozenset[UUID], position: int = 1, number: int = 1
) -> Entry:
    entry = entry_of(NOTEBOOK, Entry(uuid4(), SHARED, number, position, MENTEE, b"", b""))
    notebook.append(entry, by(MENTEE), participants=people)
    return kept(entry)


@pytest.fixture
def notebook() -> Notebook:
    begun = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    open_epoch(begun, 1, PAIR)
    return begun


def pass_on(
    notebook: Notebook,
    passed: PassedOn,
    *,
    welcome: frozenset[UUID] = frozenset(),
    actor: UUID | None = None,
) -> None:
    grant = grant_of((NOTEBOOK, passed.audience, passed.epoch), passed.reader.person, SEALED_KEY)
    readership = Readership(PAIR, welcome)
    notebook.pass_on(passed, grant, by(actor or passed.granter), readership=readership)
    notebook.require_no_gap(passed.audience, passed.reader.person)


def to(reader: Reader, granter: UUID = MENTEE, number: int = 1) -> PassedOn:
    return passed_on(NOTEBOOK, SHARED, number, granter, reader)


def test_domain_and_keyring_call_lock_keys_alike() -> None:
    assert Compartment.LOCKS.value == LOCK_COMPARTMENT
    assert is_lock(Compartment.LOCKS.value, lock_purpose(NOTEBOOK, SHARED, 1))
    assert not is_lock(Compartment.LOCKS.value, ENTRY_PURPOSE)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {"owner": STRANGER},
        {"purpose": lock_purpose(NOTEBOOK, SHARED, 2)},
        {"purpose": lock_purpose(NOTEBOOK, OWN, 1)},
        {"purpose": lock_purpose(uuid4(), SHARED, 1)},
        {"compartment": Compartment.PERSONAL},
        {"field": "wrapped_entry_key"},
    ],
)
def test_a_grant_is_kept_under_the_lock_of_its_reader_and_epoch_or_not_at_all(
    wrong: dict[str, object] | None,
) -> None:
    begun = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    first, second = grants_for(NOTEBOOK, SHARED, 1, sorted(PAIR))
    assert second.locked_key is not None
    lock = None if wrong is None else replace(second.locked_key, **wrong)  # type: ignore[arg-type]  # - one field of many types
    epoch = epoch_of(NOTEBOOK, SHARED, 1, MENTEE, sorted(PAIR))
    with pytest.raises(NotLocked):
        begun.open_epoch(
            epoch, (first, replace(second, locked_key=lock)), by(MENTEE), participants=PAIR
        )


def test_an_entrys_key_is_kept_under_a_key_of_its_own_or_not_at_all(notebook: Notebook) -> None:
    entry = entry_of(NOTEBOOK, Entry(uuid4(), SHARED, 1, 1, MENTEE, b"", b""))
    others = entry_of(NOTEBOOK, Entry(uuid4(), SHARED, 1, 1, MENTEE, b"", b"")).locked_entry_key
    for wrong in (None, others):
        with pytest.raises(NotLocked):
            notebook.append(replace(entry, locked_entry_key=wrong), by(MENTEE), participants=PAIR)


def test_destroying_an_entry_ends_its_key_and_no_other(notebook: Notebook) -> None:
    entry = append(notebook, PAIR)
    notebook.destroy(entry.id, by(MENTEE))
    assert keys_ended_by(notebook.pending_events[-1]) == (("locks", entry.id, ENTRY_PURPOSE),)


def test_who_is_no_reader_of_a_new_epoch_loses_the_locks_of_all_before(notebook: Notebook) -> None:
    open_epoch(notebook, 2, PAIR)
    notebook.collect_events()
    open_epoch(notebook, 3, frozenset({MENTEE, SUCCESSOR}))
    ended = [end for fact in notebook.pending_events for end in keys_ended_by(fact)]
    assert ended == [("locks", MENTOR, lock_purpose(NOTEBOOK, SHARED, number)) for number in (1, 2)]
    assert notebook.epochs_for(MENTOR) == ()
    assert [epoch.number for epoch in notebook.epochs_for(MENTEE)] == [1, 2, 3]


def test_own_notes_stay_with_whoever_left(notebook: Notebook) -> None:
    open_own(notebook, MENTOR)
    open_epoch(notebook, 2, frozenset({MENTEE, SUCCESSOR}))
    assert [(each.audience, each.number) for each in notebook.epochs_for(MENTOR)] == [(OWN, 1)]


def test_members_of_a_group_join_and_leave_and_each_reads_their_own_time() -> None:
    facilitator, first, second, third = MENTEE, uuid4(), uuid4(), uuid4()
    group = Notebook.begin_for(RELATIONSHIP, by(facilitator))
    times = [
        frozenset({facilitator, first, second}),
        frozenset({facilitator, first, second, third}),
        frozenset({facilitator, second, third}),
    ]
    written = []
    for number, people in enumerate(times, 1):
        open_epoch(group, number, people, granter=facilitator)
        written.append(append(group, people, position=number, number=number))
    assert group.entries_for(facilitator) == group.entries_for(second) == tuple(written)
    assert group.entries_for(third) == tuple(written[1:])
    assert group.entries_for(first) == ()
    with pytest.raises(ReadersHaveChanged):
        append(group, times[1], position=4, number=3)


def test_after_lost_keys_the_other_lets_the_new_ones_read(notebook: Notebook) -> None:
    entry = append(notebook, PAIR)
    passed = to(Reader(MENTOR, NEW_KEY))
    pass_on(notebook, passed)
    held = notebook.grant_for(MENTOR, SHARED, 1)
    assert isinstance(held, Sealed)
    assert held.ciphertext == SEALED_KEY
    assert notebook.shared.passed_on_in(1) == (passed,)
    assert notebook.entries_for(MENTOR) == (entry,)


def test_who_was_passed_it_on_may_pass_it_on_under_the_new_key(notebook: Notebook) -> None:
    pass_on(notebook, to(Reader(MENTEE, NEW_KEY), granter=MENTOR))
    again = to(reader_of(MENTOR))
    statement = again.statement[:56] + NEW_KEY + again.statement[88:]
    pass_on(notebook, replace(again, statement=statement))
    assert len(notebook.shared.passed_on_in(1)) == 2


def test_a_successor_reads_what_the_mentee_passed_on_and_nothing_else(notebook: Notebook) -> None:
    first = append(notebook, PAIR)
    open_epoch(notebook, 2, PAIR)
    append(notebook, PAIR, position=2, number=2)
    assert notebook.entries_for(SUCCESSOR) == ()
    pass_on(notebook, to(reader_of(SUCCESSOR)), welcome=frozenset({SUCCESSOR}))
    assert notebook.entries_for(SUCCESSOR) == (first,)
    assert [epoch.number for epoch in notebook.epochs_for(SUCCESSOR)] == [1]


def test_what_is_passed_on_has_no_gap(notebook: Notebook) -> None:
    for number in (2, 3):
        open_epoch(notebook, number, PAIR)
    welcome = frozenset({SUCCESSOR})
    pass_on(notebook, to(reader_of(SUCCESSOR)), welcome=welcome)
    with pytest.raises(GapInEpochs):
        pass_on(notebook, to(reader_of(SUCCESSOR), number=3), welcome=welcome)


def test_nobody_passes_on_but_in_their_own_name_what_they_read_themselves(
    notebook: Notebook,
) -> None:
    with pytest.raises(NotAReader):
        pass_on(notebook, to(reader_of(MENTOR)), actor=MENTOR)
    with pytest.raises(NotAReader):
        pass_on(notebook, to(reader_of(MENTOR), granter=STRANGER))
    with pytest.raises(NotAReader):
        pass_on(notebook, to(reader_of(MENTOR), number=2), welcome=PAIR)


def test_a_mentor_slips_nobody_in_whom_the_mentee_did_not_welcome(notebook: Notebook) -> None:
    with pytest.raises(WrongReaders):
        pass_on(notebook, to(reader_of(SUCCESSOR), granter=MENTOR))
    joined = Readership(PAIR | {SUCCESSOR})
    grant = grant_of((NOTEBOOK, SHARED, 1), SUCCESSOR, SEALED_KEY)
    passed = to(reader_of(SUCCESSOR), granter=MENTOR)
    with pytest.raises(NotYoursToPassOn):
        notebook.pass_on(passed, grant, by(MENTOR), readership=joined)


def test_own_notes_are_passed_on_to_ones_own_new_key_alone(notebook: Notebook) -> None:
    open_own(notebook, MENTEE)
    pass_on(notebook, passed_on(NOTEBOOK, OWN, 1, MENTEE, Reader(MENTEE, NEW_KEY)))
    others = passed_on(NOTEBOOK, OWN, 1, MENTEE, reader_of(MENTOR))
    with pytest.raises(WrongReaders):
        pass_on(notebook, others, welcome=PAIR)


@pytest.mark.parametrize("at", [3, 4, 23, 56, 88])
def test_a_statement_of_passing_on_says_what_the_request_says(notebook: Notebook, at: int) -> None:
    good = to(reader_of(MENTOR))
    changed = good.statement[:at] + bytes((good.statement[at] ^ 1,)) + good.statement[at + 1 :]
    with pytest.raises(SealedForAnotherPlace):
        pass_on(notebook, replace(good, statement=changed))


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        (b"", NotASealedNote),
        (b"\x01\x03\x01" + bytes(213), NotASealedNote),
        (b"\x01\x07\x01" + bytes(212), WrongSize),
        (b"\x01\x07\x01" + bytes(214), WrongSize),
    ],
)
def test_a_statement_of_passing_on_has_its_one_form(
    notebook: Notebook, statement: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        pass_on(notebook, replace(to(reader_of(MENTOR)), statement=statement))


def test_what_is_passed_on_is_bounded(notebook: Notebook) -> None:
    notebook.shared.passed_on[:] = [to(reader_of(MENTOR))] * MOST_PASSED_ON
    with pytest.raises(TooMuchPassedOn):
        pass_on(notebook, to(reader_of(MENTOR)))


def end(notebook: Notebook, reader: UUID, actor: UUID, taking_part: frozenset[UUID]) -> None:
    notebook.end_reading(reader, by(actor), mentee=MENTEE, taking_part=taking_part)


def test_after_the_end_the_mentee_or_they_themselves_end_a_mentors_reading(
    notebook: Notebook,
) -> None:
    append(notebook, PAIR)
    with pytest.raises(StillTakesPart):
        end(notebook, MENTOR, MENTEE, PAIR)
    with pytest.raises(NotYoursToEnd):
        end(notebook, MENTEE, MENTOR, frozenset())
    with pytest.raises(NotYoursToEnd):
        end(notebook, MENTOR, STRANGER, frozenset())
    end(notebook, MENTOR, MENTEE, frozenset())
    assert notebook.entries_for(MENTOR) == ()
    with pytest.raises(NotAReader):
        end(notebook, MENTOR, MENTOR, frozenset())
    assert len(notebook.entries_for(MENTEE)) == 1


def test_whose_reading_was_ended_is_let_in_again_by_the_mentee_alone(notebook: Notebook) -> None:
    group = PAIR | {SUCCESSOR}
    open_epoch(notebook, 2, group)
    end(notebook, MENTOR, MENTEE, frozenset())
    grant = grant_of((NOTEBOOK, SHARED, 2), MENTOR, SEALED_KEY)
    passed = to(reader_of(MENTOR), granter=SUCCESSOR, number=2)
    with pytest.raises(NotYoursToPassOn):
        notebook.pass_on(passed, grant, by(SUCCESSOR), readership=Readership(group))
    pass_on(notebook, to(reader_of(MENTOR), number=2), welcome=group)
    assert [each.number for each in notebook.epochs_for(MENTOR)] == [2]


def test_grants_and_entries_of_former_days_are_read_as_they_were_kept() -> None:
    old = Notebook.begin_for(RELATIONSHIP, by(MENTEE))
    epoch: Epoch = epoch_of(NOTEBOOK, SHARED, 1, MENTEE, sorted(PAIR))
    place = {"audience": SHARED, "epoch": 1, "granter": MENTEE}
    old.record(
        Notebook.EpochOpened,
        by(MENTEE),
        **place,
        readers=epoch.readers,
        statement=epoch.statement,
    )
    for person in PAIR:
        old.record(Notebook.KeyGranted, by(MENTEE), **place, reader=person, sealed_key=SEALED_KEY)
    entry = entry_of(NOTEBOOK, Entry(uuid4(), SHARED, 1, 1, MENTEE, b"", b""))
    old.record(
        Notebook.EntryAppended,
        by(MENTEE),
        entry=entry.id,
        audience=SHARED,
        epoch=1,
        position=1,
        author=MENTEE,
        sealed_entry=entry.sealed_entry,
        wrapped_entry_key=entry.wrapped_entry_key,
        amends=None,
    )
    assert old.grant_for(MENTOR, SHARED, 1) == SEALED_KEY
    assert old.entries_for(MENTOR) == (replace(entry, locked_entry_key=None),)
    append(old, PAIR, position=2)
    end(old, MENTOR, MENTOR, frozenset())
    assert old.entries_for(MENTOR) == ()


def test_replaying_the_events_gives_the_same_notebook(notebook: Notebook) -> None:
    append(notebook, PAIR)
    pass_on(notebook, to(Reader(MENTOR, NEW_KEY)))
    open_epoch(notebook, 2, frozenset({MENTEE, SUCCESSOR}))
    assert project(None, notebook.collect_events()) == notebook


def test_nothing_sealed_is_printed(notebook: Notebook) -> None:
    grant: Grant = grant_of((NOTEBOOK, SHARED, 1), MENTOR, SEALED_KEY)
    assert repr(grant) == "<sealed>"
    assert "ciphertext" not in repr(notebook.shared.grants)
