"""The command that simulates a scheme into a data folder of this machine, with progress and a summary of counts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Event

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from api.bootstrap import joined
from api.cli.data_folder import held_data_folder
from api.cli.failures import CommandFailed
from api.cli.machine import DATABASE, READER_ROLE, Machine, prepared, require_whole
from api.cli.processes import stopped_by_signal
from api.cli.progress import bars
from api.embedded_postgres import EmbeddedPostgres
from api.logs import set_up_logs
from api.settings import RunSettings
from api.simulate.line import SimulationStopped
from api.simulate.plan import Plan, monday_before, opening_on
from api.simulate.simulation import Grounds, begun_at, simulation
from api.simulate.tally import Tally

HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Size:
    """What was asked for; without a Monday it ends with the one of this week."""

    mentees: int
    mentors: int
    weeks: int
    seed: int
    begins_on: date | None


class ElsewhereIsNoPlace(CommandFailed):
    """VOUCHSAFE_DATABASE_URL names a database."""

    def __init__(self) -> None:
        super().__init__(
            "A simulation makes a database of its own in the data folder. Unset VOUCHSAFE_DATABASE_URL, "
            "and name an empty folder with VOUCHSAFE_DATA_FOLDER."
        )


class Stopped(CommandFailed):
    """Somebody pressed Ctrl-C."""

    def __init__(self) -> None:
        super().__init__("Stopped. The same command goes on from here.")


def simulate_here(console: Console, size: Size) -> None:
    """Simulate into the data folder, or go on with what was begun there."""
    settings, stop = RunSettings(), stopped_by_signal()
    if settings.database_url is not None:
        raise ElsewhereIsNoPlace
    planned(size, None)
    folder = settings.data_folder.absolute()
    with held_data_folder(folder):
        set_up_logs("simulate", folder / "logs" / "simulate.log")
        require_whole(folder)
        with EmbeddedPostgres(folder / "postgres") as postgres:
            machine = prepared(settings, folder, postgres)
            _show(console, simulated(console, size, grounds_of(machine), stop))
    console.print(
        f"Look at it with VOUCHSAFE_DATA_FOLDER={settings.data_folder} make run", markup=False
    )


def grounds_of(machine: Machine) -> Grounds:
    """What the parts of a simulation on this machine are told."""
    serve, work, clerk = (machine.settings_of(name) for name in ("serve", "work", "clerk"))
    # What was said weeks ago by this clock waits for whoever runs the service.
    clerk = clerk.model_copy(update={"smtp_host": None})
    reader_url = SecretStr(machine.postgres.url(READER_ROLE, DATABASE))
    return Grounds(serve, work, clerk, reader_url)


def simulated(console: Console, size: Size, grounds: Grounds, stop: Event) -> Tally:
    """Run it with a progress bar."""
    with joined(grounds.serve) as parts:
        plan = planned(size, begun_at(parts))
    try:
        with simulation(plan, grounds, stop) as made, _told(console, plan) as tell:
            return made.run(tell)
    except SimulationStopped:
        raise Stopped from None


def planned(size: Size, begun: datetime | None) -> Plan:
    """The plan: as it was begun, else from the Monday that was named, else up to this week's."""
    begins_at = monday_before(begun or datetime.now(UTC), 0 if begun else size.weeks)
    if size.begins_on is not None:
        begins_at = opening_on(size.begins_on)
    return Plan(size.mentees, size.mentors, size.weeks, size.seed, begins_at)


@contextmanager
def _told(console: Console, plan: Plan) -> Iterator[Callable[[datetime], None]]:
    with bars(console, "simulated hours") as bar:
        whole = _hours(plan, plan.ends_at)
        task = bar.add_task("Simulating", total=whole)
        yield lambda moment: bar.update(task, completed=_hours(plan, moment))
        bar.update(task, completed=whole)


def _hours(plan: Plan, moment: datetime) -> int:
    return int((moment - plan.begins_at).total_seconds() // HOUR_SECONDS)


def _show(console: Console, tally: Tally) -> None:
    table = Table("What happened", "How often")
    for what, times in tally.lines():
        table.add_row(what, f"{times:,}")
    console.print(table)
