"""Streams of changes: whom they tell, of what, for how long, and how many there may be."""

import re
from contextlib import ExitStack
from datetime import timedelta

import psycopg
import pytest

from api.auth.callers import SESSION_COOKIE
from api.auth.tokens import Tokens
from api.embedded_postgres.processes import wait_until
from api.live import streams as live_streams
from api.live.streams import MOST_OF_ONE_PERSON, Streams
from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.listening import PATIENCE_SECONDS, Listener, listening
from tests.live_service import LiveService
from tests.match import Match, done, propose
from tests.scheme import Somebody

OWN = "/my-mentoring/changes"
CASELOAD = "/my-caseload/changes"
PIPELINE = "/pipeline/changes"
ONLY_POSITIONS = re.compile(
    r"(: (open|still here)\n\n|event: changed\ndata: (\d+)\nid: \3\n\n|event: signed-out\ndata: null\n\n)+"
)


@pytest.fixture
def streams(service: LiveService) -> Streams:
    found: Streams = service.scheme.app.state.streams
    assert wait_until(lambda: found.count() == 0, PATIENCE_SECONDS)
    return found


def newest_of(somebody: Somebody, path: str = "/my-mentoring") -> int:
    rows = done(somebody.get(path))["relationships"]
    return max((row["position"] for row in rows), default=0)


def say_yes(party: Somebody, made: Match) -> int:
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/acceptance"
    return int(done(party.post(path, {"version": 1}))["position"])


def test_a_stream_tells_at_once_of_what_was_missed_and_then_of_each_change(
    service: LiveService, proposed: Match
) -> None:
    newest = newest_of(proposed.mentee)
    with listening(service.url, OWN, proposed.mentee.token) as mentee:
        assert mentee.changed() == newest
        said = say_yes(proposed.mentor, proposed)
        assert mentee.changed() == said

    assert mentee.answer.headers["content-type"].startswith("text/event-stream")
    assert mentee.answer.headers["cache-control"] == "no-store"
    assert ONLY_POSITIONS.fullmatch(mentee.raw)


@pytest.mark.parametrize("way", ["query", "header", "beyond"])
def test_what_is_shown_already_is_not_told_again(
    service: LiveService, streams: Streams, proposed: Match, way: str
) -> None:
    newest = newest_of(proposed.mentee)
    asked = {
        "query": (f"{OWN}?after={newest}", {}),
        "header": (OWN, {"Last-Event-ID": str(newest)}),
        "beyond": (f"{OWN}?after={10**15}", {}),
    }
    path, headers = asked[way]
    with listening(service.url, path, proposed.mentee.token, headers=headers) as mentee:
        assert wait_until(lambda: looked_after(streams, newest), PATIENCE_SECONDS)
        said = say_yes(proposed.mentor, proposed)
        assert mentee.changed() == said


def looked_after(streams: Streams, newest: int) -> bool:
    """Whether a stream is open and no position beyond the newest change stands any more."""
    return bool(streams._streams) and all(each._told <= newest for each in streams._streams)


def test_nobody_is_told_of_anybody_elses_change(service: LiveService, proposed: Match) -> None:
    with listening(service.url, OWN, proposed.mentee.token) as mentee:
        assert mentee.changed() == newest_of(proposed.mentee)
        for _ in range(3):
            other = propose(service.scheme)
            say_yes(other.mentee, other)
        service.caught_up()
        said = say_yes(proposed.mentor, proposed)
        assert mentee.changed() == said


def test_a_mentor_is_told_that_a_proposal_ended_and_of_nothing_that_comes_of_it_later(
    service: LiveService, proposed: Match
) -> None:
    path = f"/relationships/{proposed.relationship}"
    refusal = f"{path}/proposals/{proposed.proposal}/refusal"
    with listening(service.url, CASELOAD, proposed.mentor.token) as mentor:
        assert mentor.changed() == newest_of(proposed.mentor, "/my-caseload")
        said = done(proposed.mentee.post(refusal, {"version": 1}))["position"]
        assert mentor.changed() == said
        done(proposed.mentee.post(f"{path}/closing", {"reason": "no_fault"}))
        service.caught_up()
        capacity = {"capacity": 3}
        own = done(proposed.mentor.put("/me/mentor-profile/capacity", capacity))["position"]
        assert mentor.changed() == own

    assert ONLY_POSITIONS.fullmatch(mentor.raw)
    assert done(proposed.mentor.get("/my-caseload"))["relationships"] == []


