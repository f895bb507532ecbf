"""Errands of the clerk: each command under an id of its own, carried out once however often it is found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from api.bootstrap import Parts
from api.carrying_out import carry_out
from crypto.errors import Absent, AlreadyRecorded, Erased, SealedRecordError
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.proposal import NoSuchProposal
from domain.relationship_state import AlreadyClosed
from domain.values import Act

CLERK = UUID("c1e4c000-0000-4000-8000-000000000001")
"""The actor of what follows by rule; no person has this id."""
MOST_REMEMBERED = 10_000

DONE = (AlreadyClosed, NoSuchProposal, NotFound)
"""Nothing is left to do here: it was ended, answered or erased before."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Errands:
    """Carries out what follows, and says once what cannot be done."""

    parts: Parts
    _settled: set[UUID] = field(default_factory=set)
    _alarmed: set[str] = field(default_factory=set)

    def once(
        self,
        command_id: UUID,
        command: Callable[[Mentoring, Order], Recorded],
        *,
        done: tuple[type[DomainError], ...] = (),
    ) -> bool:
        """Carry out a command unless that was done before; answer whether nothing is left of it.

        `done` names the refusals, besides the usual ones, that say that nothing is left to do.
        """
        if command_id in self._settled:
            return True
        order = Order(Act(CLERK, self.parts.clock()), command_id)
        nothing_left: tuple[type[Exception], ...] = (*DONE, *done, AlreadyRecorded, Erased)
        try:
            carry_out(lambda: command(self.parts.mentoring, order))
        except nothing_left as error:
            log.info("nothing to do", command_id=command_id, error=type(error).__name__)
        except Absent as error:
            # A key that is not there may come back; nothing says that it was destroyed.
            return self.hold(command_id, error)
        except SealedRecordError as error:
            self.alarm("a record is damaged", error.record, type(error).__name__)
        except DomainError as error:
            return self.hold(command_id, error)
        else:
            log.info("followed", command_id=command_id)
        self._settle(command_id)
        return True

    def hold(self, command_id: UUID, error: Exception) -> bool:
        """Say that something cannot be done yet; it will be tried again."""
        self.alarm("not done yet", str(command_id), type(error).__name__)
        return False

    def alarm(self, what: str, record: str, reason: str) -> None:
        """Say it once, however often it is met."""
        if record not in self._alarmed:
            self._alarmed.add(record)
            log.critical(what, record=record, error=reason)

    def _settle(self, command_id: UUID) -> None:
        """Remember it until the read model has caught up, so that nobody is asked in between."""
        if len(self._settled) >= MOST_REMEMBERED:
            self._settled.clear()
        self._settled.add(command_id)
