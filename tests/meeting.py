"""A pair that has agreed to meet, on a clock that tests move, with the hours that they name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from api.bootstrap import joined
from domain.place import Place
from domain.relationship import Relationship
from domain.session import Session
from projections.reader import Reader
from tests.databases import Database
from tests.match import Match, done, match, publish_notices
from tests.scheme import Scheme, Somebody, api_settings, running_scheme

LONDON = ZoneInfo("Europe/London")
TOKENS_LAST = timedelta(days=2000)


class SetClock:
    """The time as the service takes it: real, moved by as much as a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def set_to(self, moment: datetime) -> None:
        self.ahead = moment - datetime.now(UTC)


@dataclass(frozen=True)
class MeetingScheme:
    """A scheme whose clock is the test's."""

    scheme: Scheme
    clock: SetClock

    def pair(self, *, cadence: str = "weekly", mentor: Somebody | None = None) -> "MeetingPair":
        """A match of two who agreed to meet as often as this."""
        made = match(self.scheme, mentor=mentor)
        parties = (self._lasting(made.mentee), self._lasting(made.mentor))
        pair = MeetingPair(self, made, *parties, self._lasting(made.coordinator))
        for party in parties:
            done(party.post(f"{pair.path}/agreement", {"version": 1}))
        if cadence != "monthly":
            done(pair.mentee.post(f"{pair.path}/cadence", {"cadence": cadence}))
        return pair

    def meeting_at_any_hour(self, *, cadence: str = "weekly") -> "MeetingPair":
        """The same under terms by which people may meet at night and at weekends too."""
        pair = self.pair(cadence=cadence)
        hours = {"opens": "00:00", "closes": "23:59", "days": [0, 1, 2, 3, 4, 5, 6]}
        pair.amend(working_hours=hours)
        return pair

    def _lasting(self, person: Somebody) -> Somebody:
        return self.scheme.speaking_for(person.id, person.role, lasts=TOKENS_LAST)


@dataclass(frozen=True)
class MeetingPair:
    """Who meets, and what they have planned."""

    here: MeetingScheme
    made: Match
    mentee: Somebody
    mentor: Somebody
    coordinator: Somebody

    @property
    def path(self) -> str:
        return f"/relationships/{self.made.relationship}"

    def plan(self, by: Somebody, starts_at: datetime, **more: Any) -> UUID:
        """Plan an hour, which must succeed."""
        answer = by.post(f"{self.path}/sessions", {**hour_body(starts_at), **more})
        return UUID(done(answer)["made"])

    def amend(self, **changes: Any) -> None:
        """Change the terms on which they meet, and have them hold for some years."""
        agreement = f"/agreements/{self.place().agreement}"
        terms = done(self.coordinator.get(agreement))["terms"]
        terms["ends_on"] = str(self.here.clock().date() + timedelta(days=3 * 365))
        done(self.coordinator.put(f"{agreement}/terms", terms | changes))

    def over(self, session: UUID) -> None:
        """Come to the end of a session."""
        self.here.clock.set_to(self.session(session).span.ends_at + timedelta(minutes=1))

    def of(self, session: UUID) -> str:
        return f"{self.path}/sessions/{session}"

    def session(self, session: UUID) -> Session:
        return self.relationship().session(session)

    def relationship(self) -> Relationship:
        return self.here.scheme.parts.mentoring.load(Relationship, self.made.relationship)

    def place(self) -> Place:
        return self.here.scheme.parts.mentoring.load(Place, self.relationship().place)

    def require_balance(self) -> None:
        """The place counts each session of the pair once, as its outcome says."""
        place, known = self.place(), self.relationship().sessions.values()
        assert place.granted == place.free + len(place.reserved) + len(place.used)
        assert place.reserved == {each.id for each in known if each.outcome is None}
        assert place.used == {
            each.id for each in known if each.outcome and each.outcome.uses_the_place
        }


@contextmanager
def meeting_scheme_on(
    database: Database, folder: Path, *, line: Path | None = None
) -> Iterator[MeetingScheme]:
    """A scheme on a clock of the test's own, with its notices published; a line is where it finds its database."""
    clock, settings = SetClock(), api_settings(database, folder)
    if line is not None:
        url = SecretStr(make_conninfo(database.api_url, host=str(line)))
        settings = settings.model_copy(update={"database_url": url})
    with (
        joined(settings) as parts,
        running_scheme(replace(parts, clock=clock), Reader(database.reader_url)) as scheme,
    ):
        publish_notices(scheme)
        yield MeetingScheme(scheme, clock)


def hour_body(starts_at: datetime) -> dict[str, str]:
    return {
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at.astimezone(UTC) + timedelta(hours=1)).isoformat(),
        "time_zone": "Europe/London",
    }


def on_monday(now: datetime, weeks: int, *, hour: int = 10, days: int = 0) -> datetime:
    """A Monday's hour so many weeks ahead, by the clock in London, or so many days after it."""
    today = now.astimezone(LONDON).date()
    day = today + timedelta(days=7 * weeks - today.weekday() + days)
    return datetime.combine(day, time(hour), tzinfo=LONDON)


def refusal(answer: Any) -> tuple[int, str, str]:
    """The status, kind and sentence of an answer that must be a problem."""
    body = answer.json()
    return answer.status_code, body["type"].rpartition(":")[2], body["detail"]