def test_a_coordinator_is_told_of_all_but_their_own(service: LiveService, proposed: Match) -> None:
    insider = service.scheme.speaking_for(proposed.mentee.id, Role.COORDINATOR)
    with (
        listening(service.url, PIPELINE, insider.token) as listener,
        listening(service.url, PIPELINE, proposed.coordinator.token) as outsider,
    ):
        first = listener.changed() if newest_of(insider, "/pipeline") else 0
        assert outsider.changed() == newest_of(proposed.coordinator, "/pipeline")
        said = say_yes(proposed.mentor, proposed)
        assert outsider.changed() == said
        others = propose(service.scheme)
        service.caught_up()
        told = until(listener, newest_of(others.coordinator, "/pipeline"))

    assert first < said
    assert said not in told


def until(listener: Listener, position: int) -> list[int]:
    """All that is told up to a position."""
    told = [listener.changed()]
    while told[-1] < position:
        told.append(listener.changed())
    return told


def test_a_revoked_token_ends_its_stream_and_no_other(
    service: LiveService, proposed: Match
) -> None:
    tokens: Tokens = service.scheme.tokens
    with (
        listening(service.url, OWN, proposed.mentee.token) as mentee,
        listening(service.url, PIPELINE, proposed.coordinator.token) as coordinator,
    ):
        mentee.changed()
        coordinator.changed()
        tokens.revoke(proposed.mentee.id, service.clock())
        assert mentee.next() == {"event": "signed-out", "data": "null"}
        assert mentee.next() is None
        said = say_yes(proposed.mentor, proposed)
        assert coordinator.changed() == said


def test_signing_out_ends_the_stream_of_the_session(service: LiveService, mentee: Visitor) -> None:
    form = mentee.form("/my-mentoring", "/sign-out")
    cookies = {SESSION_COOKIE: mentee.cookies[SESSION_COOKIE]}
    with listening(service.url, OWN, cookies=cookies) as listener:
        listener.changed()
        mentee.post("/sign-out", form)
        assert listener.next() == {"event": "signed-out", "data": "null"}


def test_a_stream_ends_with_the_time_of_its_token(
    service: LiveService, proposed: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_streams, "RECHECK_SECONDS", 0.1)
    with listening(service.url, OWN, proposed.mentee.token) as listener:
        listener.changed()
        monkeypatch.setattr(service.clock, "ahead", service.clock.ahead + timedelta(days=1))
        assert listener.next() == {"event": "signed-out", "data": "null"}


def test_one_person_has_a_few_streams_and_gets_their_place_back(
    service: LiveService, streams: Streams, proposed: Match
) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_OF_ONE_PERSON):
            stack.enter_context(listening(service.url, OWN, proposed.mentee.token)).changed()
        with listening(service.url, OWN, proposed.mentee.token) as refused:
            assert refused.answer.status_code == 429
            assert refused.answer.headers["retry-after"]
            assert refused.answer.read()
        with listening(service.url, PIPELINE, proposed.coordinator.token) as another:
            another.changed()
    assert wait_until(lambda: streams.count() == 0, PATIENCE_SECONDS)
    with listening(service.url, OWN, proposed.mentee.token) as listener:
        listener.changed()


def test_a_process_has_so_many_streams_and_pages_go_on_without(
    service: LiveService, mentee: Visitor, proposed: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_streams, "MOST_STREAMS", 0)
    with listening(service.url, OWN, proposed.mentee.token) as refused:
        assert refused.answer.status_code == 503
        assert refused.answer.headers["retry-after"]
        assert "too-many-streams" in refused.answer.read().decode()
    assert mentee.get("/my-mentoring").status_code == 200


def test_all_streams_share_one_connection_and_outlive_its_loss(
    service: LiveService, proposed: Match
) -> None:
    with ExitStack() as stack:
        mentee = stack.enter_context(listening(service.url, OWN, proposed.mentee.token))
        for _ in range(2):
            stack.enter_context(listening(service.url, PIPELINE, proposed.coordinator.token))
        mentee.changed()
        assert end_listening_sessions(service) == 1
        said = say_yes(proposed.mentor, proposed)
        assert mentee.changed() == said


def end_listening_sessions(service: LiveService) -> int:
    end = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND application_name = 'vouchsafe freshness'"""
    with psycopg.connect(service.superuser_url, autocommit=True) as connection:
        return len(connection.execute(end).fetchall())


@pytest.mark.parametrize("wrong", ["x", "-1", "1\N{SUPERSCRIPT TWO}", "9" * 19])
def test_what_can_be_no_position_is_not_understood(proposed: Match, wrong: str) -> None:
    as_query = proposed.mentee.get(OWN, params={"after": wrong})
    as_header = proposed.mentee.get(OWN, headers={"Last-Event-ID": wrong.encode()})

    assert (as_query.status_code, as_header.status_code) == (422, 422)
    assert wrong not in as_query.text
    assert wrong not in as_header.text


def test_a_page_after_a_position_beyond_the_log_is_shown_at_once(
    service: LiveService, mentee: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(service.reader, "wait_for", lambda name, *_: asked.append(name))

    assert "still being saved" in mentee.get(f"/my-mentoring?at_least={10**14}").text
    assert asked == []
