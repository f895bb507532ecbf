from collections.abc import Sequence
from io import StringIO

from rich.console import Console

from api.cli.running import say_what_is_amiss


def said(stopped: Sequence[str], set_aside: int) -> str:
    file = StringIO()
    say_what_is_amiss(Console(file=file, soft_wrap=True), stopped, set_aside)
    return file.getvalue()


def test_nothing_is_said_where_nothing_is_amiss() -> None:
    assert said([], 0) == ""


def test_a_stopped_read_model_is_named_with_the_way_on() -> None:
    words = said(["pipeline", "deadlines"], 0)

    assert "These read models stand still: pipeline, deadlines." in words
    assert "vouchsafe resume pipeline\n" in words
    assert "vouchsafe resume deadlines\n" in words
    assert "damaged" not in words.lower()


def test_damaged_records_are_counted_with_what_to_do() -> None:
    words = said([], 3)

    assert "Damaged records: 3" in words
    assert "`vouchsafe rebuild`" in words
    assert "resume" not in words
