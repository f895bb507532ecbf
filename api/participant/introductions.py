"""What the signed words of members tell of who takes part: whom they sealed to since, and who is gone. Pure.

A reader could hand on whatever they read, so their word for who else reads takes nothing from anybody's safety. Our own
word counts too: in a folder that remembers nothing it still tells to whom we sealed.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import msgspec

from api.participant.memory import Memory, OtherMemory
from api.participant.wire import Named, ShownEpoch, ShownNotebook
from crypto.sealing import PublicIdentity, SealingError, Statement, Strand, signed_statement

Trusted: TypeAlias = Mapping[Named, PublicIdentity]


def told_by_members(
    trusted: Trusted, shown: ShownNotebook, strand: Strand, memory: Memory
) -> tuple[OtherMemory, ...]:
    """The others whom we know, with those who joined and without those who left on a trusted member's word.

    Nobody's keys are replaced so: other keys of somebody whom we know are for us to compare.
    """
    taking_part = {each.person for each in shown.participants} - {shown.caller}
    if taking_part == {each.person for each in memory.others if not each.has_left}:
        return memory.others
    settled = {each.person for each in memory.others} | {shown.caller}
    said, keys = _Words(shown, strand, taking_part - settled).of(trusted)
    newest = max(said, key=lambda each: each.epoch, default=None)
    if newest and newest.epoch <= memory.shared.epoch:
        newest = None
    stayed = (
        each if each.person in taking_part else _without(each, newest) for each in memory.others
    )
    return (*stayed, *_joined(keys, taking_part - settled))


@dataclass(frozen=True)
class _Words:
    """The statements that are shown of a shared strand, and the people whom they may introduce."""

    shown: ShownNotebook
    strand: Strand
    newcomers: AbstractSet[UUID]

    def of(self, trusted: Trusted) -> tuple[list[Statement], Trusted]:
        """Those that a trusted key signed, or a key that one of these names; and all these keys, the earliest last."""
        keys, rows = dict(trusted), self.shown.epochs_of(self.strand.audience)
        while True:
            said = [(row, each) for row in rows if (each := self._said(row, keys))]
            named = {name: key for row, each in said for name, key in self._named(row, each)}
            if named.keys() <= keys.keys():
                return [each for _, each in said], keys
            keys |= named

    def _said(self, row: ShownEpoch, keys: Trusted) -> Statement | None:
        with suppress(SealingError):
            granter = keys.get((row.granter, Statement.from_bytes(row.statement).granter))
            said = signed_statement(row.statement, granter) if granter else None
            return said if said and said.strand == self.strand else None
        return None

    def _named(self, row: ShownEpoch, said: Statement) -> Iterator[tuple[Named, PublicIdentity]]:
        published = self.shown.published
        for each in row.readers:
            shown = published.get((each.person, each.key_id))
            if shown and each.person in self.newcomers and each.key_id in said.readers:
                yield (each.person, each.key_id), shown.identity


def _joined(keys: Trusted, newcomers: AbstractSet[UUID]) -> Iterator[OtherMemory]:
    for person in sorted(newcomers):
        known = tuple(key.to_bytes() for (whose, _), key in keys.items() if whose == person)
        if known:
            yield OtherMemory(person, known)


def _without(other: OtherMemory, newest: Statement | None) -> OtherMemory:
    """Somebody who is not shown any more: gone, once a member has sealed to the rest alone."""
    key_ids = {each.key_id for each in other.identities}
    if newest is None or not key_ids.isdisjoint(newest.readers):
        return other
    return msgspec.structs.replace(other, has_left=True)
