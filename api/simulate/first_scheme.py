"""A small, believable scheme of made-up people, recorded through the HTTP API at the first start.

It survives being cut short: every request has an idempotency key made from its place in the story,
so recording it again carries out only what is missing.
"""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

from rich.console import Console

from api.bootstrap import Parts
from api.enrolment import enrol, issue_token
from api.records.contact import Contact
from api.simulate.scheme_calls import Chapter, SchemeApi
from api.simulate.scheme_people import (
    BY_KEY,
    COORDINATOR,
    ENROLLED,
    PEOPLE,
    Account,
    MadeUp,
    Notes,
    SignIn,
)
from api.simulate.scheme_story import meanwhile, three_weeks_ago

SIMULATED = "SIMULATION ended"
THREE_WEEKS = 21 * 24 * 60 * 60


class Phase(Enum):
    """When a part of the story happens: the service's clock is set back that far while it does."""

    BEFORE = ("three weeks ago", THREE_WEEKS)
    NOW = ("today", 0)

    def __init__(self, title: str, seconds_ago: int) -> None:
        self.title = title
        self.seconds_ago = seconds_ago


STORY: dict[Phase, Callable[[SchemeApi], None]] = {
    Phase.BEFORE: three_weeks_ago,
    Phase.NOW: meanwhile,
}


class FirstScheme:
    """The story, its people's sign-in, and how far it has been recorded."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._url = url
        self._sign_in = SignIn(folder / "sign-in.json")
        self._progress = Notes(folder / "progress.json")

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
        """Record one phase through the API that runs at the address given."""
        began = self._progress.keep_first(_began(phase), parts.clock().isoformat())
        chapter = Chapter(phase.name.lower(), datetime.fromisoformat(began), self._folder)
        with SchemeApi(self._url, chapter, stop) as api:
            for person in ENROLLED:
                self._enrol(api, parts, person)
            for person in PEOPLE:
                self._register(api, parts, person)
            api.sign_in(self._sign_in.accounts())
            STORY[phase](api)
        self._progress.keep(_ended(phase), parts.clock().isoformat())

    def print_sign_in(self, console: Console) -> None:
        """Say how to sign in as each role."""
        accounts = self._sign_in.accounts()
        if accounts:
            console.print("Sign in as one of these made-up people by pasting their token:\n")
        for key, account in accounts.items():
            person = BY_KEY[key]
            role = person.role.value.replace("_", " ")
            console.print(f"  {role:<21} {person.name:<15} {account.token}")

    def _enrol(self, api: SchemeApi, parts: Parts, person: MadeUp) -> None:
        """Those who run a scheme are let in on the command line."""
        if person.key in self._sign_in.accounts():
            return
        id = UUID(self._progress.keep_first(f"{person.key} enrolled", str(uuid4())))
        contact = Contact(person.name, person.email)
        api.patiently(lambda: enrol(parts, contact, [person.role], id=id))
        self._open_account(api, parts, person, id)

    def _register(self, api: SchemeApi, parts: Parts, person: MadeUp) -> None:
        """The coordinator registers everybody else through the API."""
        if person.key in self._sign_in.accounts():
            return
        api.sign_in(self._sign_in.accounts())
        body = {"name": person.name, "email": person.email, "roles": [person.role.value]}
        told = api.post(COORDINATOR.key, "/people", body, step=f"register-{person.key}")
        self._open_account(api, parts, person, told.id)

    def _open_account(self, api: SchemeApi, parts: Parts, person: MadeUp, id: UUID) -> None:
        token = api.patiently(lambda: issue_token(parts, id, person.role))
        self._sign_in.keep(person.key, Account(id, token))


def _began(phase: Phase) -> str:
    return f"{phase.name} began"


def _ended(phase: Phase) -> str:
    return f"{phase.name} ended"
