"""A full disk stops no log, and is not filled further by what failed for it."""

from pathlib import Path

import pytest
import structlog

from api.embedded_postgres.files import write_whole
from api.logs import LogLines
from tests.logging_here import logging_to

FULL = Path("/dev/full")
"""A device of the kernel on which nothing ever finds room."""


def test_a_line_that_finds_no_room_is_left_out_and_nobody_fails_for_it() -> None:
    with logging_to(FULL, "api"):
        for number in range(1000):
            structlog.get_logger().info("request", count=number)


def test_what_a_kept_logger_says_after_the_end_goes_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "api.log"
    lines = LogLines(file.open("a", encoding="utf-8"))
    lines.write("before\n")
    lines.close()
    lines.write("after\n")
    lines.flush()
    assert file.read_text() == "before\n"


def test_a_file_that_could_not_be_put_in_place_leaves_nothing_beside_it(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(taken, "text")
    assert list(tmp_path.iterdir()) == [taken]
