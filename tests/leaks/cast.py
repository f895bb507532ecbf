"""The people of the leak run: each with a sentinel name, address and number, a token, and a client."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from api.bootstrap import Parts
from api.enrolment import enrol, issue_token
from api.participant import (
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    VaultKeeping,
)
from api.records.contact import Contact
from domain.access import PARTIES
from domain.values import Role
from tests.leaks.recording import NOBODY, Recorder
from tests.leaks.sentinels import Sentinels

CONTACT = "GET /api/v1/people/{id}/contact"
OWN_CONTACT = "GET /api/v1/me/contact"
COORDINATOR, LEAD = "ruth", "priya"
ROLES = {
    COORDINATOR: Role.COORDINATOR,
    LEAD: Role.DATA_PROTECTION_LEAD,
    "ada": Role.AUDITOR,
    "sol": Role.SPONSOR_CONTACT,
    "sven": Role.SAFEGUARDING_LEAD,
    "otto": Role.OPERATOR,
    "grace": Role.MENTOR,
    "samir": Role.MENTOR,
    "amara": Role.MENTEE,
    "joy": Role.MENTEE,
    "leila": Role.MENTEE,
    "kwame": Role.MENTEE,
    "stranger": Role.MENTEE,
    "newcomer": Role.MENTOR,
}
MENTORS = [who for who, role in ROLES.items() if role is Role.MENTOR]
MENTEES = [who for who, role in ROLES.items() if role is Role.MENTEE]


@dataclass(frozen=True)
class Member:
    """Somebody who can call."""

    id: UUID
    token: str
    client: httpx.Client


class Refused(AssertionError):
    """The service refused a step that the leak run needs."""


class Cast:
    """Speaks for everybody, each step under a key of its own; responses are kept by the recorder."""

    def __init__(self, recorder: Recorder, sentinels: Sentinels, devices: Path) -> None:
        self.recorder = recorder
        self.sentinels = sentinels
        self.members: dict[str, Member] = {}
        self._devices = devices
        self._nobody = recorder.client(NOBODY)

    def id(self, who: str) -> UUID:
        return self.members[who].id

    def client(self, who: str) -> httpx.Client:
        return self.members[who].client if who in self.members else self._nobody

    def join(self, parts: Parts) -> None:
        """Let everybody in: who runs the scheme by command line, the others by the coordinator."""
        for who, role in ROLES.items():
            contact = self._contact(who)
            by_hand = role not in PARTIES
            id = enrol(parts, contact, [role]) if by_hand else self._register(contact, role)
            token = issue_token(parts, id, role)
            self.members[who] = Member(id, token, self.recorder.client(who, token))

    def post(self, who: str, path: str, body: Any = None) -> dict[str, Any]:
        return self._tell("POST", who, path, body)

    def put(self, who: str, path: str, body: Any) -> dict[str, Any]:
        return self._tell("PUT", who, path, body)

    def get(self, who: str, path: str, **query: Any) -> Any:
        answer = self.client(who).get(path, params=query)
        return _accepted(answer, "GET", who, path).json()

    def device(self, who: str) -> ParticipantClient:
        """A participant's own device: its folder is none of the service's."""
        return ParticipantClient(self.folder(who), NotebookService(self.client(who)))

    def keeping(self, who: str) -> VaultKeeping:
        """Their vault, from their own device."""
        return VaultKeeping(self.folder(who), NotebookService(self.client(who)))

    def folder(self, who: str) -> ParticipantFolder:
        """What lies on their device."""
        return ParticipantFolder(self._devices / who)

    def _register(self, contact: Contact, role: Role) -> UUID:
        body = {
            "name": contact.name,
            "email": contact.email,
            "telephone": contact.telephone,
            "roles": [role.value],
        }
        return UUID(self.post(COORDINATOR, "/people", body)["id"])

    def _contact(self, who: str) -> Contact:
        shown = [(COORDINATOR, CONTACT)]
        if ROLES[who] in PARTIES:
            shown += [(who, CONTACT), (who, OWN_CONTACT)]
        return Contact(
            self.sentinels.person_name(f"name of {who}", shown),
            self.sentinels.email(f"mail address of {who}", shown),
            self.sentinels.telephone(f"telephone number of {who}", shown),
        )

    def _tell(self, method: str, who: str, path: str, body: Any) -> dict[str, Any]:
        key = self.sentinels.short(f"idempotency key of {who}")
        # As long as a key must be from which links are made.
        headers = {"Idempotency-Key": f"{key}-{key}"}
        answer = self.client(who).request(method, path, json=body, headers=headers)
        told: dict[str, Any] = _accepted(answer, method, who, path).json()
        return told


def pairs(people: Sequence[str], route: str) -> list[tuple[str, str]]:
    """One route for several people."""
    return [(who, route) for who in people]


def _accepted(answer: httpx.Response, method: str, who: str, path: str) -> httpx.Response:
    if not answer.is_success:
        raise Refused(f"{method} {path} by {who}: {answer.text}")
    return answer
