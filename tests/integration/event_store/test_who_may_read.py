"""Whatever is granted, passed on, ended, written, destroyed, rotated and erased, in any order: a note opens for whom the model says, and for nobody else.

Readers come and go, and keep their keys for ever. The service's store, its key service and its locks are the real ones. In the
model a reader of an epoch, or to whom it was passed on, reads what was written in it, until their reading ends, the note is
destroyed, or they or the stream are erased. What was copied before a rotation opens nothing after it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.embedded_postgres import EmbeddedPostgres
from api.records.notebook_locks import locked_entry, locked_grant
from api.records.openings import Openings
from crypto.branch_keys import key_place
from crypto.envelope import field_place, unpad
from crypto.errors import Absent, Erased, RecordingError
from crypto.keyring import NamedKey
from crypto.kms.local import LocalKeyService
from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    ExpectedEpoch,
    Granted,
    Identity,
    Kind,
    NotebookKey,
    PassedOn,
    SealedEntry,
    SealingError,
    Slot,
    Strand,
    WrongReaders,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    open_passed_on,
    pass_on,
    read_header,
    seal_entry,
)
from crypto.sealing import Epoch as VerifiedEpoch
from domain import EVENT_CLASSES
from domain.notebook import Notebook
from domain.notebook_readers import Readership
from domain.strand import Audience as StrandAudience
from domain.strand import Entry, Epoch, GapInEpochs, Grant, Reader
from domain.strand import PassedOn as KeptPassedOn
from domain.values import Act, Sealed
from tests.databases import Database, fresh_database
from tests.event_store import CARD_EVENTS, Store, act, joined, keep_branch_keys, key_files, new_card
from tests.rotating import decided_anew, rotate

IDENTITIES = [new_identity() for _ in range(4)]
PEOPLE: list[UUID] = []
DEVICES: dict[UUID, Identity] = {}
"""Of the run that goes on: whoever was erased in one is never to be let in again."""
SHARED = StrandAudience.SHARED
numbers = st.integers(min_value=0, max_value=3)
people = numbers.map(lambda number: PEOPLE[number])
groups = st.sets(numbers, min_size=1, max_size=3).map(lambda each: {PEOPLE[n] for n in each})
ERASE = "SELECT record.erase(%s, %s, ARRAY[]::uuid[])"
LOCKS = """
SELECT key_id, owner, purpose, epoch, wrapped_key FROM keys.data_key_locks
 WHERE wrapped_key IS NOT NULL AND starts_with(purpose, 'lock/')
