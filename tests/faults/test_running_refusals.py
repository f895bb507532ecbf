"""What stands in the way of a start is said in one sentence, and nothing is changed."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.ordinary import OURSELVES, Somebody, somebody_ordinary
from tests.faults.service import Service, free_port, service


@pytest.fixture(scope="module")
def stopped(common_folder: Path) -> Iterator[Service]:
    """A folder on which a service without a first scheme ran."""
    with service(common_folder / "stopped") as made:
        made.start(VOUCHSAFE_FIRST_SCHEME="false")
        made.wait_until_it_runs()
        assert made.process is not None
        made.process.terminate()
        made.ended()
        yield made


def refused(folder: Path, runner: Somebody = OURSELVES, **environment: str) -> str:
    code, said = Service(folder, free_port(), runner).refusal(**environment)
    assert code == 1, said
    assert "Traceback" not in said
    *before, sentence = said.splitlines()
    assert before in ([], ["Starting the database …"])
    return sentence


@pytest.fixture
def broken(common_folder: Path) -> Iterator[Path]:
    """A data folder with keys of its own to break."""
    folder = common_folder / "broken"
    folder.mkdir(mode=0o711)
    yield folder
    shutil.rmtree(folder)


def test_keys_whose_database_is_gone(stopped: Service, broken: Path) -> None:
    shutil.copytree(stopped.folder / "keys", broken / "keys")
    said = refused(broken)
    assert said.startswith("The database's files are gone although they were made;")
    assert str(broken / "postgres") in said
    assert not (broken / "postgres").exists()


def open_to_others(key_file: Path) -> None:
    key_file.chmod(0o644)


def damage(key_file: Path) -> None:
    key_file.write_text(key_file.read_text()[:-20])


def exchange(key_file: Path) -> None:
    key_file.write_text(key_file.with_name("contact.json").read_text())


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (
            open_to_others,
            "A file of key-encryption keys, or of what opens them, can be read by other users;",
        ),
        (damage, "A file of key-encryption keys is not in its format,"),
        (exchange, "A file of key-encryption keys is not in its format,"),
        (Path.unlink, "A file of key-encryption keys, or of what opens them, is not there,"),
    ],
)
def test_a_key_file_that_is_not_as_it_was_made(
    stopped: Service, harm: Callable[[Path], None], sentence: str
) -> None:
    key_file = stopped.folder / "keys" / "personal.json"
    kept = key_file.read_text()
    try:
        harm(key_file)
        assert refused(stopped.folder).startswith(sentence)
    finally:
        key_file.write_text(kept)
        key_file.chmod(0o600)


def test_a_data_folder_that_is_a_file(common_folder: Path) -> None:
    file = common_folder / "a file"
    file.write_text("not a folder")
    assert refused(file).startswith(f"Vouchsafe cannot read or write {file}")


def test_a_data_folder_that_cannot_be_written(common_folder: Path) -> None:
    folder = common_folder / "read only"
    folder.mkdir(mode=0o555)
    # Root writes everywhere, so where no ordinary account can run this, the kernel's own folder has to do.
    runner = somebody_ordinary()
    writes_everywhere = runner.user is None and os.geteuid() == 0
    said = refused(Path("/proc/vouchsafe") if writes_everywhere else folder, runner)
    assert said.startswith(("This account may not use the data folder;", "Vouchsafe cannot"))


def test_a_port_that_is_none(common_folder: Path) -> None:
    said = refused(common_folder / "unused", VOUCHSAFE_HOST="203.0.113.7")
    assert said.startswith("This account cannot listen on that host and port;")
