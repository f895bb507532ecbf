"""People at work: each gives one command after another, and repeats it under its id until it is answered."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
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
from domain.access import Caller
from domain.values import Role
from tests.faults.scheme_record import url_of
from tests.faults.service import OPTIONS, Service
from tests.funding import agreement_body

PATIENCE_SECONDS = 180.0
ANSWER_SECONDS = 90.0
"""A request that takes longer hangs: it waits twice in a queue at most, and once for the database."""

PAUSE_SECONDS = 0.05
PASSING = (httpx.TransportError, psycopg.Error, EmbeddedPostgresError, OSError)
"""The service or its database is away, and will be back."""

PURPOSE = "take_part"
PROBLEM = "application/problem+json"
SENTINEL = "Ottoline Quagmire-Zephyr"


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
    told: dict[UUID, Told] = field(default_factory=dict)
    sent_away: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    longest: float = 0.0

    def note(self, answer: httpx.Response, took: float) -> None:
        """How long an answer took, and whether it is one that may be."""
        self.longest = max(self.longest, took)
        if answer.is_success:
            return
        fit = answer.headers.get("content-type") == PROBLEM and "retry-after" in answer.headers
        if answer.status_code == 503 and fit:
            self.sent_away[answer.json()["type"].rpartition(":")[2]] += 1
        else:
            self.surprises.append(f"{answer.request.url.path}: {answer.status_code} {answer.text}")

    def commands(self, what: str) -> set[UUID]:
        """The commands of one kind that were acknowledged."""
        return {each for each in self.told if self.given[each] == what}


class Stopped(Exception):
    """The load is over."""


@dataclass(frozen=True)
class Speaker:
    """Somebody with a token."""

    person: UUID
    token: str


@dataclass
class Office:
    """What all callers share: the service, a coordinator, and a way to give tokens out."""

    service: Service
    coordinator: Speaker
    words: Mapping[str, Any]
    agreement: Mapping[str, Any]
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

    def token_of(self, person: UUID, role: Role) -> str:
        """A token, as the command line gives it out."""
        return str(self.patiently(partial(self._issued, person, role)))

    def _issued(self, person: UUID, role: Role) -> str:
        url = url_of(self.service.folder, "vouchsafe_api")
        grant, until = Grant(Caller(person, role), ALL_SCOPES), clock_behind(0)() + TOKEN_LASTS
        with psycopg.connect(url, connect_timeout=5) as connection:
            return Tokens(OnePool(connection)).issue(grant, expires_at=until)  # type: ignore[arg-type]  # - a pool of one


@dataclass(frozen=True)
class OnePool:
    """One connection in the shape of a pool."""

    one: Any

    @contextmanager
    def connection(self) -> Iterator[Any]:
        yield self.one


@dataclass
class CommandGiver:
    """One caller: registers somebody, who asks for mentoring and then withdraws, again and again."""

    office: Office
    name: str
    client: httpx.Client
    turn: int = 0

    def work(self) -> None:
        try:
            while True:
                self.turn += 1
                self.story()
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - a thread that dies unheard would let the test pass
            self.office.outcomes.surprises.append(repr(error))
        finally:
            self.client.close()

    def story(self) -> None:
        coordinator = self.office.coordinator
        body = {"name": SENTINEL, "email": "ottoline@example.org", "roles": ["mentee"]}
        person = self.give(coordinator, "register", "/people", body).id
        mentee = Speaker(person, self.office.token_of(person, Role.MENTEE))
        self.give(mentee, "consent", "/me/consents", dict(self.office.words))
        signed = self.give(coordinator, "agreement", "/agreements", dict(self.office.agreement)).id
        granted = {"agreement": str(signed), "sessions": 3}
        place = self.give(coordinator, "place", "/places", granted).id
        self.give(mentee, "request", "/relationships", {"place": str(place)})
        self.give(mentee, "withdraw", f"/me/consents/{PURPOSE}/withdrawal", None)

    def give(self, speaker: Speaker, what: str, path: str, body: Any) -> Told:
        """One command, repeated until it is answered."""
        key = f"{self.name}-{self.turn}-{what}"
        command, outcomes = uuid5(speaker.person, key), self.office.outcomes
        outcomes.given[command] = what
        headers = {"Authorization": f"Bearer {speaker.token}", "Idempotency-Key": key}
        said = self.office.patiently(lambda: self.said(path, body, headers))
        told = Told(UUID(said["id"]), said["version"], said["position"])
        outcomes.told[command] = told
        return told

    def said(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        """What a success says; None where the command is to be repeated."""
        started = monotonic()
        answer = self.client.post(path, json=body, headers=headers)
        self.office.outcomes.note(answer, monotonic() - started)
        if answer.status_code == 503:
            self.office.stop.wait(float(answer.headers.get("retry-after", 0)))
            return None
        if not answer.is_success:
            raise Stopped
        return answer.json()


def open_office(service: Service) -> Office:
    """Enrol those who run a scheme, and publish words to consent to."""
    with joined(settings_of(service.folder)) as parts:
        contact = Contact(SENTINEL, "ottoline@example.org")
        people = {role: enrol(parts, contact, [role]) for role in RUN_BY}
        tokens = {role: issue_token(parts, person, role) for role, person in people.items()}
    notice = {"purpose": PURPOSE, "version": 1, "language": "en", "text": f"About {PURPOSE}."}
    assert service.post("/notices", tokens[RUN_BY[1]], notice).is_success
    shown = service.get(f"/notices/{PURPOSE}", tokens[RUN_BY[0]]).json()["notices"][0]
    words = {"purpose": PURPOSE, "notice_version": 1, "language": "en", "digest": shown["digest"]}
    coordinator = Speaker(people[RUN_BY[0]], tokens[RUN_BY[0]])
    return Office(service, coordinator, words, _agreement(service, coordinator))


def _agreement(service: Service, coordinator: Speaker) -> dict[str, Any]:
    """What every story signs anew, so that no two of them change one record."""
    told = lambda path, body: service.post(path, coordinator.token, body).json()  # noqa: E731 - twice, here alone
    return agreement_body(told)


RUN_BY = (Role.COORDINATOR, Role.DATA_PROTECTION_LEAD)


def settings_of(folder: Path) -> Settings:
    files = {file.stem: file for file in (folder / "keys").glob("*.json")}
    return Settings(database_url=url_of(folder, "vouchsafe_api"), key_files=files, pool_size=2)


@contextmanager
def load(office: Office, name: str, callers: int) -> Iterator[Outcomes]:
    """So many callers at work; at the end each finishes the command it is at."""
    office.outcomes, office.stop = Outcomes(), Event()
    threads = [Thread(target=_giver(office, f"{name}-{n}").work) for n in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield office.outcomes
    finally:
        office.stop.set()
        for thread in threads:
            thread.join(2 * ANSWER_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "somebody still waits"


def _giver(office: Office, name: str) -> CommandGiver:
    url = f"{office.service.url}/api/v1"
    client = httpx.Client(base_url=url, timeout=ANSWER_SECONDS, **OPTIONS)
    return CommandGiver(office, name, client)


def wait_for_more(outcomes: Outcomes, more: int) -> None:
    """Wait until so many more commands were acknowledged."""
    enough = len(outcomes.told) + more
    assert wait_until(
        lambda: len(outcomes.told) >= enough or bool(outcomes.surprises), PATIENCE_SECONDS
    ), "nothing is recorded any more"
    assert not outcomes.surprises, outcomes.surprises
