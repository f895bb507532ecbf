"""The command that rotates keys, and that shows how old they are and from when erased data is unreadable."""

from datetime import UTC, datetime, timedelta

import structlog
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from api.bootstrap import epochs_of, keeper, require_own_compartments
from api.cli.failures import CommandFailed
from api.cli.here import settings_here
from api.cli.machine import KEEPER_ROLE
from api.cli.processes import stopped_by_signal
from api.cli.progress import bars
from api.logs import set_up_logs
from crypto.errors import KeysDamaged
from crypto.horizon import Epoch, next_rotation, unreadable_before

PROCESS = "rotate-keys"
STATES = ("open", "closing", "waits for the key service", "destroyed")

MOST_NAMED = 10

log = structlog.get_logger()


class CannotRewrap(CommandFailed):
    """Some key records do not open; everything else is rewrapped, and their epoch stays."""

    def __init__(self, damaged: KeysDamaged) -> None:
        named = ", ".join(damaged.records[:MOST_NAMED])
        super().__init__(
            f"Key records that were tampered with: {len(damaged.records)} ({named}). All others are "
            "rewrapped, and the old epoch stays. Restore these from a backup, then run it again."
        )


def rotate_with_progress(console: Console, *, is_due: bool) -> None:
    """Rotate the keys of every compartment, or only finish a rotation that was asked for."""
    settings, stop = settings_here(KEEPER_ROLE), stopped_by_signal()
    require_own_compartments(settings, PROCESS)
    if settings.log_file is not None:
        set_up_logs(PROCESS, settings.log_file)
    with bars(console, "keys") as bar:
        show = Shown(bar)
        with keeper(settings, progress=show, go_on=lambda: not stop.is_set()) as rotation:
            try:
                epochs = rotation.carry_out(ask=not is_due)
            except KeysDamaged as damaged:
                raise CannotRewrap(damaged) from None
    if settings.log_file is not None:
        log.info("keys rotated", count=show.rewrapped)
    console.print(f"Keys rewrapped: {show.rewrapped}.")
    for each in epochs:
        if each.emptied_at is not None and each.destroyed_at is None:
            console.print(
                f"The key service still has to confirm that epoch {each.epoch} of {each.compartment} "
                "is destroyed; `vouchsafe rotate-keys --due` asks again."
            )


def show_epochs(console: Console) -> None:
    """Say how old the keys are, when the next rotation is due, and what old copies still open."""
    settings = settings_here(KEEPER_ROLE)
    epochs = epochs_of(settings)
    table = Table("compartment", "epoch", "since", "state")
    for each in epochs:
        if each.destroyed_at is None:
            table.add_row(each.compartment, str(each.epoch), _moment(each.made_at), state_of(each))
    console.print(table)
    due, before = (
        next_rotation(epochs, timedelta(days=settings.rotation_days)),
        unreadable_before(epochs),
    )
    if due is not None and before is not None:
        console.print(f"The next rotation is due {_moment(due)}.")
        console.print(
            f"What was erased before {_moment(before)} is unreadable in old copies of the database too."
        )


def state_of(epoch: Epoch) -> str:
    """How far its end has come."""
    ended = (epoch.closing_at, epoch.emptied_at, epoch.destroyed_at)
    return STATES[sum(moment is not None for moment in ended)]


class Shown:
    """A bar for each compartment."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}
        self._done: dict[str, int] = {}

    @property
    def rewrapped(self) -> int:
        """How many keys in all."""
        return sum(self._done.values())

    def __call__(self, compartment: str, done: int, total: int) -> None:
        """Told how many keys of a compartment are done, and how many there are to do."""
        if compartment not in self._tasks:
            self._tasks[compartment] = self._bar.add_task(compartment, total=total)
        self._done[compartment] = done
        self._bar.update(self._tasks[compartment], completed=done, total=total)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
