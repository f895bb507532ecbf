"""The commands about notes: write, amend, share, destroy, read and goals; texts come from standard input."""

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.participant import terminal
from api.participant.notebook import goals_of
from api.participant.terminal import Address, Folder, Relationship, Token, console
from crypto.sealing import Audience, Kind

app = typer.Typer()

KINDS = {kind.name.lower().replace("_", "-"): kind for kind in Kind}
Entry = Annotated[UUID, typer.Argument(help="The id of an entry of yours.")]


@app.command()
def write(
    relationship: Relationship,
    folder: Folder,
    service: Address,
    token: Token,
    *,
    kind: Annotated[str, typer.Option(help=f"One of: {', '.join(KINDS)}.")] = "note",
    shared: Annotated[
        bool, typer.Option("--shared", help="For your partner or group too.")
    ] = False,
) -> None:
    """Write an entry; its text is read from standard input."""
    if kind not in KINDS:
        raise typer.BadParameter(f"The kind is one of: {', '.join(KINDS)}.")
    audience = Audience.SHARED if shared else Audience.OWN
    client = terminal.client_for(folder, service, token)
    entry = client.write(relationship, _text(), kind=KINDS[kind], audience=audience)
    console.print("Written:", str(entry))


@app.command()
def amend(
    relationship: Relationship, entry: Entry, folder: Folder, service: Address, token: Token
) -> None:
    """Write another text in place of an entry of yours; its readers see both."""
    client = terminal.client_for(folder, service, token)
    console.print("Written:", str(client.amend(relationship, entry, _text())))


@app.command()
def share(
    relationship: Relationship, entry: Entry, folder: Folder, service: Address, token: Token
) -> None:
    """Share an own entry with your partner or group."""
    shared = terminal.client_for(folder, service, token).share(relationship, entry)
    console.print("Shared:", str(shared))


@app.command()
def destroy(
    relationship: Relationship, entry: Entry, folder: Folder, service: Address, token: Token
) -> None:
    """Destroy an entry of yours for every reader, for good."""
    terminal.client_for(folder, service, token).destroy(relationship, entry)
    console.print("Destroyed:", str(entry))


@app.command()
def read(relationship: Relationship, folder: Folder, service: Address, token: Token) -> None:
    """Read everything in a notebook that is for you: yours, your group's, or one that was passed on to you."""
    terminal.say_reading(terminal.client_for(folder, service, token).read(relationship))


@app.command("passed-on")
def passed_on(folder: Folder, service: Address, token: Token) -> None:
    """List the earlier notes of your mentees that they let you read; `read` opens each."""
    for each in terminal.client_for(folder, service, token).passed_on():
        periods = f"{each.epochs} periods" if each.epochs != 1 else "1 period"
        console.print(f"{each.relationship}  {periods}, by your mentee in {each.later}")


@app.command()
def goals(relationship: Relationship, folder: Folder, service: Address, token: Token) -> None:
    """Read the goals and their reviews as they stand now."""
    reading = terminal.client_for(folder, service, token).read(relationship)
    terminal.say_reading(goals_of(reading))


@app.command()
def export(
    target: Annotated[Path, typer.Argument(help="The ZIP to write; it must not be there yet.")],
    folder: Folder,
    service: Address,
    token: Token,
) -> None:
    """Take all your notes away in one file, which `vouchsafe open` reads without the service."""
    terminal.client_for(folder, service, token).export_to(target)
    console.print("Written:", str(target))


def _text() -> str:
    return sys.stdin.read().strip()
