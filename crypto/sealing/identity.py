"""A participant's identity: the keys that open what is sealed to them and sign what they write."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from crypto.sealing.encoding import (
    KEY_BYTES,
    PREFIX_BYTES,
    Form,
    Random,
    Secret,
    content_of,
    draw,
    label,
    labelled_hash,
    lp,
    prefix,
    system_random,
)
from crypto.sealing.errors import UnknownFormat

MLKEM_PUBLIC_BYTES: Final = 1184
HPKE_PUBLIC_BYTES: Final = MLKEM_PUBLIC_BYTES + KEY_BYTES
PUBLIC_IDENTITY_BYTES: Final = PREFIX_BYTES + HPKE_PUBLIC_BYTES + KEY_BYTES
PRIVATE_IDENTITY_BYTES: Final = PREFIX_BYTES + 3 * KEY_BYTES

_HPKE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_MLKEM_PRIME: Final = 3329
_MLKEM_VECTOR_BYTES: Final = 1152
_ED25519_PRIME: Final = 2**255 - 19
_ED25519_ORDER_8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_ED25519_LOW_ORDER: Final = frozenset(
    {
        0,
        1,
        _ED25519_PRIME - 1,
        _ED25519_ORDER_8,
        _ED25519_PRIME - _ED25519_ORDER_8,
    }
)
_PROBE: Final = X25519PrivateKey.from_private_bytes(b"\x01" * KEY_BYTES)


@dataclass(frozen=True)
class PublicIdentity:
    """What everybody may know of a participant's keys; checked when made (section 2.1)."""

    hpke_public: bytes = field(repr=False)
    signing_public: bytes

    def __post_init__(self) -> None:
        """Refuse keys that a library would take but that prove or protect nothing."""
        if not (_is_hpke_public(self.hpke_public) and _is_signing_public(self.signing_public)):
            raise UnknownFormat

    @classmethod
    def from_bytes(cls, data: bytes) -> "PublicIdentity":
        """Read a published identity; raises UnknownFormat."""
        content = content_of(data, Form.PUBLIC_IDENTITY, PUBLIC_IDENTITY_BYTES)
        return cls(content[:HPKE_PUBLIC_BYTES], content[HPKE_PUBLIC_BYTES:])

    def to_bytes(self) -> bytes:
        """The 1251 bytes to publish."""
        return prefix(Form.PUBLIC_IDENTITY) + self.hpke_public + self.signing_public

    @cached_property
    def key_id(self) -> bytes:
        """The 32 bytes that stand for both public keys (section 2.2)."""
        return labelled_hash("key-id", self.to_bytes())

    def seal(self, plaintext: bytes, info: bytes) -> bytes:
        """Seal to this participant by HPKE; `info` is bound, authorship is not."""
        mlkem = MLKEM768PublicKey.from_public_bytes(self.hpke_public[:MLKEM_PUBLIC_BYTES])
        x25519 = X25519PublicKey.from_public_bytes(self.hpke_public[MLKEM_PUBLIC_BYTES:])
        return _HPKE.encrypt(plaintext, MLKEM768X25519PublicKey(mlkem, x25519), info=info)

    def has_signed(self, signature: bytes, purpose: str, content: bytes) -> bool:
        """Whether this participant signed the content for this purpose (section 1)."""
        return _is_signed(self.signing_public, signature, lp(label(purpose), content))


@dataclass(frozen=True, eq=False)
class Identity:
    """A participant's private keys; they stay on the participant's device."""

    hpke_seed: Secret
    signing_seed: Secret

    @classmethod
    def from_bytes(cls, data: bytes) -> "Identity":
        """Read a kept identity; raises UnknownFormat, also when the seeds do not give the key id (section 2.4)."""
        content = content_of(data, Form.PRIVATE_IDENTITY, PRIVATE_IDENTITY_BYTES)
        identity = cls(Secret(content[:32]), Secret(content[32:64]))
        if not bytes_eq(identity.public.key_id, content[64:]):
            raise UnknownFormat
        return identity

    def to_bytes(self) -> bytes:
        """The 99 secret bytes to keep in the participant's own folder (section 2.4)."""
        seeds = self.hpke_seed.reveal() + self.signing_seed.reveal()
        return prefix(Form.PRIVATE_IDENTITY) + seeds + self.public.key_id

    @cached_property
    def public(self) -> PublicIdentity:
        """The public half."""
        mlkem, x25519 = self._hpke_keys()
        hpke_public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return PublicIdentity(hpke_public, self._signing_key().public_key().public_bytes_raw())

    def open(self, sealed: bytes, info: bytes) -> bytes | None:
        """What was sealed to this participant under this `info`, or None if nothing was."""
        try:
            return _HPKE.decrypt(sealed, MLKEM768X25519PrivateKey(*self._hpke_keys()), info=info)
        except (InvalidTag, ValueError):
            return None

    def sign(self, purpose: str, content: bytes) -> bytes:
        """SIGN of section 1."""
        return self._signing_key().sign(lp(label(purpose), content))

    def _hpke_keys(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        # Section 2: the stretched seed, as X-Wing orders it.
        return _private_keys(hashlib.shake_256(self.hpke_seed.reveal()).digest(96))

    def _signing_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signing_seed.reveal())


def new_identity(random: Random = system_random) -> Identity:
    """A new participant's keys."""
    return Identity(Secret(draw(random, KEY_BYTES)), Secret(draw(random, KEY_BYTES)))


def _private_keys(stretched: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    mlkem = MLKEM768PrivateKey.from_seed_bytes(stretched[:64])
    return mlkem, X25519PrivateKey.from_private_bytes(stretched[64:])


def _is_signed(signing_public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(signing_public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _is_hpke_public(key: bytes) -> bool:
    if len(key) != HPKE_PUBLIC_BYTES or not _is_reduced(key[:_MLKEM_VECTOR_BYTES]):
        return False
    try:
        _PROBE.exchange(X25519PublicKey.from_public_bytes(key[MLKEM_PUBLIC_BYTES:]))
    except ValueError:
        # A key of low order gives every partner the same all-zero secret.
        return False
    return True


def _is_reduced(vector: bytes) -> bool:
    # Section 2.1: the library stores coefficients it never checked; three bytes hold two of 12 bits.
    for at in range(0, len(vector), 3):
        pair = int.from_bytes(vector[at : at + 3], "little")
        if pair & 0xFFF >= _MLKEM_PRIME or pair >> 12 >= _MLKEM_PRIME:
            return False
    return True


def _is_signing_public(key: bytes) -> bool:
    if len(key) != KEY_BYTES:
        return False
    y = int.from_bytes(key, "little") & (2**255 - 1)
    # Section 2.1: a key of low order accepts one signature for many texts.
    return y < _ED25519_PRIME and y not in _ED25519_LOW_ORDER
