"""What nobody caught is named by its class alone, in the log and on the command line."""

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from api import cli
from tests.logging_here import logging_to

SENTINEL = "Quetzal-Plimsoll-77"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    with logging_to(tmp_path / "api.log", "api") as file:
        yield file


def fail() -> NoReturn:
    raise LookupError(SENTINEL)


class FailsAtItsEnd:
    def __del__(self) -> None:
        fail()


def one_thread() -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def one_object() -> None:
    FailsAtItsEnd()


def one_process() -> None:
    sys.excepthook(LookupError, LookupError(SENTINEL), None)


@pytest.mark.parametrize("end", [one_thread, one_object, one_process])
def test_the_log_tells_the_class_and_no_text(
    log_file: Path, capfd: pytest.CaptureFixture[str], end: object
) -> None:
    assert callable(end)
    end()
    (line,) = [json.loads(each) for each in log_file.read_text().splitlines()]
    assert (line["event"], line["error"], line["process"]) == ("fault", "LookupError", "api")
    assert SENTINEL not in log_file.read_text() + "".join(capfd.readouterr())


def test_a_command_that_fails_unforeseen_says_so_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = "".join(capfd.readouterr())
    assert ended.value.code == 70
    assert "LookupError" in said
    assert "log" in said
    assert SENTINEL not in said
    assert "Traceback" not in said
