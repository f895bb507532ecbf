"""Vectors of sections 3 and 4: wrapped vault keys, and wrappers to refuse."""

from uuid import UUID

from tests.vectors.sealed_note_maker.gcm_collision import two_key_ciphertext
from tests.vectors.vault_maker.by_hand import (
    PASSKEY,
    RECOVERY_CODE,
    Seeded,
    Wrapper,
    code_of,
    hashed,
    secret_of,
)

Case = dict[str, object]
PERSON = UUID("70657273-6f6e-4000-8000-000000000001")
SOMEBODY = UUID("70657273-6f6e-4000-8000-000000000002")
KINDS = {PASSKEY: "passkey", RECOVERY_CODE: "recovery_code"}
RANDOM = Seeded("a vault")
VAULT_KEY = RANDOM(32)
CREDENTIAL = Seeded("a credential")(16)
PRF_OUTPUT = Seeded("a prf output")(32)
NONCE = Seeded("a nonce")(12)


def wrapper_id(number: int) -> UUID:
    return UUID(f"77726170-7000-4000-8000-{number:012d}")


BY_PASSKEY = Wrapper(
    PERSON, wrapper_id(1), PASSKEY, RANDOM(32), hashed(b"credential", CREDENTIAL), PRF_OUTPUT
)
BY_CODE = Wrapper(
    PERSON, wrapper_id(2), RECOVERY_CODE, RANDOM(32), b"", secret_of(Seeded("a code")(17))
)
BY_SPARE = Wrapper(
    PERSON, wrapper_id(3), RECOVERY_CODE, RANDOM(32), b"", secret_of(Seeded("another code")(17))
)


def place_of(wrapper: Wrapper) -> Case:
    return {
        "person": str(wrapper.person),
        "id": str(wrapper.id),
        "kind": KINDS[wrapper.kind],
        "credential_hash": wrapper.credential_hash.hex(),
        "salt": wrapper.salt.hex(),
        "secret": wrapper.secret.hex(),
    }


def wrappers() -> Case:
    return {
        "about": "Sections 3 and 4: wrapped vault keys, and wrappers to refuse.",
        "cases": [
            _case("a passkey", BY_PASSKEY),
            _case("a recovery code", BY_CODE),
            _case("a spare recovery code", BY_SPARE),
        ],
        "credentials": [
            _credential(CREDENTIAL),
            _credential(bytes(1)),
            _credential(b"\xff" * 1023),
        ],
        "prf_inputs": [_prf_input(each) for each in (BY_PASSKEY.salt, bytes(32), b"\xff" * 32)],
        "refused": [_row(*each) for each in (*_forms(), *_secrets(), *_places(), *_altered())],
    }


def _case(name: str, wrapper: Wrapper) -> Case:
    code = {"code": code_of(wrapper.secret)} if wrapper.kind == RECOVERY_CODE else {}
    return {
        "name": name,
        **place_of(wrapper),
        **code,
        "vault_key": VAULT_KEY.hex(),
        "randomness": NONCE.hex(),
        "wrapped_key": wrapper.wrap(VAULT_KEY, NONCE).hex(),
    }


def _credential(credential: bytes) -> Case:
    return {
        "credential_id": credential.hex(),
        "credential_hash": hashed(b"credential", credential).hex(),
    }


def _prf_input(salt: bytes) -> Case:
    return {"salt": salt.hex(), "prf_input": hashed(b"prf-input", salt).hex()}


Refusal = tuple[str, str, Wrapper, bytes]


def _row(error: str, name: str, asked: Wrapper, wrapped: bytes) -> Case:
    return {"name": name, **place_of(asked), "wrapped_key": wrapped.hex(), "error": error}


