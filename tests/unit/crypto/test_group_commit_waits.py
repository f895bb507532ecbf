"""Who waits for a slow database is sent away in time, and nobody else's answer is lost by it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from crypto.errors import RecorderUnavailable
from crypto.event_store import group_commit
from crypto.event_store.group_commit import GroupCommit


class SlowDatabase:
    """Appends names, once it is let go on; says when an append has begun."""

    def __init__(self) -> None:
        self.appended: list[str] = []
        self.begun, self.may_go_on = Event(), Event()

    def append(self, group: Sequence[str]) -> Sequence[str]:
        self.begun.set()
        assert self.may_go_on.wait(30)
        self.appended.extend(group)
        return list(group)


@pytest.fixture
def slow() -> Iterator[SlowDatabase]:
    database = SlowDatabase()
    yield database
    database.may_go_on.set()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as executor:
        yield executor


def test_who_waited_too_long_leaves_the_queue_and_is_never_appended(
    slow: SlowDatabase, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = committing(slow)
    first = leading(commit, slow, threads)
    monkeypatch.setattr(group_commit, "LONGEST_WAIT_SECONDS", 0.05)
    with pytest.raises(RecorderUnavailable):
        commit.submit("late")
    slow.may_go_on.set()
    assert first.result(30) == "first"
    assert commit.submit("next") == "next"
    assert slow.appended == ["first", "next"]


def test_a_queue_that_is_full_sends_away_whoever_comes_next(
    slow: SlowDatabase, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = committing(slow)
    first = leading(commit, slow, threads)
    monkeypatch.setattr(group_commit, "MOST_WAITING", 0)
    with pytest.raises(RecorderUnavailable):
        commit.submit("one too many")
    slow.may_go_on.set()
    assert first.result(30) == "first"


def test_whoever_waits_is_answered_when_the_database_comes_back(
    slow: SlowDatabase, threads: ThreadPoolExecutor
) -> None:
    commit = committing(slow)
    first = leading(commit, slow, threads)
    others = [threads.submit(commit.submit, f"other {number}") for number in range(6)]
    slow.may_go_on.set()
    assert first.result(30) == "first"
    assert [other.result(30) for other in others] == [f"other {number}" for number in range(6)]
    assert sorted(slow.appended) == sorted(["first", *(f"other {number}" for number in range(6))])


def committing(slow: SlowDatabase) -> GroupCommit[str, str]:
    return GroupCommit(slow.append, is_alone=lambda _: False)


def leading(
    commit: GroupCommit[str, str], slow: SlowDatabase, threads: ThreadPoolExecutor
) -> Future[str]:
    """Somebody whose append has begun and goes no further yet."""
    first = threads.submit(commit.submit, "first")
    assert slow.begun.wait(30)
    return first
