"""Embedded servers for tests that need one of their own, and processes that hold one."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from api.embedded_postgres import EmbeddedPostgres

PATIENCE_SECONDS = 180.0

HOLDER = """
import os, sys
from pathlib import Path
import psycopg
from api.embedded_postgres import EmbeddedPostgres
if sys.argv[2:] and os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
folder = Path(sys.argv[1])
with EmbeddedPostgres(folder, durable=False, server_parent=folder.parent / "servers") as postgres:
    postgres.provision("vouchsafe")
    with psycopg.connect(postgres.url("vouchsafe_owner", "vouchsafe")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('plimsoll')")
    print(postgres.pid, flush=True)
    sys.stdin.read()
"""


def embedded(folder: Path, *, durable: bool = False, **settings: str) -> EmbeddedPostgres:
    parent = folder.parent / "servers"
    return EmbeddedPostgres(folder, durable=durable, settings=settings, server_parent=parent)


@contextmanager
def holding_process(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that holds the folder until its input ends or it is killed."""
    command = [sys.executable, "-c", HOLDER, str(folder), *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def remember(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.superuser_url()) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('plimsoll')")


def remembered(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT word FROM kept").fetchall()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
