"""The real service on a real port, with a worker beside it, for tests that come as a browser does."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import uvicorn
from fastapi import FastAPI

from api.bootstrap import Parts, joined
from api.event_log import EventLog
from api.main import create_app
from api.worker import work
from projections.reader import Reader
from tests.databases import Database
from tests.match import Match, done
from tests.scheme import API, Scheme, TestClient, api_settings

PATIENCE_SECONDS = 30.0
LONDON = ZoneInfo("Europe/London")


class MovedClock:
    """The real time, moved by as much as a test says."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return self._clock() + self.ahead


@dataclass(frozen=True)
class LiveService:
    """Where the service is reached, and the people of its scheme."""

    url: str
    scheme: Scheme
    parts: Parts
    clock: MovedClock
    stop_worker: Callable[[], None]
    reader: Reader
    superuser_url: str

    def event_count(self, topic: str) -> int:
        """How many events of a topic are recorded."""
        with self.parts.pool.connection() as connection:
            row = connection.execute(
                "SELECT count(*) FROM record.event WHERE topic = %s", [topic]
            ).fetchone()
        assert row is not None
        return int(row[0])

    def told(self, person: UUID) -> list[str]:
        """Which kinds of messages were written for somebody."""
        query = "SELECT kind FROM record.outbox WHERE person = %s ORDER BY kind"
        with psycopg.connect(self.superuser_url) as connection:
            return [kind for (kind,) in connection.execute(query, [person]).fetchall()]

    def caught_up(self) -> None:
        """Wait until what is recorded by now can be seen on pages."""
        newest = self.parts.recorder.max_notification_id() or 0
        for read_model in ("my_mentoring", "my_caseload", "pipeline", "groups", "desks", "duties"):
            self.reader.wait_for(read_model, newest, PATIENCE_SECONDS)


@contextmanager
def live_service(database: Database, folder: Path) -> Iterator[LiveService]:
    """Run the API, the pages and a worker over a fresh database."""
    with ExitStack() as stack:
        parts = stack.enter_context(joined(api_settings(database, folder)))
        clock = MovedClock(parts.clock)
        parts = replace(parts, clock=clock)
        stop_worker = _begin_worker(parts, database, stack)
        reader = stack.enter_context(Reader(database.reader_url))
        app = create_app(parts, reader)
        url = stack.enter_context(_served(app))
        client = stack.enter_context(TestClient(app, base_url=API))
        scheme = Scheme(app, parts, client)
        yield LiveService(url, scheme, parts, clock, stop_worker, reader, database.superuser_url)


def agree_and_meet(service: LiveService, made: Match) -> None:
    """Both accept the agreement, one session is held, and another lies ahead."""
    for party in (made.mentee, made.mentor):
        done(party.post(f"/relationships/{made.relationship}/agreement", {"version": 1}))
    first = _plan(service, made, weeks=1)
    service.clock.ahead = timedelta(days=14)
    held = {"minutes": 60}
    anew = service.scheme.speaking_for(made.mentee.id, made.mentee.role, lasts=timedelta(days=60))
    path = f"/relationships/{made.relationship}/sessions/{first}/attendance"
    done(anew.post(path, held))
    _plan(service, replace(made, mentee=anew), weeks=6)


def _plan(service: LiveService, made: Match, *, weeks: int) -> str:
    today = service.clock().astimezone(LONDON).date()
    monday = today + timedelta(days=7 * weeks - today.weekday())
    starts_at = datetime.combine(monday, time(10), tzinfo=LONDON)
    body = {
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "time_zone": "Europe/London",
    }
    path = f"/relationships/{made.relationship}/sessions"
    return str(done(made.mentee.post(path, body))["made"])


def _begin_worker(parts: Parts, database: Database, stack: ExitStack) -> Callable[[], None]:
    stop = Event()
    log = EventLog(parts.recorder, parts.mapper)
    worker = Thread(target=work, args=(database.worker_url, log, stop), name="worker")
    worker.start()

    def stop_worker() -> None:
        stop.set()
        worker.join()

    stack.callback(stop_worker)
    return stop_worker


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, name="pages")
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            app.state.streams.end_all()
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)
