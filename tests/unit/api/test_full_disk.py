"""A log that finds no room on the disk stops nobody."""

from pathlib import Path

import structlog

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
