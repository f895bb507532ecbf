"""The commands of a participant's client, from keys to reading what the other wrote."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest

from api.participant import NotebookService, cli
from crypto.sealing import fingerprint_words, new_identity
from domain.values import Act
from tests.unit.participant.keeper import NOW, Keeper

Command = Callable[..., str]


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

    def run(who: str, *arguments: str, typed: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        monkeypatch.setenv("VOUCHSAFE_TOKEN", who)
        options = ["--folder", str(folders[who]), "--service", "http://keeper"]
        with pytest.raises(SystemExit) as ended:
            cli.run([*arguments, *options])
        said = capsys.readouterr()
        return str(said.out + said.err) if ended.value.code else str(said.out)

    monkeypatch.setattr(cli, "connect", connect)
    return run


def test_a_pair_makes_keys_compares_words_and_writes(keeper: Keeper, command: Command) -> None:
    relationship = str(keeper.relationship)
    words = command("mentee", "keys").split(": ")[1].strip()
    command("mentor", "keys")

    assert words in command("mentor", "words", relationship)
    assert words in command("mentor", "words", relationship, "--accept", words)
    command("mentee", "write", relationship, "--shared", "--kind", "goal", typed="Cobalt-thicket\n")
    own = command("mentee", "write", relationship, typed="Marmalade-gantry").split(": ")[1].strip()

    assert "shared goal, by your partner\nCobalt-thicket" in command("mentor", "read", relationship)
    command("mentee", "share", relationship, own)
    assert "Marmalade-gantry" in command("mentor", "read", relationship)


def test_a_refusal_is_one_sentence(keeper: Keeper, command: Command) -> None:
    relationship = str(keeper.relationship)
    said = command("mentee", "read", relationship)
    assert said == "This folder holds no keys yet; make them first.\n"
    command("mentee", "keys")
    command("mentor", "keys")
    assert "not the words" in command("mentee", "words", relationship, "--accept", "other words")


def test_own_notes_are_printed_before_what_is_wrong_with_the_shared_ones(
    keeper: Keeper, command: Command
) -> None:
    relationship = str(keeper.relationship)
    command("mentee", "keys")
    command("mentor", "keys")
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
    keeper: Keeper, command: Command
) -> None:
    relationship = str(keeper.relationship)
    command("mentee", "keys")
    command("mentor", "keys")
    written = command("mentor", "write", relationship, "--shared", typed="Cobalt-thicket")
    entry = UUID(written.split(": ")[1].strip())
    keeper.notebook.destroy(entry, Act(keeper.mentor, NOW))

    said = command("mentee", "read", relationship)

    assert "The service says that your partner destroyed it; nobody has signed that." in said
