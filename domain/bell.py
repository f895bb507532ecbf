"""That whoever handles something was told that it waits, or falls due: when, and who; nothing of what it says.

Each ring is a record of its own, under an id that follows from what waits, so nobody is told the same twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.values import Act, Role


class NobodyMayHandleIt(DomainError):
    """Everybody who has this duty is too near to it; give the duty to somebody else."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: at which desk, for one person there if somebody has it, and the day it is due if that is near."""

    record: UUID
    desk: Role
    handler: UUID | None = None
    due_on: date | None = None

    @property
    def ring(self) -> UUID:
        """The id of its one ring; another desk, another person and another day ring again."""
        return uuid5(self.record, f"ring:{self.handler or self.desk.value}:{self.due_on or 'new'}")


class Bell(Aggregate):
    """One ring."""

    TOPIC = "bell"

    class Created(Aggregate.Created):
        TOPIC = "bell.rung"
        about: UUID
        desk: Role
        handler: UUID | None
        due_on: date | None
        to: tuple[UUID, ...]

    @classmethod
    def ring(cls, waiting: Waiting, to: Collection[UUID], act: Act) -> Self:
        """Tell them; raises NobodyMayHandleIt where nobody is left to be told."""
        if not to:
            raise NobodyMayHandleIt
        return cls.begin(
            waiting.ring,
            act,
            about=waiting.record,
            desk=waiting.desk,
            handler=waiting.handler,
            due_on=waiting.due_on,
            to=tuple(sorted(to)),
        )

    @event(Created)
    def __init__(
        self,
        about: UUID,
        desk: Role,
        handler: UUID | None,
        due_on: date | None,
        to: tuple[UUID, ...],
    ) -> None:
        self.about = about
        self.desk = desk
        self.handler = handler
        self.due_on = due_on
        self.to = to


BellRung = Bell.Created
