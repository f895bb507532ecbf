"""The commands of a participant's own client: keys, words, write, read and share.

The token comes from the environment and the text from standard input: neither shows in a list of processes.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from api.participant.client import ParticipantClient
from api.participant.errors import KeysHaveChanged, ParticipantError
from api.participant.folder import ParticipantFolder
from api.participant.service import connect
from api.participant.strand import ReadEntry
from crypto.sealing import Audience, Kind, SealingError

app = typer.Typer(
    name="participant",
    help="Your own notebook: only this folder's keys open it.",
    no_args_is_help=True,
)
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
KINDS = {kind.name.lower().replace("_", "-"): kind for kind in Kind}


@app.command()
def keys(folder: Folder, service: Address, token: Token) -> None:
    """Make your keys and publish the public ones."""
    console.print("The words of your keys:", _client(folder, service, token).make_keys())


@app.command()
def words(
    relationship: Relationship,
    folder: Folder,
    service: Address,
    token: Token,
    *,
    accept: Annotated[
        str, typer.Option(help="The words that your partner said; trusts the keys they belong to.")
    ] = "",
) -> None:
    """Show the words to compare with your partner, in person or on the telephone."""
    client = _client(folder, service, token)
    if accept:
        client.accept_partner_keys(relationship, accept)
    console.print("Yours:        ", client.my_words())
    console.print("Your partner's:", client.partner_words(relationship) or "no keys yet")


@app.command()
def write(
    relationship: Relationship,
    folder: Folder,
    service: Address,
    token: Token,
    *,
    kind: Annotated[str, typer.Option(help=f"One of: {', '.join(KINDS)}.")] = "note",
    shared: Annotated[bool, typer.Option("--shared", help="For your partner too.")] = False,
) -> None:
    """Write an entry; its text is read from standard input."""
    if kind not in KINDS:
        raise typer.BadParameter(f"The kind is one of: {', '.join(KINDS)}.")
    audience = Audience.SHARED if shared else Audience.OWN
    client = _client(folder, service, token)
    text = sys.stdin.read().strip()
    entry = client.write(relationship, text, kind=KINDS[kind], audience=audience)
    console.print("Written:", str(entry))


@app.command()
def read(relationship: Relationship, folder: Folder, service: Address, token: Token) -> None:
    """Read everything in the notebook that is for you."""
    reading = _client(folder, service, token).read(relationship)
    for entry in reading:
        _print(entry)
    if reading.trouble:
        _complain(str(reading.trouble), reading.trouble.cause)
        raise typer.Exit(1)


@app.command()
def share(
    relationship: Relationship,
    entry: Annotated[UUID, typer.Argument(help="The id of an own entry.")],
    folder: Folder,
    service: Address,
    token: Token,
) -> None:
    """Share an own entry with your partner."""
    console.print("Shared:", str(_client(folder, service, token).share(relationship, entry)))


def run(arguments: Sequence[str]) -> None:
    """Carry out `vouchsafe participant` with these arguments; a refusal is said in a sentence.

    The command `vouchsafe` imports this only for this: no process of the service loads it.
    """
    try:
        app(list(arguments), prog_name="vouchsafe participant")
    except (ParticipantError, SealingError) as refusal:
        _complain(str(refusal), refusal)
        sys.exit(1)


def _client(folder: Path, service: str, token: str) -> ParticipantClient:
    return ParticipantClient(ParticipantFolder(folder), connect(service, token))


def _complain(sentence: str, cause: Exception) -> None:
    complaints.print(sentence)
    if isinstance(cause, KeysHaveChanged):
        complaints.print("The words of the new keys:", cause.words)


def _print(entry: ReadEntry) -> None:
    whose = "you" if entry.is_mine else "your partner"
    kind = entry.kind.name.lower().replace("_", " ") if entry.kind else "destroyed entry"
    console.print(f"{entry.id}  {entry.audience.name.lower()} {kind}, by {whose}")
    if entry.text is None:
        console.print(f"The service says that {whose} destroyed it; nobody has signed that.", "")
    else:
        console.print(entry.text, "")
