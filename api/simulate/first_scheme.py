"""A small, believable scheme of made-up people, recorded through the HTTP API at the first start.

It survives being cut short: every request has an idempotency key made from its place in the story,
so recording it again carries out only what is missing.
"""

from datetime import datetime
from enum import Enum
from functools import partial
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

from rich.console import Console

from api.bootstrap import Parts
from api.enrolment import enrol, issue_token
from api.records.contact import Contact
from api.simulate.clock import SimulatedClock
from api.simulate.door import Door
from api.simulate.line import Line
from api.simulate.people import Person, made_up
from api.simulate.plan import Plan, monday_before
from api.simulate.running_service import RememberingDoor, RunningService, happened
from api.simulate.scheme_notes import write_notes
from api.simulate.scheme_people import (
    BY_KEY,
    COORDINATOR,
    ENROLLED,
    LEAD,
    PEOPLE,
    Account,
    MadeUp,
    Notes,
    SignIn,
)
from api.simulate.scheme_story import Cast
from api.simulate.world import World
from domain.values import Role

SIMULATED = "SIMULATION ended"
THREE_WEEKS = 21 * 24 * 60 * 60
WEEKS, SEED = 52, 8
"""For how long their agreement is made, and what they choose where the story leaves them a choice."""


class Phase(Enum):
    """When a part of the story happens: the service's clock is set back that far while it does."""

    BEFORE = ("three weeks ago", THREE_WEEKS)
    NOW = ("today", 0)

    def __init__(self, title: str, seconds_ago: int) -> None:
        self.title = title
        self.seconds_ago = seconds_ago


class FirstScheme:
    """The story, its people's sign-in, and how far it has been recorded."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._url = url
        self._sign_in = SignIn(folder / "sign-in.json")
        self._progress = Notes(folder / "progress.json")
        self._told = Notes(folder / "told.json")

    @property
    def has_begun(self) -> bool:
        """Whether any of it may have been recorded."""
        return bool(self._progress.known)

    def phases_to_come(self) -> list[Phase]:
        """What has not been recorded to its end."""
        return [phase for phase in Phase if _ended(phase) not in self._progress.known]

    @property
    def lacks_people_around(self) -> bool:
        """Whether those around the named people are to be simulated, which comes before everything else."""
        known = self._progress.known
        return SIMULATED not in known and _began(Phase.BEFORE) not in known

    def people_around_began(self, now: datetime) -> datetime:
        """When their simulation was begun first."""
        began = self._progress.keep_first("SIMULATION began", now.isoformat())
        return datetime.fromisoformat(began)

    def people_around_ended(self, now: datetime) -> None:
        """They are all there."""
        self._progress.keep(SIMULATED, now.isoformat())

    def record(self, phase: Phase, parts: Parts, stop: Event) -> None:
        """Record one phase through the API that runs at the address given.

        Whatever was told in an earlier one is remembered, and not asked for again.
        """
        began = self._progress.keep_first(_began(phase), parts.clock().isoformat())
        token_of = partial(self._token_of, parts)
        with RunningService(self._url, token_of, stop) as line:
            self._enrol(line, parts)
            world = self._world(line)
            cast = Cast(world, self._register(world, parts))
            planned = cast.three_weeks_ago()
            if phase is Phase.NOW:
                world.clock.move_to(datetime.fromisoformat(began))
                world.door = self._door(line, world.clock, phase)
                cast.meanwhile(planned)
            else:
                pairing = planned[0].pairing
                keys = self._folder / "participants"
                write_notes(line, pairing.partners(), keys, pairing.relationship)
        self._progress.keep(_ended(phase), parts.clock().isoformat())

    def print_sign_in(self, console: Console) -> None:
        """Say how to sign in as each role."""
        accounts = self._sign_in.accounts()
        if accounts:
            console.print("Sign in as one of these made-up people by pasting their token:\n")
        for key, account in accounts.items():
            person = BY_KEY.get(key) or _sponsor(key)
            role = person.role.value.replace("_", " ")
            console.print(f"  {role:<21} {person.name:<15} {account.token}")

    def _world(self, line: RunningService) -> World:
        """A world whose office are the named ones, as it was when they were first there."""
        began = datetime.fromisoformat(self._progress.known[_began(Phase.BEFORE)])
        plan = Plan(len(PEOPLE), len(PEOPLE), WEEKS, SEED, monday_before(began, 0))
        clock = SimulatedClock(began)
        world = World(plan, self._door(line, clock, Phase.BEFORE), clock)
        world.coordinators = [self._person(COORDINATOR)]
        world.lead = self._person(LEAD)
        return world

    def _door(self, line: RunningService, clock: SimulatedClock, phase: Phase) -> Door:
        name = f"first-scheme-{phase.name.lower()}"
        return RememberingDoor(line, clock, self._told, name)

    def _enrol(self, line: RunningService, parts: Parts) -> None:
        """Those who run a scheme are let in on the command line."""
        for person in ENROLLED:
            if person.key not in self._sign_in.accounts():
                id = UUID(self._progress.keep_first(f"{person.key} enrolled", str(uuid4())))
                contact = Contact(person.name, person.email)
                line.patiently(lambda: enrol(parts, contact, [person.role], id=id))  # noqa: B023 - done before the next
                self._open_account(line, parts, person, id)

    def _register(self, world: World, parts: Parts) -> dict[str, Person]:
        """The coordinator registers everybody else through the API; answers all of them."""
        for person in PEOPLE:
            if person.key not in self._sign_in.accounts():
                body = {"name": person.name, "email": person.email, "roles": [person.role.value]}
                step = f"register-{person.key}"
                told = happened(world.does(world.coordinators[0], "/people", body, step=step))
                self._open_account(world.door.line, parts, person, told.subject)
        return {person.key: self._person(person) for person in PEOPLE}

    def _open_account(self, line: Line, parts: Parts, person: MadeUp, id: UUID) -> None:
        token = line.patiently(lambda: issue_token(parts, id, person.role))
        self._sign_in.keep(person.key, Account(id, token))

    def _person(self, named: MadeUp) -> Person:
        return Person(named.key, self._sign_in.accounts()[named.key].id, named.role)

    def _token_of(self, parts: Parts, who: Person) -> str:
        """How they sign in; whoever they make known besides gets an account as well."""
        if who.key not in self._sign_in.accounts():
            self._sign_in.keep(who.key, Account(who.id, issue_token(parts, who.id, who.role)))
        return self._sign_in.accounts()[who.key].token


def _sponsor(key: str) -> MadeUp:
    """Whoever looks after their agreement for the employer."""
    name = made_up(key, Plan.chance_of(SEED, key)).name
    return MadeUp(key, name, Role.SPONSOR_CONTACT)


def _began(phase: Phase) -> str:
    return f"{phase.name} began"


def _ended(phase: Phase) -> str:
    return f"{phase.name} ended"