def _forms() -> list[Refusal]:
    good = BY_PASSKEY.wrap(VAULT_KEY, NONCE)
    by_code = BY_CODE.wrap(VAULT_KEY, NONCE)
    bad = [
        ("an unknown version", b"\x02" + good[1:]),
        ("another form", b"\x01\x12" + good[2:]),
        ("a form of the sealed note", b"\x01\x06" + good[2:]),
        ("a lower suite", good[:2] + b"\x00" + good[3:]),
        ("kind 0", good[:3] + b"\x00" + good[4:]),
        ("kind 3", good[:3] + b"\x03" + good[4:]),
        ("a recovery code's where a passkey's is asked for", by_code),
        ("one byte short", good[:-1]),
        ("one byte over", good + b"\x00"),
        ("no bytes", b""),
    ]
    places = [
        ("a salt one byte short", BY_PASSKEY.but(salt=BY_PASSKEY.salt[:-1])),
        ("a salt one byte over", BY_PASSKEY.but(salt=BY_PASSKEY.salt + b"\x00")),
        ("a passkey without a credential hash", BY_PASSKEY.but(credential_hash=b"")),
        ("a recovery code with a credential hash", BY_CODE.but(credential_hash=bytes(32))),
    ]
    return [
        *(("UnknownFormat", name, BY_PASSKEY, data) for name, data in bad),
        *(("UnknownFormat", name, place, place.wrap(VAULT_KEY, NONCE)) for name, place in places),
    ]


def _secrets() -> list[Refusal]:
    secrets = [
        ("no output of the PRF", b""),
        ("an output one byte short", PRF_OUTPUT[:-1]),
        ("an output one byte over", PRF_OUTPUT + b"\x00"),
        ("an output of zeros", bytes(32)),
        ("an output of two keys", PRF_OUTPUT * 2),
    ]
    places = [(name, BY_PASSKEY.but(secret=secret)) for name, secret in secrets]
    return [("PrfOutputUnusable", name, each, each.wrap(VAULT_KEY, NONCE)) for name, each in places]


def _places() -> list[Refusal]:
    key, code = BY_PASSKEY.wrap(VAULT_KEY, NONCE), BY_CODE.wrap(VAULT_KEY, NONCE)
    other = BY_PASSKEY.but
    moved = [
        ("another person's", other(person=SOMEBODY), key),
        ("under another id", other(id=wrapper_id(2)), key),
        ("under another salt", other(salt=BY_CODE.salt), key),
        ("of another passkey", other(credential_hash=hashed(b"credential", b"other")), key),
        ("with another output", other(secret=Seeded("another prf output")(32)), key),
        ("with another code", BY_CODE.but(secret=BY_SPARE.secret), code),
        ("a spare code's for the first", BY_CODE, BY_SPARE.wrap(VAULT_KEY, NONCE)),
        ("an altered commitment", BY_CODE, _flipped(code, 4)),
        ("a commitment of zeros", BY_CODE, code[:4] + bytes(32) + code[36:]),
        ("relabelled, with the same secret", BY_PASSKEY, _relabelled()),
        ("a ciphertext that opens under two keys", *_two_keys()),
    ]
    return [("DoesNotUnlock", name, asked, data) for name, asked, data in moved]


def _relabelled() -> bytes:
    """A passkey's kind on what was wrapped as a recovery code under the same secret."""
    wrapped = BY_PASSKEY.but(kind=RECOVERY_CODE).wrap(VAULT_KEY, NONCE)
    return wrapped[:3] + bytes([PASSKEY]) + wrapped[4:]


def _two_keys() -> tuple[Wrapper, bytes]:
    """One ciphertext for two codes; the commitment names the first, the second is tried."""
    second = BY_CODE.but(secret=BY_SPARE.secret)
    keys = BY_CODE.keys()[0], second.keys()[0]
    sealed = two_key_ciphertext(keys, bytes(12), BY_CODE.head(), 32)
    return second, BY_CODE.head() + bytes(12) + sealed


def _altered() -> list[Refusal]:
    good = BY_CODE.wrap(VAULT_KEY, NONCE)
    places = [("nonce", 36), ("ciphertext", 48), ("tag", 80), ("last byte", 95)]
    return [
        ("VaultWasAltered", f"an altered {name}", BY_CODE, _flipped(good, at))
        for name, at in places
    ]


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
