"""Waits until a read model stands at a position: on a notification, never by asking again and again."""

import re
from collections.abc import Callable
from threading import Condition, Event, Thread
from time import monotonic
from typing import Any

import psycopg
from psycopg import Connection

from crypto.patience import STANDING_SESSION

STOP_CHECK_SECONDS = 0.25
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
MOST_WAITING = 8
"""Each holds a thread that answers requests, of which a process has 40; most are for everybody else."""

ACCESS_ENDED = "access_ended"
"""Says that a token or a session ended, of whomever; heard here, since one connection hears everything."""

MOVED = re.compile(r"([a-z_]{1,63}) ([0-9]{1,18})")


class NotYet(Exception):
    """The read model does not show this position yet; asking again later may work."""


class TooManyWait(NotYet):
    """As many wait already as may; asking again later may work."""


Listener = Callable[[str | None], None]
"""Is told, on the listening thread, which read model moved, that access ended, or None to look at everything."""


class Freshness:
    """Knows where read models stand; one listening connection and one thread a process.

    While the database is away it knows what it knew before: a position
    that was reached stays reached. Once it is back, whoever listens is told to look at everything.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._positions: dict[str, int] = {}
        self._moved = Condition()
        self._waiting = 0
        self._listeners: list[Listener] = []
        self._stop = Event()
        self._thread = Thread(target=self._listen, name="freshness", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more; whoever waits, waits until their time is over."""
        self._stop.set()
        self._thread.join()

    def position(self, name: str) -> int:
        """Where a read model stands, as far as this process has heard."""
        with self._moved:
            return self._positions.get(name, 0)

    def add_listener(self, listener: Listener) -> None:
        """Call somebody back from now on; they return at once and raise nothing."""
        self._listeners.append(listener)

    def wait_for(self, name: str, position: int, timeout_seconds: float) -> None:
        """Return once the read model stands at the position or beyond; raises NotYet in time.

        Raises TooManyWait at once where it would have to wait and others do so already.
        """
        with self._moved:
            if self._positions.get(name, 0) >= position:
                return
            if self._waiting >= MOST_WAITING:
                raise TooManyWait
            self._waiting += 1
            try:
                reached = self._moved.wait_for(
                    lambda: self._positions.get(name, 0) >= position, timeout_seconds
                )
            finally:
                self._waiting -= 1
        if not reached:
            raise NotYet

    def _listen(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stop.is_set():
            started = monotonic()
            try:
                self._listen_once()
            except Exception:  # noqa: BLE001 - everybody who waits depends on this thread, so it outlives whatever goes wrong
                if monotonic() - started > LONGEST_PAUSE_SECONDS:
                    pause = FIRST_PAUSE_SECONDS
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _listen_once(self) -> None:
        with psycopg.connect(
            self._url, autocommit=True, application_name="vouchsafe freshness", **STANDING_SESSION
        ) as connection:
            self._begin(connection)
            self._hear(connection)

    def _begin(self, connection: Connection[Any]) -> None:
        # Listening comes first: a position that moves after the look is heard.
        connection.execute("LISTEN read_position")
        connection.execute("LISTEN access_ended")
        try:
            rows = connection.execute("SELECT name, position FROM read.position").fetchall()
        except psycopg.errors.UndefinedTable:
            rows = []
        for name, position in rows:
            self._note(name, position)
        self._tell(None)

    def _hear(self, connection: Connection[Any]) -> None:
        while not self._stop.is_set():
            for notice in connection.notifies(timeout=STOP_CHECK_SECONDS, stop_after=1):
                self._heed(notice.channel, notice.payload)

    def _heed(self, channel: str, payload: str) -> None:
        if channel == ACCESS_ENDED:
            self._tell(ACCESS_ENDED)
            return
        moved = _moved(payload)
        if moved is not None:
            self._note(*moved)
            self._tell(moved[0])

    def _tell(self, heard: str | None) -> None:
        for listener in self._listeners:
            listener(heard)

    def _note(self, name: str, position: int) -> None:
        with self._moved:
            self._positions[name] = max(position, self._positions.get(name, 0))
            self._moved.notify_all()


def _moved(payload: str) -> tuple[str, int] | None:
    """Any role may notify, so what is not exactly a name and a position is nothing."""
    found = MOVED.fullmatch(payload)
    return (found[1], int(found[2])) if found else None
