"""The service as a participant's client calls it: a few requests, and its refusals as errors."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import httpx
import msgspec

from api.participant.errors import NotUnderstood, ServiceNotReached, ServiceRefused
from api.participant.wire import (
    ShownNotebook,
    ShownPassedOnList,
    ShownPassedOnNotes,
    ShownVault,
    as_shown,
    read_shown,
)
from crypto.sealing import PublicIdentity

TIMEOUT_SECONDS = 30.0
MOST_PAGES = 100
"""Five times what a full notebook has; a service that always says there is more would keep us for ever."""


def connect(url: str, token: str) -> "NotebookService":
    """Reach the service at its address, such as https://mentoring.example, with a bearer token."""
    base_url = url.rstrip("/") + "/api/v1"
    headers = {"Authorization": f"Bearer {token}"}
    return NotebookService(
        httpx.Client(base_url=base_url, headers=headers, timeout=TIMEOUT_SECONDS)
    )


class NotebookService:
    """The requests that a notebook needs, over a client that speaks for one participant."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def publish_keys(self, identity: PublicIdentity) -> None:
        """Publish one's own public keys."""
        self._call("PUT", "/me/public-keys", keys_to_hand_in(identity))

    def vault(self) -> ShownVault:
        """What the service shows of one's vault."""
        return read_shown(self._call("GET", "/me/vault"), ShownVault)

    def begin_vault(self, vault: Any, *, version: int) -> None:
        """Hand in a whole vault, in place of the one of this version; 0 is none."""
        self._call("PUT", "/me/vault", vault, version=version)

    def replace_identity(self, identity: Any) -> None:
        """Hand in other keys for the vault, sealed under the same vault key."""
        self._call("PUT", "/me/vault/identity", identity)

    def export(self) -> bytes:
        """One's own notes to take away, as a ZIP."""
        return self._call("GET", "/me/export")

    def add_wrapper(self, wrapper: Any, *, version: int) -> None:
        """Hand in one more way to unlock."""
        self._call("POST", "/me/vault/wrappers", wrapper, version=version)

    def remove_wrapper(self, wrapper: UUID, *, version: int) -> None:
        """Have one way to unlock removed."""
        self._call("DELETE", f"/me/vault/wrappers/{wrapper}", version=version)

    def notebook(self, relationship: UUID) -> ShownNotebook:
        """What the service shows of a notebook, all its pages; raises NotUnderstood where they never end."""
        shown = self._page(relationship, 0)
        for _ in range(MOST_PAGES):
            if shown.next_after is None:
                return shown
            shown = shown.followed_by(self._page(relationship, shown.next_after))
        raise NotUnderstood

    def open_epoch(self, relationship: UUID, epoch: Any) -> None:
        """Hand in a new epoch."""
        self._call("POST", f"/relationships/{relationship}/notebook/epochs", epoch)

    def pass_on(self, relationship: UUID, grants: Any) -> None:
        """Hand in what lets another key read epochs later."""
        self._call("POST", f"/relationships/{relationship}/notebook/grants", grants)

    def passed_on(self) -> list[ShownPassedOnNotes]:
        """Which notebooks of others were passed on to us."""
        return read_shown(self._call("GET", "/me/passed-on-notes"), ShownPassedOnList).passed_on

    def append(self, relationship: UUID, entry: Any) -> None:
        """Hand in a new entry."""
        self._call("POST", f"/relationships/{relationship}/notebook/entries", entry)

    def share(self, relationship: UUID, shared: UUID, entry: Any) -> None:
        """Hand in an entry that shares an own one."""
        self._call("POST", f"/relationships/{relationship}/notebook/entries/{shared}/share", entry)

    def destroy(self, relationship: UUID, entry: UUID) -> None:
        """Have one entry's key destroyed."""
        self._call("DELETE", f"/relationships/{relationship}/notebook/entries/{entry}")

    def _page(self, relationship: UUID, after: int) -> ShownNotebook:
        path = f"/relationships/{relationship}/notebook?after={after}"
        return read_shown(self._call("GET", path), ShownNotebook)

    def _call(
        self, method: str, path: str, body: Any = None, *, version: int | None = None
    ) -> bytes:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        sent = as_shown(body) if body else None
        try:
            answer = self._http.request(method, path, json=sent, headers=headers)
        except httpx.HTTPError:
            raise ServiceNotReached from None
        if not answer.is_success:
            raise _refusal(answer)
        return answer.content


def keys_to_hand_in(identity: PublicIdentity) -> dict[str, bytes]:
    """Public keys as the service takes them."""
    return {
        "key_id": identity.key_id,
        "hpke_public": identity.hpke_public,
        "signing_public": identity.signing_public,
    }


class _Problem(msgspec.Struct):
    type: str = ""
    detail: str = "The service refused."


def _refusal(answer: httpx.Response) -> ServiceRefused:
    problem = _Problem()
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        problem = msgspec.json.decode(answer.content, type=_Problem)
    return ServiceRefused(answer.status_code, problem.type.rpartition(":")[2], problem.detail)
