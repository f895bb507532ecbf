"""What happens while nobody acts: the worker catches up and the clerk does its duties, as they are, by the simulated clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread

import psycopg

from api.bootstrap import joined
from api.clerk import PASSING, Clerk
from api.event_log import EventLog
from api.messages.delivery import Delivery
from api.messages.mail import Sender
from api.settings import Settings
from api.simulate.calendar import evening
from api.simulate.clock import SimulatedClock
from api.simulate.post import TakesAll
from api.simulate.remembered import Life
from api.simulate.world import World
from api.worker import work
from projections.catalogue import READ_MODELS
from projections.reader import Reader

CATCH_UP_SECONDS = 60.0
JOIN_SECONDS = 30.0
NOBODY = Sender("nobody@example.org", "The office", "http://simulated.invalid")


class Nights:
    """A clerk that is called each evening, once everything of the day can be seen."""

    def __init__(self, clerk: Clerk, clerk_url: str) -> None:
        self._clerk = clerk
        self._url = clerk_url
        self._delivery = Delivery(clerk.parts, TakesAll(), NOBODY)

    def pass_one(self) -> None:
        """Do what follows and what is due; raises what it met where the database was away."""
        newest = self._clerk.parts.recorder.max_notification_id() or 0
        for model in READ_MODELS:
            self._clerk.reader.wait_for(model.name, newest, CATCH_UP_SECONDS)
        with psycopg.connect(self._url, autocommit=True) as connection:
            self._clerk.catch_up(connection)
        self._clerk.see_to_duties()
        self._delivery.deliver(lambda: True)


def life_of_nights(world: World, nights: Nights) -> Life:
    """Every evening, for as long as there is anything to simulate."""
    while True:
        yield evening(world.clock())
        world.clock.step()
        if not world.door.is_followed:
            world.door.line.patiently(nights.pass_one, PASSING)


@contextmanager
def nights_of(settings: Settings, reader: Reader, clock: SimulatedClock) -> Iterator[Nights]:
    """A clerk by the simulated clock, with its own role and keys."""
    with joined(settings) as parts:
        by_this_clock = replace(parts, clock=clock)
        clerk = Clerk(by_this_clock, EventLog(parts.recorder, parts.mapper), reader)
        yield Nights(clerk, settings.database_url.get_secret_value())


@contextmanager
def worker_of(settings: Settings) -> Iterator[None]:
    """A worker in a thread, with its own role and key; it needs no clock."""
    stop = Event()
    with joined(settings) as parts:
        log = EventLog(parts.recorder, parts.mapper)
        url = settings.database_url.get_secret_value()
        thread = Thread(target=work, args=(url, log, stop), name="worker", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(JOIN_SECONDS)
