"""Of notifications only a name and a position count, and few may wait at a time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

import psycopg
import pytest

from projections import freshness
from projections.freshness import MOST_WAITING, Freshness, NotYet, TooManyWait, _moved

PATIENCE_SECONDS = 30.0


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "pipeline",
        "pipeline x",
        "pipeline -1",
        "pipeline 1 2",
        "pipeline 1\n",
        "pipeline ²",
        "pipeline \N{ARABIC-INDIC DIGIT ONE}",
        "Pipeline 1",
        f"{'p' * 64} 1",
        "pipeline " + "9" * 19,
        "pipeline " + "9" * 5000,
    ],
)
def test_what_is_not_a_name_and_a_position_is_nothing(payload: str) -> None:
    assert _moved(payload) is None


def test_a_name_and_a_position_are_both() -> None:
    assert _moved("my_mentoring " + "9" * 18) == ("my_mentoring", 10**18 - 1)


def test_the_thread_outlives_an_error_of_any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, again = [ValueError("Quillfeather"), psycopg.OperationalError(), MemoryError()], Event()

    def connect(*_args: object, **_options: object) -> None:
        if asked:
            raise asked.pop()
        again.set()
        raise psycopg.OperationalError

    monkeypatch.setattr(freshness, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(psycopg, "connect", connect)
    listening = Freshness("")
    listening.start()
    try:
        assert again.wait(PATIENCE_SECONDS)
    finally:
        listening.stop()


def test_beyond_a_few_nobody_waits_but_what_is_shown_is_seen_at_once() -> None:
    knows = Freshness("")
    knows._note("pipeline", 7)
    with ThreadPoolExecutor(MOST_WAITING) as pool:
        waiting = [
            pool.submit(knows.wait_for, "pipeline", 8, PATIENCE_SECONDS)
            for _ in range(MOST_WAITING)
        ]
        began = monotonic()
        while knows._waiting < MOST_WAITING:
            assert monotonic() - began < PATIENCE_SECONDS
        knows.wait_for("pipeline", 7, PATIENCE_SECONDS)
        with pytest.raises(TooManyWait):
            knows.wait_for("pipeline", 8, PATIENCE_SECONDS)
        knows._note("pipeline", 8)
        for each in waiting:
            each.result(PATIENCE_SECONDS)
    with pytest.raises(NotYet):
        knows.wait_for("pipeline", 9, 0.001)
    assert knows._waiting == 0
