"""What handles keys in a browser is served whole and as listed, or not at all."""

import hashlib
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.web.browser_modules import BUNDLE, Bundle, show_list
from api.web.vendoring import LIST, LOCKED, SCRIPTS, VENDORED, NotAsListed, copy, listed
from domain.mentoring import NotFound

LINE = "\n// one line more\n"


@pytest.fixture
def vendored(tmp_path: Path) -> Path:
    shutil.copytree(VENDORED, tmp_path / "vendor")
    return tmp_path / "vendor"


def test_what_was_fetched_is_what_was_listed() -> None:
    assert BUNDLE.is_whole, "Run: .venv/bin/python -m api.web.vendoring"
    assert {name for name in BUNDLE.contents if name.startswith("vendor/")} == {
        f"vendor/{name}" for name in listed()
    }


@pytest.mark.parametrize("name", ["hpke/index.js", "@noble/hashes/sha3.js"])
def test_an_altered_package_is_not_served_and_nothing_else_is(vendored: Path, name: str) -> None:
    with (vendored / name).open("a", encoding="utf-8") as file:
        file.write(LINE)
    altered = Bundle(SCRIPTS, vendored)

    assert not altered.is_whole
    assert altered.contents == {}


def test_a_missing_package_is_noticed(vendored: Path) -> None:
    (vendored / "hpke/index.js").unlink()

    assert not Bundle(SCRIPTS, vendored).is_whole


def test_a_file_beside_the_listed_ones_is_never_served(vendored: Path) -> None:
    (vendored / "hpke/more.js").write_text(LINE, encoding="utf-8")

    assert "vendor/hpke/more.js" not in Bundle(SCRIPTS, vendored).contents


def test_every_change_of_a_script_gives_the_bundle_another_name(tmp_path: Path) -> None:
    shutil.copytree(SCRIPTS, tmp_path / "js")
    same = Bundle(tmp_path / "js", tmp_path / "js" / "vendor")
    with (tmp_path / "js" / "sealing" / "entry.js").open("a", encoding="utf-8") as file:
        file.write(LINE)
    other = Bundle(tmp_path / "js", tmp_path / "js" / "vendor")

    assert same.name == BUNDLE.name
    assert other.name != BUNDLE.name


def test_the_name_is_the_hash_of_a_list_that_anybody_can_check_against_the_release() -> None:
    lines = BUNDLE.list.splitlines()

    assert hashlib.sha256(BUNDLE.list.encode()).hexdigest().startswith(BUNDLE.name)
    assert lines == [
        f"{hashlib.sha256(BUNDLE.contents[name]).hexdigest()}  {name}"
        for name in sorted(BUNDLE.contents)
    ]
    assert show_list(BUNDLE.name).body == BUNDLE.list.encode()
    assert CliRunner().invoke(app, ["modules"]).stdout.splitlines() == [*lines, BUNDLE.name]


def test_no_list_of_another_bundle_is_handed_out() -> None:
    with pytest.raises(NotFound):
        show_list("0" * 32)


def test_nothing_is_copied_when_one_file_differs(tmp_path: Path, vendored: Path) -> None:
    (vendored / "hpke/index.js").write_text(LINE, encoding="utf-8")
    with pytest.raises(NotAsListed):
        copy(vendored, tmp_path / "copied")

    assert not (tmp_path / "copied").exists()


def test_the_lock_names_hashes_and_no_host() -> None:
    lock = (LOCKED / "package-lock.json").read_text(encoding="utf-8")

    assert "resolved" not in lock
    assert "://" not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')
    assert "://" not in LIST.read_text(encoding="utf-8")
