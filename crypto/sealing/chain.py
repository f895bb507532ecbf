"""Chains of entries: nothing missing, repeated, moved or rolled back, shown without any key."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from crypto.sealing.entry import read_header, tip_after, verify_entry
from crypto.sealing.errors import ChainIsBroken, EntryBelongsElsewhere, WrongAuthor
from crypto.sealing.grant import Epoch
from crypto.sealing.header import EMPTY, Header, Tip


def verify_chain(
    entries: Sequence[bytes],
    epochs: Sequence[Epoch],
    *,
    after: Tip = EMPTY,
    remembered: Tip | None = None,
) -> Tip:
    """The tip of a strand whose entries follow `after` without a gap (section 4.6).

    `epochs` are the verified epochs of the strand. `remembered` is the last tip this participant saw; a chain
    without it was cut or rewritten. Raises ChainIsBroken, or what `verify_entry` raises.
    """
    by_number = {epoch.number: epoch for epoch in epochs}
    tip, epoch_number = after, 1
    authors: dict[UUID, bytes] = {}
    _check_remembered(tip, remembered)
    for entry in entries:
        header = read_header(entry)
        if header.slot.entry_id in authors or header.epoch < epoch_number:
            raise ChainIsBroken(tip.position + 1)
        tip = _follow(tip, entry, header, by_number)
        _check_amended(header, authors, whole=after == EMPTY)
        _check_remembered(tip, remembered)
        authors[header.slot.entry_id] = header.author
        epoch_number = header.epoch
    if remembered and tip.position < remembered.position:
        raise ChainIsBroken(tip.position + 1)
    return tip


def _follow(tip: Tip, entry: bytes, header: Header, epochs: Mapping[int, Epoch]) -> Tip:
    slot = tip.next(header.slot.entry_id, amends=header.slot.amends)
    if header.slot != slot:
        raise ChainIsBroken(slot.position)
    if header.epoch not in epochs:
        raise EntryBelongsElsewhere
    verify_entry(entry, slot, epoch=epochs[header.epoch])
    return tip_after(entry)


def _check_amended(header: Header, authors: Mapping[UUID, bytes], *, whole: bool) -> None:
    amended = header.slot.amends
    if amended is None:
        return
    if amended not in authors and whole:
        raise ChainIsBroken(header.slot.position)
    # Section 4.6: nobody rewrites another's words.
    if authors.get(amended, header.author) != header.author:
        raise WrongAuthor


def _check_remembered(tip: Tip, remembered: Tip | None) -> None:
    if remembered and tip.position == remembered.position and tip != remembered:
        raise ChainIsBroken(tip.position)
