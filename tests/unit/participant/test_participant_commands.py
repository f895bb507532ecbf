"""The commands of a participant's client, from keys to reading what the other wrote."""

import io
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from api.participant import NotebookService, cli, terminal
from crypto.sealing import fingerprint_words, new_identity
from domain.values import Act
from tests.unit.participant.keeper import NOW, Keeper

Command = Callable[..., str]
CODE = re.compile(r"(?:[0-9A-Z]{5}-){5}[0-9A-Z]{5}")
GROUPS = re.compile(r"groups (\d) and (\d)")


class Typist:
    """Somebody at the keyboard: reads what is shown, and types back what is asked for."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *mistakes: str, code: str = "") -> None:
        self._capsys, self._mistakes, self._code = capsys, list(mistakes), code
        self.said = ""

    @property
    def codes(self) -> list[str]:
        return CODE.findall(self.said)

    def readline(self) -> str:
        self.said += self._capsys.readouterr().out
        if self._mistakes:
            return self._mistakes.pop(0) + "\n"
        if "Type back" not in self.said.splitlines()[-1]:
            return self._code + "\n"
        groups = self.codes[-1].split("-")
        one, other = GROUPS.findall(self.said)[-1]
        return f"{groups[int(one) - 1].lower()} {groups[int(other) - 1]}\n"


@pytest.fixture
def command(
    keeper: Keeper,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Runs a command as one of the pair; their tokens are their names."""
    folders = {
        "mentee": tmp_path_factory.mktemp("mentee"),
        "mentor": tmp_path_factory.mktemp("mentor"),
    }

    def connect(_address: str, token: str) -> NotebookService:
        return NotebookService(keeper.http_for(getattr(keeper, token)))

    def run(who: str, *arguments: str, typed: str = "", by: Typist | None = None) -> str:
        monkeypatch.setattr("sys.stdin", by or io.StringIO(typed))
        monkeypatch.setenv("VOUCHSAFE_TOKEN", who)
        folder = [] if "--folder" in arguments else ["--folder", str(folders[who])]
        options = [*folder, "--service", "http://keeper"]
        with pytest.raises(SystemExit) as ended:
            cli.run([*arguments, *options])
        said = capsys.readouterr()
        before = by.said if by else ""
        return before + str(said.out + said.err if ended.value.code else said.out)

    monkeypatch.setattr(terminal, "connect", connect)
    return run


@pytest.fixture
def typist(capsys: pytest.CaptureFixture[str]) -> Callable[..., Typist]:
    return partial(Typist, capsys)


def test_a_pair_makes_keys_compares_words_and_writes(
    keeper: Keeper, command: Command, typist: Callable[..., Typist]
) -> None:
    relationship = str(keeper.relationship)
    words = command("mentee", "set-up", by=typist()).split(": ")[-1].strip()
    command("mentor", "set-up", by=typist())

    assert words in command("mentor", "words", relationship)
    assert words in command("mentor", "words", relationship, "--accept", words)
    command("mentee", "write", relationship, "--shared", "--kind", "goal", typed="Cobalt-thicket\n")
    own = command("mentee", "write", relationship, typed="Marmalade-gantry").split(": ")[1].strip()

    assert "shared goal, by your partner\nCobalt-thicket" in command("mentor", "read", relationship)
    command("mentee", "share", relationship, own)
    assert "Marmalade-gantry" in command("mentor", "read", relationship)


def test_a_refusal_is_one_sentence(
    keeper: Keeper, command: Command, typist: Callable[..., Typist]
) -> None:
    relationship = str(keeper.relationship)
    said = command("mentee", "read", relationship)
    assert said == "This folder holds no keys yet; make them first.\n"
    command("mentee", "set-up", by=typist())
    command("mentor", "set-up", by=typist())
    assert "not the words" in command("mentee", "words", relationship, "--accept", "other words")


