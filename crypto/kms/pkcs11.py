"""Key-encryption keys inside a PKCS#11 token, which uses them and never hands one out.

A compartment has a token of its own, so that a process opens what it has the PIN for. Objects carry
the compartment in their id and the epoch in their label. Destroying an epoch destroys its object.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, PKCS11Error, Session
from pkcs11.mechanisms import GCMParams
from typing_extensions import override

from crypto.errors import KeyServiceRefuses, KeyServiceUnavailable
from crypto.kms.epochs import EpochService, KeyIsGone, answered, numbered
from crypto.kms.private_file import read_private

TIMEOUT_SECONDS = 10.0
NONCE_BYTES = 12
KEY_BITS = 256
PROBE = b"probe"

ONLY_SEALS: dict[Attribute, Any] = {
    Attribute.TOKEN: True,
    Attribute.PRIVATE: True,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.MODIFIABLE: False,
    Attribute.ENCRYPT: True,
    Attribute.DECRYPT: True,
    Attribute.WRAP: False,
    Attribute.UNWRAP: False,
    Attribute.SIGN: False,
    Attribute.VERIFY: False,
    Attribute.DERIVE: False,
}
REFUSALS = (
    pkcs11.exceptions.PinExpired,
    pkcs11.exceptions.PinIncorrect,
    pkcs11.exceptions.PinInvalid,
    pkcs11.exceptions.PinLenRange,
    pkcs11.exceptions.PinLocked,
)

Label = tuple[str, int]
"""Compartment and epoch."""

TokenKey = Any
"""An object of the driver's that can seal; its types do not say so."""

Answer = TypeVar("Answer")

# A session must not be used by two threads, and starting a driver again ends the sessions of all.
_THE_THREAD = ThreadPoolExecutor(1, "pkcs11")


class Pkcs11KeyService(EpochService[Label]):
    """Speaks to the tokens whose PINs it is given; token and objects are named after the prefix."""

    FORMAT = b"\x10"

    def __init__(self, driver: Path, pin_files: Mapping[str, Path], prefix: str) -> None:
        super().__init__(pin_files)
        self._driver = str(driver)
        self._pin_files = dict(pin_files)
        self._prefix = prefix
        self._sessions: dict[str, Session] = {}
        self._refused: set[str] = set()

    @override
    def _found(self, compartment: str) -> Mapping[int, Label]:
        def labels(session: Session) -> list[str]:
            return [str(key.label) for key in self._objects(session, compartment)]

        # A token that was taken out shows an open session no objects, so nothing is asked for twice.
        names = self._in_session(compartment, labels) or self._in_session(
            compartment, labels, fresh=True
        )
        epochs = numbered(names, f"{self._prefix}/{compartment}/")
        return {epoch: (compartment, epoch) for epoch in epochs}

    @override
    def _make(self, compartment: str, epoch: int, found: Mapping[int, Label]) -> None:
        def make(session: Session) -> None:
            session.generate_key(
                KeyType.AES,
                KEY_BITS,
                id=self._id(compartment),
                label=self._label((compartment, epoch)),
                store=True,
                template=ONLY_SEALS,
            )

        self._in_session(compartment, make)

    @override
    def _wrap(self, key: Label, secret: bytes, bound: bytes) -> bytes:
        return self._in_session(
            key[0], lambda session: _sealed(self._one(session, key), secret, bound)
        )

    @override
    def _unwrap(self, key: Label, wrapped: bytes, bound: bytes) -> bytes | None:
        def unwrap(session: Session) -> bytes | None:
            # Two makers at one moment make two objects of one label, and each may have wrapped.
            opened = (_opened(each, wrapped, bound) for each in self._all(session, key))
            return next((secret for secret in opened if secret is not None), None)

        return self._in_session(key[0], unwrap)

    @override
    def _destroy(self, key: Label) -> None:
        def destroy(session: Session) -> None:
            for each in self._objects(session, key[0], self._label(key)):
                each.destroy()

        self._in_session(key[0], destroy)

    def _one(self, session: Session, key: Label) -> TokenKey:
        return self._all(session, key)[0]

    def _all(self, session: Session, key: Label) -> list[TokenKey]:
        found = self._objects(session, key[0], self._label(key))
        if not found:
            raise KeyIsGone
        return found

    def _objects(
        self, session: Session, compartment: str, label: str | None = None
    ) -> list[TokenKey]:
        wanted: dict[Attribute, Any] = {
            Attribute.CLASS: ObjectClass.SECRET_KEY,
            Attribute.ID: self._id(compartment),
        }
        if label is not None:
            wanted[Attribute.LABEL] = label
        return list(session.get_objects(wanted))

    def _id(self, compartment: str) -> bytes:
        return f"{self._prefix}/{compartment}".encode()

    def _label(self, key: Label) -> str:
        return f"{self._prefix}/{key[0]}/{key[1]}"

    def _in_session(
        self, compartment: str, work: Callable[[Session], Answer], *, fresh: bool = False
    ) -> Answer:
        """Work on the token, with a fresh session if it lost the old one; at most a few seconds."""
        future = _THE_THREAD.submit(self._tried, compartment, work, fresh)
        return answered(
            lambda: _waited_for(future),
            (PKCS11Error, TookTooLong, CancelledError),
            lambda _: KeyServiceUnavailable(),
        )

    def _tried(self, compartment: str, work: Callable[[Session], Answer], fresh: bool) -> Answer:
        if not fresh:
            with suppress(PKCS11Error):
                return work(self._session(compartment))
        self._start_again()
        return work(self._session(compartment))

    def _session(self, compartment: str) -> Session:
        if compartment not in self._sessions:
            self._sessions[compartment] = self._logged_in(compartment)
        session = self._sessions[compartment]
        # Raises when it has ended; the driver complains aloud when that ends a search instead.
        session.generate_random(8)
        return session

    def _logged_in(self, compartment: str) -> Session:
        if compartment in self._refused:
            # A token locks itself for good after a few wrong PINs.
            raise KeyServiceRefuses
        token = pkcs11.lib(self._driver).get_token(token_label=f"{self._prefix}-{compartment}")
        pin = read_private(self._pin_files[compartment]).strip()
        try:
            return token.open(rw=True, user_pin=pin)
        except pkcs11.exceptions.UserAlreadyLoggedIn:
            return token.open(rw=True)
        except REFUSALS:
            self._refused.add(compartment)
        raise KeyServiceRefuses

    def _start_again(self) -> None:
        self._sessions.clear()
        pkcs11.lib(self._driver).reinitialize()


def _waited_for(future: "Future[Answer]") -> Answer:
    try:
        return future.result(TIMEOUT_SECONDS)
    finally:
        future.cancel()


def _sealed(key: TokenKey, secret: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    gcm = GCMParams(nonce, bound)
    return nonce + bytes(key.encrypt(secret, mechanism=Mechanism.AES_GCM, mechanism_param=gcm))


def _opened(key: TokenKey, wrapped: bytes, bound: bytes) -> bytes | None:
    with suppress(PKCS11Error):
        return _decrypted(key, wrapped, bound)
    # Tokens name a wrong tag and a fault of their own alike, so ask for something that must open.
    _decrypted(key, _sealed(key, PROBE, bound), bound)
    return None


def _decrypted(key: TokenKey, wrapped: bytes, bound: bytes) -> bytes:
    gcm = GCMParams(wrapped[:NONCE_BYTES], bound)
    body = wrapped[NONCE_BYTES:]
    return bytes(key.decrypt(body, mechanism=Mechanism.AES_GCM, mechanism_param=gcm))
