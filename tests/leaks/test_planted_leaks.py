"""The search finds what it is meant to find: leaks are planted, and each is reported with its place."""

import base64
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from tests.leaks.places import in_files, in_memory, in_tables
from tests.leaks.recording import NOBODY, Exchange, shown_to_others
from tests.leaks.run import LeakRun, plain
from tests.leaks.searching import UNNAMED, Hit, Searcher, sentinel_needles
from tests.leaks.sentinels import Sentinels

PLANTED = "planted words"
FORMS: dict[str, Callable[[str], bytes]] = {
    "plain text": str.encode,
    "in capitals": lambda text: text.upper().encode(),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "UTF-16, the other way round": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32-le"),
    "JSON": lambda text: text.encode("ascii", "backslashreplace"),
    "URL": lambda text: quote(text).encode(),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, one byte on": lambda text: base64.b64encode(b"!" + text.encode()),
    "base64, two bytes on": lambda text: base64.b64encode(b"!!" + text.encode()),
    "URL-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()),
}
HOLDER = "import sys; held = sys.stdin.readline(); print('held', flush=True); sys.stdin.readline()"


@dataclass(frozen=True)
class Planted:
    """Words for nobody, and what they are called in a report."""

    name: str
    text: str


@pytest.fixture
def planted(run: LeakRun) -> Planted:
    """New ones for every test: what one of them planted may be found by the next."""
    name = f"{PLANTED}, number {len(run.sentinels.all)}"
    return Planted(name, run.sentinels.words(name))


@pytest.mark.parametrize("form", FORMS)
def test_words_are_found_in_every_form(form: str) -> None:
    sentinels = Sentinels()
    others = [sentinels.words(name) for name in ("before", PLANTED, "after")]
    searcher = Searcher(sentinel_needles(sentinels))
    assert found(searcher.search("here", b"{" + FORMS[form](others[1]) + b"}")) == {PLANTED}
    assert searcher.search("here", b"what everybody may know") == set()


@pytest.mark.parametrize("form", FORMS)
def test_numbers_and_short_words_are_found_in_every_form(form: str) -> None:
    sentinels = Sentinels()
    texts = {"number": sentinels.telephone("number")[1:], "word": sentinels.short("word")}
    searcher = Searcher(sentinel_needles(sentinels))
    for name, text in texts.items():
        assert found(searcher.search("here", FORMS[form](text))) == {name}


def test_words_are_found_where_two_chunks_meet() -> None:
    sentinels = Sentinels()
    data = sentinels.short("word").encode()
    searcher = Searcher(sentinel_needles(sentinels))
    for cut in range(1, len(data)):
        pieces = io.BytesIO(bytes(2000) + data + bytes(2000))
        chunks = [pieces.read(2000 + cut), pieces.read()]
        assert found(searcher.search_chunks("here", chunks)) == {"word"}


def test_a_report_does_not_repeat_what_it_found(run: LeakRun, planted: Planted) -> None:
    (hit,) = (each for each in run.searcher.search("a place", planted.text.encode()[:40]))
    assert str(hit) == f"{planted.name}, as plain text, in a place"
    assert run.searcher.search("a place", f"{hit} {hit!r}".encode()) == set()


@pytest.mark.parametrize("form", ["plain text", "base64, one byte on"])
def test_a_row_in_a_read_model_is_found(run: LeakRun, planted: Planted, form: str) -> None:
    text = FORMS[form](planted.text).decode()
    with rows_planted(run) as connection:
        table = run.machine.ask("SELECT tables[1] FROM read.position WHERE name = 'pipeline'")
        name = sql.Identifier("read", table)
        connection.execute(sql.SQL("UPDATE {} SET document = document || %s").format(name), (text,))
        connection.commit()
        hits = in_tables(run.searcher, run.machine.superuser_url)
    places = {hit.place for hit in hits if hit.name == planted.name}
    assert f"table read.{table}, column document" in places


