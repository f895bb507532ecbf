"""What participants are promised about their notes, and what a hostile server or a dishonest reader tries."""

import traceback
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    CommitmentDoesNotMatch,
    EntryBelongsElsewhere,
    EntryTooLarge,
    ExpectedEpoch,
    GrantBelongsElsewhere,
    Granted,
    Identity,
    Kind,
    NotebookKey,
    NotForThisReader,
    NotText,
    OutOfRange,
    SealedEntry,
    SignatureIsNotTheAuthors,
    Slot,
    Strand,
    Tampered,
    WrongAuthor,
    WrongReaders,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    read_header,
    seal_entry,
    tip_before,
    verify_chain,
    verify_entry,
    verify_epoch,
)
from tests.vectors.sealed_note_maker.forge import EntryForger, SeededRandom

NOTEBOOK, ELSEWHERE = UUID(int=1), UUID(int=2)
SHARED, OWN = Strand(NOTEBOOK, Audience.SHARED), Strand(NOTEBOOK, Audience.OWN)
SENTINEL = "Sentinel: what was said in the room"
MENTEE, MENTOR, SUCCESSOR = (new_identity(SeededRandom(name)) for name in ("a", "b", "c"))
FIRST = EMPTY.next(UUID(int=10))


@dataclass(frozen=True)
class Pair:
    """A shared strand as both participants hold it."""

    granted: Granted
    mentee_key: NotebookKey
    mentor_key: NotebookKey


def opened_by(granted: Granted, reader: Identity, expected: ExpectedEpoch) -> NotebookKey:
    sealed_key = granted.sealed_keys[reader.public.key_id]
    return open_grant(granted.statement, sealed_key, reader=reader, expected=expected)


@pytest.fixture(scope="module")
def pair() -> Pair:
    readers = [MENTEE.public, MENTOR.public]
    granted = grant_epoch(MENTEE, readers, strand=SHARED)
    expected = ExpectedEpoch(SHARED, MENTEE.public, readers)
    return Pair(granted, granted.notebook_key, opened_by(granted, MENTOR, expected))


@pytest.fixture(scope="module")
def first_entry(pair: Pair) -> SealedEntry:
    return written(pair, SENTINEL)


def written(pair: Pair, text: str, slot: Slot = FIRST, kind: Kind = Kind.NOTE) -> SealedEntry:
    return seal_entry(Body(kind, text), slot, author=MENTEE, notebook_key=pair.mentee_key)


def test_what_one_participant_writes_the_other_opens(pair: Pair, first_entry: SealedEntry) -> None:
    opened = open_entry(first_entry, FIRST, notebook_key=pair.mentor_key, author=MENTEE.public)
    assert opened.body == Body(Kind.NOTE, SENTINEL)
    assert opened.header.author == MENTEE.public.key_id


def test_an_own_entry_opens_for_its_author_alone() -> None:
    granted = grant_epoch(MENTEE, [MENTEE.public], strand=OWN)
    sealed = seal_entry(
        Body(Kind.REFLECTION, SENTINEL), FIRST, author=MENTEE, notebook_key=granted.notebook_key
    )
    expected = ExpectedEpoch(OWN, MENTEE.public, [MENTEE.public])
    key = opened_by(granted, MENTEE, expected)
    assert open_entry(sealed, FIRST, notebook_key=key).body.text == SENTINEL
    (sealed_key,) = granted.sealed_keys.values()
    with pytest.raises(NotForThisReader):
        open_grant(granted.statement, sealed_key, reader=MENTOR, expected=expected)


def test_a_mentor_cannot_grant_an_own_strand_to_a_mentee() -> None:
    with pytest.raises(WrongReaders):
        grant_epoch(MENTOR, [MENTEE.public], strand=OWN)
    with pytest.raises(WrongReaders):
        grant_epoch(MENTOR, [MENTEE.public, MENTOR.public], strand=OWN)


def test_a_successor_reads_the_new_epoch_and_the_predecessor_does_not(pair: Pair) -> None:
    readers = [MENTEE.public, SUCCESSOR.public]
    granted = grant_epoch(MENTEE, readers, strand=SHARED, previous=pair.mentee_key.epoch)
    expected = ExpectedEpoch(SHARED, MENTEE.public, readers, pair.mentor_key.epoch)
    assert opened_by(granted, SUCCESSOR, expected).epoch.number == 2
    sealed_key = granted.sealed_keys[SUCCESSOR.public.key_id]
    with pytest.raises(NotForThisReader):
        open_grant(granted.statement, sealed_key, reader=MENTOR, expected=expected)
    sealed_key = pair.granted.sealed_keys[MENTOR.public.key_id]
    with pytest.raises(NotForThisReader):
        open_grant(
            pair.granted.statement,
            sealed_key,
            reader=SUCCESSOR,
            expected=ExpectedEpoch(SHARED, MENTEE.public, [MENTEE.public, MENTOR.public]),
        )


