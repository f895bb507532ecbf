"""The journal of erasures is read as its vectors say, and refused where they say that it is damaged."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.erasing.journal import Journal, JournalIsDamaged

VECTORS = Path(__file__).parents[2] / "vectors" / "erasure"


def vectors(name: str) -> list[Any]:
    document = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return [pytest.param(each, id=each["name"]) for each in document["vectors"]]


def journal_of(text: str, folder: Path) -> Journal:
    path = folder / "erasures.journal"
    path.touch(0o600)
    path.write_text(text, "utf-8")
    return Journal(path)


@pytest.mark.parametrize("vector", vectors("good"))
def test_a_good_journal_is_read(vector: dict[str, Any], tmp_path: Path) -> None:
    lines = journal_of(vector["text"], tmp_path).lines()
    assert [
        {
            "erasure": str(line.erasure),
            "person": str(line.person),
            "streams": [str(stream) for stream in line.streams],
        }
        for line in lines
    ] == vector["opens_to"]


@pytest.mark.parametrize("vector", vectors("bad"))
def test_a_bad_journal_is_refused_as_damaged(vector: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(JournalIsDamaged):
        journal_of(vector["text"], tmp_path).lines()