def test_own_notes_are_printed_before_what_is_wrong_with_the_shared_ones(
    keeper: Keeper, command: Command, typist: Callable[..., Typist]
) -> None:
    relationship = str(keeper.relationship)
    command("mentee", "set-up", by=typist())
    command("mentor", "set-up", by=typist())
    command("mentee", "write", relationship, typed="Marmalade-gantry")
    command("mentee", "read", relationship)
    renewed = new_identity().public
    keeper.keys[keeper.mentor].append(renewed)

    said = command("mentee", "read", relationship)

    own, _, complaint = said.partition("Your shared notes are shown only")
    assert "own note, by you\nMarmalade-gantry" in own
    assert "Your own notes are not touched by this." in complaint
    assert f"The words of the new keys: {fingerprint_words(renewed)}" in said


def test_a_partner_who_destroyed_an_entry_is_named_and_whose_word_that_is(
    keeper: Keeper, command: Command, typist: Callable[..., Typist]
) -> None:
    relationship = str(keeper.relationship)
    command("mentee", "set-up", by=typist())
    command("mentor", "set-up", by=typist())
    written = command("mentor", "write", relationship, "--shared", typed="Cobalt-thicket")
    entry = UUID(written.split(": ")[1].strip())
    keeper.notebook.destroy(entry, Act(keeper.mentor, NOW))

    said = command("mentee", "read", relationship)

    assert "The service says that your partner destroyed it; nobody has signed that." in said


def test_a_vault_is_set_up_and_opened_with_either_code_on_another_device(
    keeper: Keeper,
    command: Command,
    typist: Callable[..., Typist],
    tmp_path: Path,
) -> None:
    relationship, typing = str(keeper.relationship), typist("AAAAA BBBBB")
    said = command("mentee", "set-up", by=typing)
    first, spare = dict.fromkeys(typing.codes)
    words = said.split(": ")[-1].strip()
    command("mentee", "write", relationship, typed="Marmalade-gantry")

    for code in (first, spare):
        mistyped = code[:-1] + ("2" if code[-1] != "2" else "3")
        elsewhere = ["--folder", str(tmp_path / code)]
        said = command("mentee", "recover", *elsewhere, by=typist(mistyped, "half", code=code))
        assert "There is a mistake in this recovery code" in said
        assert "this has more or fewer" in said
        assert words in said
        assert "Marmalade-gantry" in command("mentee", "read", relationship, *elsewhere)


def test_who_cannot_type_it_back_has_no_vault(
    keeper: Keeper, command: Command, typist: Callable[..., Typist]
) -> None:
    said = command("mentee", "set-up", by=typist("one", "two", "three"))
    assert said.count("These are not the letters of the two groups") == 3
    assert keeper.vaults.vaults == {}


def test_ways_to_unlock_are_listed_added_and_removed(
    command: Command, typist: Callable[..., Typist]
) -> None:
    typing = typist()
    command("mentee", "set-up", by=typing)
    added = typist(code=typing.codes[0])
    assert "opens your vault too" in command("mentee", "add-code", by=added)
    first, *others = command("mentee", "ways").splitlines()
    assert first.endswith("recovery code, since 2026-03-02")
    assert len(others) == 2
    command("mentee", "remove-way", first.split()[0])
    assert command("mentee", "ways").splitlines() == others
    assert "needs two ways" in command("mentee", "remove-way", others[0].split()[0])


def test_goals_are_shown_as_they_stand(
    keeper: Keeper, command: Command, typist: Callable[..., Typist]
) -> None:
    relationship = str(keeper.relationship)
    command("mentee", "set-up", by=typist())
    command("mentee", "write", relationship, typed="a note")
    goal = command("mentee", "write", relationship, "--kind", "goal", typed="Cobalt").split()[-1]
    amended = command("mentee", "amend", relationship, goal, typed="Cobalt-thicket").split()[-1]
    command("mentee", "write", relationship, "--kind", "goal-review", typed="half way")

    said = command("mentee", "goals", relationship)
    assert f"{amended}  own goal, by you, in place of {goal}\nCobalt-thicket" in said
    assert "half way" in said
    assert "a note" not in said
    assert "Cobalt\n" not in said
    assert "Cobalt\n" in command("mentee", "read", relationship)


