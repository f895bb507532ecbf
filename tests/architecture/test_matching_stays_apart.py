"""The matching is handed what it may use: it loads nothing, and what people answered elsewhere cannot reach it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ENGINE = sorted((HOUSE / "domain" / "matching").glob("*.py"))
MAY_USE = {"domain.errors", "domain.availability", "domain.working_time"}
"""Of the house, beside its own modules: nothing that knows a person, a consent or an answer."""
MAY_USE_OF_OTHERS = {"numpy", "scipy"}
STANDARD = {
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "hashlib",
    "hmac",
    "importlib",
    "json",
    "types",
    "typing",
    "uuid",
    "zoneinfo",
}


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def strange(source: str) -> list[str]:
    """What the matching imports and may not."""
    own = (each for each in imported(source) if not each.startswith("domain.matching."))
    allowed = MAY_USE_OF_OTHERS | STANDARD
    return [each for each in own if each not in MAY_USE and each.split(".")[0] not in allowed]


@pytest.mark.parametrize("module", ENGINE, ids=lambda file: file.stem)
def test_the_matching_imports_nothing_that_knows_anybody(module: Path) -> None:
    assert strange(module.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "from domain.monitoring import answers",
        "from domain.person import Person",
        "import domain.feedback",
        "from api.records.openings import Openings",
        "def f():\n    from crypto import keyring",
        "import os",
    ],
)
def test_a_planted_import_is_found(planted: str) -> None:
    assert len(strange(planted)) == 1