def test_bytes_in_a_table_are_found(run: LeakRun, planted: Planted) -> None:
    with rows_planted(run) as connection:
        connection.execute(
            "CREATE TABLE read.planted AS SELECT %s::bytea AS kept", (planted.text.encode(),)
        )
        connection.commit()
        hits = in_tables(run.searcher, run.machine.superuser_url)
        connection.execute("DROP TABLE read.planted")
    assert Hit("table read.planted, column kept", planted.name, "plain text") in hits


def test_what_stands_in_the_write_ahead_log_alone_is_found(run: LeakRun, planted: Planted) -> None:
    with rows_planted(run) as connection:
        emit = "SELECT pg_logical_emit_message(true, 'planted', %s)"
        connection.execute(emit, (planted.text,))
    run.machine.settle()
    cluster = run.machine.machine.postgres.cluster
    hits = in_files(run.searcher, cluster)
    places = {hit.place for hit in hits if hit.name == planted.name}
    assert places
    assert all(place.startswith("file pg_wal/") for place in places)


def test_a_line_in_a_log_is_found(run: LeakRun, planted: Planted) -> None:
    log = run.machine.logs / "planted.log"
    log.write_text(f'{{"event": "request", "route": "{planted.text}"}}\n')
    hits = in_files(run.searcher, run.machine.logs)
    log.unlink()
    assert hits == {Hit("file planted.log", planted.name, "plain text")}


def test_a_response_to_another_role_is_found() -> None:
    route = "GET /api/v1/people/{id}/contact"
    sentinels = Sentinels()
    content = sentinels.person_name("name of amara", [("ruth", route)]).encode()
    searcher = Searcher(sentinel_needles(sentinels))

    def told(who: str, where: str, status: int) -> set[str]:
        exchange = Exchange(who, where, status, b'{"name": "' + content + b'"}')
        return {hit.place for hit in shown_to_others([exchange], searcher, sentinels)}

    assert told("ruth", route, 200) == set()
    assert told("grace", route, 200) == {f"200 of {route} to grace"}
    assert told(NOBODY, route, 200) == {f"200 of {route} to {NOBODY}"}
    assert told("ruth", "GET /api/v1/pipeline", 200) == {"200 of GET /api/v1/pipeline to ruth"}
    assert told("ruth", route, 422) == {f"422 of {route} to ruth"}
    assert told("grace", "GET /pipeline", 200) == {"200 of GET /pipeline to grace"}


def test_anothers_words_in_a_whole_record_are_found() -> None:
    said, record = "POST /api/v1/me/concerns", "GET /api/v1/me/record"
    sentinels = Sentinels()
    own, given, others = (
        sentinels.short(name).encode()
        for name in ("words of joy", "reasons for joy in a proposal", "reasons for grace of it")
    )
    searcher = Searcher(sentinel_needles(sentinels))

    def told(who: str, content: bytes) -> bool:
        exchanges = [
            Exchange("joy", said, 201, b"{}", own),
            Exchange(who, record, 200, content),
        ]
        return bool(shown_to_others(exchanges, searcher, sentinels))

    assert not told("joy", own + given)
    assert told("joy", others)
    assert told("grace", own)
    assert told("grace", given)


def test_words_in_the_memory_of_a_process_are_found(run: LeakRun, planted: Planted) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        print(planted.text, file=process.stdin, flush=True)
        process.stdout.readline()
        hits = in_memory(run.searcher, process.pid, "a holder")
        print(file=process.stdin, flush=True)
    assert {(hit.place, hit.name) for hit in hits} == {("memory of a holder", planted.name)}


@pytest.mark.parametrize("armour", [bytes, base64.b64encode, base64.urlsafe_b64encode])
def test_a_key_in_a_log_is_found(run: LeakRun, armour: type[bytes]) -> None:
    log = run.machine.logs / "planted.log"
    log.write_bytes(b"key: " + armour(run.keks["contact"]))
    hits = in_files(plain(run.keks), run.machine.logs)
    log.unlink()
    assert found(hits) == {"contact"}


def found(hits: set[Hit]) -> set[str]:
    """What was found; a form that is almost another may be found as a part of that one too."""
    return {hit.name for hit in hits} - {UNNAMED}


@contextmanager
def rows_planted(run: LeakRun) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(run.machine.superuser_url) as connection:
        yield connection
