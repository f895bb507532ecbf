"""A worker tells once that its database went away, and once that it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from api.event_log import EventLog
from api.worker import tell_presence
from projections.catalogue import READ_MODELS
from projections.log import Entry, Log, LogUnavailable
from projections.reader import Reader
from projections.runner import Presence, Runner
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

TIMES = 3


class AwayForAWhile:
    """A log that cannot be reached a few times."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.failures = 0

    def read(self, after: int, most: int) -> list[Entry]:
        self._fail()
        return list(self._log.read(after, most))

    def newest(self) -> int:
        self._fail()
        return self._log.newest()

    def _fail(self) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise LogUnavailable


def test_a_cut_line_is_told_once_and_its_return_too(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with telling(stage, log) as told:
        show_more(history, reader)
        assert told == []
        assert stage.end_sessions_of("vouchsafe worker") >= 1
        show_more(history, reader)
    assert told == [Presence.AWAY, Presence.BACK]


def test_what_fails_again_and_again_is_told_once(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    away = AwayForAWhile(log)
    with telling(stage, away) as told:
        show_more(history, reader)
        away.failures = TIMES
        show_more(history, reader)
    assert told == [Presence.AWAY, Presence.BACK]


@contextmanager
def telling(stage: Stage, log: Log) -> Iterator[list[Presence]]:
    """A runner in a thread; answers the list of what it tells."""
    told: list[Presence] = []
    stop = Event()
    url = stage.database.worker_url
    runner = Runner(url, log, READ_MODELS, alarm=print, tell=told.append)
    thread = Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)


def show_more(history: History, reader: Reader) -> None:
    history.mentor()
    reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)


def test_the_log_has_a_line_for_each() -> None:
    with structlog.testing.capture_logs() as lines:
        for presence in Presence:
            tell_presence(presence)
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("database away", "warning"),
        ("database back", "info"),
    ]
