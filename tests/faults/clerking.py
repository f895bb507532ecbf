"""A scheme with proposals that are overdue and matches that end, and clerks to see to them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from api.bootstrap import Parts, joined
from api.clerk import Clerk
from api.clock import clock_behind
from api.embedded_postgres.processes import wait_until
from api.event_log import EventLog
from api.settings import Settings
from projections.reader import NotBuiltYet, Reader
from tests.databases import Database
from tests.faults.ordinary import ROOT
from tests.match import Match, done, match, propose, publish_notices
from tests.scheme import Scheme, Somebody, api_settings, running_scheme, working

LONDON = ZoneInfo("Europe/London")
THREE_WEEKS = timedelta(weeks=3)
BUILT_WITHIN_SECONDS = 60.0
CLERK = [sys.executable, "-m", "api.cli", "clerk"]


@dataclass(frozen=True)
class World:
    """One scheme as it is now and as it was three weeks ago, on one database."""

    database: Database
    settings: Settings
    parts: Parts
    now: Scheme
    then: Scheme
    journal: Path

    def overdue(self) -> Match:
        """A proposal of three weeks ago that nobody answered."""
        return propose(self.then)

    def proposed(self) -> Match:
        """A proposal that can still be answered."""
        return propose(self.now)

    def meeting(self) -> Match:
        """A match with two sessions ahead."""
        made = match(self.now)
        for party in (made.mentee, made.mentor):
            done(party.post(f"/relationships/{made.relationship}/agreement", {"version": 1}))
        for weeks in (2, 7):
            body = session_in(self.now.now(), weeks)
            done(made.mentee.post(f"/relationships/{made.relationship}/sessions", body))
        return made

    def rows(self, statement: str, values: Any = ()) -> list[Any]:
        with psycopg.connect(self.database.superuser_url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def times(self, topic: str) -> dict[Any, int]:
        """How often something happened, by the record to which it did."""
        count = "SELECT originator_id, count(*) FROM record.event WHERE topic = %s GROUP BY 1"
        return dict(self.rows(count, [topic]))

    def newest(self) -> int:
        ((newest,),) = self.rows("SELECT max(position) FROM record.event")
        return int(newest)

    def seen(self) -> int:
        """How far the clerk has come."""
        return int((self.rows("SELECT position FROM record.policy_position") or [(0,)])[0][0])

    def settings_of_clerk(self) -> Settings:
        keys = {name: self.settings.key_files[name] for name in ("operational", "contact")}
        own = {"database_url": self.database.clerk_url, "key_files": keys}
        return Settings(**{**self.settings.model_dump(), **own, "erasure_journal": self.journal})

    @contextmanager
    def clerk(self) -> Iterator[tuple[Clerk, Any]]:
        """A clerk in this process, with its real role and keys, and its own session."""
        with ExitStack() as stack:
            parts = stack.enter_context(joined(self.settings_of_clerk()))
            reader = stack.enter_context(Reader(self.database.reader_url))
            session = psycopg.connect(self.database.clerk_url, autocommit=True)
            stack.enter_context(session)
            yield Clerk(parts, EventLog(parts.recorder, parts.mapper), reader), session

    def start_clerk(self, log_file: Path, **more: str) -> "subprocess.Popen[bytes]":
        """The real process; `more` is what else it is told."""
        settings = self.settings_of_clerk()
        environment = {
            "PATH": os.environ["PATH"],
            "VOUCHSAFE_DATABASE_URL": settings.database_url.get_secret_value(),
            "VOUCHSAFE_READER_URL": self.database.reader_url,
            "VOUCHSAFE_KEY_FILES": json.dumps({k: str(v) for k, v in settings.key_files.items()}),
            "VOUCHSAFE_LOG_FILE": str(log_file),
            "VOUCHSAFE_ERASURE_JOURNAL": str(self.journal),
            **more,
        }
        return subprocess.Popen(CLERK, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)


@contextmanager
def world(database: Database, folder: Path) -> Iterator[World]:
    """No worker runs yet, and no clerk."""
    settings = api_settings(database, folder)
    with ExitStack() as stack:
        parts = stack.enter_context(joined(settings))
        past = replace(parts, clock=clock_behind(int(THREE_WEEKS.total_seconds())))
        now, then = (
            stack.enter_context(running_scheme(each, Reader(database.reader_url)))
            for each in (parts, past)
        )
        publish_notices(then)
        yield World(database, settings, parts, now, then, folder / "erasures.journal")


@contextmanager
def read_models_of(of: World) -> Iterator[None]:
    """A worker keeps the read models up to date meanwhile; they are there from the first moment."""
    with working(of.now, of.database), Reader(of.database.reader_url) as reader:
        assert wait_until(lambda: _are_built(reader), BUILT_WITHIN_SECONDS)
        yield


def _are_built(reader: Reader) -> bool:
    try:
        reader.standings()
    except NotBuiltYet:
        return False
    return True


def withdraw(person: Somebody) -> int:
    """Stop taking part; answers the position at which that is recorded."""
    return int(done(person.post("/me/consents/take_part/withdrawal"))["position"])


def session_in(now: datetime, weeks: int) -> dict[str, str]:
    today = now.astimezone(LONDON).date()
    monday = today + timedelta(days=7 * weeks - today.weekday())
    starts_at = datetime.combine(monday, time(10), tzinfo=LONDON)
    ends_at = starts_at + timedelta(hours=1)
    return {
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "time_zone": "Europe/London",
    }
