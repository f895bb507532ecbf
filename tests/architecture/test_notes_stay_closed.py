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
NOTES = "crypto.sealing"


def modules() -> Iterator[Path]:
    for package in SERVED:
        for file in (HOUSE / package).rglob("*.py"):
            if PARTICIPANTS_OWN not in file.relative_to(HOUSE).parents:
                yield file


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def opens_notes(file: Path) -> bool:
    return any(name == NOTES or name.startswith(NOTES + ".") for name in imports_of(file))


def test_no_module_of_the_service_imports_what_opens_notes() -> None:
    assert [file for file in modules() if opens_notes(file)] == []


def test_an_import_that_opens_notes_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "planted.py"
    file.write_text("def later() -> None:\n    from crypto import sealing\n")
    assert opens_notes(file)
    assert opens_notes(HOUSE / PARTICIPANTS_OWN / "client.py")


@pytest.mark.parametrize("process", ["api.server", "api.main", "api.worker", "api.clerk"])
def test_no_process_of_the_service_loads_what_opens_notes(process: str) -> None:
    question = f"import {process}, sys; sys.exit({NOTES!r} in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", question], cwd=HOUSE, check=False)
    assert answer.returncode == 0
