"""The journal of erasures: durable, append-only, refused when it is not whole."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from api.erasing.journal import (
    BEFORE_ALL,
    Journal,
    JournalIsDamaged,
    JournalIsOpenToOthers,
    JournalNotNamed,
    JournalUnavailable,
    NoJournal,
)

ERASURE, PERSON, STREAM = UUID(int=1), UUID(int=2), UUID(int=3)
FIRST = (
    '{"format":"vouchsafe-erasure/1","erasure":"00000000-0000-0000-0000-000000000001",'
    '"person":"00000000-0000-0000-0000-000000000002",'
    '"streams":["00000000-0000-0000-0000-000000000003"],"previous":"' + "0" * 64 + '"}\n'
).encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "erasures.journal"


def filled(path: Path, count: int) -> Journal:
    journal = Journal(path)
    for _ in range(count):
        journal.add(uuid4(), uuid4(), (uuid4(),))
    return journal


def test_a_line_is_written_as_the_specification_says(path: Path) -> None:
    Journal(path).add(ERASURE, PERSON, (STREAM,))
    assert path.read_bytes() == FIRST
    assert path.stat().st_mode & 0o777 == 0o600


def test_each_line_names_the_one_before(path: Path) -> None:
    filled(path, 3)
    lines = path.read_bytes().splitlines()
    named = [json.loads(line)["previous"] for line in lines]
    assert named == [BEFORE_ALL, *(sha256(line).hexdigest() for line in lines[:2])]


def test_what_is_written_is_read_in_order(path: Path) -> None:
    wanted = [(uuid4(), uuid4(), (uuid4(), uuid4())) for _ in range(5)]
    for line in wanted:
        Journal(path).add(*line)
    read = [(line.erasure, line.person, line.streams) for line in Journal(path).lines()]
    assert read == wanted


def test_an_erasure_is_written_once(path: Path) -> None:
    for _ in range(3):
        Journal(path).add(ERASURE, PERSON, (STREAM,))
    assert path.read_bytes() == FIRST


def test_without_a_file_nobody_was_erased(path: Path) -> None:
    assert Journal(path).lines() == ()


@pytest.mark.parametrize("cut", [1, 2, 40, len(FIRST) - 1])
def test_a_line_that_a_kill_cut_short_is_ignored_and_then_replaced(path: Path, cut: int) -> None:
    journal = filled(path, 2)
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(FIRST[:cut])
    assert len(journal.lines()) == 2
    journal.add(ERASURE, PERSON, (STREAM,))
    assert path.read_bytes().startswith(whole)
    assert [line.erasure for line in journal.lines()][2:] == [ERASURE]


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [*lines, lines[0]],
        lambda lines: [lines[0].replace(b"erasure/1", b"erasure/2"), *lines[1:]],
        lambda lines: [lines[0].replace(b'"erasure":"', b'"erasure": "'), *lines[1:]],
        lambda lines: [b"\n", *lines],
        lambda lines: [*lines, b"not a line\n"],
        lambda lines: [lines[0][:-2] + b',"more":1}\n', *lines[1:]],
    ],
)
def test_a_journal_that_is_not_whole_is_refused_and_not_added_to(
    path: Path, harm: Callable[[list[bytes]], list[bytes]]
) -> None:
    journal = filled(path, 3)
    harmed = b"".join(harm(path.read_bytes().splitlines(keepends=True)))
    path.write_bytes(harmed)
    with pytest.raises(JournalIsDamaged):
        journal.lines()
    with pytest.raises(JournalIsDamaged):
        journal.add(uuid4(), uuid4(), ())
    assert path.read_bytes() == harmed


def test_any_one_byte_changed_before_the_last_line_is_found(path: Path) -> None:
    filled(path, 2)
    whole = path.read_bytes()
    for at in range(whole.index(b"\n")):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(bytes(changed))
        with pytest.raises(JournalIsDamaged):
            Journal(path).lines()


def test_a_journal_that_others_may_read_is_refused(path: Path) -> None:
    journal = filled(path, 1)
    path.chmod(0o640)
    for use in (journal.lines, lambda: journal.add(uuid4(), uuid4(), ())):
        with pytest.raises(JournalIsOpenToOthers):
            use()


def test_a_link_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(JournalUnavailable):
        Journal(path).add(ERASURE, PERSON, ())
    assert not (tmp_path / "elsewhere").exists()


def test_several_writers_add_one_after_the_other(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(filled, path, 5) for _ in range(8)]:
            done.result()
    assert len(Journal(path).lines()) == 40


def test_where_none_is_named_nobody_can_be_erased() -> None:
    with pytest.raises(JournalNotNamed):
        NoJournal().add(ERASURE, PERSON, ())
    with pytest.raises(JournalNotNamed):
        NoJournal().lines()
