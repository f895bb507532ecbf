"""A keeper of one notebook, of a pair or a group, that a participant's client calls like the service; it can be told to lie.

It speaks through the service's own bodies and answers and keeps the service's own aggregate, in memory.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import msgspec
from pydantic import BaseModel

from api.records.notebook_answers import (
    FurtherReader,
    NotebookAnswer,
    ParticipantKeys,
    PublishedPair,
    entry_answer,
    epoch_answer,
    named_in,
)
from api.records.notebook_view import LARGEST_PAGE, NotebookPage, next_after
from api.routes.notebooks import AppendEntry, OpenEpoch, PassOn, SharedEntry
from api.routes.people import PublicKeysBody
from crypto.sealing import PublicIdentity
from domain.errors import DomainError
from domain.notebook import Notebook
from domain.notebook_readers import Readership
from domain.public_keys import KeysPublished
from domain.relationship_events import Part
from domain.strand import Audience, Epoch, Grant, Held, PassedOn, Reader
from domain.values import Act, Sealed
from tests.sealed_notes import entry_under_lock, grant_of
from tests.unit.participant.vault_keeper import VaultKeeper

AnyBody = TypeVar("AnyBody", bound=BaseModel)
Lie = Callable[[dict[str, Any]], None]
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Keeper:
    """One relationship of a mentee and a mentor; more may join them, and leave."""

    def __init__(self) -> None:
        self.relationship, self.mentee, self.mentor = uuid4(), uuid4(), uuid4()
        self.newcomer = uuid4()
        self.people = {self.mentee: Part.MENTEE, self.mentor: Part.MENTOR}
        self.keys: dict[UUID, list[PublicIdentity]] = {person: [] for person in self.people}
        self.notebook = Notebook.begin_for(self.relationship, Act(self.mentee, NOW))
        self.vaults = VaultKeeper()
        self.passed_on: list[dict[str, Any]] = []
        self.lie: Lie | None = None
        self.refusal: tuple[int, dict[str, str]] | None = None
        self.page_size = LARGEST_PAGE
        self.written = 0

    def join(self, person: UUID | None = None) -> UUID:
        """Somebody who takes part from now on."""
        person = person or uuid4()
        self.people[person], self.keys[person] = Part.MENTEE, []
        return person

    def leave(self, person: UUID) -> None:
        """They take part no more, and their reading ends with it."""
        del self.people[person]
        self.notebook.replace_reader(person, Act(person, NOW))

    def http_for(self, person: UUID) -> httpx.Client:
        transport = httpx.MockTransport(lambda request: self._answer(person, request))
        return httpx.Client(transport=transport, base_url="http://keeper/api/v1")

    def _answer(self, person: UUID, request: httpx.Request) -> httpx.Response:
        if self.refusal is not None:
            return httpx.Response(self.refusal[0], json=self.refusal[1])
        if "/me/vault" in request.url.path:
            return self._answer_vault(person, request)
        if request.method == "GET":
            return self._answer_look(person, request)
        try:
            self._keep(person, request)
        except DomainError as error:
            kind = "out-of-order" if type(error).__name__ == "OutOfOrder" else "keys-published"
            problem = {"type": f"urn:vouchsafe:problem:{kind}", "detail": "Refused."}
            return httpx.Response(409, json=problem)
        self.written += 1
        return httpx.Response(201, json={})

    def _answer_look(self, person: UUID, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/me/passed-on-notes"):
            return httpx.Response(200, json={"passed_on": self.passed_on})
        if person not in self.people and not self.notebook.has_something_for(person):
            return httpx.Response(404, json={"detail": "There is no such thing."})
        after = int(request.url.params.get("after", 0))
        page = NotebookPage(after=after, limit=self.page_size)
        return httpx.Response(200, content=self._shown(person, page))

    def _answer_vault(self, person: UUID, request: httpx.Request) -> httpx.Response:
        answer = self.vaults.answer(Act(person, NOW), request)
        published = self.vaults.published_by(answer, request)
        if published is not None and published not in self.keys[person][-1:]:
            self.keys[person].append(published)
        return answer

    def _shown(self, person: UUID, page: NotebookPage) -> bytes:
        view = msgspec.json.decode(self._view_of(person, page).model_dump_json())
        if self.lie is not None:
            self.lie(view)
        return msgspec.json.encode(view)

    def _view_of(self, person: UUID, page: NotebookPage) -> NotebookAnswer:
        entries, epochs = self.notebook.entries_for(person), self.notebook.epochs_for(person)
        named = dict.fromkeys([person, *named_in(self.notebook, epochs)])
        return NotebookAnswer(
            notebook=self.notebook.id,
            caller=person,
            version=self.notebook.version,
            participants=[self._keys_of(each) for each in self.people],
            epochs=[epoch_answer(self.notebook, each, person, shown) for each in epochs],
            entries=[
                entry_answer(self.notebook, each, shown) for each in entries if page.holds(each)
            ],
            further_readers=[
                FurtherReader(person=each, public_keys=[published(key) for key in self.keys[each]])
                for each in named
                if each not in self.people
            ],
            next_after=next_after(entries, page),
        )

    def _keys_of(self, person: UUID) -> ParticipantKeys:
        keys = self.keys[person]
        return ParticipantKeys(
            person=person,
            part=self.people[person],
            current_key_id=keys[-1].key_id if keys else None,
            public_keys=[published(each) for each in keys],
        )

    def _keep(self, person: UUID, request: httpx.Request) -> None:
        act, people = Act(person, NOW), frozenset(self.people)
        *_, before, last = request.url.path.split("/")
        if last == "public-keys":
            self._publish(person, _read(PublicKeysBody, request))
        elif last == "epochs":
            epoch, grants = _epoch(self.notebook.id, _read(OpenEpoch, request), person)
            self.notebook.open_epoch(epoch, grants, act, participants=people)
        elif last == "entries":
            body = _read(AppendEntry, request)
            entry = entry_under_lock(body.entry(body.audience, person))
            self.notebook.append(entry, act, participants=people)
        elif last == "grants":
            self._pass_on(act, _read(PassOn, request))
        elif last == "share":
            shared = entry_under_lock(_read(SharedEntry, request).entry(Audience.SHARED, person))
            self.notebook.share(UUID(before), shared, act, participants=people)
        else:
            self.notebook.destroy(UUID(last), act)

    def _pass_on(self, act: Act, body: PassOn) -> None:
        reader, place = Reader(body.reader, body.key_id), self.notebook.id
        readership = Readership(frozenset(self.people), frozenset(self.people))
        for each in body.grants:
            passed = PassedOn(body.audience, each.epoch, act.actor, reader, each.statement)
            grant = grant_of((place, body.audience, each.epoch), body.reader, each.sealed_key)
            self.notebook.pass_on(passed, grant, act, readership=readership)

    def _publish(self, person: UUID, body: PublicKeysBody) -> None:
        identity = PublicIdentity(body.hpke_public, body.signing_public)
        if identity in self.keys[person]:
            raise KeysPublished
        self.keys[person].append(identity)


def published(identity: PublicIdentity) -> PublishedPair:
    return PublishedPair(
        key_id=identity.key_id,
        hpke_public=identity.hpke_public,
        signing_public=identity.signing_public,
    )


def _read(kind: type[AnyBody], request: httpx.Request) -> AnyBody:
    return kind.model_validate_json(request.content)


def _epoch(notebook: UUID, body: OpenEpoch, granter: UUID) -> tuple[Epoch, tuple[Grant, ...]]:
    readers = tuple(Reader(each.person, each.key_id) for each in body.readers)
    place = notebook, body.audience, body.number
    grants = tuple(grant_of(place, each.person, each.sealed_key) for each in body.readers)
    return Epoch(body.audience, body.number, granter, readers, body.statement), grants


def shown(held: Held) -> bytes:
    """What lies under a lock that shows it."""
    return held.ciphertext if isinstance(held, Sealed) else held