def test_an_entry_is_destroyed(
    keeper: Keeper, command: Command, typist: Callable[..., Typist]
) -> None:
    relationship = str(keeper.relationship)
    command("mentee", "set-up", by=typist())
    entry = command("mentee", "write", relationship, typed="Marmalade-gantry").split()[-1]
    assert command("mentee", "destroy", relationship, entry).split() == ["Destroyed:", entry]
    said = command("mentee", "read", relationship)
    assert "Marmalade-gantry" not in said
    assert "that you destroyed it" in said
    assert "wrote no entry" in command("mentee", "amend", relationship, entry, typed="again")


def test_nobody_amends_what_the_other_wrote(
    keeper: Keeper, command: Command, typist: Callable[..., Typist]
) -> None:
    relationship = str(keeper.relationship)
    for who in ("mentee", "mentor"):
        command(who, "set-up", by=typist())
    entry = command("mentor", "write", relationship, "--shared", typed="two").split()[-1]
    assert "wrote no entry" in command("mentee", "amend", relationship, entry, typed="mine")
    command("mentor", "amend", relationship, entry, typed="three")
    assert f"in place of {entry}\nthree" in command("mentee", "read", relationship)


def test_a_group_compares_words_once_and_says_who_left(
    keeper: Keeper, command: Command, typist: Callable[..., Typist], tmp_path: Path
) -> None:
    group, folder = str(keeper.relationship), ["--folder", str(tmp_path / "newcomer")]
    keeper.join(keeper.newcomer)
    said = {
        who: command(who, "set-up", *rest, by=typist()).split(": ")[-1].strip()
        for who, rest in (("mentee", []), ("mentor", []), ("newcomer", folder))
    }
    assert "Somebody else is said to take part" in command("mentor", "words", group)
    command("mentor", "words", group, "--accept", said["mentee"])
    both = command("mentor", "words", group, "--accept", said["newcomer"])
    assert all(said[who] in both for who in ("mentee", "newcomer"))
    command("mentor", "write", group, "--shared", typed="Cobalt-thicket")
    for who, rest in (("mentee", []), ("newcomer", folder)):
        command(who, "words", group, "--accept", said["mentor"], *rest)
    command("newcomer", "write", group, "--shared", *folder, typed="Quillwort-ledger")
    read = command("mentee", "read", group)
    assert f"by {said['mentor']}\nCobalt-thicket" in read
    assert f"by {said['newcomer']}\nQuillwort-ledger" in read

    keeper.leave(keeper.newcomer)
    refused = command("mentee", "write", group, "--shared", typed="secret")
    assert f"Their words: {said['newcomer']}" in refused
    assert "not for them" in command("mentee", "left", group, said["newcomer"])
    command("mentee", "write", group, "--shared", typed="Ferrule-orchard")
    assert "no such thing" in command("newcomer", "read", group, *folder)

    keeper.people[keeper.newcomer] = keeper.people[keeper.mentee]
    command("mentee", "words", group, "--accept", said["newcomer"])
    command("mentee", "write", group, "--shared", typed="Marmalade-gantry")
    assert "begin anew" in command("newcomer", "rejoined", group, *folder)
    again = command("newcomer", "read", group, *folder)
    assert "begin for you with their period 3" in again
    assert "Marmalade-gantry" in again
    assert "Ferrule-orchard" not in again


def test_what_was_passed_on_is_listed(keeper: Keeper, command: Command) -> None:
    row = {"relationship": str(keeper.relationship), "later": str(keeper.newcomer), "epochs": 2}
    keeper.passed_on = [row]
    said = command("mentor", "passed-on")
    assert said == f"{row['relationship']}  2 periods, by your mentee in {row['later']}\n"
