"""A device that keeps passkeys, in software: it does what Web Authentication asks, or one thing wrong, as a test says."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.match import done
from tests.scheme import TestClient

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
ORIGIN = "http://testserver"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Key:
    """A key pair: its public half as COSE has it, and how it signs."""

    cose: bytes
    sign: Callable[[bytes], bytes]


def ed25519_key() -> Key:
    private = ed25519.Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return Key(cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public}), private.sign)


def es256_key() -> Key:
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = (each.to_bytes(32, "big") for each in (numbers.x, numbers.y))
    cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
    return Key(cose, lambda data: private.sign(data, ec.ECDSA(hashes.SHA256())))


@dataclass
class Device:
    """One device with one passkey at most; each field can be set to what a wrong one would say."""

    key: Key = field(default_factory=es256_key)
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    count: int = 0
    counts: bool = True
    flags: int = PRESENT | VERIFIED
    origin: str = ORIGIN
    site: str = "testserver"
    more: dict[str, Any] = field(default_factory=dict)
    """What else the browser says of the page."""

    def made(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """The body that adds a passkey."""
        self.handle = unb64(options["user"]["id"])
        length = len(self.id).to_bytes(2, "big")
        made = bytes(16) + length + self.id + self.key.cose
        data = self._data(self.flags | HAS_KEY) + made
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        body = {
            "name": "My telephone",
            "credential": b64(self.id),
            "client_data": b64(self._said("webauthn.create", options["challenge"])),
            "attestation": b64(cbor2.dumps(attestation)),
            "can_unlock": True,
        }
        return {**body, **changed}

    def answered(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """The body that signs in."""
        self.count += self.counts
        said = self._said("webauthn.get", options["challenge"])
        data = self._data(self.flags)
        body = {
            "credential": b64(self.id),
            "client_data": b64(said),
            "authenticator_data": b64(data),
            "signature": b64(self.key.sign(data + hashlib.sha256(said).digest())),
            "user_handle": b64(self.handle),
        }
        return {**body, **changed}

    def but(self, **changed: Any) -> "Device":
        """The same device, but for one thing."""
        return replace(self, **changed)

    def _said(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**said, **self.more}).encode()

    def _data(self, flags: int) -> bytes:
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([flags]) + self.count.to_bytes(4, "big")


def ask_for_new(client: TestClient, name: str = "My telephone") -> dict[str, Any]:
    options: dict[str, Any] = done(client.post("/passkeys/options", json={"name": name}))["options"]
    return options


def ask_who(client: TestClient) -> dict[str, Any]:
    options: dict[str, Any] = done(client.post("/passkeys/sign-in/options"))["options"]
    return options


def with_passkey(client: TestClient, device: Device | None = None) -> Device:
    """A device that holds a new passkey of whoever calls."""
    device = device or Device()
    done(client.post("/passkeys", json=device.made(ask_for_new(client))))
    return device


def sign_in(client: TestClient, device: Device, **changed: Any) -> Any:
    """What the service answers to a device."""
    return client.post("/passkeys/sign-in", json=device.answered(ask_who(client), **changed))
