"""The only way in which simulated people act: the HTTP API, as themselves.

A command that the log shows was given already is not given again, so a simulation that was killed goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid5

import httpx
import structlog

from api.inviting import make_secrets
from api.partner_links import partner_token
from api.records.enquiries import ENQUIRIES
from api.simulate.clock import SimulatedClock
from api.simulate.line import Call, Line
from api.simulate.people import Person
from domain.errors import DomainError
from domain.invitation import Invitation
from domain.mentoring import Order
from domain.values import Act

REFUSALS = frozenset(
    {
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.GONE,
        HTTPStatus.PRECONDITION_FAILED,
    }
)
"""The answers of a rule: people meet them, and do something else."""

NO_ROUTE = "urn:vouchsafe:problem:refused"
"""What is told of a route that is not there, rather than of a record."""

Body = dict[str, Any] | Callable[[], dict[str, Any]] | None

log = structlog.get_logger()


class SimulationWentWrong(DomainError):
    """The service answered as no simulated person foresaw; the logs of this command say how. This is a bug."""


class NothingToDo(Exception):
    """What the service shows leaves nothing to give a command about."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a command: the record it was about, and the part that it made, if any."""

    subject: UUID
    made: UUID


class Door:
    """Speaks to the API for everybody."""

    def __init__(
        self, line: Line, clock: SimulatedClock, until: datetime, name: str = "simulated"
    ) -> None:
        """The service must live by the clock; `until` is how far earlier runs have recorded.

        `name` begins every Idempotency-Key, so two doors to one service need two names.
        """
        self._line = line
        self._clock = clock
        self._recorded_until = until
        self._name = name

    @property
    def line(self) -> Line:
        """The way to the service."""
        return self._line

    @property
    def is_past(self) -> bool:
        """Whether an earlier run has recorded this moment."""
        return self._clock() <= self._recorded_until

    @property
    def is_followed(self) -> bool:
        """Whether an earlier run went on from this moment, once everything was done that follows from it."""
        return self._clock() < self._recorded_until

    def act(self, who: Person, path: str, body: Body = None, *, step: str) -> Told | None:
        """Give one command; None when a rule refused it.

        A body that rests on what the service shows is given as a function, which only reads; where it
        finds nothing to give a command about it raises NothingToDo, which counts as a refusal.
        """
        return self._give("POST", who, path, body, step)

    def put(self, who: Person, path: str, body: Body, *, step: str) -> Told | None:
        """The same where the API wants a PUT."""
        return self._give("PUT", who, path, body, step)

    def delete(self, who: Person, path: str, *, step: str) -> Told | None:
        """The same where the API wants a DELETE."""
        return self._give("DELETE", who, path, None, step)

    def propose_found(
        self, who: Person, matching_round: UUID, relationship: UUID, *, step: str
    ) -> UUID | None:
        """Propose what a round found for one request; answers the proposal."""
        key, command_id = self._begun(who.id, step)
        proposal = uuid5(command_id, str(relationship))
        if self.is_past:
            return proposal if self._line.outcome(proposal) else None
        path = f"/matching-rounds/{matching_round}/proposals"
        body = {"relationships": [str(relationship)]}
        answer = self._said(self._line.ask(who, call_of("POST", path, body, key)))
        is_proposed = answer is not None and str(relationship) in answer.json()["proposed"]
        return proposal if is_proposed else None

    def catch_up(self) -> None:
        """Wait until everything recorded can be seen: what is worked out of it is then the same each time."""
        if not self.is_followed:
            self._line.catch_up()

    def look(self, who: Person, path: str) -> None:
        """Look as a person does, once: that they looked may be recorded."""
        self._clock.step()
        if not self.is_past:
            self._said(self._line.ask(who, Call("GET", path)))

    def read(self, who: Person, path: str) -> Any:
        """What a command is made of; no look is recorded of it. None when it is refused."""
        answer = self._said(self._line.ask(who, Call("GET", path)))
        if answer is None:
            return None
        is_json = "json" in answer.headers["Content-Type"]
        return answer.json() if is_json else answer.text

    def shown_once(self, who: Person, path: str, body: Body, *, step: str) -> Any:
        """Give a command whose answer is kept nowhere, and told again to who asks under the same key."""
        key, command_id = self._begun(who.id, step)
        if self.is_past and self._line.outcome(command_id) is None:
            return None
        answer = self._said(self._line.ask(who, call_of("POST", path, body, key)))
        return None if answer is None else answer.json()

    def partner_token(
        self, who: Person, relationship: UUID, body: dict[str, Any], *, step: str
    ) -> str | None:
        """The token of a link for a partner whom somebody found.

        Of a link that was used the service tells no more, so one of an earlier run is made as it makes them.
        """
        key, command_id = self._begun(who.id, step)
        if self.is_past:
            if self._line.outcome(command_id) is None:
                return None
            order = Order(Act(who.id, self._clock()), command_id)
            return partner_token(relationship, make_secrets(1, order, key)[0])
        path = f"/relationships/{relationship}/partner-link"
        answer = self._said(self._line.ask(who, call_of("POST", path, body, key)))
        return None if answer is None else str(answer.json()["link"]).partition("#")[2]

    def say_how_it_went(
        self, who: Person, path: str, answers: dict[str, Any], *, step: str
    ) -> bool:
        """Take a slip, and answer by it from wherever one is; of the answers nothing tells whose they are.

        So whoever took one in an earlier run is taken to have answered.
        """
        key, command_id = self._begun(who.id, step)
        if self.is_past and self._line.outcome(command_id) is None:
            return False
        call = call_of("POST", path, None, key)
        taken = None if self.is_past else self._said(self._line.ask(who, call))
        is_earlier = self.is_past
        self._clock.step()
        if self.is_past:
            return True
        taken = self._said(self._line.ask(who, call)) if is_earlier else taken
        return taken is not None and self._answer_by(str(taken.json()["slip"]), answers)

    def _answer_by(self, slip: str, answers: dict[str, Any]) -> bool:
        """Answer once; said again in the same words it is kept once."""
        call = Call("POST", "/feedback", {"slip": slip, **answers})
        answer = self._line.ask_from_outside(uuid5(ENQUIRIES, slip), call)
        return self._said(answer) is not None

    def join(self, token: str, body: dict[str, Any], *, step: str) -> UUID | None:
        """Get in by an invitation; answers who that is from now on."""
        invited = {"invitation": token, **body}
        return self._from_outside("/joining", invited, Invitation.id_of(token), step)

    def enquire(self, body: dict[str, Any], *, step: str) -> UUID | None:
        """Ask about the scheme; answers the reference."""
        return self._from_outside("/enquiries", body, ENQUIRIES, step)

    def _give(self, method: str, who: Person, path: str, body: Body, step: str) -> Told | None:
        key, command_id = self._begun(who.id, step)
        if self.is_past:
            subject = self._line.outcome(command_id)
            return None if subject is None else Told(subject, command_id)
        try:
            call = call_of(method, path, body, key)
        except NothingToDo:
            return None
        answer = self._said(self._line.ask(who, call))
        return None if answer is None else Told(UUID(answer.json()["id"]), command_id)

    def _from_outside(
        self, path: str, body: dict[str, Any], namespace: UUID, step: str
    ) -> UUID | None:
        """Whoever the service does not know is known by what it makes of their key."""
        key, made = self._begun(namespace, step)
        if self.is_past:
            return made if self._line.outcome(made) else None
        answer = self._said(self._line.ask_from_outside(made, call_of("POST", path, body, key)))
        if answer is not None and str(made) not in answer.json().values():
            raise SimulationWentWrong
        return None if answer is None else made

    def _begun(self, namespace: UUID, step: str) -> tuple[str, UUID]:
        """The key of a step, and the id that the service makes of it."""
        self._clock.step()
        key = f"{self._name}-{step}"
        return key, uuid5(namespace, key)

    def _said(self, answer: httpx.Response) -> httpx.Response | None:
        """What the API says, or None where a rule refuses."""
        if answer.is_success:
            return answer
        if answer.status_code in REFUSALS and answer.json()["type"] != NO_ROUTE:
            return None
        log.error("step refused", method=answer.request.method, status=answer.status_code)
        raise SimulationWentWrong


def call_of(method: str, path: str, body: Body, key: str) -> Call:
    """The request by which a command is given under its key."""
    return Call(method, path, body() if callable(body) else body, {"Idempotency-Key": key})
