"""Verifies one strand as the service shows it, and opens it as far as every check holds. Pure: no file, no network.

The last rule, after those of `circle` and `epochs`; nothing from the first break of one is believed:
5. The entries form one unbroken chain that still holds the last epoch and entry we saw.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from api.participant.circle import Circle
from api.participant.epochs import Cause, ReadEpoch, read_epochs
from api.participant.memory import StrandMemory
from api.participant.wire import ShownEntry, ShownNotebook, ShownTip
from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    ChainIsBroken,
    Epoch,
    Kind,
    SealingError,
    Strand,
    Tip,
    open_entry,
    read_header,
    tip_before,
    verify_chain,
)


@dataclass(frozen=True)
class ReadEntry:
    """One entry whose every check held. It prints without its text.

    `author_words` are those of another author's keys, if we know them; `is_mine_now` tells that we wrote it with the keys
    that we use now. Without a body it is closed, to keys that we no longer hold, or was destroyed, as the service says: nobody signs that.
    """

    id: UUID
    audience: Audience
    position: int
    is_mine: bool
    author_words: str | None
    amends: UUID | None
    body: Body | None
    is_closed: bool = False
    is_mine_now: bool = False

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
    since: int
    tip: Tip
    entries: list[ReadEntry]
    memory: StrandMemory
    cause: Cause | None

    @property
    def epoch(self) -> Epoch | None:
        """The newest epoch."""
        return self.epochs[-1].epoch if self.epochs else None


def verified_strand(
    shown: ShownNotebook, strand: Strand, circle: Circle, memory: StrandMemory
) -> VerifiedStrand:
    """The strand as far as its rules hold; what is remembered of it never goes back."""
    said, entries = shown.epochs_of(strand.audience), shown.entries_of(strand.audience)
    read = read_epochs(said, strand, circle, memory)
    epochs, broken_epoch = read.verified, read.cause
    after = said[0].after if said else None
    chain = _Chain([each.sealed_entry for each in entries], epochs, memory, after)
    tip, broken_chain = chain.longest()
    count = tip.position - chain.before.position
    opened, broken_entry = _opened_entries(entries[:count], read.read, circle)
    cause = broken_epoch or broken_chain or broken_entry
    goes_on = not broken_epoch and tip.position > memory.position
    newest = epochs[-1] if epochs else None
    seen = StrandMemory.of(newest, tip, since=read.since, before=chain.before.position)
    kept = seen if goes_on or not cause else memory
    return VerifiedStrand(strand, read.read, read.since, tip, opened, kept, cause)


@dataclass(frozen=True)
class _Chain:
    """Rule 5: the entries as they are shown, from the first one that we read."""

    entries: Sequence[bytes]
    epochs: Sequence[Epoch]
    memory: StrandMemory
    after: ShownTip | None

    @cached_property
    def before(self) -> Tip:
        """What came before: nothing, or for who joined later what their first entry, or else the service, says."""
        if not self.epochs or self.epochs[0].number == 1:
            return EMPTY
        with suppress(SealingError):
            if self.entries:
                return tip_before(self.entries[0])
        return Tip(self.after.position, self.after.entry_hash) if self.after else EMPTY

    def longest(self) -> tuple[Tip, Cause | None]:
        """The tip of the chain, or of its longest beginning that holds, with what broke it there."""
        entries, tip = self.entries, self.memory.tip
        try:
            return self._verify(entries, tip if tip.position else None), None
        except SealingError as cause:
            counts = range(1, len(entries) + 1)
            good = bisect_left(
                counts, 1, key=lambda count: 0 if self._holds(entries[:count]) else 1
            )
            return verify_chain(entries[:good], self.epochs, after=self.before), cause

    def _verify(self, entries: Sequence[bytes], remembered: Tip | None) -> Tip:
        if self.memory.position and self.before.position > self.memory.before:
            raise ChainIsBroken(self.memory.before + 1)
        return verify_chain(entries, self.epochs, after=self.before, remembered=remembered)

    def _holds(self, entries: Sequence[bytes]) -> bool:
        """Whether these are unbroken; a beginning cannot hold the remembered tip before it is reached."""
        tip = self.memory.tip
        is_reached = tip.position and len(entries) + self.before.position >= tip.position
        try:
            self._verify(entries, tip if is_reached else None)
        except SealingError:
            return False
        return True


def _opened_entries(
    shown: Sequence[ShownEntry], epochs: Sequence[ReadEpoch], circle: Circle
) -> tuple[list[ReadEntry], Cause | None]:
    opened: list[ReadEntry] = []
    by_number = {each.epoch.number: each for each in epochs}
    try:
        for each in shown:
            opened.append(_opened(each, by_number, circle))  # noqa: PERF401 - those before a broken one are kept
    except SealingError as cause:
        return opened, cause
    return opened, None


def _opened(shown: ShownEntry, epochs: Mapping[int, ReadEpoch], circle: Circle) -> ReadEntry:
    """The chain holds already, so the entry's own word for its place is believed."""
    header = read_header(shown.sealed_entry)
    slot, sealed = header.slot, shown.sealed
    key = epochs[header.epoch].key
    body = open_entry(sealed, slot, notebook_key=key).body if sealed and key else None
    return ReadEntry(
        id=slot.entry_id,
        audience=header.strand.audience,
        position=slot.position,
        is_mine=circle.is_mine(header.author),
        author_words=circle.words_of(header.author),
        amends=slot.amends,
        body=body,
        is_closed=key is None,
        is_mine_now=header.author == circle.me.public.key_id,
    )
