"""The command `vouchsafe`: every failure says in one sentence what is wrong and what to do next."""

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from pydantic import ValidationError
from rich.console import Console

from domain.values import Role

app = typer.Typer(
    name="vouchsafe",
    help="The system of record for confidential mentoring.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)
STOPPED_BY_CTRL_C = 130
OUR_FAULT = 70
"""What sysexits.h calls an internal software error."""

Tied = Annotated[bool, typer.Option("--tied", hidden=True, help="Stop when the parent is gone.")]


@app.command()
def run(*, tied: Tied = False) -> None:
    """Run everything on this machine: database, API, worker and clerk."""
    from api.cli.running import run_all  # noqa: PLC0415 - the other commands start without it

    _tie(tied=tied)
    run_all(console)


@app.command()
def serve(*, tied: Tied = False) -> None:
    """Serve the API and the pages."""
    from api.exposure import EXPOSED, is_exposed  # noqa: PLC0415 - see run
    from api.server import serve as serve_until_stopped  # noqa: PLC0415 - see run
    from api.settings import ReadingSettings  # noqa: PLC0415 - see run

    _tie(tied=tied)
    settings = ReadingSettings()
    if is_exposed(settings.host, settings.public_url) and not tied:
        complaints.print(EXPOSED)
    serve_until_stopped(settings)


@app.command()
def work(*, tied: Tied = False) -> None:
    """Keep the read models up to date."""
    from api.cli.processes import work_until_stopped  # noqa: PLC0415 - see run

    _tie(tied=tied)
    work_until_stopped()


@app.command()
def clerk(*, tied: Tied = False) -> None:
    """Do what follows from events and deadlines."""
    from api.cli.processes import clerk_until_stopped  # noqa: PLC0415 - see run

    _tie(tied=tied)
    clerk_until_stopped()


@app.command(name="capture-mail")
def capture_mail(*, tied: Tied = False) -> None:
    """Be the mail server of a trial: keep each mail as a file, and pass none on."""
    from api.cli.processes import capture_until_stopped  # noqa: PLC0415 - see run

    _tie(tied=tied)
    capture_until_stopped()


@app.command()
def migrate() -> None:
    """Bring the database up to date; VOUCHSAFE_DATABASE_URL must be its owner's."""
    from api.cli.processes import migrate_once  # noqa: PLC0415 - see run

    for name in migrate_once():
        console.print(f"applied {name}")


@app.command()
def rebuild(name: Annotated[str, typer.Argument(help="Such as pipeline.")]) -> None:
    """Build a read model anew from the log, with the worker's settings; readers notice nothing."""
    from api.cli.read_models import rebuild_with_progress  # noqa: PLC0415 - see run

    rebuild_with_progress(name, console)


@app.command()
def resume(name: Annotated[str, typer.Argument(help="Such as pipeline.")]) -> None:
    """Let a stopped read model try again, with the worker's settings."""
    from api.cli.read_models import resume_stopped  # noqa: PLC0415 - see run

    resume_stopped(name, console)


@app.command(name="rotate-keys")
def rotate_keys(
    *,
    due: Annotated[
        bool, typer.Option("--due", help="Only finish what was asked for; for a schedule.")
    ] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Change nothing; say how old the keys are.")
    ] = False,
    tied: Tied = False,
) -> None:
    """Put every key under a new epoch and destroy the old one, with the keeper's settings."""
    from api.cli.keys import rotate_with_progress, show_epochs  # noqa: PLC0415 - see run

    _tie(tied=tied)
    if status:
        show_epochs(console)
    else:
        rotate_with_progress(console, is_due=due)


@app.command()
def simulate(
    mentees: Annotated[int, typer.Option(help="How many come.")] = 30,
    mentors: Annotated[int, typer.Option(help="How many there are for them.")] = 12,
    weeks: Annotated[int, typer.Option(help="For how long.")] = 26,
    seed: Annotated[int, typer.Option(help="The same one tells the same story.")] = 1,
    begins: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="A Monday; otherwise it ends with this week's."),
    ] = None,
) -> None:
    """Fill a data folder of its own with a believable scheme of made-up people; killed, it goes on."""
    from api.cli.simulating import Size, simulate_here  # noqa: PLC0415 - see run

    begins_on = None if begins is None else begins.date()
    simulate_here(console, Size(mentees, mentors, weeks, seed, begins_on))


@app.command()
def enrol(
    name: Annotated[str, typer.Option(prompt=True, help="Sealed; never logged.")],
    email: Annotated[str, typer.Option(prompt=True, help="Sealed; never logged.")],
    role: Annotated[list[Role], typer.Option(help="Repeat for several roles.")],
) -> None:
    """Register a person, such as the first coordinator, and print their id."""
    from api.cli.people import enrol_person  # noqa: PLC0415 - see run

    console.print(str(enrol_person(name, email, role)))


