"""People at work: simulated lives that are led against the running service, all at once and as fast as it answers.

Each command is repeated under its id until it is answered. The service's clock is the real one, so nothing is held yet.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import UUID, uuid5

import httpx
import psycopg

from api.auth.tokens import Grant, Tokens
from api.bootstrap import joined
from api.clock import clock_behind
from api.embedded_postgres import EmbeddedPostgresError
from api.embedded_postgres.processes import wait_until
from api.enrolment import ALL_SCOPES, TOKEN_LASTS, enrol, issue_token
from api.records.contact import Contact
from api.settings import Settings
from api.simulate.clock import SimulatedClock
from api.simulate.door import REFUSALS, Door
from api.simulate.line import COME_AGAIN, Call
from api.simulate.lives.arriving import mentees_arrive, mentors_arrive
from api.simulate.lives.consenting import publish_words
from api.simulate.lives.funding import agreements_signed
from api.simulate.people import Person
from api.simulate.plan import Plan, monday_before
from api.simulate.world import World
from domain.access import Caller
from domain.values import Role
from tests.faults.scheme_record import url_of
from tests.faults.service import OPTIONS, Service

PATIENCE_SECONDS = 180.0
ANSWER_SECONDS = 90.0
"""A request that takes longer hangs: it waits twice in a queue at most, and once for the database."""

PAUSE_SECONDS = 0.05
PASSING = (httpx.TransportError, psycopg.Error, EmbeddedPostgresError, OSError)
"""The service or its database is away, and will be back."""

TAKE_PART = "take_part"
PROBLEM = "application/problem+json"
SENTINEL = "Ottoline Quagmire-Zephyr"
ADDRESS = "@example.org"
"""In the address of everybody who is simulated."""

MENTEES, MENTORS, WEEKS = 6, 3, 12
"""As many as one caller leads the lives of, before they go on with others."""

NEVER = datetime(1, 1, 2, tzinfo=UTC)
"""Nothing of it was recorded by an earlier run."""


@dataclass(frozen=True)
class Told:
    """What the service said was recorded."""

    id: UUID
    version: int
    position: int


@dataclass
class Outcomes:
    """What became of everybody's commands; every thread writes, and nothing is ever taken away."""

    given: dict[UUID, str] = field(default_factory=dict)
    told: dict[UUID, Told | None] = field(default_factory=dict)
    withdrawn: set[UUID] = field(default_factory=set)
    sent_away: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    longest: float = 0.0

    def note(self, answer: httpx.Response, took: float) -> None:
        """How long an answer took, and whether it is one that may be."""
        self.longest = max(self.longest, took)
        if answer.is_success:
            return
        is_problem = answer.headers.get("content-type") == PROBLEM
        if answer.status_code in COME_AGAIN and is_problem and "retry-after" in answer.headers:
            self.sent_away[answer.json()["type"].rpartition(":")[2]] += 1
        elif answer.status_code not in REFUSALS or not is_problem:
            self.surprises.append(f"{answer.request.url.path}: {answer.status_code} {answer.text}")

    def commands(self, what: str) -> set[UUID]:
        """The commands of one kind that were acknowledged."""
        return {each for each in self.told if self.given[each] == what}


class Stopped(Exception):
    """The load is over."""


@dataclass
class Office:
    """What all callers share: the service, those who run the scheme, and a way to give tokens out."""

    service: Service
    coordinator: Person
    lead: Person
    tokens: Mapping[UUID, str]
    outcomes: Outcomes = field(default_factory=Outcomes)
    stop: Event = field(default_factory=Event)

    def patiently(self, act: Any) -> Any:
        """Do what can be repeated, until it is answered; raises Stopped at the end of the load."""
        until = monotonic() + PATIENCE_SECONDS
        while not self.stop.is_set():
            assert monotonic() < until, "a command stays without an answer"
            try:
                answer = act()
            except PASSING as error:
                answer = None
                if isinstance(error, httpx.ReadTimeout):
                    self.outcomes.surprises.append("a request hangs")
            if answer is not None:
                return answer
            self.stop.wait(PAUSE_SECONDS)
        raise Stopped

    def token_of(self, who: Person) -> str:
        """A token, as the command line gives it out."""
        return str(self.patiently(partial(self._issued, who)))

    def _issued(self, who: Person) -> str:
        url = url_of(self.service.folder, "vouchsafe_api")
        grant, until = Grant(Caller(who.id, who.role), ALL_SCOPES), clock_behind(0)() + TOKEN_LASTS
        with psycopg.connect(url, connect_timeout=5) as connection:
            return Tokens(OnePool(connection)).issue(grant, expires_at=until)  # type: ignore[arg-type]  # - a pool of one


@dataclass(frozen=True)
class OnePool:
    """One connection in the shape of a pool."""

    one: Any

    @contextmanager
    def connection(self) -> Iterator[Any]:
        yield self.one