"""


@dataclass
class Written:
    """One note in the model: what it says, and in which epoch."""

    text: str
    epoch: int
    author: UUID


@dataclass
class Model:
    """Who may read what; it knows no key."""

    readers: list[frozenset[UUID]] = field(default_factory=list)
    reads: set[tuple[UUID, int]] = field(default_factory=set)
    notes: dict[UUID, Written] = field(default_factory=dict)
    destroyed: set[UUID] = field(default_factory=set)
    erased: set[UUID] = field(default_factory=set)
    is_gone: bool = False

    def open(self, readers: frozenset[UUID]) -> None:
        gone = self.readers[-1] - readers if self.readers else frozenset()
        for person in gone:
            self.end(person)
        self.readers.append(readers)
        self.reads |= {(person, len(self.readers)) for person in readers}

    def end(self, person: UUID) -> None:
        self.reads = {each for each in self.reads if each[0] != person}

    def read_by(self, person: UUID) -> dict[UUID, str]:
        if self.is_gone or person in self.erased:
            return {}
        return {
            id: note.text
            for id, note in self.notes.items()
            if id not in self.destroyed and (person, note.epoch) in self.reads
        }


class Reading(RuleBasedStateMachine):
    """Random acts of people who take part or once did, each with their own keys."""

    store: Store
    database: Database
    files: Mapping[str, Path]

    def __init__(self) -> None:
        super().__init__()
        # In their order, which some of the steps go by.
        PEOPLE[:] = sorted(uuid4() for _ in IDENTITIES)
        DEVICES.clear()
        DEVICES.update(zip(PEOPLE, IDENTITIES, strict=True))

    @initialize(readers=groups)
    def begin(self, readers: set[UUID]) -> None:
        self.model = Model()
        self.relationship = uuid4()
        self.notebook = Notebook.begin_for(self.relationship, act())
        self.strand = Strand(self.notebook.id, Audience.SHARED)
        self.granters: list[UUID] = []
        self.epochs: list[VerifiedEpoch] = []
        self.known: dict[int, Granted] = {}
        self.tip = EMPTY
        self.stolen: list[Any] = []
        self.grant(frozenset(readers), min(readers))

    @property
    def openings(self) -> Openings:
        return Openings(self.store.mentoring, self.store.keyring)

    @precondition(lambda self: not self.model.is_gone)
    @rule(readers=groups)
    def change_readers(self, readers: set[UUID]) -> None:
        """Join, leave, replace: also to the same readers, which only renews the key."""
        now = frozenset(readers - self.model.erased)
        newest = len(self.model.readers)
        able = {each for each in now & self.model.readers[-1] if (each, newest) in self.model.reads}
        if able:
            self.grant(now, min(able))
        elif now and not now & self.model.readers[-1]:
            with pytest.raises(WrongReaders):
                self.granted_by(min(now), now)

    @precondition(lambda self: not self.model.is_gone)
    @rule(which=st.integers(min_value=0), size=st.sampled_from([0, 1500]))
    def write(self, which: int, size: int) -> None:
        readers = self.model.readers[-1]
        author = sorted(readers)[which % len(readers)]
        text, slot = f"ferrule {len(self.model.notes)} " + "x" * size, self.tip.next(uuid4())
        key = self.known[len(self.epochs)].notebook_key
        sealed = seal_entry(Body(Kind.NOTE, text), slot, author=DEVICES[author], notebook_key=key)
        decided_anew(lambda: self.append(slot, sealed, author))
        self.tip = sealed.tip
        self.model.notes[slot.entry_id] = Written(text, len(self.epochs), author)

    @precondition(lambda self: self.model.notes and not self.model.is_gone)
    @rule(which=st.integers(min_value=0))
    def destroy(self, which: int) -> None:
        note = sorted(self.model.notes)[which % len(self.model.notes)]
        author = self.model.notes[note].author
        reads = (author, self.model.notes[note].epoch) in self.model.reads
        if note in self.model.destroyed or not reads:
            return
        self.change(lambda kept: kept.destroy(note, Act(author, act().at)))
        self.model.destroyed.add(note)

    @precondition(lambda self: not self.model.is_gone)
    @rule(granter=people, reader=people, which=st.integers(min_value=0))
    def let_read(self, granter: UUID, reader: UUID, which: int) -> None:
        """By the mentee, as far as the notebook can tell: to whomever they like."""
        number = which % len(self.epochs) + 1
        can = (granter, number) in self.model.reads and not {granter, reader} & self.model.erased
        if not can:
            return
        key = NotebookKey(
            self.epoch_read_by(granter, number), self.known[number].notebook_key.secret
        )
        passed = pass_on(key, DEVICES[reader].public, granter=DEVICES[granter])
        row = Reader(reader, DEVICES[reader].public.key_id)
        kept = KeptPassedOn(SHARED, number, granter, row, passed.statement)
        grant = Grant(reader, passed.sealed_key)
        try:
            decided_anew(lambda: self.change(lambda book: self.passed(book, kept, grant)))
        except GapInEpochs:
            return
        self.model.reads.add((reader, number))

    @precondition(lambda self: not self.model.is_gone)
    @rule(person=people)
    def end_reading(self, person: UUID) -> None:
        self.change(lambda kept: kept.replace_reader(person, act()))
        self.model.end(person)

    @precondition(lambda self: not self.model.is_gone)
    @rule(person=people, chance=st.integers(min_value=0, max_value=2))
    def erase_person(self, person: UUID, chance: int) -> None:
        """All keys of theirs, with the function that the clerk carries an erasure out with."""
        if chance or len(self.model.erased) > 1 or person in self.model.readers[-1]:
            return
        with psycopg.connect(self.database.owner_url) as owner:
            owner.execute(ERASE, [uuid4(), person])
        self.model.erased.add(person)

    @rule(chance=st.integers(min_value=0, max_value=2))
    def rotate(self, chance: int) -> None:
        """Steal all locks first: after the rotation none of them comes off with the keys that are left."""
        if chance:
            return
        with psycopg.connect(self.database.owner_url) as owner:
            self.stolen = owner.execute(LOCKS.encode()).fetchall()
        rotate(self.database, self.files)
        service = LocalKeyService(self.files)
        for key_id, owner_id, purpose, epoch, wrapped in self.stolen:
            where = key_place("locks", key_id, owner_id, purpose, epoch)
            with pytest.raises(Erased):
                service.unwrap("locks", epoch, wrapped, where)

    @precondition(lambda self: not self.model.is_gone)
    @rule(chance=st.integers(min_value=0, max_value=4))
    def erase(self, chance: int) -> None:
        """Seldom, since nothing is left to do after it."""
        if chance:
            return
        card = new_card()
        card.end_keys("operational", self.notebook.id, "stream")
        decided_anew(lambda: self.store.commit(card))
        self.store.keyring.forget([self.notebook.id])
        self.model.is_gone = True

    @precondition(lambda self: self.model.is_gone)
    @rule(which=people)
    def write_late(self, which: UUID) -> None:
        """From memory, by somebody whose process does not know yet."""
        self.notebook.record(Notebook.EntryDestroyed, Act(which, act().at), entry=uuid4())
        with pytest.raises((Erased, RecordingError)):
            self.store.commit(self.notebook)

    @invariant()
    def each_reads_what_the_model_says_and_nothing_else(self) -> None:
        try:
            kept = self.store.mentoring.load(Notebook, self.notebook.id)
        except Erased:
            assert self.model.is_gone
            return
        assert not self.model.is_gone
        keys, entries = self.unlocked_grants(kept), self.unlocked_entries(kept)
        for person in PEOPLE:
            assert self.opened_by(person, kept, keys, entries) == self.model.read_by(person)

    def unlocked_grants(self, kept: Notebook) -> dict[tuple[int, UUID], bytes]:
        """Every grant whose lock comes off at all, for whomever."""
        held = {
            place: each for place, each in kept.shared.grants.items() if isinstance(each, Sealed)
        }
        return {place: part for place, each in held.items() if (part := self.taken_off(each))}

    def unlocked_entries(self, kept: Notebook) -> dict[UUID, bytes]:
        found = {e.id: e.locked_entry_key for e in kept.shared.entries if e.locked_entry_key}
        return {id: part for id, each in found.items() if (part := self.taken_off(each))}

    def taken_off(self, value: Sealed) -> bytes | None:
        try:
            named: NamedKey = self.store.keyring.field_key("locks", value.key_id)
        except (Erased, Absent):
            return None
        where = field_place("locks", value.owner, value.purpose, value.field)
        return unpad(named.key.open(value.ciphertext, where, record=""), record="")

    def opened_by(
        self,
        person: UUID,
        kept: Notebook,
        grants: Mapping[tuple[int, UUID], bytes],
        entries: Mapping[UUID, bytes],
    ) -> dict[UUID, str]:
        """What somebody opens with their own keys and all that the service can unlock, also for others."""
        keys = [
            key
            for (number, reader), sealed_key in grants.items()
            if (key := self.key_of(person, kept, (number, reader), sealed_key))
        ]
        opened: dict[UUID, str] = {}
        for entry in kept.shared.entries:
            for key in keys if entry.id in entries else ():
                sealed = SealedEntry(entry.sealed_entry, entries[entry.id])
                try:
                    slot = read_header(entry.sealed_entry).slot
                    opened[entry.id] = open_entry(sealed, slot, notebook_key=key).body.text
                except SealingError:
                    continue
        return opened

    def key_of(
        self, person: UUID, kept: Notebook, grant: tuple[int, UUID], sealed_key: bytes
    ) -> NotebookKey | None:
        """Tried as a grant of the epoch, and as each that was passed on."""
        number = grant[0]
        epoch, statement = self.epochs[number - 1], kept.shared.epochs[number - 1].statement
        expected = ExpectedEpoch(
            self.strand,
            DEVICES[self.granters[number - 1]].public,
            list(epoch.readers.values()),
            self.epochs[number - 2] if number > 1 else None,
        )
        device = DEVICES[person]
        try:
            return open_grant(statement, sealed_key, reader=device, expected=expected)
        except SealingError:
            pass
        for row in kept.shared.passed_on_in(number):
            passed, granter = PassedOn(row.statement, sealed_key), DEVICES[row.granter].public
            try:
                read = self.epoch_read_by(row.granter, number)
                return open_passed_on(passed, epoch=read, granter=granter, reader=device)
            except SealingError:
                continue
        return None

    def epoch_read_by(self, person: UUID, number: int) -> VerifiedEpoch:
        """The epoch, with this person among its later readers: the chain of those is the format's to test."""
        epoch = self.epochs[number - 1]
        later = frozenset({DEVICES[person].public.key_id})
        return VerifiedEpoch(
            epoch.strand,
            epoch.number,
            epoch.readers,
            epoch.statement_hash,
            epoch.key_commitment,
            later,
        )

    def grant(self, readers: frozenset[UUID], granter: UUID) -> None:
        granted = self.granted_by(granter, readers)
        number = len(self.epochs) + 1
        rows = tuple(Reader(each, DEVICES[each].public.key_id) for each in sorted(readers))
        epoch = Epoch(SHARED, number, granter, rows, granted.statement)
        grants = tuple(Grant(row.person, granted.sealed_keys[row.key_id]) for row in rows)
        decided_anew(lambda: self.change(lambda kept: self.opened(kept, epoch, grants)))
        self.model.open(readers)
        self.known[number] = granted
        self.granters.append(granter)
        self.epochs.append(granted.notebook_key.epoch)

    def granted_by(self, granter: UUID, readers: frozenset[UUID]) -> Granted:
        return grant_epoch(
            DEVICES[granter],
            [DEVICES[each].public for each in sorted(readers)],
            strand=self.strand,
            previous=self.epochs[-1] if self.epochs else None,
        )

    def opened(self, kept: Notebook, epoch: Epoch, grants: tuple[Grant, ...]) -> None:
        place = epoch.audience, epoch.number
        locked = tuple(locked_grant(self.openings, kept.id, place, each) for each in grants)
        kept.open_epoch(epoch, locked, Act(epoch.granter, act().at), participants=epoch.people)

    def passed(self, kept: Notebook, passed: KeptPassedOn, grant: Grant) -> None:
        locked = locked_grant(self.openings, kept.id, (SHARED, passed.epoch), grant)
        readership = Readership(frozenset(PEOPLE), frozenset(PEOPLE))
        kept.pass_on(passed, locked, Act(passed.granter, act().at), readership=readership)
        kept.require_no_gap(SHARED, passed.reader.person)

    def append(self, slot: Slot, sealed: SealedEntry, author: UUID) -> None:
        entry = Entry(
            slot.entry_id,
            SHARED,
            len(self.epochs),
            slot.position,
            author,
            sealed.entry,
            sealed.wrapped_key,
        )
        self.change(
            lambda kept: kept.append(
                locked_entry(self.openings, entry),
                Act(author, act().at),
                participants=self.model.readers[-1],
            )
        )

    def change(self, decide: Any) -> None:
        """Decide upon the notebook as it is kept, or begin it, and keep what was decided."""
        if self.epochs:
            kept = self.store.mentoring.load(Notebook, self.notebook.id)
        else:
            kept = Notebook.begin_for(self.relationship, act())
        decide(kept)
        if kept.pending_events:
            self.store.commit(kept)
        self.notebook = kept


@pytest.fixture(scope="module")
def machine(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[type[Reading]]:
    files: dict[str, Path] = key_files(tmp_path_factory.mktemp("keys"))
    with fresh_database(postgres, template) as database:
        keep_branch_keys(database.owner_url, files)
        with joined(database.api_url, files, {**EVENT_CLASSES, **CARD_EVENTS}) as store:
            Reading.store, Reading.database, Reading.files = store, database, files
            yield Reading


def test_a_note_opens_for_whom_the_model_says_and_for_nobody_else(machine: type[Reading]) -> None:
    few = settings(
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=8,
        stateful_step_count=12,
    )
    run_state_machine_as_test(machine, settings=few)
