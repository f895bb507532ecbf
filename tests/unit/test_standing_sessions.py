"""Nobody waits for hours on a line over TCP that swallows everything."""

import re
from pathlib import Path

import pytest

from crypto.patience import SESSION, STANDING_SESSION

CONNECTING = re.compile(r"psycopg\.connect\(([^()]*(?:\([^()]*\))?[^()]*)\)", re.DOTALL)
STANDING = (
    "api/clerk.py",
    "api/messages/postman.py",
    "projections/freshness.py",
    "projections/runner.py",
)


@pytest.mark.parametrize("options", [SESSION, STANDING_SESSION])
def test_a_dead_line_is_given_up_within_half_a_minute(options: dict[str, int]) -> None:
    probes = options["keepalives_interval"] * options["keepalives_count"]
    assert options["keepalives_idle"] + probes <= 30
    assert options["tcp_user_timeout"] <= 30_000


@pytest.mark.parametrize("file", STANDING)
def test_every_session_that_listens_is_opened_so(file: str) -> None:
    opened = CONNECTING.findall(Path(file).read_text("utf-8"))
    assert opened
    assert all("**STANDING_SESSION" in options for options in opened)