def test_a_removed_reader_cannot_open_the_next_epoch(pair: Pair) -> None:
    alone = grant_epoch(MENTEE, [MENTEE.public], strand=SHARED, previous=pair.mentee_key.epoch)
    with pytest.raises(WrongReaders):
        grant_epoch(MENTOR, [MENTOR.public], strand=SHARED, previous=alone.notebook_key.epoch)


def test_who_joins_later_reads_on_from_there(pair: Pair, first_entry: SealedEntry) -> None:
    readers = [MENTEE.public, SUCCESSOR.public]
    granted = grant_epoch(MENTEE, readers, strand=SHARED, previous=pair.mentee_key.epoch)
    slot = first_entry.tip.next(UUID(int=11), amends=FIRST.entry_id)
    body = Body(Kind.NOTE, SENTINEL)
    sealed = seal_entry(body, slot, author=MENTEE, notebook_key=granted.notebook_key)
    expected = ExpectedEpoch(SHARED, MENTEE.public, readers, joined_at=2)
    key = opened_by(granted, SUCCESSOR, expected)
    assert verify_chain([sealed.entry], [key.epoch], after=tip_before(sealed.entry)) == sealed.tip
    assert open_entry(sealed, slot, notebook_key=key).body == body


def test_an_epoch_follows_an_epoch_of_its_own_strand(pair: Pair) -> None:
    with pytest.raises(GrantBelongsElsewhere):
        ExpectedEpoch(OWN, MENTEE.public, [MENTEE.public], pair.mentee_key.epoch)


def test_a_reader_named_twice_is_refused() -> None:
    with pytest.raises(WrongReaders):
        grant_epoch(MENTEE, [MENTEE.public, MENTEE.public], strand=SHARED)


def test_more_readers_than_a_statement_holds_are_refused() -> None:
    others = [replace(MENTOR.public, signing_public=_signing_key(n)) for n in range(256)]
    with pytest.raises(OutOfRange):
        grant_epoch(MENTEE, [MENTEE.public, *others], strand=SHARED)


def _signing_key(number: int) -> bytes:
    return (1000 + number).to_bytes(32, "little")


def test_an_epoch_is_verified_without_a_private_key(pair: Pair) -> None:
    expected = ExpectedEpoch(SHARED, MENTEE.public, [MENTOR.public, MENTEE.public])
    assert verify_epoch(pair.granted.statement, expected) == pair.mentor_key.epoch


def test_a_ciphertext_that_opens_under_two_keys_is_refused_though_its_author_signed_it(
    pair: Pair, first_entry: SealedEntry
) -> None:
    header = first_entry.entry[:156]
    forger = EntryForger(MENTEE, pair.mentee_key, header)
    under_first, under_second = forger.two_keys()
    nonce, sealed = under_second.entry[188:200], under_second.entry[200:-64]
    texts = {
        AESGCM(forger.keys_of(entry_key)[0]).decrypt(nonce, sealed, header)
        for entry_key in (b"\x01" * 32, b"\x02" * 32)
    }
    assert len(texts) == 2
    assert under_first.entry == under_second.entry
    assert verify_entry(under_second.entry, FIRST, epoch=pair.mentor_key.epoch)
    with pytest.raises(CommitmentDoesNotMatch):
        open_entry(under_second, FIRST, notebook_key=pair.mentor_key)


@pytest.mark.parametrize(
    ("forger", "named"), [(MENTOR, MENTEE), (MENTEE, MENTOR)], ids=["mentor", "mentee"]
)
def test_nobody_writes_in_the_others_name(
    pair: Pair, first_entry: SealedEntry, forger: Identity, named: Identity
) -> None:
    header = first_entry.entry[:124] + named.public.key_id
    forged = EntryForger(forger, pair.mentee_key, header).seal_padded(b"\x01" + bytes(1023))
    with pytest.raises(SignatureIsNotTheAuthors):
        open_entry(forged, FIRST, notebook_key=pair.mentor_key)


def test_a_grants_signature_is_no_entrys_signature(pair: Pair, first_entry: SealedEntry) -> None:
    unsigned = first_entry.entry[:-64]
    signed_as_grant = unsigned + MENTEE.sign("epoch-signature", unsigned)
    with pytest.raises(SignatureIsNotTheAuthors):
        verify_entry(signed_as_grant, FIRST, epoch=pair.mentor_key.epoch)


def test_an_author_outside_the_epoch_cannot_seal(pair: Pair) -> None:
    with pytest.raises(WrongAuthor):
        seal_entry(Body(Kind.NOTE, ""), FIRST, author=SUCCESSOR, notebook_key=pair.mentee_key)


def test_an_entry_does_not_open_in_another_notebook(first_entry: SealedEntry) -> None:
    strand = Strand(ELSEWHERE, Audience.SHARED)
    other = grant_epoch(MENTEE, [MENTEE.public, MENTOR.public], strand=strand)
    with pytest.raises(EntryBelongsElsewhere):
        open_entry(first_entry, FIRST, notebook_key=other.notebook_key)


