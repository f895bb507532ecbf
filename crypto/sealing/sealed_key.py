"""A notebook key sealed to one reader, bound to its epoch, to who grants it and to what for (section 3.1)."""

from dataclasses import dataclass
from typing import Final

from crypto.sealing.encoding import (
    KEY_BYTES,
    PREFIX_BYTES,
    SUITE_LABEL,
    TAG_BYTES,
    Form,
    Secret,
    content_of,
    derive,
    label,
    labelled_hash,
    lp,
    prefix,
)
from crypto.sealing.errors import GrantWasAltered
from crypto.sealing.identity import Identity, PublicIdentity
from crypto.sealing.statement import Strand

READ: Final = b"read"
READ_PASSED_ON: Final = b"read-passed-on"

_HPKE_ENC_BYTES: Final = 1120
SEALED_KEY_BYTES: Final = PREFIX_BYTES + _HPKE_ENC_BYTES + KEY_BYTES + TAG_BYTES


@dataclass(frozen=True)
class KeyPlace:
    """Where a sealed notebook key belongs, apart from whom it is sealed to."""

    strand: Strand
    epoch: int
    granter: bytes
    purpose: bytes

    def seal(self, secret: Secret, reader: PublicIdentity) -> bytes:
        """Seal the notebook key to a reader."""
        return prefix(Form.SEALED_NOTEBOOK_KEY) + reader.seal(secret.reveal(), self._info(reader))

    def open(self, sealed_key: bytes, reader: Identity) -> Secret:
        """The notebook key; raises UnknownFormat or GrantWasAltered."""
        content = content_of(sealed_key, Form.SEALED_NOTEBOOK_KEY, SEALED_KEY_BYTES)
        opened = reader.open(content, self._info(reader.public))
        if opened is None or len(opened) != KEY_BYTES:
            raise GrantWasAltered
        return Secret(opened)

    def commitment(self, secret: Secret) -> bytes:
        """What every reader sees of the notebook key."""
        return derive(secret, "notebook-commitment", self.strand.at_epoch(self.epoch))

    def _info(self, reader: PublicIdentity) -> bytes:
        # HPKE binds where the key belongs, who granted it, to whom and what for.
        return lp(
            label("notebook-key"),
            SUITE_LABEL,
            self.strand.notebook_id.bytes,
            bytes((self.strand.audience,)),
            self.epoch.to_bytes(4, "big"),
            self.granter,
            reader.key_id,
            self.purpose,
        )


def sealed_key_hash(sealed_key: bytes) -> bytes:
    """What a statement names a sealed notebook key by."""
    return labelled_hash("sealed-key-hash", sealed_key)
