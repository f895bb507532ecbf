"""One byte changed anywhere, one byte less anywhere, one part of the place changed: it does not open."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.envelope import DataKey, event_place, field_place, new_secret, pad, place, unpad
from crypto.errors import Tampered
from crypto.key_store import KeyRecord
from crypto.keyring import NamedKey, NewKey

SECRET = bytes(range(32))
KEY = DataKey(SECRET)
WHO, OTHER, KEY_ID = UUID(int=1), UUID(int=2), UUID(int=3)
HERE = event_place(WHO, 3, "place.taken")
PARTS = st.lists(st.binary(max_size=8), max_size=5)


def refused(envelope: bytes, where: bytes = HERE, key: DataKey = KEY) -> bool:
    try:
        key.open(envelope, where, record="event 3")
    except Tampered as tampered:
        return tampered.record == "event 3"
    return False


def test_every_changed_byte_is_refused() -> None:
    envelope = KEY.seal(b"ferrule", HERE)
    for at in range(len(envelope)):
        for mask in (0x01, 0x80, 0xFF):
            changed = bytearray(envelope)
            changed[at] ^= mask
            assert refused(bytes(changed)), f"byte {at}"


def test_every_truncation_is_refused() -> None:
    envelope = KEY.seal(b"ferrule", HERE)
    for size in range(len(envelope)):
        assert refused(envelope[:size])
        assert refused(envelope[-size:] if size else b"")


@pytest.mark.parametrize(
    "elsewhere",
    [
        event_place(OTHER, 3, "place.taken"),
        event_place(WHO, 4, "place.taken"),
        event_place(WHO, 3, "place.granted"),
        field_place("special", WHO, "identity", "words"),
        place("event", WHO.bytes, b"", b"place.taken"),
        b"",
    ],
)
def test_an_event_opens_in_its_own_place_alone(elsewhere: bytes) -> None:
    assert refused(KEY.seal(b"ferrule", HERE), elsewhere)


@pytest.mark.parametrize(
    "elsewhere",
    [
        ("personal", WHO, "identity", "words"),
        ("special", OTHER, "identity", "words"),
        ("special", WHO, "sharing", "words"),
        ("special", WHO, "identity", "name"),
        ("special", WHO, "identit", "ywords"),
    ],
)
def test_a_field_opens_in_its_own_place_alone(elsewhere: Any) -> None:
    envelope = KEY.seal(b"ferrule", field_place("special", WHO, "identity", "words"))
    assert refused(envelope, field_place(*elsewhere))


@given(one=PARTS, other=PARTS)
def test_no_two_lists_of_parts_have_one_place(one: list[bytes], other: list[bytes]) -> None:
    assert (place("event", *one) == place("event", *other)) == (one == other)


def test_another_key_does_not_open() -> None:
    assert refused(KEY.seal(b"ferrule", HERE), key=DataKey(new_secret()))


@given(text=st.binary(max_size=600), where=st.binary(max_size=40))
def test_what_is_sealed_opens_to_what_it_was(text: bytes, where: bytes) -> None:
    assert KEY.open(KEY.seal(text, where), where, record="x") == text


def test_no_nonce_comes_twice() -> None:
    assert len({KEY.seal(b"", HERE)[33:45] for _ in range(1000)}) == 1000


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_a_key_has_32_bytes(size: int) -> None:
    with pytest.raises(Tampered):
        DataKey(bytes(size))


def test_secrets_print_as_sealed() -> None:
    named = NamedKey("special", KEY_ID, KEY)
    record = KeyRecord(KEY_ID, WHO, "identity", "live", 1, KEY.seal(SECRET, HERE))
    for secret in (KEY, named, NewKey(named, record)):
        shown = f"{secret!r} {secret} {[secret]} {secret:}"
        assert "<sealed>" in shown
        for form in (SECRET.hex(), repr(SECRET), repr(SECRET)[2:-1], str(list(SECRET))):
            assert form not in shown


@given(text=st.binary(max_size=5000), smallest=st.sampled_from([64, 256]))
def test_padding_comes_off_and_fills_the_first_bucket_that_holds_it(
    text: bytes, smallest: int
) -> None:
    padded = pad(text, smallest)
    buckets = [size for size in (64, 256, 512, 1024, 2048, 4096, 8192) if size >= smallest]
    assert len(padded) == next(size for size in buckets if size > len(text))
    assert unpad(padded, record="x") == text


@given(one=st.binary(max_size=63), other=st.binary(max_size=63))
def test_texts_of_one_bucket_have_one_length(one: bytes, other: bytes) -> None:
    assert len(KEY.seal(pad(one, 64), HERE)) == len(KEY.seal(pad(other, 64), HERE))


@given(padded=st.binary(max_size=80))
def test_whatever_is_unpadded_had_the_mark_and_zeros_alone(padded: bytes) -> None:
    try:
        text = unpad(padded, record="x")
    except Tampered:
        assert padded.rstrip(b"\x00")[-1:] != b"\x80"
    else:
        assert padded == text + b"\x80" + bytes(len(padded) - len(text) - 1)


def test_a_refusal_says_nothing_of_key_or_text() -> None:
    envelope = KEY.seal(b"ferrule", HERE)
    with pytest.raises(Tampered) as caught:
        KEY.open(envelope, b"elsewhere", record="event 3")
    assert str(caught.value) == "event 3"
    assert caught.value.__cause__ is caught.value.__context__ is None
