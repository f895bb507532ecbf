"""Writes `tests/vectors/envelope/*.json` from docs/specs/envelope.md, with fixed keys and nonces.

It follows the page and shares no code with `crypto.envelope`, so that the two check each other. Every
run writes the same bytes. Run it when the format changes, never otherwise.
"""

import hmac
import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vectors.sealed_note_maker.gcm_collision import two_key_ciphertext

Case = dict[str, Any]

FOLDER = Path(__file__).parent / "envelope"
KEY, OTHER_KEY = bytes(range(32)), bytes(range(100, 132))
NONCE = bytes.fromhex("000102030405060708090a0b")
WHO = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")
OTHER = UUID("9b5e0d4c-3a41-4f0e-8f64-2d1c7a60e5b1")
ID = UUID("0b0f4a52-6c1e-4c44-9a53-6b2f0e8d7c11")

EVENT = ("event", WHO.bytes, (3).to_bytes(8, "big"), b"place.taken")
PLACES: dict[str, tuple[Any, ...]] = {
    "an event": EVENT,
    "a field": ("field", b"special", WHO.bytes, b"identity_preference", b"words"),
    "a data key": (
        "data-key",
        b"personal",
        ID.bytes,
        WHO.bytes,
        b"take_part",
        (2).to_bytes(4, "big"),
    ),
    "a branch key": ("branch-key", b"operational", (1).to_bytes(4, "big")),
}
WRONG_PLACES: dict[str, tuple[Any, ...]] = {
    "another stream": ("event", OTHER.bytes, *EVENT[2:]),
    "another version": (*EVENT[:2], (4).to_bytes(8, "big"), EVENT[3]),
    "another topic": (*EVENT[:3], b"place.granted"),
    "another kind of place": ("field", *EVENT[1:]),
    "a part joined with the next": (*EVENT[:2], EVENT[2] + EVENT[3]),
    "a part missing": EVENT[:3],
    "a part added": (*EVENT, b""),
}
PADDED = {
    "nothing": (b"", 64),
    "the longest text of the first bucket": (b"a" * 63, 64),
    "one byte more": (b"a" * 64, 64),
    "the longest text of the second": (b"a" * 255, 64),
    "the third": (b"a" * 256, 64),
    "text that ends like padding": (b"a\x80\x00\x00", 64),
    "a state": (b"a", 256),
    "the longest state of the first bucket": (b"a" * 255, 256),
    "a long state": (b"a" * 2048, 256),
}
BADLY_PADDED = {
    "nothing at all": b"",
    "only zeros": bytes(64),
    "no mark": b"a" * 64,
    "a byte after the mark": b"a\x80" + bytes(61) + b"\x01",
    "another mark": b"a\x40" + bytes(62),
}


