"""Key-encryption keys in AWS KMS, one KMS key a compartment and epoch, found through aliases.

All state lies in KMS. Destruction there is a date 7 to 30 days away that can be called off, so it is
confirmed only when KMS knows the key no more; until then this adapter refuses the key by itself.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import boto3  # type: ignore[import-untyped]  # - it brings no types
from botocore.config import Config  # type: ignore[import-untyped]  # - see boto3
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # - see boto3
from typing_extensions import override

from crypto.errors import KeyServiceRefuses, KeyServiceUnavailable
from crypto.kms.epochs import EpochService, KeyIsGone, State, answered, numbered

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
TRIES = 2
SOONEST_DAYS = 7
DESCRIPTION = "vouchsafe/1"

FAULTS = (ClientError, BotoCoreError, AttributeError, KeyError, TypeError, ValueError)
"""What the driver raises, and what reading an answer raises that is not of its form."""

NOT_OURS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
TAKEN = frozenset({"AlreadyExistsException"})
REFUSALS = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "UnrecognizedClientException",
    }
)
STATES = {
    "Enabled": State.LIVE,
    "Disabled": State.PAUSED,
    "PendingDeletion": State.ENDING,
    "PendingReplicaDeletion": State.ENDING,
}

KeyId = str
Answer = TypeVar("Answer")


def kms_client(region: str, endpoint: str | None) -> Any:
    """A client that answers within seconds; who it is comes from where AWS programs look for that."""
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        ignore_configured_endpoint_urls=True,
    )
    return boto3.session.Session().client(
        "kms", region_name=region, endpoint_url=endpoint, config=config
    )


class AwsKeyService(EpochService[KeyId]):
    """Uses the KMS keys whose aliases begin with the prefix."""

    FORMAT = b"\x11"

    def __init__(self, client: Any, compartments: frozenset[str], prefix: str) -> None:
        super().__init__(compartments)
        self._client = client
        self._prefix = prefix
        self._made: dict[tuple[str, int], KeyId] = {}

    @override
    def _found(self, compartment: str) -> Mapping[int, KeyId]:
        aliases = _asked(self._aliases)
        named = numbered(aliases, self._alias(compartment, ""))
        # A new alias takes some seconds until every part of KMS lists it.
        own = {epoch: key for (whose, epoch), key in self._made.items() if whose == compartment}
        return own | {epoch: aliases[name] for epoch, name in named.items()}

    @override
    def _make(self, compartment: str, epoch: int, found: Mapping[int, KeyId]) -> None:
        description = _description(self._still_there(found))
        key = _asked(
            lambda: self._client.create_key(Description=description)["KeyMetadata"]["KeyId"]
        )
        try:
            made = self._name(compartment, epoch, key)
        except KeyServiceUnavailable:
            self._destroy_nameless(key)
            raise
        if made:
            self._made[compartment, epoch] = key
        else:
            self._destroy_nameless(key)

    @override
    def _wrap(self, key: KeyId, secret: bytes, bound: bytes) -> bytes:
        answer = _asked(
            lambda: self._client.encrypt(
                KeyId=key, Plaintext=secret, EncryptionContext=_context(bound)
            )
        )
        return _field(answer, "CiphertextBlob", key)

    @override
    def _unwrap(self, key: KeyId, wrapped: bytes, bound: bytes) -> bytes | None:
        if not wrapped:
            return None
        blob = {"CiphertextBlob": wrapped, "EncryptionContext": _context(bound)}
        answer = _asked(lambda: _unless(NOT_OURS, lambda: self._client.decrypt(KeyId=key, **blob)))
        return None if answer is None else _field(answer, "Plaintext", key)

    @override
    def _destroy(self, key: KeyId) -> None:
        _asked(
            lambda: self._client.schedule_key_deletion(KeyId=key, PendingWindowInDays=SOONEST_DAYS)
        )

    @override
    def _state(self, key: KeyId) -> State:
        try:
            described = self._described(key)
        except KeyIsGone:
            return State.GONE
        # A state that is not listed here may pass; what it is not is destroyed.
        return STATES.get(str(described.get("KeyState")), State.PAUSED)

    @override
    def _out_of_sight(self, epoch: int, found: Mapping[int, KeyId]) -> KeyId | None:
        """KMS takes an alias away with its key, but a person can take the alias alone."""
        return self._earlier(found).get(epoch)

    def _earlier(self, found: Mapping[int, KeyId]) -> dict[int, KeyId]:
        """The keys before the newest that were not gone when it was made; it was told then."""
        text = self._described(found[max(found)]).get("Description", "")
        return _asked(
            lambda: {int(n): str(key) for n, key in json.loads(text)[DESCRIPTION].items()}
        )

    def _still_there(self, found: Mapping[int, KeyId]) -> dict[int, KeyId]:
        known: dict[int, KeyId] = {}
        with suppress(KeyServiceUnavailable):
            known = self._earlier(found) if found else {}
        return {
            epoch: key
            for epoch, key in {**known, **found}.items()
            if self._state(key) is not State.GONE
        }

    def _described(self, key: KeyId) -> Mapping[str, Any]:
        answer = _asked(lambda: self._client.describe_key(KeyId=key)["KeyMetadata"])
        if not isinstance(answer, dict):
            raise KeyServiceUnavailable
        return answer

    def _aliases(self) -> dict[str, KeyId]:
        pages = self._client.get_paginator("list_aliases").paginate()
        aliases = (alias for page in pages for alias in page["Aliases"])
        return {
            str(each["AliasName"]): str(each["TargetKeyId"])
            for each in aliases
            if "TargetKeyId" in each
        }

    def _name(self, compartment: str, epoch: int, key: KeyId) -> bool:
        """Give a key its alias; False when somebody else's key has it, since there is one of a name."""
        name = {"AliasName": self._alias(compartment, epoch), "TargetKeyId": key}
        answer = _asked(lambda: _unless(TAKEN, lambda: self._client.create_alias(**name)))
        return answer is not None

    def _destroy_nameless(self, key: KeyId) -> None:
        """It costs a little and does nothing, so a failure to be rid of it is none of the caller's."""
        with suppress(KeyServiceUnavailable):
            self._destroy(key)

    def _alias(self, compartment: str, epoch: int | str) -> str:
        return f"alias/{self._prefix}/{compartment}/{epoch}"


def _asked(ask: Callable[[], Answer]) -> Answer:
    return answered(ask, FAULTS, _named)


def _unless(codes: frozenset[str], ask: Callable[[], Any]) -> Any:
    """The answer, or None where KMS answers one of these codes."""
    try:
        return ask()
    except ClientError as failure:
        if _code(failure) not in codes:
            raise
    return None


def _named(failure: Exception) -> Exception:
    code = _code(failure)
    if code == "NotFoundException":
        return KeyIsGone()
    return KeyServiceRefuses() if code in REFUSALS else KeyServiceUnavailable()


def _code(failure: Exception) -> str:
    return failure.response["Error"]["Code"] if isinstance(failure, ClientError) else ""


def _context(bound: bytes) -> dict[str, str]:
    return {"vouchsafe": b64encode(bound).decode()}


def _description(keys: Mapping[int, KeyId]) -> str:
    return json.dumps({DESCRIPTION: {str(epoch): key for epoch, key in sorted(keys.items())}})


def _field(answer: Any, name: str, key: KeyId) -> bytes:
    """A field of an answer, if the answer is that key's."""
    if not isinstance(answer, dict) or not str(answer.get("KeyId")).endswith(key):
        raise KeyServiceUnavailable
    value = answer.get(name)
    if not isinstance(value, bytes):
        raise KeyServiceUnavailable
    return value
