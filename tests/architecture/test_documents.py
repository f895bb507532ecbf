import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import app
from api.settings import ReadingSettings, RunSettings

HOUSE = Path(__file__).parents[2]
DOCUMENTS = sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md")])
RECORDS = sorted(HOUSE.glob("docs/decisions/*.md"))
README = HOUSE / "README.md"

ROOMS = {"api", "crypto", "deploy", "docs", "domain", "projections", "requirements", "tests", ".ci"}
FILE = re.compile(r"[\w.][\w./-]*\.(md|py|sql|toml|txt|json|ini|cfg|ya?ml)")
MADE_BY_RUNNING = {"build/bench.json"}

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

PARTS = ["Context", "Decision", "Consequences", "Alternatives", "Check"]
MOST_LINES = 60

MACHINE_PATH = re.compile(r"(?<![\w.~-])/(home|root|work|Users|tmp|var|opt|usr|mnt|srv|private)/")
WAY_OUT = re.compile(r"\.\./\.\./\.\.")
HOST = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:org|com|net|io|dev|cloud)\b", re.IGNORECASE)
KNOWN_HOSTS = {"example.org"}

NEVER = re.compile(
    r"\b(clients?|cases?|patients?|tickets?|customers?|supervision|counselling)\b", re.IGNORECASE
)
PROGRAM = re.compile(
    r"participant's client|(?:the )?Python client|A client that remembers", re.IGNORECASE
)
"""A client is always a program here, and these are the ways to say so."""
PARTICIPANTS_OPTIONS = HOUSE / "api" / "participant" / "terminal.py"
"""A participant's own program has settings of its own, on their own device."""
ALLOWED = {"docs/glossary.md": ["not counselling and not supervision"]}
ABOUT_PROGRAMS = {"docs/specs/sealed-note.md", "docs/specs/vault.md"}
"""There every client is the program that the page specifies."""


def name_of(document: Path) -> str:
    return document.relative_to(HOUSE).as_posix()


def paths_in(text: str) -> Iterator[str]:
    """What stands in backticks and reads as a path of this house."""
    for quoted in QUOTED.findall(FENCED.sub("", text)):
        if quoted in MADE_BY_RUNNING or not re.fullmatch(r"[\w./-]+", quoted):
            continue
        room, slash, _ = quoted.partition("/")
        if (slash and room in ROOMS) or FILE.fullmatch(quoted):
            yield quoted


def links_in(text: str) -> Iterator[str]:
    for target in LINK.findall(FENCED.sub("", text)):
        if not target.startswith("#"):
            yield target.split("#")[0]


def missing_from(document: Path, text: str) -> list[str]:
    quoted = [path for path in paths_in(text) if not _stands(document, path)]
    linked = [path for path in links_in(text) if not (document.parent / path).exists()]
    return quoted + linked


def _stands(document: Path, path: str) -> bool:
    return (HOUSE / path).exists() or (document.parent / path).exists()


def forbidden_in(name: str, text: str) -> list[str]:
    for allowed in ALLOWED.get(name, []):
        text = text.replace(allowed, "", 1)
    found = NEVER.findall(PROGRAM.sub("", text))
    if name in ABOUT_PROGRAMS:
        return [word for word in found if not word.lower().startswith("client")]
    return found


def parts_of(record: str) -> list[str]:
    return re.findall(r"^## (.+)$", record, flags=re.MULTILINE)


def decision_of(record: str) -> str:
    return record.partition("## Decision")[2].partition("## Consequences")[0]


def check_of(record: str) -> str:
    return record.partition("## Check")[2]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    assert missing_from(document, document.read_text("utf-8")) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_no_document_names_a_machine_path_or_a_host(document: Path) -> None:
    text = document.read_text("utf-8")
    assert MACHINE_PATH.findall(text) == []
    assert WAY_OUT.findall(text) == []
    assert set(HOST.findall(text)) <= KNOWN_HOSTS


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_no_document_uses_a_word_that_mentoring_does_not(document: Path) -> None:
    assert forbidden_in(name_of(document), document.read_text("utf-8")) == []


def test_an_allowance_is_used_once_or_taken_away() -> None:
    for name, phrases in ALLOWED.items():
        text = (HOUSE / name).read_text("utf-8")
        assert [text.count(phrase) for phrase in phrases] == [1] * len(phrases)


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_decision_record_has_its_five_parts_in_order(record: Path) -> None:
    text = record.read_text("utf-8")
    assert parts_of(text) == PARTS
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_decision_is_one_line_that_can_be_quoted(record: Path) -> None:
    bold = re.findall(r"^\*\*(.+)\*\*$", decision_of(record.read_text("utf-8")), re.MULTILINE)
    assert len(bold) == 1


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_decision_names_the_check_that_keeps_it(record: Path) -> None:
    check = check_of(record.read_text("utf-8"))
    assert list(paths_in(check)) or "`make check`" in check


def test_decision_records_are_numbered_without_gaps() -> None:
    numbers = [int(record.name[:4]) for record in RECORDS]
    assert numbers == list(range(1, len(RECORDS) + 1))
    titles = [record.read_text("utf-8").splitlines()[0] for record in RECORDS]
    assert [title.split(".")[0] for title in titles] == [f"# {number}" for number in numbers]


def test_the_readme_lists_every_command_and_no_other() -> None:
    named = set(re.findall(r"`vouchsafe ([\w-]+)`", README.read_text("utf-8")))
    assert named == {
        command.name or getattr(command.callback, "__name__", "")
        for command in app.registered_commands
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_what_a_document_says_to_make_or_to_set_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^|\d )make ([a-z]+)", text, re.MULTILINE)) <= targets
    settings = ReadingSettings.model_fields | RunSettings.model_fields
    named = {name.lower() for name in re.findall(r"VOUCHSAFE_([A-Z_]+)", text)}
    own = set(re.findall(r"VOUCHSAFE_([A-Z_]+)", PARTICIPANTS_OPTIONS.read_text("utf-8")))
    assert named <= settings.keys() | {name.lower() for name in own}


@pytest.mark.parametrize(
    "planted",
    [
        "See `docs/no-such-page.md`.",
        "See `api/no_such_room/`.",
        "See [there](docs/no-such-page.md#part).",
        "See `nothing.py`.",
    ],
)
def test_a_path_that_is_not_there_is_found(planted: str) -> None:
    assert len(missing_from(README, planted)) == 1


@pytest.mark.parametrize(
    "planted",
    ["our Clients", "in this case", "one patient", "a ticket", "customers", "line supervision"],
)
def test_a_word_that_is_never_used_is_found(planted: str) -> None:
    assert len(forbidden_in("README.md", planted)) == 1


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (MACHINE_PATH, "kept in /home/somebody/data"),
        (MACHINE_PATH, "`/tmp/x`"),
        (WAY_OUT, "../../../elsewhere/page.md"),
        (HOST, "https://packages.example.net/simple"),
    ],
)
def test_a_machine_path_or_a_host_is_found(pattern: re.Pattern[str], planted: str) -> None:
    assert pattern.search(planted)
