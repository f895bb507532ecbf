"""Key-encryption keys in the transit engine of OpenBao, one named key a compartment and epoch.

Versions of one key would share its settings, and a version below a minimum is only locked until
somebody lowers the minimum. A named key that is deleted is gone from the storage of OpenBao.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests
from hvac.adapters import JSONAdapter  # type: ignore[import-untyped]  # - it brings no types
from hvac.api.secrets_engines import Transit  # type: ignore[import-untyped]  # - see hvac.adapters
from hvac.exceptions import (  # type: ignore[import-untyped]  # - see hvac.adapters
    Forbidden,
    InvalidPath,
    InvalidRequest,
    Unauthorized,
    VaultError,
)
from typing_extensions import override

from crypto.errors import KeyServiceRefuses, KeyServiceUnavailable
from crypto.kms.epochs import EpochService, KeyIsGone, answered, numbered
from crypto.kms.private_file import read_private

TIMEOUT_SECONDS = (2.0, 5.0)
"""To connect, and to answer."""

KEY_TYPE = "aes256-gcm96"
NOT_OURS = ("invalid ciphertext", "message authentication failed")
NO_KEY = ("encryption key not found", "could not delete key; not found", "no existing key named")

FAULTS = (VaultError, requests.RequestException, KeyError, TypeError, ValueError, AttributeError)
"""What the driver raises, and what reading an answer raises that is not of its form."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Bao:
    """Where OpenBao is, who says so, and which file holds a token for it."""

    url: str
    token_file: Path
    mount: str = "transit"
    ca_file: Path | None = None


class OpenBaoKeyService(EpochService[str]):
    """Uses the transit keys whose names begin with the prefix."""

    FORMAT = b"\x12"

    def __init__(self, bao: Bao, compartments: frozenset[str], prefix: str) -> None:
        super().__init__(compartments)
        self._bao = bao
        self._prefix = prefix

    @override
    def _found(self, compartment: str) -> Mapping[int, str]:
        names = self._asked(_names)
        return numbered(names, f"{self._prefix}-{compartment}-")

    @override
    def _make(self, compartment: str, epoch: int, found: Mapping[int, str]) -> None:
        name = f"{self._prefix}-{compartment}-{epoch}"
        self._asked(lambda transit: transit.create_key(name, key_type=KEY_TYPE))

    @override
    def _wrap(self, key: str, secret: bytes, bound: bytes) -> bytes:
        def wrap(transit: _Transit) -> bytes:
            answer = transit.encrypt_data(key, _text(secret), associated_data=_text(bound))
            return str(answer["data"]["ciphertext"]).encode("ascii")

        return self._asked(wrap)

    @override
    def _unwrap(self, key: str, wrapped: bytes, bound: bytes) -> bytes | None:
        def unwrap(transit: _Transit) -> bytes | None:
            try:
                answer = transit.decrypt_data(
                    key, wrapped.decode("ascii", "replace"), associated_data=_text(bound)
                )
            except InvalidRequest as refused:
                if _says(refused, NOT_OURS):
                    return None
                raise
            return b64decode(answer["data"]["plaintext"], validate=True)

        return self._asked(unwrap) if wrapped else None

    @override
    def _destroy(self, key: str) -> None:
        def destroy(transit: _Transit) -> None:
            transit.update_key_configuration(key, deletion_allowed=True)
            transit.delete_key(key)

        self._asked(destroy)

    def _asked(self, ask: "Callable[[_Transit], Answer]") -> Answer:
        # Read each time: whoever renews the token writes it to the file anew.
        token = read_private(self._bao.token_file).strip()

        def asked() -> Answer:
            with _transit(self._bao, token) as transit:
                return ask(transit)

        return answered(asked, FAULTS, _named)


class _Transit:
    """The driver's transit engine at one mount."""

    def __init__(self, transit: Any, mount: str) -> None:
        self._transit = transit
        self._mount = mount

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._transit, name)
        return lambda *values, **named: method(*values, **named, mount_point=self._mount)


@contextmanager
def _transit(bao: Bao, token: str) -> Iterator[_Transit]:
    with requests.Session() as session:
        # Settings alone say where requests go; a redirect would carry the token along.
        session.trust_env = False
        session.verify = str(bao.ca_file) if bao.ca_file else True
        adapter = JSONAdapter(
            base_uri=bao.url,
            token=token,
            timeout=TIMEOUT_SECONDS,
            session=session,
            allow_redirects=False,
        )
        yield _Transit(Transit(adapter), bao.mount)


def _names(transit: _Transit) -> list[str]:
    try:
        return [str(name) for name in transit.list_keys()["data"]["keys"]]
    except InvalidPath as nothing:
        # An engine without keys answers 404 with no error; a path that is no engine names one.
        if nothing.errors == []:
            return []
        raise


def _named(failure: Exception) -> Exception:
    if isinstance(failure, (Forbidden, Unauthorized)):
        return KeyServiceRefuses()
    if isinstance(failure, InvalidRequest) and _says(failure, NO_KEY):
        return KeyIsGone()
    return KeyServiceUnavailable()


def _says(refused: Any, what: tuple[str, ...]) -> bool:
    """A status alone does not tell them apart, and a proxy's page is no answer of OpenBao's."""
    said = [str(error) for error in refused.errors or []]
    return any(part in error for error in said for part in what)


def _text(value: bytes) -> str:
    return b64encode(value).decode()
