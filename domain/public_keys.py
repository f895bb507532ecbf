"""A participant's public keys, by which others seal to them and check their hand."""

from dataclasses import dataclass

from domain.errors import DomainError

KEY_ID_BYTES = 32
HPKE_PUBLIC_BYTES = 1216
SIGNING_PUBLIC_BYTES = 32
"""The lengths that docs/specs/sealed-note.md gives."""

MOST_KEY_SETS = 20
"""A set for every new device of many years; all of them travel with each reading of a notebook."""


class WrongPublicKeys(DomainError):
    """These are not public keys of the sealed note, format 1."""


class KeysPublished(DomainError):
    """These public keys are published already."""


class TooManyKeys(DomainError):
    """You have published 20 sets of keys, the most that are kept; go on with the newest, or ask your coordinator."""


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What others need to seal to a person and to check their hand; the id binds both keys."""

    key_id: bytes
    hpke_public: bytes
    signing_public: bytes

    def require_right_lengths(self) -> None:
        """Refuse what cannot be such keys; whether they are good keys is for those who seal."""
        lengths = (len(self.key_id), len(self.hpke_public), len(self.signing_public))
        if lengths != (KEY_ID_BYTES, HPKE_PUBLIC_BYTES, SIGNING_PUBLIC_BYTES):
            raise WrongPublicKeys
