"""The commands of a participant's client, from keys to reading what the other wrote."""

import io
from collections.abc import Callable

import pytest

from api.participant import NotebookService, cli
from tests.unit.participant.keeper import Keeper

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
        return str(said.out if not ended.value.code else said.err)

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
