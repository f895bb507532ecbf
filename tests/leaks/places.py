"""Where a leak could lie: tables, files, the write-ahead log among them, and the memory of processes."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.leaks.searching import CHUNK_BYTES, Hit, Searcher

TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
 WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
UNION ALL SELECT 'pg_catalog', 'pg_stat_activity'
 ORDER BY 1, 2
"""
NOT_OURS_TO_READ = ("[vvar", "[vsyscall]")


def in_tables(searcher: Searcher, url: str, *, but_not: Collection[str] = ()) -> set[Hit]:
    """Look into every column of every row, as its own bytes and as PostgreSQL writes it."""
    hits: set[Hit] = set()
    with psycopg.connect(url) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            if schema not in but_not:
                hits |= _in_table(searcher, connection, schema, table)
    return hits


def in_files(searcher: Searcher, folder: Path, *, but_not: Collection[Path] = ()) -> set[Hit]:
    """Look into every file under a folder; sockets and pipes hold nothing."""
    hits: set[Hit] = set()
    for path in _files(folder, frozenset(but_not)):
        place = f"file {path.relative_to(folder)}"
        hits |= searcher.search(place, str(path.relative_to(folder)).encode())
        hits |= searcher.search_chunks(place, _chunks_of(path))
    return hits


def in_memory(searcher: Searcher, pid: int, name: str, *, shared: bool = True) -> set[Hit]:
    """Look into everything that a process holds, but for the programs it has loaded from files.

    What several processes share need not be read in each of them.
    """
    hits: set[Hit] = set()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for start, end in _mappings(pid, shared=shared):
            hits |= searcher.search_chunks(f"memory of {name}", _read(memory, start, end))
    return hits


def _in_table(
    searcher: Searcher, connection: psycopg.Connection[Any], schema: str, table: str
) -> set[Hit]:
    hits: set[Hit] = set()
    query = sql.SQL("SELECT each.*, each::text AS whole_row FROM {} AS each")
    cursor = connection.execute(query.format(sql.Identifier(schema, table)))
    columns = [column.name for column in cursor.description or ()]
    for row in cursor:
        for column, value in zip(columns, row, strict=True):
            data = value if isinstance(value, bytes) else str(value).encode()
            hits |= searcher.search(f"table {schema}.{table}, column {column}", data)
    return hits


def _files(folder: Path, but_not: frozenset[Path]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not but_not.intersection((path, *path.parents)):
            yield path


def _chunks_of(path: Path) -> Iterator[bytes]:
    """What a file holds; one that the server removes meanwhile holds nothing any more."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _mappings(pid: int, *, shared: bool) -> Iterator[tuple[int, int]]:
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, rights, _, _, inode, *path = line.split(maxsplit=5)
        is_program = inode != "0" and "w" not in rights
        is_told_of = is_program or (rights.endswith("s") and not shared)
        if "r" in rights and not is_told_of and not "".join(path).startswith(NOT_OURS_TO_READ):
            start, _, end = span.partition("-")
            yield int(start, 16), int(end, 16)


def _read(memory: Any, start: int, end: int) -> Iterator[bytes]:
    """A mapping in chunks; one that the process gave back meanwhile ends early."""
    memory.seek(start)
    while start < end:
        try:
            chunk = memory.read(min(CHUNK_BYTES, end - start))
        except OSError:
            return
        if not chunk:
            return
        yield chunk
        start += len(chunk)
