"""Waiting for what was just recorded takes no thread from anybody else."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from api.routes import reading
from domain.values import Role
from projections.freshness import MOST_WAITING
from projections.my_mentoring import MY_MENTORING
from tests.match import done
from tests.scheme import Scheme, Somebody

PATIENCE_SECONDS = 30.0
MANY = 45


@pytest.fixture
def mentee(scheme: Scheme) -> Somebody:
    """No worker runs, so what is recorded is not shown."""
    return scheme.person(Role.MENTEE)


def test_a_position_beyond_the_log_is_answered_at_once(
    mentee: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PATIENCE_SECONDS", PATIENCE_SECONDS)
    started = monotonic()
    answer = mentee.get(f"/my-mentoring?at_least={10**14}")
    assert monotonic() - started < PATIENCE_SECONDS / 2
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:vouchsafe:problem:not-there-yet"
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("position", [2**63, 10**30, 0, -1])
def test_what_can_be_no_position_is_not_understood(mentee: Somebody, position: int) -> None:
    assert mentee.get(f"/my-mentoring?at_least={position}").status_code == 422


def test_many_who_wait_leave_room_for_others(
    scheme: Scheme, mentee: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PATIENCE_SECONDS", PATIENCE_SECONDS)
    clients = [scheme.as_before(mentee) for _ in range(MANY)]
    newest = scheme.parts.recorder.max_notification_id() or 0
    path = f"/my-mentoring?at_least={newest}"
    with ThreadPoolExecutor(MANY) as pool:
        waiting = [pool.submit(client.get, path) for client in clients]
        while sum(each.done() for each in waiting) < MANY - MOST_WAITING:
            done(scheme.anybody.get("/health/live"))
        still = sum(not each.done() for each in waiting)
        done(scheme.anybody.get("/health/live"))
        scheme.app.state.reader._freshness._note(MY_MENTORING.name, newest)
        answers = [each.result() for each in waiting]
    assert still == MOST_WAITING
    assert {answer.status_code for answer in answers} == {503}
    assert all(answer.headers["retry-after"] for answer in answers)
