"""Verifies one strand as the service shows it, and opens it as far as every check holds. Pure: no file, no network.

The last rule, after those of `pair` and `epochs`; nothing from the first break of one is believed:
5. The entries form one unbroken chain that still holds the last epoch and entry we saw.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.participant.epochs import Cause, ReadEpoch, read_epochs
from api.participant.memory import StrandMemory
from api.participant.pair import Pair
from api.participant.wire import ShownEntry, ShownNotebook
from crypto.sealing import (
    Audience,
    Body,
    Epoch,
    Kind,
    SealingError,
    Strand,
    Tip,
    open_entry,
    read_header,
    verify_chain,
)


@dataclass(frozen=True)
class ReadEntry:
    """One entry whose every check held. It prints without its text.

    Without a body it is closed, to keys that we no longer hold, or was destroyed, as the service says: nobody signs that.
    """

    id: UUID
    audience: Audience
    position: int
    is_mine: bool
    amends: UUID | None
    body: Body | None
    is_closed: bool = False

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
    epochs: list[ReadEpoch]
    tip: Tip
    entries: list[ReadEntry]
    memory: StrandMemory
    cause: Cause | None

    @property
    def epoch(self) -> Epoch | None:
        """The newest epoch."""
        return self.epochs[-1].epoch if self.epochs else None


def verified_strand(
    shown: ShownNotebook, strand: Strand, pair: Pair, memory: StrandMemory
) -> VerifiedStrand:
    """The strand as far as its rules hold; what is remembered of it never goes back."""
    read = read_epochs(shown.epochs_of(strand.audience), strand, pair, memory)
    epochs, broken_epoch = read.verified, read.cause
    entries = shown.entries_of(strand.audience)
    tip, broken_chain = _longest_chain([each.sealed_entry for each in entries], epochs, memory)
    opened, broken_entry = _opened_entries(entries[: tip.position], read.read, pair)
    cause = broken_epoch or broken_chain or broken_entry
    goes_on = not broken_epoch and tip.position > memory.position
    seen = StrandMemory.of(epochs[-1] if epochs else None, tip)
    kept = seen if goes_on or not cause else memory
    return VerifiedStrand(strand, read.read, tip, opened, kept, cause)


def _longest_chain(
    entries: Sequence[bytes], epochs: Sequence[Epoch], memory: StrandMemory
) -> tuple[Tip, Cause | None]:
    """Rule 5: the tip of the chain, or of its longest beginning that holds, with what broke it there."""
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
    shown: Sequence[ShownEntry], epochs: Sequence[ReadEpoch], pair: Pair
) -> tuple[list[ReadEntry], Cause | None]:
    opened: list[ReadEntry] = []
    try:
        for each in shown:
            opened.append(_opened(each, epochs, pair))  # noqa: PERF401 - those before a broken one are kept
    except SealingError as cause:
        return opened, cause
    return opened, None


def _opened(shown: ShownEntry, epochs: Sequence[ReadEpoch], pair: Pair) -> ReadEntry:
    """The chain holds already, so the entry's own word for its place is believed."""
    header = read_header(shown.sealed_entry)
    slot, sealed = header.slot, shown.sealed
    key = epochs[header.epoch - 1].key
    body = open_entry(sealed, slot, notebook_key=key).body if sealed and key else None
    return ReadEntry(
        id=slot.entry_id,
        audience=header.strand.audience,
        position=slot.position,
        is_mine=pair.is_mine(header.author),
        amends=slot.amends,
        body=body,
        is_closed=key is None,
    )
