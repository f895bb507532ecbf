"""The process that does what follows: of withdrawals, of deadlines, and of decisions to erase somebody.

It acts once each: every command that follows from an event has an id made from that event, so a
repetition after a kill finds the outcome of the first. It passes an event when nothing is left to do
for it; what cannot be done now holds its own event back and no other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid5

import aiosql
import psycopg
import structlog

from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.erasing.duty import ErasureDuty
from api.erasing.journal import Journal, NoJournal
from api.erasing.orders import ErasureOrders
from api.event_log import EventLog
from api.rotating import RotationCalendar
from api.whereabouts import Whereabouts
from crypto.errors import (
    Absent,
    AlreadyRecorded,
    Erased,
    KeyServiceError,
    RecordingError,
    SealedRecordError,
)
from domain.commands.proposals import Answer, expire_proposal
from domain.commands.relationships import end_for_withdrawal, take_back_for_preference
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.policies.withdrawal import (
    ENDINGS,
    EndForWithdrawal,
    TakeBackForPreference,
    ends_identity_preference,
    ends_taking_part,
    intents_of_preference,
    intents_of_withdrawal,
)
from domain.proposal import NoSuchProposal
from domain.relationship_state import AlreadyClosed
from domain.values import Act
from projections.deadlines import Deadline
from projections.log import Entry, LogUnavailable
from projections.reader import NotYet, Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
CLERK = UUID("c1e4c000-0000-4000-8000-000000000001")
"""The actor of what follows by rule; no person has this id."""
POLICY = "withdrawal"
BATCH = 500
WAIT_SECONDS = 1.0
CONNECT_SECONDS = 10
VISIBLE_WITHIN_SECONDS = 10.0
MOST_REMEMBERED = 10_000

PASSING = (psycopg.Error, RecordingError, KeyServiceError, LogUnavailable, NotYet)
"""What says nothing about the record: the database or the worker is away, and will be back."""

DONE = (AlreadyClosed, NoSuchProposal, NotFound)
"""Nothing is left to do here: it was ended, answered or erased before."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Clerk:
    """Follows the log and the deadlines; one clerk leads, others wait to take over."""

    parts: Parts
    events: EventLog
    reader: Reader
    _settled: set[UUID] = field(default_factory=set)
    _alarmed: set[str] = field(default_factory=set)

    def work(self, stop: Event) -> None:
        """Work until told to stop; a lost database is waited for."""
        while not stop.is_set():
            try:
                self._lead(stop)
            except PASSING as error:
                log.warning("clerk waits", error=type(error).__name__)
                stop.wait(WAIT_SECONDS)

    def catch_up(self, connection: psycopg.Connection[Any]) -> None:
        """Act on every event that this policy has not passed."""
        at = passed = _position(connection)
        is_held = False
        while entries := self.events.read(at, BATCH):
            for entry in entries:
                is_held = not self._act_on(entry) or is_held
                passed = passed if is_held else entry.position
            at = entries[-1].position
            connection.execute(QUERIES.advance.sql, {"policy": POLICY, "position": passed})

    def expire_overdue(self) -> None:
        """End every open proposal whose time is over; one that cannot be ended stops no other."""
        for deadline in self.reader.due_deadlines(self.parts.clock()):
            self._expire(deadline)

    def erase_due(self) -> None:
        """Carry out every erasure that was granted; what cannot be done now is tried again."""
        named = self.parts.settings.erasure_journal
        ErasureDuty(
            orders=ErasureOrders(self.parts.pool),
            journal=Journal(named) if named else NoJournal(),
            open_to=self._open_to,
            forget=self.parts.keyring.forget,
            once=self._once,
            hold=self._hold,
        ).see_to_all()

    def _open_to(self, person: UUID) -> Sequence[UUID]:
        newest = self.parts.recorder.max_notification_id() or 0
        return Whereabouts(self.events, self.reader).of(person, newest, VISIBLE_WITHIN_SECONDS)

    def _lead(self, stop: Event) -> None:
        url = self.parts.settings.database_url.get_secret_value()
        with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
            while not stop.is_set() and not _leads(connection):
                stop.wait(WAIT_SECONDS)
            connection.execute("LISTEN record_event")
            calendar = RotationCalendar(timedelta(days=self.parts.settings.rotation_days))
            while not stop.is_set():
                self.catch_up(connection)
                self.expire_overdue()
                self.erase_due()
                calendar.look(connection)
                for _ in connection.notifies(timeout=WAIT_SECONDS, stop_after=1):
                    pass

    def _act_on(self, entry: Entry) -> bool:
        """Do what follows from one event; answer whether it can be passed."""
        if entry.damaged is not None:
            self._alarm("a record is damaged", entry.damaged.record, entry.damaged.damage)
        if not isinstance(entry.event, ENDINGS) or not _has_consequences(entry.event):
            return True
        places = Whereabouts(self.events, self.reader)
        found = places.of(entry.event.person, entry.position, VISIBLE_WITHIN_SECONDS)
        # All of them are tried, so that one that cannot be ended now keeps no other open.
        ended = [self._end(intent) for intent in intents_of_withdrawal(entry.event, found)]
        taken = [self._take_back(intent) for intent in intents_of_preference(entry.event, found)]
        return all(ended + taken)

    def _end(self, intent: EndForWithdrawal) -> bool:
        return self._once(
            intent.command_id,
            lambda mentoring, order: end_for_withdrawal(
                mentoring, order, relationship=intent.relationship, person=intent.person
            ),
        )

    def _take_back(self, intent: TakeBackForPreference) -> bool:
        return self._once(
            intent.command_id,
            lambda mentoring, order: take_back_for_preference(
                mentoring,
                order,
                relationship=intent.relationship,
                mentee=intent.mentee,
                ended_at=intent.ended_at,
            ),
        )

    def _expire(self, deadline: Deadline) -> None:
        answer = Answer(deadline.relationship, deadline.proposal, deadline.version)
        self._once(
            uuid5(deadline.proposal, f"expire:{deadline.version}"),
            lambda mentoring, order: expire_proposal(mentoring, order, answer=answer),
        )

    def _once(self, command_id: UUID, command: Callable[[Mentoring, Order], Recorded]) -> bool:
        """Carry out a command unless that was done before; answer whether nothing is left of it."""
        if command_id in self._settled:
            return True
        order = Order(Act(CLERK, self.parts.clock()), command_id)
        try:
            carry_out(lambda: command(self.parts.mentoring, order))
        except (*DONE, AlreadyRecorded, Erased) as error:
            log.info("nothing to do", command_id=command_id, error=type(error).__name__)
        except Absent as error:
            # A key that is not there may come back; nothing says that it was destroyed.
            return self._hold(command_id, error)
        except SealedRecordError as error:
            self._alarm("a record is damaged", error.record, type(error).__name__)
        except DomainError as error:
            return self._hold(command_id, error)
        else:
            log.info("followed", policy=POLICY, command_id=command_id)
        self._settle(command_id)
        return True

    def _hold(self, command_id: UUID, error: Exception) -> bool:
        self._alarm("not done yet", str(command_id), type(error).__name__)
        return False

    def _settle(self, command_id: UUID) -> None:
        """Remember it until the read model has caught up, so that nobody is asked in between."""
        if len(self._settled) >= MOST_REMEMBERED:
            self._settled.clear()
        self._settled.add(command_id)

    def _alarm(self, what: str, record: str, reason: str) -> None:
        """Say it once, however often it is met."""
        if record not in self._alarmed:
            self._alarmed.add(record)
            log.critical(what, record=record, error=reason)


def _has_consequences(fact: object) -> bool:
    return ends_taking_part(fact) or ends_identity_preference(fact)


def _leads(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(QUERIES.lead.sql).fetchone()
    return bool(row and row[0])


def _position(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(QUERIES.position.sql, {"policy": POLICY}).fetchone()
    return int(row[0]) if row else 0