def test_an_entry_does_not_open_under_another_grant_of_the_same_epoch(
    pair: Pair, first_entry: SealedEntry
) -> None:
    again = grant_epoch(MENTEE, [MENTEE.public, MENTOR.public], strand=SHARED)
    assert again.notebook_key.epoch.number == pair.mentee_key.epoch.number
    with pytest.raises(EntryBelongsElsewhere):
        open_entry(first_entry, FIRST, notebook_key=again.notebook_key)


def test_a_destroyed_entry_leaves_a_chain_that_still_verifies(
    pair: Pair, first_entry: SealedEntry
) -> None:
    second = written(pair, "after it", first_entry.tip.next(UUID(int=11)))
    destroyed = replace(first_entry, wrapped_key=second.wrapped_key)
    with pytest.raises(Tampered):
        open_entry(destroyed, FIRST, notebook_key=pair.mentee_key)
    chain = [first_entry.entry, second.entry]
    assert verify_chain(chain, [pair.mentor_key.epoch]) == second.tip


def test_a_chain_goes_on_from_a_remembered_tip(pair: Pair, first_entry: SealedEntry) -> None:
    second = written(pair, "after it", first_entry.tip.next(UUID(int=11)))
    epochs = [pair.mentor_key.epoch]
    assert verify_chain([second.entry], epochs, after=first_entry.tip) == second.tip


def test_a_chain_over_an_epoch_that_was_not_verified_is_refused(first_entry: SealedEntry) -> None:
    with pytest.raises(EntryBelongsElsewhere):
        verify_chain([first_entry.entry], [])


def test_kind_and_length_do_not_show_within_a_bucket(pair: Pair) -> None:
    texts = ("", "a", "r" * 1019)
    sealed = [written(pair, text, kind=kind) for text in texts for kind in Kind]
    assert {len(entry.entry) for entry in sealed} == {1024 + 280}
    assert {len(entry.wrapped_key) for entry in sealed} == {63}
    assert {read_header(entry.entry) for entry in sealed} == {read_header(sealed[0].entry)}


@pytest.mark.parametrize(
    ("text_bytes", "bucket"),
    [(1019, 1024), (1020, 4096), (4091, 4096), (4092, 16384), (16380, 65536), (65531, 65536)],
)
def test_a_text_takes_the_smallest_bucket_that_holds_it(
    pair: Pair, text_bytes: int, bucket: int
) -> None:
    assert len(written(pair, "x" * text_bytes).entry) == bucket + 280


@pytest.mark.parametrize("text", ["x" * 65532, "é" * 32766], ids=["ascii", "two-byte letters"])
def test_a_text_over_the_largest_bucket_is_refused_without_repeating_it(
    pair: Pair, text: str
) -> None:
    with pytest.raises(EntryTooLarge, match="split it") as refusal:
        written(pair, text)
    assert text[:8] not in "".join(traceback.format_exception(refusal.value))


def test_half_a_surrogate_is_refused_without_repeating_it(pair: Pair) -> None:
    with pytest.raises(NotText) as refusal:
        written(pair, SENTINEL + "\ud800")
    assert SENTINEL not in "".join(traceback.format_exception(refusal.value))


def test_two_seals_of_one_text_have_nothing_in_common_but_the_header(pair: Pair) -> None:
    one, other = written(pair, SENTINEL), written(pair, SENTINEL)
    assert one.entry[:156] == other.entry[:156]
    assert one.entry[156:188] != other.entry[156:188]
    assert one.entry[200:216] != other.entry[200:216]
    assert one.wrapped_key != other.wrapped_key


def test_no_text_lies_open_in_what_is_handed_in(pair: Pair, first_entry: SealedEntry) -> None:
    handed_in = first_entry.entry + first_entry.wrapped_key + pair.granted.statement
    handed_in += b"".join(pair.granted.sealed_keys.values())
    assert SENTINEL.encode() not in handed_in
    assert pair.mentee_key.secret.reveal() not in handed_in


def test_secrets_do_not_print(pair: Pair, first_entry: SealedEntry) -> None:
    opened = open_entry(first_entry, FIRST, notebook_key=pair.mentor_key)
    shown = repr((opened, MENTEE, pair.granted, first_entry)) + f"{opened.body}{MENTEE.hpke_seed}"
    assert "<sealed>" in shown
    for secret in (SENTINEL, "Kind.NOTE", *map(_shown, _secrets(pair))):
        assert secret not in shown


def _secrets(pair: Pair) -> list[bytes]:
    seeds = [MENTEE.hpke_seed.reveal(), MENTEE.signing_seed.reveal()]
    return [*seeds, pair.mentee_key.secret.reveal()]


def _shown(secret: bytes) -> str:
    return repr(secret)[2:-1]
