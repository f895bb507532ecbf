"""No reader passes over a position, whoever writes, rolls back or dies."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg
import pytest

from tests.databases import Database
from tests.event_store import Store

ROOT = Path(__file__).parents[3]
SECONDS = 5.0
SECONDS_TO_THE_KILL = 2.0
READ_AT_MOST = (1, 7, 500)


@pytest.mark.usefixtures("files")
def test_every_reader_sees_every_position_in_order_and_every_acknowledged_one(
    database: Database,
    tmp_path: Path,
    another_store: Callable[[], Store],
    owner: psycopg.Connection[tuple[int]],
) -> None:
    stores, written = [another_store() for _ in READ_AT_MOST], Event()
    with ThreadPoolExecutor() as threads:
        readers = [
            threads.submit(tail, store, most, written)
            for store, most in zip(stores, READ_AT_MOST, strict=True)
        ]
        try:
            acknowledged = write(database.api_url, tmp_path)
        finally:
            written.set()
        seen = [reader.result(30) for reader in readers]
    rows = owner.execute("SELECT position FROM record.event ORDER BY position").fetchall()
    recorded = [position for (position,) in rows]
    assert len(recorded) > 100
    assert recorded == list(range(1, len(recorded) + 1)), "what was rolled back leaves no gap"
    for positions in seen:
        assert positions == recorded
    assert acknowledged <= set(recorded)


def tail(store: Store, most: int, written: Event) -> list[int]:
    """Read on from the last position seen, until all is written and nothing more comes."""
    seen: list[int] = []
    while True:
        at_the_end = written.is_set()
        after = seen[-1] if seen else 0
        found = store.recorder.select_notifications(after, most, inclusive_of_start=False)
        seen.extend(entry.id for entry in found)
        if at_the_end and not found:
            return seen


def write(url: str, folder: Path) -> set[int]:
    """Let three processes write, one of which is killed at its work; answer what was acknowledged."""
    writers = [writer(url, folder) for _ in range(3)]
    with pytest.raises(subprocess.TimeoutExpired):
        writers[0].wait(SECONDS_TO_THE_KILL)
    writers[0].kill()
    said = [process.communicate(timeout=60)[0] for process in writers]
    assert [process.returncode for process in writers] == [-9, 0, 0]
    whole_lines = [line for text in said for line in text.split("\n")[:-1]]
    return {int(line) for line in whole_lines}


def writer(url: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.log_writer", str(folder), str(SECONDS)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdin is not None
    process.stdin.write(f"{url}\n")
    process.stdin.flush()
    return process
