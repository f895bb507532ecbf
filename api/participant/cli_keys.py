"""The commands about keys: set up, recover, the ways to unlock, and the words that two people compare."""

from typing import Annotated
from uuid import UUID

import typer

from api.participant import terminal
from api.participant.terminal import Address, Folder, Relationship, Token, console

app = typer.Typer()

FIRST = "Your recovery code."
SPARE = "A spare recovery code, to be kept in another place than the first."
ANOTHER = "A new recovery code."


@app.command("set-up")
def set_up(
    folder: Folder,
    service: Address,
    token: Token,
    *,
    anew: Annotated[
        bool,
        typer.Option("--anew", help="With other keys, in place of the vault that is there."),
    ] = False,
) -> None:
    """Make your keys, and a vault that two recovery codes open."""
    keeping = terminal.keeping_for(folder, service, token)
    begin = keeping.begin_anew if anew else keeping.begin
    words = begin(terminal.shown_once(FIRST), spare=terminal.shown_once(SPARE))
    console.print(
        "Either code opens your vault. Who loses both and this folder has lost the notes."
    )
    console.print("The words of your keys:", words)


@app.command()
def recover(folder: Folder, service: Address, token: Token) -> None:
    """Take your keys out of the vault into this folder, with a recovery code."""
    words = terminal.keeping_for(folder, service, token).recover(terminal.ask_for_code())
    console.print("Your keys are in this folder. Their words:", words)


@app.command()
def ways(folder: Folder, service: Address, token: Token) -> None:
    """List the ways to unlock your vault."""
    for each in terminal.keeping_for(folder, service, token).ways():
        kind = each.kind.replace("_", " ")
        console.print(f"{each.id}  {kind}, since {each.added_at[:10]}")


@app.command("add-code")
def add_code(folder: Folder, service: Address, token: Token) -> None:
    """Make one more recovery code, with the help of one that you have."""
    keeping = terminal.keeping_for(folder, service, token)
    keeping.add_code(terminal.ask_for_code(), terminal.shown_once(ANOTHER))
    console.print("The new code opens your vault too.")


@app.command("remove-way")
def remove_way(
    way: Annotated[UUID, typer.Argument(help="The id of a way to unlock.")],
    folder: Folder,
    service: Address,
    token: Token,
) -> None:
    """Remove a way to unlock; two stay always, and one recovery code."""
    terminal.keeping_for(folder, service, token).remove_way(way)
    console.print("Removed:", str(way))


@app.command()
def grant(
    relationship: Relationship,
    folder: Folder,
    service: Address,
    token: Token,
    *,
    successor: Annotated[
        UUID | None,
        typer.Option(help="The later relationship whose mentor may read this one's shared notes."),
    ] = None,
    to_myself: Annotated[
        bool, typer.Option("--to-myself", help="To your own new keys, by the earlier ones here.")
    ] = False,
) -> None:
    """Let new keys of your partner, or of members of your group, read what their earlier ones did; compare words first."""
    client = terminal.client_for(folder, service, token)
    if to_myself:
        count = client.pass_on_to_myself(relationship)
    elif successor:
        count = client.pass_on_to_successor(relationship, successor)
    else:
        count = client.pass_on_to_partner(relationship)
    console.print("Passed on:", f"{count} periods" if count != 1 else "1 period")


@app.command()
def words(
    relationship: Relationship,
    folder: Folder,
    service: Address,
    token: Token,
    *,
    accept: Annotated[
        str,
        typer.Option(
            help="The words that your partner, or somebody in your group, said; trusts the keys they belong to."
        ),
    ] = "",
) -> None:
    """Show the words to compare with your partner, or with each in your group, in person or on the telephone."""
    client = terminal.client_for(folder, service, token)
    if accept:
        client.accept_keys(relationship, accept)
    console.print("Yours:        ", client.my_words())
    for each in client.others_words(relationship) or ["no keys yet"]:
        console.print("Your partner's:", each)


@app.command()
def rejoined(relationship: Relationship, folder: Folder, service: Address, token: Token) -> None:
    """Begin again with a group's notes, once you have left it and come again."""
    terminal.client_for(folder, service, token).say_rejoined(relationship)
    console.print("The shared notes begin anew for you.")


@app.command()
def left(
    relationship: Relationship,
    gone: Annotated[str, typer.Argument(help="The words of whoever left, as they were shown.")],
    folder: Folder,
    service: Address,
    token: Token,
) -> None:
    """Go on without a member of your group, once you know that they left."""
    terminal.client_for(folder, service, token).say_left(relationship, gone)
    console.print("What you share from now on is not for them.")