class ServiceLine:
    """One caller's way to the running service; it notes what was asked and what became of it."""

    def __init__(self, office: Office) -> None:
        url = f"{office.service.url}/api/v1"
        self._client = httpx.Client(base_url=url, timeout=ANSWER_SECONDS, **OPTIONS)
        self._office = office
        self._tokens = dict(office.tokens)

    def close(self) -> None:
        self._client.close()

    def ask(self, who: Person, call: Call) -> httpx.Response:
        """What it answers to somebody it knows, once it can answer."""
        if who.id not in self._tokens:
            self._tokens[who.id] = self._office.token_of(who)
        headers = {**call.headers, "Authorization": f"Bearer {self._tokens[who.id]}"}
        if call.method == "GET":
            return self._answer(call, headers)
        answer = self._noted(uuid5(who.id, headers["Idempotency-Key"]), call, headers)
        if answer.is_success and call.path == f"/me/consents/{TAKE_PART}/withdrawal":
            self._office.outcomes.withdrawn.add(who.id)
        return answer

    def ask_from_outside(self, address: UUID, call: Call) -> httpx.Response:
        """The same for somebody it does not know."""
        if "Idempotency-Key" not in call.headers:
            # What is said by a slip leads to nobody's command.
            return self._answer(call, call.headers)
        return self._noted(address, call, call.headers)

    def outcome(self, command_id: UUID) -> UUID | None:
        """Nothing was carried out before."""

    def mentor_proposed(self, relationship: UUID, proposal: UUID) -> UUID:
        """Nobody has to ask: here coordinators propose whom they name."""
        raise NotImplementedError

    def catch_up(self) -> None:
        """Nothing here is worked out of what read models show."""

    def patiently(self, act: Any, _away: object = ()) -> Any:
        """Do what can be done again, until what it needs is there."""
        return self._office.patiently(act)

    def _noted(self, command: UUID, call: Call, headers: Mapping[str, str]) -> httpx.Response:
        outcomes = self._office.outcomes
        outcomes.given[command] = call.path
        answer = self._answer(call, headers)
        if answer.is_success:
            said = answer.json()
            is_told = "position" in said
            # Who joins, or invites, is told nothing that counts what others do.
            outcomes.told[command] = (
                Told(UUID(said["id"]), said["version"], said["position"]) if is_told else None
            )
        return answer

    def _answer(self, call: Call, headers: Mapping[str, str]) -> httpx.Response:
        """An answer; whoever is sent away comes again."""
        answer: httpx.Response = self._office.patiently(lambda: self._sent(call, headers))
        return answer

    def _sent(self, call: Call, headers: Mapping[str, str]) -> httpx.Response | None:
        started = monotonic()
        answer = self._client.request(call.method, call.path, json=call.body, headers=headers)
        self._office.outcomes.note(answer, monotonic() - started)
        if answer.status_code in COME_AGAIN:
            self._office.stop.wait(float(answer.headers.get("retry-after", 0)))
            return None
        return answer


@dataclass(frozen=True)
class Leader:
    """One caller: leads the lives of a small scheme, then those of another, again and again."""

    office: Office
    name: str

    def work(self) -> None:
        line = ServiceLine(self.office)
        try:
            for turn in count():
                lead_lives(world_of(self.office, line, f"{self.name}-{turn}"))
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - a thread that dies unheard would let the test pass
            self.office.outcomes.surprises.append(repr(error))
        finally:
            line.close()


def world_of(office: Office, line: ServiceLine, name: str) -> World:
    """A world with people of its own, and the same office."""
    seed = uuid5(office.coordinator.id, name).int
    plan = Plan(MENTEES, MENTORS, WEEKS, seed, monday_before(clock_behind(0)(), 0))
    clock = SimulatedClock(plan.begins_at)
    world = World(plan, Door(line, clock, NEVER, name), clock)
    world.coordinators, world.lead = [office.coordinator], office.lead
    world.matches_by_hand = True
    return world


def lead_lives(world: World) -> None:
    """From the agreement that pays for them to the last goodbye."""
    agreements_signed(world, world.coordinators[0])
    for life in (mentors_arrive(world), mentees_arrive(world)):
        world.begin(life, world.plan.begins_at)
    world.run(lambda _: None)


def open_office(service: Service) -> Office:
    """Enrol those who run a scheme, and publish words to consent to."""
    contact = Contact(SENTINEL, f"ottoline{ADDRESS}")
    with joined(settings_of(service.folder)) as parts:
        coordinator, lead = (
            Person(role.value, enrol(parts, contact, [role]), role) for role in RUN_BY
        )
        tokens = {who.id: issue_token(parts, who.id, who.role) for who in (coordinator, lead)}
    office = Office(service, coordinator, lead, tokens)
    with closing(ServiceLine(office)) as line:
        publish_words(world_of(office, line, "office"))
    assert not office.outcomes.surprises, office.outcomes.surprises
    return office


RUN_BY = (Role.COORDINATOR, Role.DATA_PROTECTION_LEAD)


def settings_of(folder: Path) -> Settings:
    files = {file.stem: file for file in (folder / "keys").glob("*.json")}
    return Settings(database_url=url_of(folder, "vouchsafe_api"), key_files=files, pool_size=2)


@contextmanager
def load(office: Office, name: str, callers: int) -> Iterator[Outcomes]:
    """So many callers at work; at the end each finishes the command it is at."""
    office.outcomes, office.stop = Outcomes(), Event()
    threads = [Thread(target=Leader(office, f"{name}-{n}").work) for n in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield office.outcomes
    finally:
        office.stop.set()
        for thread in threads:
            thread.join(2 * ANSWER_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "somebody still waits"


def wait_for_more(outcomes: Outcomes, more: int) -> None:
    """Wait until so many more commands were acknowledged."""
    enough = len(outcomes.told) + more
    assert wait_until(
        lambda: len(outcomes.told) >= enough or bool(outcomes.surprises), PATIENCE_SECONDS
    ), "nothing is recorded any more"
    assert not outcomes.surprises, outcomes.surprises
