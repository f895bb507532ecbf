"""What the commands of a participant's own client share: their options, what they ask, and how they say it."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from api.participant.client import ParticipantClient
from api.participant.errors import KeysHaveChanged, PartnerHasChanged, SomebodyHasJoined
from api.participant.folder import ParticipantFolder
from api.participant.keeping import Confirm, VaultKeeping
from api.participant.notebook import Reading
from api.participant.service import connect
from api.participant.strand import ReadEntry
from crypto.sealing import RecoveryCode, SealingError, TypedBackDiffers, groups_to_type_back

console = Console(highlight=False, soft_wrap=True, markup=False)
complaints = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

Folder = Annotated[
    Path, typer.Option("--folder", envvar="VOUCHSAFE_FOLDER", help="Your own, private folder.")
]
Address = Annotated[
    str, typer.Option("--service", envvar="VOUCHSAFE_SERVICE", help="The address of the service.")
]
Token = Annotated[
    str,
    typer.Option(
        envvar="VOUCHSAFE_TOKEN", prompt=True, hide_input=True, help="Better left to be asked for."
    ),
]
Relationship = Annotated[UUID, typer.Argument(help="The id of the relationship.")]
TYPING_TRIES = 3


def client_for(folder: Path, service: str, token: str) -> ParticipantClient:
    """Notebooks, from this folder."""
    return ParticipantClient(ParticipantFolder(folder), connect(service, token))


def keeping_for(folder: Path, service: str, token: str) -> VaultKeeping:
    """The vault, from this folder."""
    return VaultKeeping(ParticipantFolder(folder), connect(service, token))


def ask_for_code() -> RecoveryCode:
    """A recovery code, asked for again while it is mistyped; raises what was wrong with the last one."""
    for _ in range(TYPING_TRIES - 1):
        try:
            return _typed_code()
        except SealingError as wrong:
            console.print(str(wrong))
    return _typed_code()


def shown_once(heading: str) -> Confirm:
    """Shows a new recovery code under this heading and has two groups of it typed back; raises TypedBackDiffers."""

    def show(code: RecoveryCode) -> None:
        console.print(f"{heading} Write it down on paper now: it is shown once, here.\n")
        console.print(f"    {code.reveal()}\n")
        _ask_back(code)

    return show


def say_reading(reading: Reading) -> None:
    """Print what can be read, with what is wrong, if anything is, and then exit with 1."""
    if not say_entries(reading):
        raise typer.Exit(1)


def say_entries(reading: Reading) -> bool:
    """Print what can be read, with what is wrong, if anything is; answers whether nothing is."""
    if reading.since > 1:
        console.print(f"The shared notes begin for you with their period {reading.since}.\n")
    for entry in reading:
        _say_entry(entry, _author(entry, reading))
    if reading.trouble:
        complain(str(reading.trouble), reading.trouble.cause)
    return reading.trouble is None


def complain(sentence: str, cause: Exception) -> None:
    """Say what went wrong, and what helps to judge it."""
    complaints.print(sentence)
    if isinstance(cause, KeysHaveChanged):
        complaints.print("The words of the new keys:", cause.words)
    if isinstance(cause, SomebodyHasJoined | PartnerHasChanged):
        complaints.print("Their words:", cause.words)


def _ask_back(code: RecoveryCode) -> None:
    groups = groups_to_type_back()
    for _ in range(TYPING_TRIES - 1):
        try:
            return _typed_back(code, groups)
        except TypedBackDiffers as differs:
            console.print(str(differs))
    return _typed_back(code, groups)


def _typed_code() -> RecoveryCode:
    return RecoveryCode.read(typer.prompt("Your recovery code"))


def _typed_back(code: RecoveryCode, groups: tuple[int, int]) -> None:
    asked = f"Type back its groups {groups[0]} and {groups[1]}"
    code.require_typed_back(groups, typer.prompt(asked))


def _author(entry: ReadEntry, reading: Reading) -> str:
    """Where more than one other writes, each is named by the words of their keys."""
    if entry.is_mine:
        return "you"
    others = {each.author_words for each in reading if not each.is_mine}
    if others == {entry.author_words}:
        return "your partner"
    return entry.author_words or "somebody who took part before"


def _say_entry(entry: ReadEntry, whose: str) -> None:
    missing = "closed entry" if entry.is_closed else "destroyed entry"
    kind = entry.kind.name.lower().replace("_", " ") if entry.kind else missing
    amends = f", in place of {entry.amends}" if entry.amends else ""
    console.print(f"{entry.id}  {entry.audience.name.lower()} {kind}, by {whose}{amends}")
    if entry.is_closed:
        console.print("It was sealed to keys of yours that are not here.\n")
    elif entry.text is None:
        console.print(f"The service says that {whose} destroyed it; nobody has signed that.\n")
    else:
        console.print(entry.text, end="\n\n")
