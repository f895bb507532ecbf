"""An advisory lock is a number for one purpose: two that share one by chance would wait for each other."""

import re
from collections import defaultdict
from pathlib import Path

HOUSE = Path(__file__).parents[2]
ROOMS = ("api", "crypto", "projections", "deploy")
NUMBER = re.compile(r"\b70120\d\d\b")
ROW = re.compile(r"^\| (70120\d\d) \|.*\| `([\w./]+)` \|$", re.MULTILINE)


def used() -> dict[str, set[str]]:
    """In which folders each number stands."""
    folders = defaultdict(set)
    for room in ROOMS:
        for path in [*(HOUSE / room).rglob("*.py"), *(HOUSE / room).rglob("*.sql")]:
            for number in NUMBER.findall(path.read_text("utf-8")):
                folders[number].add(path.relative_to(HOUSE).parts[0])
    return dict(folders)


def test_every_lock_has_one_purpose_and_is_listed() -> None:
    listed = ROW.findall((HOUSE / "docs/postgresql.md").read_text("utf-8"))
    assert len({number for number, _ in listed}) == len(listed)
    for number, file in listed:
        assert number in (HOUSE / file).read_text("utf-8")
    assert used() == {number: {file.split("/")[0]} for number, file in listed}
