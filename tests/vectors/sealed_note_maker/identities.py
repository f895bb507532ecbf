"""Vectors of section 2: identities, and bytes that are none."""

from crypto.sealing import fingerprint_words
from tests.vectors.sealed_note_maker.world import MENTEE, PEOPLE, Case


def identities() -> Case:
    cases = [
        {
            "name": name,
            "private": person.to_bytes().hex(),
            "public": person.public.to_bytes().hex(),
            "key_id": person.public.key_id.hex(),
            "fingerprint": fingerprint_words(person.public),
        }
        for name, person in PEOPLE.items()
    ]
    refused = [
        {"name": name, "form": form, "bytes": data.hex(), "error": "UnknownFormat"}
        for name, form, data in _bad_identities()
    ]
    return {
        "about": "Section 2: identities, and bytes that are none.",
        "cases": cases,
        "refused": refused,
    }


def _bad_identities() -> list[tuple[str, str, bytes]]:
    public, private = MENTEE.public.to_bytes(), MENTEE.to_bytes()
    low_order = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
    return [
        ("an unknown version", "public", b"\x02" + public[1:]),
        ("another form", "public", b"\x01\x01" + public[2:]),
        ("an unknown suite", "public", public[:2] + b"\x02" + public[3:]),
        ("one byte short", "public", public[:-1]),
        ("one byte over", "public", public + b"\x00"),
        ("no bytes", "public", b""),
        ("an ML-KEM coefficient out of range", "public", public[:3] + b"\xff\xff" + public[5:]),
        ("an X25519 key of low order", "public", public[:1187] + bytes(32) + public[1219:]),
        ("an Ed25519 key of order 4", "public", public[:-32] + bytes(32)),
        ("an Ed25519 key of order 8", "public", public[:-32] + low_order.to_bytes(32, "little")),
        ("an Ed25519 key that is not reduced", "public", public[:-32] + b"\xee" + b"\xff" * 31),
        ("an unknown version", "private", b"\x02" + private[1:]),
        ("a public form", "private", b"\x01\x02" + private[2:]),
        ("one byte short", "private", private[:-1]),
        ("a seed that does not give the key id", "private", private[:3] + b"\x00" + private[4:]),
    ]
