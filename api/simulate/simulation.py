"""One simulation from its first to its last moment; killed, it goes on when it is run again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event

from pydantic import SecretStr

from api.bootstrap import Parts, joined
from api.event_log import EventLog
from api.settings import Settings
from api.simulate.clock import STEP, SimulatedClock
from api.simulate.door import Door
from api.simulate.in_process import LineInProcess
from api.simulate.lives.accounts import life_of_accounts
from api.simulate.lives.arriving import enquirers_arrive, mentees_arrive, mentors_arrive
from api.simulate.lives.beside import life_beside
from api.simulate.lives.consenting import life_of_words
from api.simulate.lives.desks import lives_of_desks
from api.simulate.lives.finding import life_of_rounds
from api.simulate.lives.housekeeping import life_of_housekeeping
from api.simulate.lives.office import open_office
from api.simulate.lives.voices import lives_of_voices
from api.simulate.nights import life_of_nights, nights_of, worker_of
from api.simulate.plan import Plan
from api.simulate.remembered import Life
from api.simulate.tally import Tally
from api.simulate.world import LEAD, World
from domain.aggregate import Aggregate
from domain.errors import DomainError
from projections.reader import Reader


class HoldsOtherRecords(DomainError):
    """This database holds records that are not of this simulation; simulate into an empty one, or with the arguments that made them."""


class NotInProduction(DomainError):
    """A simulation makes people up; a service in production refuses it."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where it takes place: what API, worker and clerk are told, each with its own role and keys."""

    serve: Settings
    work: Settings
    clerk: Settings
    reader_url: SecretStr


@dataclass(frozen=True, slots=True)
class Simulation:
    """One plan, ready to run."""

    world: World
    parts: Parts

    def run(self, tell: Callable[[datetime], None] = lambda _: None) -> Tally:
        """Let everything happen, and say what did; `tell` hears how far it is."""
        open_office(self.world, self.parts)
        self.world.run(tell)
        return self.world.tally


@contextmanager
def simulation(plan: Plan, grounds: Grounds, stop: Event) -> Iterator[Simulation]:
    """Join everything by one clock; raises NotInProduction or HoldsOtherRecords."""
    if grounds.serve.production:
        raise NotInProduction
    clock = SimulatedClock(plan.begins_at)
    with ExitStack() as stack:
        parts = replace(
            stack.enter_context(joined(grounds.serve)), clock=clock, new_seed=seeds(plan, clock)
        )
        until = _recorded_until(plan, parts)
        reader = stack.enter_context(Reader(grounds.reader_url.get_secret_value()))
        stack.enter_context(worker_of(grounds.work))
        nights = stack.enter_context(nights_of(grounds.clerk, reader, clock))
        line = stack.enter_context(LineInProcess(parts, reader, stop))
        world = World(plan, Door(line, clock, until), clock)
        for life in (life_of_nights(world, nights), *lives_of(world)):
            world.begin(life, plan.begins_at)
        yield Simulation(world, parts)


def seeds(plan: Plan, clock: SimulatedClock) -> Callable[[int], bytes]:
    """What decides between equals in the matching: the same at the same moment of the same plan."""
    return lambda size: plan.chance(f"matching {clock()}").randbytes(size)


def lives_of(world: World) -> Sequence[Life]:
    """Everybody's, but for those who run it."""
    arriving = (
        life_of_rounds(world),
        mentors_arrive(world),
        mentees_arrive(world),
        enquirers_arrive(world),
    )
    others = (
        *lives_of_desks(world),
        *lives_of_voices(world),
        life_beside(world),
        life_of_housekeeping(world),
    )
    return (*arriving, *others, life_of_words(world), life_of_accounts(world))


def begun_at(parts: Parts) -> datetime | None:
    """When whatever is recorded here began; None of an empty database."""
    first = _recorded(parts, 0)
    return None if first is None else first.timestamp


def _recorded_until(plan: Plan, parts: Parts) -> datetime:
    """The moment that earlier runs of the same plan have come to."""
    first = _recorded(parts, 0)
    if first is None:
        return plan.begins_at
    newest = _recorded(parts, (parts.recorder.max_notification_id() or 1) - 1)
    is_ours = first.originator_id == plan.id_of(LEAD) and first.timestamp == plan.begins_at + STEP
    if newest is None or not is_ours:
        raise HoldsOtherRecords
    return newest.timestamp


def _recorded(parts: Parts, after: int) -> Aggregate.Event | None:
    [*entries] = EventLog(parts.recorder, parts.mapper).read(after, 1)
    event = entries[0].event if entries else None
    return event if isinstance(event, Aggregate.Event) else None
