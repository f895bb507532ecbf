"""The commands about read models: build one anew beside the live one, or let a stopped one go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

from api.bootstrap import joined
from api.cli.failures import CommandFailed
from api.cli.progress import bars
from api.event_log import EventLog
from api.settings import Settings
from projections import set_aside
from projections.catalogue import READ_MODELS
from projections.log import Damage
from projections.positions import resume
from projections.read_model import ReadModel
from projections.rebuild import RebuildStopped, rebuild
from projections.runner import connect


class NoSuchReadModel(CommandFailed):
    """There is no read model of this name."""

    def __init__(self) -> None:
        names = ", ".join(model.name for model in READ_MODELS)
        super().__init__(f"There is no read model of this name; there are {names}.")


class CannotRebuild(CommandFailed):
    """The new tables cannot pass an event, and the live ones are as they were."""

    def __init__(self, error: RebuildStopped) -> None:
        stopped = error.stopped
        record = f" ({stopped.record})" if stopped.record else ""
        super().__init__(
            f"The rebuild stopped before position {stopped.position}{record}: {stopped.reason}. "
            f"What is shown is as it was. {_what_to_do(stopped.reason)}"
        )


def rebuild_with_progress(name: str, console: Console) -> None:
    """Rebuild one read model from the whole log; whoever reads it sees the old one until the end."""
    model, settings = _named(name), Settings()
    url = settings.database_url.get_secret_value()
    with joined(settings) as parts, connect(url) as connection:
        log = EventLog(parts.recorder, parts.mapper)
        with _shown(console, name) as show:
            try:
                position = rebuild(connection, log, model, progress=show)
            except RebuildStopped as error:
                raise CannotRebuild(error) from None
        left_out = set_aside.found(connection, [name])
    console.print(f"{name} is rebuilt up to position {position}.")
    for each in left_out:
        console.print(f"Left out, since it was tampered with: {each.record}")
    if left_out:
        console.print("Restore these records from a backup, then rebuild again.")


def resume_stopped(name: str, console: Console) -> None:
    """Let a stopped read model try again; a running worker takes it up at once."""
    url = Settings().database_url.get_secret_value()
    _named(name)
    with connect(url) as connection:
        resumed = resume(connection, name)
        left_out = set_aside.found(connection, [name])
    if resumed:
        console.print(f"{name} goes on. The log of the worker says if it stops again.")
    else:
        console.print(f"{name} had not stopped.")
    if left_out:
        console.print(
            f"Streams that it leaves out: {len(left_out)}. Once their records are restored, "
            f"`vouchsafe rebuild {name}` takes them in again."
        )


def _named(name: str) -> ReadModel:
    found = next((model for model in READ_MODELS if model.name == name), None)
    if found is None:
        raise NoSuchReadModel
    return found


class Shown:
    """Tells a progress bar how far a rebuild is."""

    def __init__(self, bar: Progress, name: str) -> None:
        self._bar = bar
        self._task = bar.add_task(name, total=None)

    def __call__(self, done: int, total: int) -> None:
        """Both are positions of the log."""
        self._bar.update(self._task, completed=done, total=max(done, total))


@contextmanager
def _shown(console: Console, name: str) -> Iterator[Shown]:
    with bars(console, "events") as bar:
        yield Shown(bar, name)


def _what_to_do(reason: str) -> str:
    if reason == Damage.UNREADABLE:
        return "A later release recorded this event: rebuild with that release."
    if reason == Damage.KEY_ABSENT:
        return "Give this process the newest key file of the compartment, then rebuild again."
    return "This is a fault in the program: please report the reason and the position."
