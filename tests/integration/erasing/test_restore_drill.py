"""The real command: a base backup from before an erasure, restored, replayed, and dead after the horizon."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.drill import restoring
from api.drill.restoring import drill
from tests.faults.ordinary import ROOT

COMMAND = [sys.executable, "-m", "api.cli", "restore-drill"]
PATIENCE_SECONDS = 300.0
CHECKS = 12


def test_the_command_shows_that_an_erasure_outlives_a_restore(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    told = subprocess.run(
        COMMAND,
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    lines = told.stdout.splitlines()
    assert (told.returncode, told.stderr) == (0, "")
    assert len([line for line in lines if line.startswith("ok")]) == CHECKS
    assert lines[-1] == "The drill passed."


def test_the_drill_fails_where_the_journal_is_not_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it shows is not shown by a replay that does nothing."""
    found: dict[str, bool] = {}
    monkeypatch.setattr(restoring, "replay", lambda *_: 1)
    monkeypatch.setattr(restoring.Drill, "_check_horizon", lambda *_: None)
    monkeypatch.setattr(restoring.Drill, "_check_others_open", lambda *_: None)
    monkeypatch.setattr(restoring.Scene, "_settings", unguarded(restoring.Scene._settings))

    assert not drill(found.__setitem__)
    wrong = {what for what, is_so in found.items() if not is_so}
    assert "Nothing of the person opens in the restored backup." in wrong
    assert "No ciphertext, wrapped key or token of the person is left." in wrong


def unguarded(settings: object) -> object:
    """Processes that do not ask the journal, as if nobody had named it to them."""

    def changed(self: object, server: object, role: str, *, with_journal: bool) -> object:
        made = settings(self, server, role, with_journal=with_journal)  # type: ignore[operator]  # - a method
        return made.model_copy(update={"erasure_journal": None})

    return changed
