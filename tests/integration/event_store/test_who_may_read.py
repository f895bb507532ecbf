"""Whatever is granted, revoked, written, destroyed and erased, in any order: a note opens for whom the model says, and for nobody else.

Readers come and go, and keep their keys for ever. The service's store is the real one. In the model a reader of an
epoch reads what was written in it until it is destroyed or the stream is erased, and nothing of any other epoch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

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
from crypto.errors import Erased, RecordingError
from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    ExpectedEpoch,
    Granted,
    Identity,
    Kind,
    SealedEntry,
    SealingError,
    Slot,
    Strand,
    WrongReaders,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    read_header,
    seal_entry,
)
from crypto.sealing import Epoch as VerifiedEpoch
from domain import EVENT_CLASSES
from domain.aggregate import Aggregate
from domain.notebook import Notebook
from domain.strand import Audience as StrandAudience
from domain.strand import Entry, Epoch, Grant, Reader
from domain.values import Act
from tests.databases import fresh_database
from tests.event_store import CARD_EVENTS, Store, act, joined, keep_branch_keys, key_files, new_card

PEOPLE = [uuid4() for _ in range(4)]
DEVICES = {person: new_identity() for person in PEOPLE}
people = st.sampled_from(PEOPLE)
groups = st.sets(people, min_size=1, max_size=3)


@dataclass
class Written:
    """One note in the model: what it says, and who may read it."""

    text: str
    readers: frozenset[UUID]
    slot: Slot
    author: UUID


@dataclass
class Model:
    """Who may read what; it knows no key."""

    readers: frozenset[UUID] = frozenset()
    notes: dict[UUID, Written] = field(default_factory=dict)
    destroyed: set[UUID] = field(default_factory=set)
    is_erased: bool = False

    def may_read(self, person: UUID, note: UUID) -> bool:
        gone = self.is_erased or note in self.destroyed
        return not gone and person in self.notes[note].readers


class Reading(RuleBasedStateMachine):
    """Random acts of people who take part or once did, each with their own keys."""

    store: Store

    @initialize(readers=groups)
    def begin(self, readers: set[UUID]) -> None:
        self.model = Model()
        self.notebook = Notebook.begin_for(uuid4(), act())
        self.strand = Strand(self.notebook.id, Audience.SHARED)
        self.granters: list[Identity] = []
        self.epochs: list[VerifiedEpoch] = []
        self.known: dict[int, Granted] = {}
        self.tip = EMPTY
        self.grant(readers)

    @precondition(lambda self: not self.model.is_erased)
    @rule(readers=groups)
    def change_readers(self, readers: set[UUID]) -> None:
        """Join, leave, replace: also to the same readers, which only renews the key."""
        if self.model.readers & readers:
            self.grant(readers)
            return
        with pytest.raises(WrongReaders):
            self.granted_by(min(readers), readers)

    @precondition(lambda self: not self.model.is_erased)
    @rule(which=st.integers(min_value=0), size=st.integers(min_value=0, max_value=1500))
    def write(self, which: int, size: int) -> None:
        author = sorted(self.model.readers)[which % len(self.model.readers)]
        text, slot = f"ferrule {len(self.model.notes)} " + "x" * size, self.tip.next(uuid4())
        key = self.known[len(self.epochs)].notebook_key
        body = Body(Kind.NOTE, text)
        sealed = seal_entry(body, slot, author=DEVICES[author], notebook_key=key)
        self.notebook.append(
            Entry(
                slot.entry_id,
                StrandAudience.SHARED,
                len(self.epochs),
                slot.position,
                author,
                sealed.entry,
                sealed.wrapped_key,
            ),
            Act(author, act().at),
            participants=self.model.readers,
        )
        self.save()
        self.tip = sealed.tip
        self.model.notes[slot.entry_id] = Written(text, self.model.readers, slot, author)

    @precondition(lambda self: self.model.notes and not self.model.is_erased)
    @rule(which=st.integers(min_value=0))
    def destroy(self, which: int) -> None:
        note = sorted(self.model.notes)[which % len(self.model.notes)]
        if note in self.model.destroyed:
            return
        self.notebook.destroy(note, Act(self.model.notes[note].author, act().at))
        self.save()
        self.model.destroyed.add(note)

    @precondition(lambda self: self.model.notes and not self.model.is_erased)
    @rule(chance=st.integers(min_value=0, max_value=3))
    def erase(self, chance: int) -> None:
        """Seldom, since nothing is left to do after it."""
        if chance:
            return
        card = new_card()
        card.end_keys("operational", self.notebook.id, "stream")
        self.store.commit(card)
        self.store.keyring.forget([self.notebook.id])
        self.model.is_erased = True

    @precondition(lambda self: self.model.is_erased)
    @rule(which=people)
    def write_late(self, which: UUID) -> None:
        """From memory, by somebody whose process does not know yet."""
        self.notebook.record(Notebook.EntryDestroyed, Act(which, act().at), entry=uuid4())
        with pytest.raises((Erased, RecordingError)):
            self.save()

    @invariant()
    def each_reads_what_the_model_says_and_nothing_else(self) -> None:
        try:
            kept = self.store.mentoring.load(Notebook, self.notebook.id)
        except Erased:
            assert self.model.is_erased
            return
        assert not self.model.is_erased
        for person in PEOPLE:
            opened = self.opened_by(person, kept)
            allowed = {n: w.text for n, w in self.model.notes.items() if self.may(person, n)}
            assert opened == allowed

    def may(self, person: UUID, note: UUID) -> bool:
        return self.model.may_read(person, note)

    def opened_by(self, person: UUID, kept: Notebook) -> dict[UUID, str]:
        """What somebody opens with their own keys and everything that the service keeps, also what it gives to others."""
        opened: dict[UUID, str] = {}
        keys = self.keys_of(person, kept)
        for entry in kept.shared.entries:
            for key in keys:
                sealed = SealedEntry(entry.sealed_entry, entry.wrapped_entry_key)
                try:
                    slot = read_header(entry.sealed_entry).slot
                    body = open_entry(sealed, slot, notebook_key=key).body
                except SealingError:
                    continue
                opened[entry.id] = body.text
        return opened

    def keys_of(self, person: UUID, kept: Notebook) -> list[Any]:
        """Every grant of every epoch is tried, not only those for this person."""
        found = []
        for (number, _), sealed_key in kept.shared.grants.items():
            epoch, statement = self.epochs[number - 1], kept.shared.epochs[number - 1].statement
            expected = ExpectedEpoch(
                self.strand,
                self.granters[number - 1].public,
                list(epoch.readers.values()),
                self.epochs[number - 2] if number > 1 else None,
            )
            try:
                key = open_grant(statement, sealed_key, reader=DEVICES[person], expected=expected)
            except SealingError:
                continue
            found.append(key)
        return found

    def grant(self, readers: set[UUID]) -> None:
        before = self.model.readers or frozenset(readers)
        granter = min(before & readers)
        granted = self.granted_by(granter, readers)
        self.model.readers = frozenset(readers)
        number = len(self.epochs) + 1
        rows = tuple(Reader(each, DEVICES[each].public.key_id) for each in sorted(readers))
        epoch = Epoch(StrandAudience.SHARED, number, granter, rows, granted.statement)
        grants = tuple(Grant(row.person, granted.sealed_keys[row.key_id]) for row in rows)
        self.notebook.open_epoch(
            epoch, grants, Act(granter, act().at), participants=self.model.readers
        )
        self.save()
        self.known[number] = granted
        self.granters.append(DEVICES[granter])
        self.epochs.append(granted.notebook_key.epoch)

    def granted_by(self, granter: UUID, readers: set[UUID]) -> Granted:
        return grant_epoch(
            DEVICES[granter],
            [DEVICES[each].public for each in sorted(readers)],
            strand=self.strand,
            previous=self.epochs[-1] if self.epochs else None,
        )

    def save(self) -> None:
        changed: Aggregate = self.notebook
        self.store.commit(changed)


@pytest.fixture(scope="module")
def store(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    files: dict[str, Path] = key_files(tmp_path_factory.mktemp("keys"))
    with fresh_database(postgres, template) as database:
        keep_branch_keys(database.owner_url, files)
        with joined(database.api_url, files, {**EVENT_CLASSES, **CARD_EVENTS}) as store:
            yield store


def test_a_note_opens_for_whom_the_model_says_and_for_nobody_else(store: Store) -> None:
    Reading.store = store
    few = settings(
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=12,
        stateful_step_count=14,
    )
    run_state_machine_as_test(Reading, settings=few)
