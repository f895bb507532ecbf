"""The process that does what follows: of withdrawals, of deadlines, and of decisions to erase somebody.

It acts once each: every command that follows from an event has an id made from that event, so a
repetition after a kill finds the outcome of the first. It passes an event when nothing is left to do
for it; what cannot be done now holds its own event back and no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import Any, Protocol
from uuid import UUID

import aiosql
import psycopg
import structlog

from api.bootstrap import Parts
from api.clerking.agreements import AgreementsOver, EndedAgreements
from api.clerking.answers import AnswersKept
from api.clerking.bells import Bells
from api.clerking.conflicts import Conflicts
from api.clerking.consents import ConsentDuty
from api.clerking.enquiries import EnquiriesKept
from api.clerking.errands import Errands
from api.clerking.expiries import Expiries
from api.clerking.following import Follower, Following
from api.clerking.keeping import RecordsKept
from api.clerking.leavings import Leavings
from api.clerking.retention import KeptForATime
from api.clerking.suggestions import SuggestionsKept
from api.clerking.withdrawals import VISIBLE_WITHIN_SECONDS, Withdrawals
from api.erasing.duty import ErasureDuty
from api.erasing.journal import Journal, NoJournal
from api.erasing.orders import ErasureOrders
from api.event_log import EventLog
from api.records.notice_board import NoticeBoard
from api.rotating import RotationCalendar
from api.whereabouts import Whereabouts
from crypto.errors import KeyServiceError, RecordingError
from crypto.patience import STANDING_SESSION
from projections.log import LogUnavailable
from projections.reader import NotYet, Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
WAIT_SECONDS = 1.0

PASSING = (psycopg.Error, RecordingError, KeyServiceError, LogUnavailable, NotYet)
"""What says nothing about the record: the database or the worker is away, and will be back."""

log = structlog.get_logger()


class Duty(Protocol):
    """Something that falls due by the clock."""

    def see_to_all(self) -> None:
        """Do whatever is due by now; what cannot be done is tried again the next time."""


@dataclass(frozen=True)
class Clerk:
    """Follows the log and the deadlines; one clerk leads, others wait to take over."""

    parts: Parts
    events: EventLog
    reader: Reader

    @cached_property
    def errands(self) -> Errands:
        """What was done and said before, for as long as the process lives."""
        return Errands(self.parts)

    @cached_property
    def followers(self) -> Sequence[Follower]:
        """Those who know what follows from an event."""
        whereabouts = self._whereabouts
        ended = EndedAgreements(self.errands, self.events, self.reader)
        return (
            Withdrawals(self.errands, whereabouts),
            Leavings(self.errands, whereabouts),
            Conflicts(self.errands, self.reader),
            ended,
        )

    @cached_property
    def duties(self) -> Sequence[Duty]:
        """What falls due by the clock."""
        board = NoticeBoard(self.parts.mentoring, self.parts.recorder)
        consents = ConsentDuty(self.errands, self.reader, board)
        by_reader = (
            Expiries,
            AgreementsOver,
            EnquiriesKept,
            KeptForATime,
            AnswersKept,
            Bells,
            RecordsKept,
            SuggestionsKept,
        )
        others = [duty(self.errands, self.reader) for duty in by_reader]
        return (*others, self._erasures(), consents)

    def work(self, stop: Event) -> None:
        """Work until told to stop; a lost database is waited for."""
        while not stop.is_set():
            try:
                self._lead(stop)
            except PASSING as error:
                log.warning("clerk waits", error=type(error).__name__)
                stop.wait(WAIT_SECONDS)

    def catch_up(self, connection: psycopg.Connection[Any]) -> None:
        """Do what follows from every event that was not passed."""
        Following(self.events, self.errands, self.followers).catch_up(connection)

    def see_to_duties(self) -> None:
        """Do what is due by now."""
        for duty in self.duties:
            duty.see_to_all()

    def _lead(self, stop: Event) -> None:
        url = self.parts.settings.database_url.get_secret_value()
        with psycopg.connect(url, autocommit=True, **STANDING_SESSION) as connection:
            while not stop.is_set() and not _leads(connection):
                stop.wait(WAIT_SECONDS)
            connection.execute("LISTEN record_event")
            calendar = RotationCalendar(timedelta(days=self.parts.settings.rotation_days))
            while not stop.is_set():
                self.catch_up(connection)
                self.see_to_duties()
                calendar.look(connection)
                for _ in connection.notifies(timeout=WAIT_SECONDS, stop_after=1):
                    pass

    @property
    def _whereabouts(self) -> Whereabouts:
        return Whereabouts(self.events, self.reader)

    def _erasures(self) -> ErasureDuty:
        """Carries out every erasure that was granted."""
        named = self.parts.settings.erasure_journal
        return ErasureDuty(
            orders=ErasureOrders(self.parts.pool),
            journal=Journal(named) if named else NoJournal(),
            open_to=self._open_to,
            forget=self.parts.keyring.forget,
            once=self.errands.once,
            hold=self.errands.hold,
        )

    def _open_to(self, person: UUID) -> Sequence[UUID]:
        newest = self.parts.recorder.max_notification_id() or 0
        return self._whereabouts.of(person, newest, VISIBLE_WITHIN_SECONDS)


def _leads(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(QUERIES.lead.sql).fetchone()
    return bool(row and row[0])
