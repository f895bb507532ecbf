"""Verifies one strand as the service shows it, and opens it as far as every check holds. Pure: no file, no network.

The rules, after those of `pair`; nothing from the first break of one is believed:
3. Each epoch follows the one before, from the first on, and its readers are exactly we two, or we alone.
4. The entries form one unbroken chain that still holds the last epoch and entry we saw.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from api.participant.errors import ParticipantError, RolledBack, UnexpectedReaders
from api.participant.memory import StrandMemory
from api.participant.pair import Pair
from api.participant.wire import ShownEntry, ShownEpoch, ShownNotebook
from crypto.sealing import (
    Audience,
    Body,
    Epoch,
    ExpectedEpoch,
    Kind,
    NotebookKey,
    SealingError,
    Strand,
    Tip,
    open_entry,
    open_grant,
    read_header,
    verify_chain,
)

Cause: TypeAlias = ParticipantError | SealingError


@dataclass(frozen=True)
class ReadEntry:
    """One entry whose every check held. It prints without its text.

    Without a body it was destroyed, as the service says: nobody signs that.
    """

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
    """One strand as far as it passed every check; `cause` says why no further, None that it is whole."""

    strand: Strand
    keys: list[NotebookKey]
    tip: Tip
    entries: list[ReadEntry]
    memory: StrandMemory
    cause: Cause | None

    @property
    def epoch(self) -> Epoch | None:
        """The newest epoch."""
        return self.keys[-1].epoch if self.keys else None


def verified_strand(
    shown: ShownNotebook, strand: Strand, pair: Pair, memory: StrandMemory
) -> VerifiedStrand:
    """The strand as far as its rules hold; what is remembered of it never goes back."""
    keys, broken_epoch = _opened_epochs(shown.epochs_of(strand.audience), strand, pair, memory)
    epochs = [key.epoch for key in keys]
    entries = shown.entries_of(strand.audience)
    tip, broken_chain = _longest_chain([each.sealed_entry for each in entries], epochs, memory)
    opened, broken_entry = _opened_entries(entries[: tip.position], keys, pair)
    cause = broken_epoch or broken_chain or broken_entry
    goes_on = not broken_epoch and tip.position > memory.position
    seen = StrandMemory.of(epochs[-1] if epochs else None, tip)
    kept = seen if goes_on or not cause else memory
    return VerifiedStrand(strand, keys, tip, opened, kept, cause)


def _opened_epochs(
    shown: list[ShownEpoch], strand: Strand, pair: Pair, memory: StrandMemory
) -> tuple[list[NotebookKey], Cause | None]:
    keys: list[NotebookKey] = []
    try:
        for epoch in shown:
            expected = _expected(epoch, strand, pair, keys[-1].epoch if keys else None)
            opened = open_grant(
                epoch.statement, epoch.sealed_key, reader=pair.me, expected=expected
            )
            _require_remembered(opened.epoch, memory)
            keys.append(opened)
        if len(keys) < memory.epoch:
            raise RolledBack
    except (ParticipantError, SealingError) as cause:
        return keys, cause
    return keys, None


def _require_remembered(epoch: Epoch, memory: StrandMemory) -> None:
    if epoch.number == memory.epoch and epoch.statement_hash != memory.statement_hash:
        raise RolledBack


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


def _longest_chain(
    entries: Sequence[bytes], epochs: Sequence[Epoch], memory: StrandMemory
) -> tuple[Tip, Cause | None]:
    """Rule 4: the tip of the chain, or of its longest beginning that holds, with what broke it there."""
    remembered = memory.tip if memory.position else None
    try:
        return verify_chain(entries, epochs, remembered=remembered), None
    except SealingError as cause:
        counts = range(1, len(entries) + 1)
        good = bisect_left(
            counts, 1, key=lambda count: 0 if _holds(entries[:count], epochs, remembered) else 1
        )
        return verify_chain(entries[:good], epochs), cause


def _holds(entries: Sequence[bytes], epochs: Sequence[Epoch], remembered: Tip | None) -> bool:
    """Whether these are unbroken; a beginning cannot hold the remembered tip before it is reached."""
    if remembered and len(entries) < remembered.position:
        remembered = None
    try:
        verify_chain(entries, epochs, remembered=remembered)
    except SealingError:
        return False
    return True


def _opened_entries(
    shown: Sequence[ShownEntry], keys: Sequence[NotebookKey], pair: Pair
) -> tuple[list[ReadEntry], Cause | None]:
    opened: list[ReadEntry] = []
    try:
        for each in shown:
            opened.append(_opened(each, keys, pair))  # noqa: PERF401 - those before a broken one are kept
    except SealingError as cause:
        return opened, cause
    return opened, None


def _opened(shown: ShownEntry, keys: Sequence[NotebookKey], pair: Pair) -> ReadEntry:
    """The chain holds already, so the entry's own word for its place is believed."""
    header = read_header(shown.sealed_entry)
    slot, sealed = header.slot, shown.sealed
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