@app.command(name="publish-notices")
def publish_notices(
    renew_by: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Until when a yes to replaced words stands; without it, it simply stands.",
        ),
    ] = None,
) -> None:
    """Publish the notices of deploy/notices that are new or changed, in every language."""
    from api.cli.notices import publish_notices as publish  # noqa: PLC0415 - see run

    publish(console, None if renew_by is None else renew_by.replace(tzinfo=UTC))


@app.command()
def modules() -> None:
    """List the scripts that open notes in a browser, with their hashes, and the number that pages show of them all."""
    from api.web.browser_modules import BUNDLE  # noqa: PLC0415 - see run

    console.print(f"{BUNDLE.list}{BUNDLE.name}")


@app.command()
def token(
    person: Annotated[UUID, typer.Argument(help="The person's id.")],
    role: Annotated[Role, typer.Option(help="The role the token speaks in.")],
    *,
    read_only: Annotated[bool, typer.Option(help="Let it read but not write.")] = False,
) -> None:
    """Issue a sign-in token and print it, this once."""
    from api.cli.people import token_for  # noqa: PLC0415 - see run

    console.print(token_for(person, role, read_only=read_only))


@app.command()
def revoke(
    person: Annotated[UUID, typer.Argument(help="The person's id.")],
    role: Annotated[
        Role | None, typer.Option(help="Only what speaks in this role; otherwise all of it.")
    ] = None,
) -> None:
    """End a person's sign-in tokens, passkeys and browser sessions; what was taken from them is worth nothing."""
    from api.cli.people import end_sign_in  # noqa: PLC0415 - see run

    ended = end_sign_in(person, role)
    tokens, sessions = ended.by_token.tokens, ended.by_token.sessions
    console.print(
        f"Ended: tokens {tokens}, passkeys {ended.passkeys}, browser sessions {sessions}."
    )


@app.command(name="restore-drill")
def restore_drill() -> None:
    """Rehearse a restore with made-up people: whoever was erased stays erased, and nobody else is touched."""
    from api.drill.restoring import drill  # noqa: PLC0415 - see run

    def tell(what: str, is_so: bool) -> None:
        console.print(f"{'ok' if is_so else 'NO':4}{what}")

    console.print("Rehearsing in a temporary folder, with servers and keys of its own …")
    if not drill(tell):
        complaints.print(
            "The drill failed: do not rely on your backups, and report what is said above."
        )
        sys.exit(1)
    console.print("The drill passed.")


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def participant(context: typer.Context) -> None:
    """Read and write notes on your own device: `vouchsafe participant --help`."""
    from api.participant.cli import run as run_participant  # noqa: PLC0415 - no process of the service may load what opens notes

    run_participant(context.args)


@app.command(name="open")
def open_export(
    export: Annotated[Path, typer.Argument(help="An exported folder or ZIP.")],
    folder: Annotated[
        Path | None, typer.Option(envvar="VOUCHSAFE_FOLDER", help="The folder with your keys.")
    ] = None,
) -> None:
    """Read exported notes without the service, with your folder's keys or a recovery code."""
    from api.participant.offline import open_export as read_export  # noqa: PLC0415 - see participant

    read_export(export, folder)


def main() -> None:
    """Run a command; say what is wrong in a sentence rather than a traceback."""
    # What libraries have to say is for those who write programs, and may quote anything.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(STOPPED_BY_CTRL_C)
    except ValidationError:
        complaints.print(
            "Settings are missing or wrong: see the VOUCHSAFE_ variables in the README."
        )
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - a bug too ends in a sentence
        from api.cli.failures import explain  # noqa: PLC0415 - see run

        sentence = explain(error)
        if sentence is None:
            _end_by_our_fault(error)
        complaints.print(sentence)
        sys.exit(1)


def _end_by_our_fault(error: Exception) -> NoReturn:
    """Name the class alone: a traceback ends in text that may quote what is stored."""
    kind = type(error).__name__
    complaints.print(
        f"Vouchsafe failed in a way that nobody foresaw ({kind}); this is a bug. The logs in the "
        "data folder's logs folder, or in VOUCHSAFE_LOG_FILE, say what came before it."
    )
    sys.exit(OUR_FAULT)


def _tie(*, tied: bool) -> None:
    from api.supervisor import stop_with_parent  # noqa: PLC0415 - see run

    if tied:
        stop_with_parent()
