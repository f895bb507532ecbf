"""What the clerk does for an erasure that was decided: ends, writes down, carries out, and completes.

Each step finds what it has done before, so a clerk that was killed begins again at the first.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID, uuid5

from api.erasing.journal import Journal
from api.erasing.orders import ErasureOrders, Ordered
from domain.commands.erasures import complete_erasure, note_carried_out
from domain.commands.relationships import end_for_withdrawal
from domain.errors import DomainError
from domain.mentoring import Mentoring, Order, Recorded

Command = Callable[[Mentoring, Order], Recorded]


class Once(Protocol):
    """Carries out a command unless that was done before; answers whether nothing is left of it."""

    def __call__(self, command_id: UUID, command: Command, /) -> bool:
        """Under this id."""


@dataclass(frozen=True)
class ErasureDuty:
    """What a clerk hands it.

    `open_to` answers the relationships that are open to a person, `forget` lets go of keys in memory, and
    `hold` tells people of what cannot be done now.
    """

    orders: ErasureOrders
    journal: Journal
    open_to: Callable[[UUID], Sequence[UUID]]
    forget: Callable[[Collection[UUID]], None]
    once: Once
    hold: Callable[[UUID, Exception], object]

    def see_to_all(self) -> None:
        """Do what is due; one that cannot be carried out now holds up no other."""
        for ordered in self.orders.due():
            try:
                self._see_to(ordered)
            except DomainError as error:
                self.hold(ordered.erasure, error)
        for erasure in self.orders.completable():
            self._complete(erasure)

    def _see_to(self, ordered: Ordered) -> None:
        if self._has_ended(ordered):
            self._carry_out(ordered)

    def _has_ended(self, ordered: Ordered) -> bool:
        """All of them are tried, so that one that cannot be ended now keeps no other open."""
        ended = [self._end(ordered, each) for each in self.open_to(ordered.person)]
        return all(ended)

    def _end(self, ordered: Ordered, relationship: UUID) -> bool:
        return self.once(
            uuid5(ordered.erasure, f"end:{relationship}"),
            lambda mentoring, order: end_for_withdrawal(
                mentoring, order, relationship=relationship, person=ordered.person
            ),
        )

    def _carry_out(self, ordered: Ordered) -> None:
        streams = tuple(ordered.streams)
        self.journal.add(ordered.erasure, ordered.person, streams)
        positions = self.orders.carry_out(ordered.erasure)
        self.forget({ordered.person, *streams})
        self.once(
            uuid5(ordered.erasure, "carried out"),
            lambda mentoring, order: note_carried_out(
                mentoring,
                order,
                erasure=ordered.erasure,
                streams=streams,
                positions=positions,
            ),
        )

    def _complete(self, erasure: UUID) -> None:
        self.once(
            uuid5(erasure, "completed"),
            lambda mentoring, order: complete_erasure(mentoring, order, erasure=erasure),
        )
