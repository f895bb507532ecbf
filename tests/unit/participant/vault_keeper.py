"""A keeper of vaults that a participant's client calls like the service; it can be told to lie about them.

It speaks through the service's own bodies and answers and keeps the service's own aggregates, in memory.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import msgspec

from api.records.vault_view import vault_answer
from api.routes.vaults import IdentityBody, VaultBody, WrapperBody
from crypto.sealing import PublicIdentity
from domain.errors import DomainError
from domain.values import Act
from domain.vault import Vault

Lie = Callable[[dict[str, Any]], None]


class VaultKeeper:
    """The vaults of everybody."""

    def __init__(self) -> None:
        self.vaults: dict[UUID, Vault] = {}
        self.lie: Lie | None = None
        self.handed_in: list[bytes] = []

    def answer(self, act: Act, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, content=self._shown(act.actor))
        try:
            self._keep(act, request)
        except DomainError as error:
            problem = {"type": "urn:vouchsafe:problem:refused", "detail": str(type(error).__doc__)}
            return httpx.Response(409, json=problem)
        self.handed_in.append(request.content)
        return httpx.Response(200, json={})

    def published_by(self, answer: httpx.Response, request: httpx.Request) -> PublicIdentity | None:
        """The public keys that came with a vault that was begun."""
        if request.method != "PUT" or not answer.is_success:
            return None
        kind = IdentityBody if request.url.path.endswith("/identity") else VaultBody
        keys = kind.model_validate_json(request.content).public_keys
        return PublicIdentity(keys.hpke_public, keys.signing_public)

    def _shown(self, person: UUID) -> bytes:
        answer = vault_answer(person, self.vaults.get(person))
        shown = msgspec.json.decode(answer.model_dump_json())
        if self.lie is not None:
            self.lie(shown)
        return msgspec.json.encode(shown)

    def _keep(self, act: Act, request: httpx.Request) -> None:
        if request.url.path.endswith("/identity"):
            identity = IdentityBody.model_validate_json(request.content).identity()
            self.vaults[act.actor].replace_identity(identity.sealed, act)
        elif request.method == "PUT":
            self._begin(act, VaultBody.model_validate_json(request.content))
        elif request.method == "POST":
            wrapper = WrapperBody.model_validate_json(request.content).wrapper()
            self.vaults[act.actor].add_wrapper(wrapper, act)
        else:
            self.vaults[act.actor].remove_wrapper(UUID(request.url.path.split("/")[-1]), act)

    def _begin(self, act: Act, body: VaultBody) -> None:
        wrappers, identity = tuple(each.wrapper() for each in body.wrappers), body.identity()
        if act.actor in self.vaults:
            self.vaults[act.actor].begin_anew(wrappers, identity.sealed, act)
        else:
            self.vaults[act.actor] = Vault.begin_for(act.actor, wrappers, identity.sealed, act)
