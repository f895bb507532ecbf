"""Verifies a notebook as the service shows it, and opens what is for this participant. Pure: no file, no network.

The rules, after those of `pair`; what breaks one is refused and nothing of the notebook is believed:
3. Each epoch follows the one before, from the first on, and its readers are exactly we two, or we alone.
4. Each strand's entries form one unbroken chain that still holds the last epoch and entry we saw.
"""

from dataclasses import dataclass
from uuid import UUID

from api.participant.errors import RolledBack, UnexpectedReaders
from api.participant.memory import Memory, StrandMemory
from api.participant.pair import Pair, trusted_pair
from api.participant.wire import ShownEntry, ShownEpoch, ShownNotebook, notebook_id
from crypto.sealing import (
    Audience,
    Body,
    Epoch,
    ExpectedEpoch,
    Identity,
    Kind,
    NotebookKey,
    Slot,
    Strand,
    Tip,
    open_entry,
    open_grant,
    read_header,
    verify_chain,
)


@dataclass(frozen=True)
class ReadEntry:
    """One entry whose every check held; without a body it was destroyed. It prints without its text."""

    id: UUID
    audience: Audience
    position: int
    is_mine: bool
    amends: UUID | None
    body: Body | None

    @property
    def text(self) -> str | None:
        """What was written."""
        return self.body.text if self.body else None

    @property
    def kind(self) -> Kind | None:
        """What it is to its readers."""
        return self.body.kind if self.body else None


@dataclass(frozen=True)
class VerifiedStrand:
    """One strand that passed every check."""

    strand: Strand
    keys: list[NotebookKey]
    tip: Tip
    entries: list[ReadEntry]

    @property
    def epoch(self) -> Epoch | None:
        """The newest epoch."""
        return self.keys[-1].epoch if self.keys else None

    @property
    def memory(self) -> StrandMemory:
        """What to remember of it."""
        return StrandMemory.of(self.epoch, self.tip)


@dataclass(frozen=True)
class VerifiedNotebook:
    """A notebook that passed every check."""

    pair: Pair
    own: VerifiedStrand
    shared: VerifiedStrand

    def strand(self, audience: Audience) -> VerifiedStrand:
        """One of its two strands."""
        return self.own if audience is Audience.OWN else self.shared

    @property
    def memory(self) -> Memory:
        """What to remember of it."""
        return Memory(self.pair.partner, self.own.memory, self.shared.memory)


def verified(
    shown: ShownNotebook, relationship: UUID, me: Identity, memory: Memory
) -> VerifiedNotebook:
    """The notebook, once all its rules hold; raises ServiceUntrustworthy or SealingError kinds."""
    pair = trusted_pair(shown, me, memory)
    notebook = notebook_id(relationship)
    own, shared = (
        _verified_strand(shown, Strand(notebook, audience), pair, memory.strand(audience))
        for audience in (Audience.OWN, Audience.SHARED)
    )
    return VerifiedNotebook(pair, own, shared)


def _verified_strand(
    shown: ShownNotebook, strand: Strand, pair: Pair, memory: StrandMemory
) -> VerifiedStrand:
    keys = _opened_epochs(shown.epochs_of(strand.audience), strand, pair, memory)
    epochs = [key.epoch for key in keys]
    entries = shown.entries_of(strand.audience)
    remembered = memory.tip if memory.position else None
    tip = verify_chain([each.sealed_entry for each in entries], epochs, remembered=remembered)
    return VerifiedStrand(strand, keys, tip, [_opened(each, keys, pair) for each in entries])


def _opened_epochs(
    shown: list[ShownEpoch], strand: Strand, pair: Pair, memory: StrandMemory
) -> list[NotebookKey]:
    keys: list[NotebookKey] = []
    for epoch in shown:
        expected = _expected(epoch, strand, pair, keys[-1].epoch if keys else None)
        keys.append(
            open_grant(epoch.statement, epoch.sealed_key, reader=pair.me, expected=expected)
        )
    if len(keys) < memory.epoch:
        raise RolledBack
    if memory.epoch and keys[memory.epoch - 1].epoch.statement_hash != memory.statement_hash:
        raise RolledBack
    return keys


def _expected(
    shown: ShownEpoch, strand: Strand, pair: Pair, previous: Epoch | None
) -> ExpectedEpoch:
    """Rule 3: readers and granter as we know them; the statement must agree with every one."""
    trusted = pair.trusted_keys()
    readers = {each.person: trusted.get((each.person, each.key_id)) for each in shown.readers}
    known = [each for each in readers.values() if each]
    granter = readers.get(shown.granter)
    expected = pair.readers_of(strand.audience)
    if granter is None or readers.keys() != expected.keys() or len(known) != len(shown.readers):
        raise UnexpectedReaders
    return ExpectedEpoch(strand, granter, known, previous)


def _opened(shown: ShownEntry, keys: list[NotebookKey], pair: Pair) -> ReadEntry:
    """The chain holds already, so the entry's own word for its place is believed."""
    header = read_header(shown.sealed_entry)
    slot: Slot = header.slot
    sealed = shown.sealed
    key = keys[header.epoch - 1]
    body = open_entry(sealed, slot, notebook_key=key).body if sealed else None
    return ReadEntry(
        id=slot.entry_id,
        audience=header.strand.audience,
        position=slot.position,
        is_mine=header.author == pair.me.public.key_id,
        amends=slot.amends,
        body=body,
    )
