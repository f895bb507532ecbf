"""Whatever is written comes back, and whatever is changed on the way is refused by one of our errors."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    ExpectedEpoch,
    Identity,
    Kind,
    PublicIdentity,
    SealedEntry,
    SealingError,
    Strand,
    Tip,
    fingerprint_words,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    read_header,
    seal_entry,
    verify_chain,
)
from crypto.sealing.padding import pad, unpad
from tests.vectors.sealed_note_maker.forge import SeededRandom

STRAND = Strand(UUID(int=1), Audience.SHARED)
MENTEE, MENTOR = new_identity(SeededRandom("a")), new_identity(SeededRandom("b"))
READERS = [MENTEE.public, MENTOR.public]
GRANTED = grant_epoch(MENTEE, READERS, strand=STRAND)
EXPECTED = ExpectedEpoch(STRAND, MENTEE.public, READERS)
SEALED_KEY = GRANTED.sealed_keys[MENTOR.public.key_id]
FIRST = EMPTY.next(UUID(int=10))
ENTRY = seal_entry(
    Body(Kind.GOAL, "Sentinel"), FIRST, author=MENTEE, notebook_key=GRANTED.notebook_key
)
CHAIN: list[SealedEntry] = [ENTRY]
for _number in range(11, 15):
    CHAIN.append(
        seal_entry(
            Body(Kind.NOTE, "Sentinel"),
            CHAIN[-1].tip.next(UUID(int=_number)),
            author=MENTOR,
            notebook_key=GRANTED.notebook_key,
        )
    )

# A slow machine is not a wrong answer.
unhurried = settings(deadline=None)
bodies = st.builds(Body, st.sampled_from(Kind), st.text())
changes = st.integers(min_value=1, max_value=255)


def altered(data: bytes, at: int, change: int) -> bytes:
    return data[:at] + bytes((data[at] ^ change,)) + data[at + 1 :]


def open_by_mentor(statement: bytes, sealed_key: bytes) -> None:
    open_grant(statement, sealed_key, reader=MENTOR, expected=EXPECTED)


@unhurried
@given(bodies)
def test_what_is_sealed_opens_again(body: Body) -> None:
    sealed = seal_entry(body, FIRST, author=MENTOR, notebook_key=GRANTED.notebook_key)
    opened = open_entry(sealed, FIRST, notebook_key=GRANTED.notebook_key, author=MENTOR.public)
    assert opened.body == body


@unhurried
@given(bodies)
def test_a_padded_body_comes_back_and_its_size_is_a_bucket(body: Body) -> None:
    padded = pad(body)
    assert len(padded) in {1024, 4096, 16384, 65536}
    assert unpad(padded) == body


@unhurried
@given(st.binary(max_size=2000))
def test_any_bytes_are_a_padded_body_only_as_pad_would_write_it(padded: bytes) -> None:
    try:
        body = unpad(padded)
    except SealingError:
        return
    assert pad(body) == padded


def test_no_byte_of_an_entry_can_change() -> None:
    for at in range(len(ENTRY.entry)):
        changed = replace(ENTRY, entry=altered(ENTRY.entry, at, 1 << at % 8))
        with pytest.raises(SealingError):
            open_entry(changed, FIRST, notebook_key=GRANTED.notebook_key)


def test_no_byte_of_a_wrapped_entry_key_can_change() -> None:
    for at in range(len(ENTRY.wrapped_key)):
        changed = replace(ENTRY, wrapped_key=altered(ENTRY.wrapped_key, at, 1 << at % 8))
        with pytest.raises(SealingError):
            open_entry(changed, FIRST, notebook_key=GRANTED.notebook_key)


def test_no_byte_of_an_epoch_statement_can_change() -> None:
    for at in range(len(GRANTED.statement)):
        with pytest.raises(SealingError):
            open_by_mentor(altered(GRANTED.statement, at, 1 << at % 8), SEALED_KEY)


@unhurried
@given(st.integers(min_value=0, max_value=len(SEALED_KEY) - 1), changes)
def test_no_byte_of_a_sealed_notebook_key_can_change(at: int, change: int) -> None:
    with pytest.raises(SealingError):
        open_by_mentor(GRANTED.statement, altered(SEALED_KEY, at, change))


@unhurried
@given(st.integers(min_value=0, max_value=98), changes)
def test_no_byte_of_a_kept_identity_can_change(at: int, change: int) -> None:
    with pytest.raises(SealingError):
        Identity.from_bytes(altered(MENTEE.to_bytes(), at, change))


@unhurried
@given(st.integers(min_value=0, max_value=len(ENTRY.entry) - 1))
def test_no_shorter_entry_opens(length: int) -> None:
    with pytest.raises(SealingError):
        open_entry(
            replace(ENTRY, entry=ENTRY.entry[:length]), FIRST, notebook_key=GRANTED.notebook_key
        )


@unhurried
@given(st.integers(min_value=0, max_value=len(GRANTED.statement) - 1))
def test_no_shorter_statement_opens(length: int) -> None:
    with pytest.raises(SealingError):
        open_by_mentor(GRANTED.statement[:length], SEALED_KEY)


prefixes = st.builds(
    lambda form, rest: bytes((1, form, 1)) + rest, st.integers(0, 7), st.binary(max_size=1400)
)


@unhurried
@given(st.one_of(st.binary(), prefixes))
def test_any_bytes_give_an_answer_or_one_of_our_errors(data: bytes) -> None:
    for read in (
        Identity.from_bytes,
        PublicIdentity.from_bytes,
        read_header,
        lambda some: open_by_mentor(some, SEALED_KEY),
        lambda some: open_by_mentor(GRANTED.statement, some),
        lambda some: verify_chain([some], [GRANTED.notebook_key.epoch]),
    ):
        with pytest.raises(SealingError):
            read(data)


@unhurried
@given(st.lists(st.sampled_from(range(len(CHAIN))), max_size=6))
def test_only_the_entries_in_their_order_make_a_chain(order: list[int]) -> None:
    entries = [CHAIN[index].entry for index in order]
    epochs = [GRANTED.notebook_key.epoch]
    if order == list(range(len(order))):
        tip: Tip = CHAIN[order[-1]].tip if order else EMPTY
        assert verify_chain(entries, epochs) == tip
        return
    with pytest.raises(SealingError):
        verify_chain(entries, epochs)


@unhurried
@given(st.binary(min_size=64, max_size=64))
def test_fingerprints_are_six_words_of_six_letters(seed: bytes) -> None:
    halves = iter((seed[:32], seed[32:]))
    words = fingerprint_words(new_identity(lambda _: next(halves)).public).split(" ")
    assert [len(word) for word in words] == [6] * 6
