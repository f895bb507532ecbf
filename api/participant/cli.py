"""The commands of a participant's own client, in one place.

The token comes from the environment and texts from standard input: neither shows in a list of processes.
"""

import sys
from collections.abc import Sequence

import typer

from api.participant import cli_keys, cli_notes
from api.participant.errors import ParticipantError
from api.participant.terminal import complain
from crypto.sealing import SealingError

app = typer.Typer(
    name="participant",
    help="Your own notebook: only this folder's keys open it.",
    no_args_is_help=True,
)
app.add_typer(cli_keys.app)
app.add_typer(cli_notes.app)


def run(arguments: Sequence[str]) -> None:
    """Carry out `vouchsafe participant` with these arguments; a refusal is said in a sentence.

    The command `vouchsafe` imports this only for this: no process of the service loads it.
    """
    try:
        app(list(arguments), prog_name="vouchsafe participant")
    except (ParticipantError, SealingError) as refusal:
        complain(str(refusal), refusal)
        sys.exit(1)
