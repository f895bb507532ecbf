"""The vault written out a second time, from docs/specs/vault.md alone: none of the code under test is used here."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LABEL = b"vouchsafe/vault/1/"
PASSKEY, RECOVERY_CODE = 1, 2


class Seeded:
    """Bytes that are the same in every run; remembers what it gave."""

    def __init__(self, seed: str) -> None:
        self._seed, self.drawn = seed.encode(), b""

    def __call__(self, count: int) -> bytes:
        at = len(self.drawn).to_bytes(8, "big")
        value = hashlib.shake_256(b"vault" + self._seed + at).digest(count)
        self.drawn += value
        return value


def lp(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def hashed(purpose: bytes, content: bytes) -> bytes:
    return hashlib.sha256(lp(LABEL + purpose, content)).digest()


def hkdf(key: bytes, salt: bytes, info: bytes) -> tuple[bytes, bytes]:
    """64 bytes of HKDF-SHA-256 by the steps of RFC 5869, in two halves."""
    extracted = hmac.digest(salt, key, "sha256")
    first = hmac.digest(extracted, info + b"\x01", "sha256")
    return first, hmac.digest(extracted, first + info + b"\x02", "sha256")


@dataclass(frozen=True)
class Wrapper:
    """A wrapper and the secret that opens it."""

    person: UUID
    id: UUID
    kind: int
    salt: bytes
    credential_hash: bytes
    secret: bytes

    def keys(self) -> tuple[bytes, bytes]:
        place = (self.person.bytes, self.id.bytes, bytes([self.kind]), self.credential_hash)
        return hkdf(self.secret, self.salt, lp(LABEL + b"wrapping-key", *place))

    def head(self) -> bytes:
        return bytes([0x01, 0x11, 0x01, self.kind]) + self.keys()[1]

    def wrap(self, vault_key: bytes, nonce: bytes) -> bytes:
        sealed = AESGCM(self.keys()[0]).encrypt(nonce, vault_key, self.head())
        return self.head() + nonce + sealed

    def but(self, **changes: object) -> "Wrapper":
        return replace(self, **changes)  # type: ignore[arg-type]  # - the names are those of the fields


def identity_keys(vault_key: bytes, person: UUID, key_id: bytes) -> tuple[bytes, bytes]:
    return hkdf(vault_key, bytes(32), lp(LABEL + b"identity", person.bytes, key_id))


def seal_identity(
    private: bytes, vault_key: bytes, person: UUID, nonce: bytes, key_id: bytes | None = None
) -> bytes:
    named = private[67:] if key_id is None else key_id
    key, commitment = identity_keys(vault_key, person, named)
    head = bytes([0x01, 0x12, 0x01]) + named + commitment
    return head + nonce + AESGCM(key).encrypt(nonce, private, head)


def power_of_two(exponent: int) -> int:
    """2 to this power among the 32 elements, by doubling."""
    value = 1
    for _ in range(exponent % 31):
        value <<= 1
        value = value ^ 0b100101 if value & 32 else value
    return value


LOGARITHM = {power_of_two(each): each for each in range(31)}


def times(one: int, other: int) -> int:
    return power_of_two(LOGARITHM[one] + LOGARITHM[other]) if one and other else 0


def generator() -> list[int]:
    """The product of (z - 2)(z - 4)(z - 8)(z - 16), the highest coefficient first."""
    product = [1]
    for root in (2, 4, 8, 16):
        shifted = [*product, 0]
        product = [
            left ^ times(right, root) for left, right in zip(shifted, [0, *product], strict=True)
        ]
    return product


def check_numbers(numbers: Iterable[int]) -> list[int]:
    """The remainder of long division by the generator, and the offset."""
    rest, divisor = [*numbers, 0, 0, 0, 0], generator()
    for at in range(len(rest) - 4):
        factor = rest[at]
        for place, each in enumerate(divisor):
            rest[at + place] ^= times(each, factor)
    return [each ^ offset for each, offset in zip(rest[-4:], (1, 2, 3, 4), strict=True)]


def secret_of(drawn: bytes) -> bytes:
    return drawn[:16] + bytes([drawn[16] & 0b11000000])


def code_of(secret: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in secret)
    numbers = [int(bits[at : at + 5], 2) for at in range(0, 130, 5)]
    letters = "".join(LETTERS[each] for each in (*numbers, *check_numbers(numbers)))
    return "-".join(letters[at : at + 5] for at in range(0, 30, 5))
