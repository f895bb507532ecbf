"""Devices with passkeys inside a real Chromium, and a service at the address at which passkeys work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from api.tries import Tries
from tests.databases import Database
from tests.live_service import LiveService, live_service

MANY = 100_000


@contextmanager
def service_with_passkeys(database: Database, folder: Path) -> Iterator[LiveService]:
    """A service that people reach at localhost, the one name at which passkeys work without TLS."""
    with live_service(database, folder) as running:
        url = running.url.replace("127.0.0.1", "localhost")
        state = running.scheme.app.state
        settings = state.parts.settings.model_copy(update={"public_url": url})
        state.parts = replace(state.parts, settings=settings)
        state.guarded_passkeys.refused_after = 0.0
        state.guarded_passkeys.tries = Tries(of_one=MANY, of_all=MANY)
        state.ceremony_tries = Tries(of_one=MANY, of_all=MANY)
        yield replace(running, url=url)


class Devices:
    """What is plugged into one page's browser, each knowing its person unless it is told not to."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable", {"enableUI": False})

    def plug_in(self, **options: Any) -> str:
        """Add a device, and answer by what it is named."""
        usual = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "hasPrf": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._session.send(
            "WebAuthn.addVirtualAuthenticator", {"options": {**usual, **options}}
        )
        return str(added["authenticatorId"])

    def unplug(self, device: str) -> None:
        self._session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})

    def credentials(self, device: str) -> list[dict[str, Any]]:
        found = self._session.send("WebAuthn.getCredentials", {"authenticatorId": device})
        credentials: list[dict[str, Any]] = found["credentials"]
        return credentials

    def give(self, device: str, credential: dict[str, Any]) -> None:
        """Copy a credential onto a device, as no real one would let anybody."""
        self._session.send(
            "WebAuthn.addCredential", {"authenticatorId": device, "credential": credential}
        )

    def knows_its_person(self, device: str, *, verified: bool) -> None:
        self._session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": verified}
        )
