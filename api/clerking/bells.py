"""Tells whoever handles something that it waits, once, and again when it is nearly due; whoever is too near to it is not told."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from api.clerking.errands import Errands
from api.records.relations import own_partners
from domain.bell import Waiting
from domain.commands.bells import near_disclosure, ring
from domain.mentoring import Mentoring, Order, Recorded
from projections.desk_questions import DeskItem, holders, unrung
from projections.desks import DeskKind
from projections.reader import Reader

DUE_SOON = timedelta(days=7)
"""A working week to look, and to ask others."""


@dataclass(frozen=True)
class Bells:
    """What nobody has the duty for waits until somebody does."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Tell of what waits and of what is due soon."""
        soon = (self.errands.parts.clock() + DUE_SOON).date()
        for each in unrung(self.reader, soon):
            self._ring(each)

    def _ring(self, item: DeskItem) -> None:
        waiting = Waiting(item.record, item.desk, item.handler, item.due_on)
        told = [item.handler] if item.handler else holders(self.reader, waiting.desk)
        if not told:
            return
        own = own_partners(self.reader, item.person) if item.person else set[UUID]()

        def rung(mentoring: Mentoring, order: Order) -> Recorded:
            is_disclosure = item.kind == DeskKind.DISCLOSURE.value
            near = near_disclosure(mentoring, item.record) if is_disclosure else frozenset[UUID]()
            return ring(mentoring, order, waiting=waiting, holders=told, apart=own | near)

        self.errands.once(waiting.ring, rung)
