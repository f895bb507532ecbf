"""The process that does what follows: ends what a withdrawal ends, and expires what is overdue.

It acts once each: every command that follows from an event has an id made from that event, so a
repetition after a kill finds the outcome of the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid5

import aiosql
import psycopg
import structlog

from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.event_log import EventLog
from crypto.errors import AlreadyRecorded, RecordingError
from domain.commands.proposals import Answer, expire_proposal
from domain.commands.relationships import end_for_withdrawal
from domain.consent import ConsentLedger
from domain.errors import DomainError
from domain.mentoring import Mentoring, Order, Recorded
from domain.policies.withdrawal import EndForWithdrawal, ends_taking_part, intents_of_withdrawal
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
VISIBLE_WITHIN_SECONDS = 10.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Clerk:
    """Follows the log and the deadlines; one clerk leads, others wait to take over."""

    parts: Parts
    events: EventLog
    reader: Reader

    def work(self, stop: Event) -> None:
        """Work until told to stop; a lost database is waited for."""
        while not stop.is_set():
            try:
                self._lead(stop)
            except (psycopg.Error, RecordingError, LogUnavailable, NotYet) as error:
                log.warning("clerk waits", error=type(error).__name__)
                stop.wait(WAIT_SECONDS)

    def _lead(self, stop: Event) -> None:
        url = self.parts.settings.database_url.get_secret_value()
        with psycopg.connect(url, autocommit=True) as connection:
            while not stop.is_set() and not _leads(connection):
                stop.wait(WAIT_SECONDS)
            connection.execute("LISTEN record_event")
            while not stop.is_set():
                self.catch_up(connection)
                self.expire_overdue()
                for _ in connection.notifies(timeout=WAIT_SECONDS, stop_after=1):
                    pass

    def catch_up(self, connection: psycopg.Connection[Any]) -> None:
        """Act on every event that this policy has not seen."""
        position = _position(connection)
        while entries := self.events.read(position, BATCH):
            for entry in entries:
                self._act_on(entry)
            position = entries[-1].position
            values = {"policy": POLICY, "position": position}
            connection.execute(QUERIES.advance.sql, values)

    def expire_overdue(self) -> None:
        """End every open proposal whose time is over."""
        now = self.parts.clock()
        for deadline in self.reader.due_deadlines(now):
            self._expire(deadline)

    def _act_on(self, entry: Entry) -> None:
        if entry.damaged is not None:
            log.critical("a record is damaged", record=entry.damaged.record)
        if not ends_taking_part(entry.event):
            return
        assert isinstance(entry.event, ConsentLedger.Event)  # noqa: S101 - only consents end taking part
        self.reader.wait_for("participation", entry.position, VISIBLE_WITHIN_SECONDS)
        person: UUID = entry.event.person  # type: ignore[attr-defined]  # - every event that ends a consent names its person
        for intent in intents_of_withdrawal(entry.event, self.reader.open_relationships(person)):
            self._end(intent)

    def _end(self, intent: EndForWithdrawal) -> None:
        self._once(
            intent.command_id,
            lambda mentoring, order: end_for_withdrawal(
                mentoring, order, relationship=intent.relationship, person=intent.person
            ),
        )

    def _expire(self, deadline: Deadline) -> None:
        answer = Answer(deadline.relationship, deadline.proposal, deadline.version)
        self._once(
            uuid5(deadline.proposal, f"expire:{deadline.version}"),
            lambda mentoring, order: expire_proposal(mentoring, order, answer=answer),
        )

    def _once(self, command_id: UUID, command: Callable[[Mentoring, Order], Recorded]) -> None:
        """Carry out a command unless it was carried out before or is moot by now."""
        order = Order(Act(CLERK, self.parts.clock()), command_id)
        try:
            carry_out(lambda: command(self.parts.mentoring, order))
        except AlreadyRecorded:
            return
        except DomainError as error:
            log.info("nothing to do", command_id=command_id, error=type(error).__name__)
        else:
            log.info("followed", policy=POLICY, command_id=command_id)


def _leads(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(QUERIES.lead.sql).fetchone()
    return bool(row and row[0])


def _position(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(QUERIES.position.sql, {"policy": POLICY}).fetchone()
    return int(row[0]) if row else 0
