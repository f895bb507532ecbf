"""The service has no path that opens a note: nothing that it is made of loads what could."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
SERVED = ("domain", "projections", "api")
PARTICIPANTS_OWN = Path("api/participant")
ON_A_PARTICIPANTS_SIDE = {PARTICIPANTS_OWN, Path("api/simulate"), Path("api/cli")}
"""The client itself, who plays participants, and the command that hands over to the client."""
NOTES = "crypto.sealing"
WHAT_OPENS_NOTES = (NOTES, "api.participant")


def modules() -> Iterator[Path]:
    for package in SERVED:
        for file in (HOUSE / package).rglob("*.py"):
            if ON_A_PARTICIPANTS_SIDE.isdisjoint(file.relative_to(HOUSE).parents):
                yield file


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def opens_notes(file: Path) -> bool:
    return any(
        f"{name}.".startswith(f"{each}.") for name in imports_of(file) for each in WHAT_OPENS_NOTES
    )


def test_no_module_of_the_service_imports_what_opens_notes() -> None:
    assert [file for file in modules() if opens_notes(file)] == []


def test_an_import_that_opens_notes_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "planted.py"
    file.write_text("def later() -> None:\n    from crypto import sealing\n")
    assert opens_notes(file)
    assert opens_notes(HOUSE / PARTICIPANTS_OWN / "client.py")


@pytest.mark.parametrize(
    "process",
    [
        "api.cli",
        "api.cli.processes",
        "api.clerk",
        "api.main",
        "api.server",
        "api.worker",
    ],
)
def test_no_process_of_the_service_loads_what_opens_notes(process: str) -> None:
    question = f"import {process}, sys; sys.exit({NOTES!r} in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", question], cwd=HOUSE, check=False)
    assert answer.returncode == 0
