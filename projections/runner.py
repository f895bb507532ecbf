"""Keeps read models up to date: one leader reads and opens each event once for all of them.

Each read model's tables and position change in one transaction, so every event takes effect exactly
once, through kills and restarts. A stream that was tampered with is set aside, and a read model that
cannot pass an event stops alone, each with an alarm.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from threading import Event
from time import monotonic
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.types.array import ListBinaryDumper

from crypto.patience import STANDING_SESSION
from projections import positions, set_aside
from projections.alarms import Alarm, OnceEach, PassedOver, Stopped
from projections.applying import PASSING, Applier, concerns
from projections.leadership import wait_to_lead
from projections.log import Damage, Entry, Log, LogUnavailable
from projections.positions import Standing, TakenOver
from projections.read_model import ReadModel
from projections.rebuild import prepare

BATCH = 500
FALLBACK_SECONDS = 5.0
"""A notification wakes the runner at once; should one be lost, it looks by itself after this."""

STOP_CHECK_SECONDS = 0.25
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0


class Presence(StrEnum):
    """What became of the database, once each time it changes."""

    AWAY = "database away"
    BACK = "database back"


def tell_nobody(_presence: Presence) -> None:
    """For those who look at what is shown alone."""


class Runner:
    """Runs read models from one log, in one process; any number of processes may run one."""

    def __init__(
        self,
        worker_url: str,
        log: Log,
        models: Sequence[ReadModel],
        *,
        alarm: Alarm,
        tell: Callable[[Presence], None] = tell_nobody,
    ) -> None:
        self._worker_url = worker_url
        self._log = log
        self._models = {model.name: model for model in models}
        self._alarms = OnceEach(alarm)
        self._tell = tell
        self._presence = Presence.BACK

    def run(self, stop: Event) -> None:
        """Lead whenever nobody else does, until told to stop; gets over any loss of the database."""
        pause = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            started = monotonic()
            try:
                self._lead(stop)
            except (*PASSING, LogUnavailable) as error:
                if not isinstance(error, TakenOver):
                    self._note(Presence.AWAY)
                if monotonic() - started > LONGEST_PAUSE_SECONDS:
                    pause = FIRST_PAUSE_SECONDS
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _lead(self, stop: Event) -> None:
        with connect(self._worker_url) as connection:
            if self._presence is Presence.AWAY:
                # The log has connections of its own.
                self._log.newest()
                self._note(Presence.BACK)
            if wait_to_lead(connection, stop):
                for stopped in prepare(connection, self._log, list(self._models.values())):
                    self._alarms.stopped(stopped)
                self._recall(connection)
                connection.execute("LISTEN record_event")
                connection.execute("LISTEN read_resume")
                self._follow(connection, stop)

    def _note(self, presence: Presence) -> None:
        if presence is not self._presence:
            self._presence = presence
            self._tell(presence)

    def _recall(self, connection: Connection[Any]) -> None:
        """Who begins to lead says again what is amiss: an alarm may have died with its leader."""
        self._alarms.recall(set_aside.found(connection, self._models))
        for name, standing in positions.standings(connection).items():
            if name in self._models and standing.stopped_position is not None:
                reason = standing.stopped_reason or ""
                self._alarms.stopped(Stopped(name, standing.stopped_position, reason))

    def _follow(self, connection: Connection[Any], stop: Event) -> None:
        while not stop.is_set():
            # Nothing runs on this connection between the last look and the wait: a notification
            # that comes in between stays in it and ends the wait.
            while not stop.is_set() and self._move_on(connection):
                pass
            _wait(connection, stop)

    def _move_on(self, connection: Connection[Any]) -> bool:
        """Give each group of read models that stand together its next batch; says if any moved."""
        groups: dict[int, list[ReadModel]] = {}
        for standing in self._running(connection):
            groups.setdefault(standing.position, []).append(self._models[standing.name])
        moved = [self._move_group(connection, at, models) for at, models in groups.items()]
        return any(moved)

    def _running(self, connection: Connection[Any]) -> list[Standing]:
        """In the order of the catalogue, for what people look at comes first there."""
        found = positions.standings(connection)
        return [
            standing
            for model in self._models.values()
            if (standing := found.get(model.name)) is not None
            and standing.version == model.version
            and standing.stopped_at is None
        ]

    def _move_group(
        self, connection: Connection[Any], position: int, models: Sequence[ReadModel]
    ) -> bool:
        entries = self._log.read(position, BATCH)
        if not entries:
            return False
        self._tell_of_passed(entries)
        others = [model for model in models if not concerns(model, entries)]
        for model in models:
            if model not in others:
                self._apply(connection, model, entries, position)
        if others:
            # One statement for all of them: a round trip for each would be waited for by whoever looks.
            positions.pass_by(connection, others, old=position, new=entries[-1].position)
        return True

    def _apply(
        self, connection: Connection[Any], model: ReadModel, entries: Sequence[Entry], old: int
    ) -> None:
        applied = Applier(connection, model).apply(entries, old=old)
        self._alarms.set_aside(applied.set_aside)
        if applied.stopped is not None:
            self._stop(connection, model, applied.position, applied.stopped)

    def _tell_of_passed(self, entries: Sequence[Entry]) -> None:
        """What no read model needs stops none, and would else be passed in silence."""
        for entry in entries:
            damaged = entry.damaged
            if damaged is None or damaged.damage is Damage.TAMPERED:
                continue
            if not any(entry.topic in model.topics for model in self._models.values()):
                passed = PassedOver(entry.position, damaged.damage.value, damaged.record)
                self._alarms.passed(passed)

    def _stop(
        self, connection: Connection[Any], model: ReadModel, position: int, stopped: Stopped
    ) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            before, reason = stopped.position, stopped.reason
            positions.stop(cursor, name=model.name, position=position, before=before, reason=reason)
        self._alarms.stopped(stopped)


def connect(worker_url: str) -> Connection[Any]:
    """A session that writes read models."""
    connection = psycopg.connect(
        worker_url, autocommit=True, application_name="vouchsafe worker", **STANDING_SESSION
    )
    # What a crash of the server takes back of view and position, it takes back of both.
    connection.execute("SET synchronous_commit = off")
    # As text, every quote of every document in an array is escaped: a third of catching up.
    connection.adapters.register_dumper(list, ListBinaryDumper)
    return connection


def _wait(connection: Connection[Any], stop: Event) -> None:
    give_up = monotonic() + FALLBACK_SECONDS
    while not stop.is_set() and monotonic() < give_up:
        for _ in connection.notifies(timeout=STOP_CHECK_SECONDS, stop_after=1):
            return
