"""An alarm about a stream or a passed record is raised once, until it is mended and damaged again."""

from uuid import uuid4

from projections.alarms import OnceEach, PassedOver, SetAside, Stopped

ONE, OTHER = (SetAside(uuid4(), position, f"event {position}") for position in (3, 4))


def test_a_stream_is_told_once_however_many_read_models_leave_it_out() -> None:
    told: list[object] = []
    alarms = OnceEach(told.append)
    for _ in range(4):
        alarms.set_aside([ONE, OTHER])
    alarms.recall([OTHER, ONE])
    assert told == [ONE, OTHER]


def test_what_was_remembered_from_before_is_told_at_the_start() -> None:
    told: list[object] = []
    OnceEach(told.append).recall([ONE])
    assert told == [ONE]


def test_a_stream_that_was_mended_and_is_damaged_again_is_told_again() -> None:
    told: list[object] = []
    alarms = OnceEach(told.append)
    alarms.set_aside([ONE, OTHER])
    alarms.recall([OTHER])
    alarms.set_aside([ONE, OTHER])
    assert told == [ONE, OTHER, ONE]


def test_a_passed_record_is_told_once_and_a_stop_each_time() -> None:
    told: list[object] = []
    alarms = OnceEach(told.append)
    passed, stopped = PassedOver(1, "unreadable", "event 1"), Stopped("pipeline", 2, "Unfit")
    for _ in range(2):
        alarms.passed(passed)
        alarms.stopped(stopped)
    assert told == [passed, stopped, stopped]
