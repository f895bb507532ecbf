"""One ciphertext that opens under two keys, made in earnest for random keys: the commitment lets it open under one."""

from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.envelope import DataKey
from crypto.errors import Tampered
from crypto.sealing import (
    EMPTY,
    Audience,
    CommitmentDoesNotMatch,
    ExpectedEpoch,
    NotebookKey,
    SealedEntry,
    Secret,
    Strand,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    seal_entry,
)
from crypto.sealing.encoding import Form, label, lp, prefix
from crypto.sealing.padding import Body, Kind, pad
from tests.vectors.envelope_maker import derived
from tests.vectors.sealed_note_maker.forge import EntryForger, info_of, with_sealed_key
from tests.vectors.sealed_note_maker.gcm_collision import two_key_ciphertext

# The attack multiplies in a large field, in Python.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=15)
secrets = st.binary(min_size=32, max_size=32)
nonces = st.binary(min_size=12, max_size=12)
MENTEE, MENTOR = new_identity(), new_identity()
STRAND = Strand(UUID(int=1), Audience.SHARED)
READERS = [MENTEE.public, MENTOR.public]
GRANTED = grant_epoch(MENTEE, READERS, strand=STRAND)
EXPECTED = ExpectedEpoch(STRAND, MENTEE.public, READERS)
EPOCH = GRANTED.notebook_key.epoch
SLOT = EMPTY.next(UUID(int=10))
HEADER = seal_entry(
    Body(Kind.NOTE, ""), SLOT, author=MENTEE, notebook_key=GRANTED.notebook_key
).entry[:156]
BOUND = lp(label("wrapped-entry-key"), HEADER)


@unhurried
@given(
    keys=st.tuples(secrets, secrets).filter(lambda two: two[0] != two[1]),
    nonce=nonces,
    place=st.binary(max_size=80),
    blocks=st.integers(min_value=1, max_value=20),
)
def test_an_envelope_opens_under_one_key_whatever_was_made(
    keys: tuple[bytes, bytes], nonce: bytes, place: bytes, blocks: int
) -> None:
    (one, first), (two, second) = derived(keys[0]), derived(keys[1])
    both = nonce + two_key_ciphertext((one, two), nonce, place, 16 * blocks)
    plain = {AESGCM(each).decrypt(nonce, both[12:], place) for each in (one, two)}
    assert len(plain) == 2
    for commitment, owner, other in ((first, *keys), (second, *reversed(keys))):
        envelope = b"\x01" + commitment + both
        assert DataKey(owner).open(envelope, place, record="x") in plain
        with pytest.raises(Tampered):
            DataKey(other).open(envelope, place, record="x")


def test_a_wrapped_key_and_an_entry_that_open_under_two_notebook_keys_are_refused() -> None:
    """Their author signed it all, so that one reader would read one text and the other another."""
    keys = [NotebookKey(EPOCH, Secret(each * 32)) for each in (b"\x01", b"\x02")]
    wrapping = [key.wrapping_key().reveal() for key in keys]
    nonce = bytes(12)
    wrapped = nonce + two_key_ciphertext((wrapping[0], wrapping[1]), nonce, BOUND, 32)
    entry_keys = [AESGCM(each).decrypt(nonce, wrapped[12:], BOUND) for each in wrapping]
    forger = EntryForger(MENTEE, GRANTED.notebook_key, HEADER)
    (one, commitment), (two, _) = (forger.keys_of(each) for each in entry_keys)
    body = two_key_ciphertext((one, two), nonce, HEADER, 1024)
    assert len({AESGCM(each).decrypt(nonce, body, HEADER) for each in (one, two)}) == 2
    entry = forger.sign(HEADER + commitment + nonce + body)
    sealed = SealedEntry(entry, prefix(Form.WRAPPED_ENTRY_KEY) + wrapped)
    with pytest.raises(CommitmentDoesNotMatch):
        open_entry(sealed, SLOT, notebook_key=keys[1])


@unhurried
@given(theirs=secrets)
def test_a_granter_cannot_give_two_readers_two_keys(theirs: bytes) -> None:
    """Well sealed, and signed by the granter: the statement commits to one key for all."""
    info = info_of(EXPECTED, MENTOR)
    other = prefix(Form.SEALED_NOTEBOOK_KEY) + MENTOR.public.seal(theirs, info)
    statement = with_sealed_key(GRANTED, MENTEE, MENTOR, other)
    own = GRANTED.sealed_keys[MENTEE.public.key_id]
    assert open_grant(statement, own, reader=MENTEE, expected=EXPECTED).secret.reveal() != theirs
    with pytest.raises(CommitmentDoesNotMatch):
        open_grant(statement, other, reader=MENTOR, expected=EXPECTED)


def test_padding_is_no_defence_so_the_attack_is_tried_without_it() -> None:
    """A body that is padded well under both keys is only a matter of time: the commitment comes first."""
    forger = EntryForger(MENTEE, GRANTED.notebook_key, HEADER)
    good = forger.seal_padded(pad(Body(Kind.NOTE, "ferrule")))
    key = GRANTED.notebook_key
    assert open_entry(good, SLOT, notebook_key=key).body.text == "ferrule"
    another = SealedEntry(good.entry, forger.wrap(b"\x09" * 32))
    with pytest.raises(CommitmentDoesNotMatch):
        open_entry(another, SLOT, notebook_key=key)