def lp(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def encoded(kind: str, *parts: bytes) -> bytes:
    return b"".join([lp(b"vouchsafe/place/1"), lp(kind.encode()), *map(lp, parts)])


def hkdf(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, section 2."""
    prk = hmac.digest(salt or bytes(32), ikm, "sha256")
    okm = block = b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(prk, block + info + bytes([number]), "sha256")
        okm += block
    return okm[:length]


def derived(key: bytes) -> tuple[bytes, bytes]:
    okm = hkdf(key, b"", b"vouchsafe/envelope/1", 64)
    return okm[:32], okm[32:]


def sealed(text: bytes, place: bytes, *, key: bytes = KEY) -> bytes:
    sealing, commitment = derived(key)
    return b"\x01" + commitment + NONCE + AESGCM(sealing).encrypt(NONCE, text, place)


def envelopes() -> Case:
    texts = {"": b"", "of one byte": b"a", "of one block": bytes(16), "of 300 bytes": b"ab" * 150}
    good = [
        case(f"{where}, a text {size}".strip(), place=encoded(*parts), text=text)
        for where, parts in PLACES.items()
        for size, text in texts.items()
    ]
    return {
        "about": "Bytes in hexadecimal. Under `key`, at `place`, an envelope of `opened` opens to `plaintext`; one of `refused` raises `error`.",
        "opened": good,
        "refused": [*wrong_places(), *wrong_bytes(), *two_keys()],
    }


def case(name: str, *, place: bytes, text: bytes) -> Case:
    envelope = sealed(text, place)
    return {**request(name, KEY, place, envelope), "nonce": NONCE.hex(), "plaintext": text.hex()}


def request(name: str, key: bytes, place: bytes, envelope: bytes) -> Case:
    return {"name": name, "key": key.hex(), "place": place.hex(), "envelope": envelope.hex()}


def refused(name: str, envelope: bytes, *, key: bytes = KEY, place: bytes | None = None) -> Case:
    where = encoded(*EVENT) if place is None else place
    return {**request(name, key, where, envelope), "error": "Tampered"}


def wrong_places() -> list[Case]:
    envelope = sealed(b"text", encoded(*EVENT))
    return [
        refused(f"opened at {name}", envelope, place=encoded(*parts))
        for name, parts in WRONG_PLACES.items()
    ]


def wrong_bytes() -> list[Case]:
    good = sealed(b"text", encoded(*EVENT))
    other = sealed(b"text", encoded(*EVENT), key=OTHER_KEY)
    return [
        refused("empty", b""),
        refused("shorter than the shortest", good[:60]),
        refused("without its last byte", good[:-1]),
        refused("with one byte more", good + b"\x00"),
        refused("version 0", b"\x00" + good[1:]),
        refused("version 2", b"\x02" + good[1:]),
        refused("under another key", other),
        refused(
            "another key's commitment over its own ciphertext", good[:1] + other[1:33] + good[33:]
        ),
        refused("its own commitment over another key's ciphertext", good[:33] + other[33:]),
        refused("another nonce", good[:33] + bytes(12) + good[45:]),
        refused("a tag of zeros", good[:-16] + bytes(16)),
    ]


def two_keys() -> list[Case]:
    """One ciphertext that AES-256-GCM opens under both keys: only the commitment tells them apart."""
    place, keys = encoded(*EVENT), (KEY, OTHER_KEY)
    (one, first), (two, second) = derived(KEY), derived(OTHER_KEY)
    both = NONCE + two_key_ciphertext((one, two), NONCE, place, 32)
    return [
        refused(
            "opens under two keys, committed to the other", b"\x01" + second + both, key=keys[0]
        ),
        refused("opens under two keys, committed to the one", b"\x01" + first + both, key=keys[1]),
    ]


def paddings() -> Case:
    return {
        "about": "Texts, the smallest bucket and what they are padded to; and paddings that raise `error`.",
        "padded": [
            {
                "name": name,
                "smallest": smallest,
                "plaintext": text.hex(),
                "padded": padded(text, smallest),
            }
            for name, (text, smallest) in PADDED.items()
        ],
        "refused": [
            {"name": name, "padded": wrong.hex(), "error": "Tampered"}
            for name, wrong in BADLY_PADDED.items()
        ],
    }


def padded(text: bytes, smallest: int) -> str:
    buckets = [size for size in (64, 256, 512, 1024, 2048, 4096) if size >= smallest]
    bucket = next(size for size in buckets if size > len(text))
    return (text + b"\x80" + bytes(bucket - len(text) - 1)).hex()


def derivations() -> Case:
    keys = [KEY, OTHER_KEY, bytes(32), b"\xff" * 32, sha256(b"vouchsafe").digest()]
    return {
        "about": "A data key, the AES-256 key that it seals with and its commitment.",
        "derived": [
            {"key": key.hex(), "sealing": sealing.hex(), "commitment": commitment.hex()}
            for key in keys
            for sealing, commitment in [derived(key)]
        ],
    }


def files() -> dict[str, str]:
    made = {"envelopes": envelopes(), "paddings": paddings(), "derivations": derivations()}
    return {name: json.dumps(content, indent=1) + "\n" for name, content in made.items()}


def main() -> None:
    for name, text in files().items():
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
