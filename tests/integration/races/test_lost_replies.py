"""A reply that is lost after the database committed: the order stands once, and its repetition is answered like it."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.conninfo import conninfo_to_dict

from api.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, fresh_database
from tests.integration.races.conftest import Crossroads, crossroads_of
from tests.match import done
from tests.meeting import (
    MeetingPair,
    MeetingScheme,
    hour_body,
    meeting_scheme_on,
    on_monday,
)
from tests.scheme import Somebody
from tests.unreliable_line import Cut, UnreliableLine, unreliable_line


@dataclass(frozen=True)
class Losing:
    """A scheme whose line to its database is cut when a test says so."""

    here: MeetingScheme
    line: UnreliableLine
    crossroads: Crossroads

    def reply_of(self, by: Somebody, path: str, body: Any, key: str) -> Any:
        """Send a request whose commit is answered into a line that is cut."""
        cuts = self.line.cuts
        answer = self.crossroads.let_come_between(
            self._cut, lambda: by.post(path, body, headers={"Idempotency-Key": key})
        )
        assert self.line.cuts == cuts + 1
        return answer

    def _cut(self) -> None:
        self.line.next_cut = Cut.BEFORE_THE_ANSWER


@pytest.fixture(scope="module")
def cuttable(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[MeetingScheme, UnreliableLine]]:
    folder = tmp_path_factory.mktemp("lost-replies")
    with (
        tempfile.TemporaryDirectory() as sockets,
        fresh_database(postgres, template) as database,
        unreliable_line(socket_of(database), Path(sockets)) as line,
        meeting_scheme_on(database, folder, line=Path(sockets)) as running,
    ):
        yield running, line


@pytest.fixture
def losing(
    cuttable: tuple[MeetingScheme, UnreliableLine], monkeypatch: pytest.MonkeyPatch
) -> Losing:
    here, line = cuttable
    return Losing(here, line, crossroads_of(here, monkeypatch))


def socket_of(database: Database) -> Path:
    given = conninfo_to_dict(database.api_url)
    return Path(str(given["host"])) / f".s.PGSQL.{given.get('port') or 5432}"


def again(by: Somebody, path: str, body: Any, key: str) -> Any:
    return by.post(path, body, headers={"Idempotency-Key": key})


def test_a_session_whose_reply_was_lost_is_planned_once(losing: Losing) -> None:
    pair, key = losing.here.pair(), uuid4().hex
    body, path = hour_body(on_monday(losing.here.clock(), 2)), f"{pair.path}/sessions"

    first = losing.reply_of(pair.mentee, path, body, key)
    before = losing.here.scheme.event_count()
    second = again(pair.mentee, path, body, key)

    assert done(first) == done(second)
    assert list(pair.relationship().sessions) == [UUID(done(second)["made"])]
    assert losing.here.scheme.event_count() == before
    assert pair.place().free == 2
    pair.require_balance()


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("attendance", {"minutes": 60}),
        ("absence", {"who": "mentor"}),
        ("absence", {"who": "mentee"}),
    ],
)
def test_a_record_whose_reply_was_lost_counts_once(
    losing: Losing, what: str, body: dict[str, Any]
) -> None:
    pair, key = losing.here.pair(), uuid4().hex
    session = ended_session(pair)

    first = losing.reply_of(pair.mentor, f"{pair.of(session)}/{what}", body, key)
    second = again(pair.mentor, f"{pair.of(session)}/{what}", body, key)

    assert done(first) == done(second)
    pair.require_balance()
    done(pair.mentee.post(f"{pair.of(session)}/confirmation"))


def test_a_cancellation_whose_reply_was_lost_frees_one_session(losing: Losing) -> None:
    pair, key = losing.here.pair(), uuid4().hex
    session = pair.plan(pair.mentee, on_monday(losing.here.clock(), 2))
    path = f"{pair.of(session)}/cancellation"

    first = losing.reply_of(pair.mentor, path, {}, key)
    second = again(pair.mentor, path, {}, key)

    assert done(first) == done(second)
    assert pair.place().free == 3
    pair.require_balance()


def ended_session(pair: MeetingPair) -> UUID:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))
    pair.over(session)
    return session
