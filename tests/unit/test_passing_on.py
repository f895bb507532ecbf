"""What becomes of notes when keys are lost, a successor comes, or a group changes: who opens what, and who does not."""

from dataclasses import replace
from uuid import UUID

import pytest

from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    Epoch,
    ExpectedEpoch,
    Identity,
    Kind,
    NotebookKey,
    NotForThisReader,
    SealedEntry,
    SignatureIsNotTheAuthors,
    SignatureIsNotTheGranters,
    Strand,
    WrongAuthor,
    WrongGranter,
    WrongReaders,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    open_passed_on,
    pass_on,
    seal_entry,
    verify_epoch,
    verify_passed_on,
)
from tests.vectors.sealed_note_maker.forge import SeededRandom

SHARED, OWN = Strand(UUID(int=1), Audience.SHARED), Strand(UUID(int=1), Audience.OWN)
MENTEE, MENTOR, SUCCESSOR, NEW = (new_identity(SeededRandom(each)) for each in "abcd")
PAIR = [MENTEE.public, MENTOR.public]
FIRST = EMPTY.next(UUID(int=10))
BODY = Body(Kind.GOAL, "Sentinel: to say no more often")


@pytest.fixture(scope="module")
def key() -> NotebookKey:
    return grant_epoch(MENTEE, PAIR, strand=SHARED).notebook_key


@pytest.fixture(scope="module")
def entry(key: NotebookKey) -> SealedEntry:
    return seal_entry(BODY, FIRST, author=MENTEE, notebook_key=key)


def test_a_successor_opens_what_the_mentee_passed_on(key: NotebookKey, entry: SealedEntry) -> None:
    passed = pass_on(key, SUCCESSOR.public, granter=MENTEE)
    opened = open_passed_on(passed, epoch=key.epoch, granter=MENTEE.public, reader=SUCCESSOR)
    assert open_entry(entry, FIRST, notebook_key=opened).body == BODY
    with pytest.raises(NotForThisReader):
        open_passed_on(passed, epoch=key.epoch, granter=MENTEE.public, reader=NEW)


def test_nobody_passes_on_what_they_do_not_read(key: NotebookKey) -> None:
    with pytest.raises(WrongGranter):
        pass_on(key, NEW.public, granter=SUCCESSOR)


def test_a_mentor_cannot_pass_on_in_the_mentees_name(key: NotebookKey) -> None:
    passed = pass_on(key, SUCCESSOR.public, granter=MENTOR)
    renamed = passed.statement[:56] + MENTEE.public.key_id + passed.statement[88:]
    with pytest.raises(SignatureIsNotTheGranters):
        verify_passed_on(renamed, epoch=key.epoch, granter=MENTEE.public, reader=SUCCESSOR.public)


def test_a_later_reader_passes_on_and_opens_the_next_epoch(key: NotebookKey) -> None:
    passed = pass_on(key, NEW.public, granter=MENTOR)
    mine = open_passed_on(passed, epoch=key.epoch, granter=MENTOR.public, reader=NEW)
    again = pass_on(mine, SUCCESSOR.public, granter=NEW)
    third = open_passed_on(again, epoch=mine.epoch, granter=NEW.public, reader=SUCCESSOR)
    assert third.secret.reveal() == key.secret.reveal()
    readers = [NEW.public, MENTOR.public]
    granted = grant_epoch(NEW, readers, strand=SHARED, previous=mine.epoch)
    expected = ExpectedEpoch(SHARED, NEW.public, readers, mine.epoch)
    assert verify_epoch(granted.statement, expected).number == 2
    not_passed_on = replace(expected, previous=key.epoch)
    with pytest.raises(WrongReaders):
        verify_epoch(granted.statement, not_passed_on)


def test_a_later_reader_is_no_author_of_that_epoch(key: NotebookKey) -> None:
    passed = pass_on(key, SUCCESSOR.public, granter=MENTEE)
    opened = open_passed_on(passed, epoch=key.epoch, granter=MENTEE.public, reader=SUCCESSOR)
    as_if = Epoch(
        SHARED,
        1,
        {**key.epoch.readers, SUCCESSOR.public.key_id: SUCCESSOR.public},
        key.epoch.statement_hash,
        key.epoch.key_commitment,
    )
    forged = seal_entry(
        BODY, FIRST, author=SUCCESSOR, notebook_key=NotebookKey(as_if, opened.secret)
    )
    with pytest.raises(WrongAuthor):
        open_entry(forged, FIRST, notebook_key=key)


def test_an_author_who_lost_their_keys_goes_on_in_their_own_strand() -> None:
    lost = grant_epoch(MENTEE, [MENTEE.public], strand=OWN).notebook_key
    granted = grant_epoch(NEW, [NEW.public], strand=OWN, previous=lost.epoch)
    expected = ExpectedEpoch(OWN, NEW.public, [NEW.public], lost.epoch)
    (sealed_key,) = granted.sealed_keys.values()
    opened = open_grant(granted.statement, sealed_key, reader=NEW, expected=expected)
    assert opened.epoch.number == 2
    with pytest.raises(WrongReaders):
        verify_epoch(granted.statement, replace(expected, readers=[MENTEE.public]))


def test_every_member_of_a_group_opens_what_any_of_them_wrote() -> None:
    members = [MENTEE, MENTOR, SUCCESSOR, NEW]
    readers = [each.public for each in members]
    granted = grant_epoch(MENTOR, readers, strand=SHARED)
    expected = ExpectedEpoch(SHARED, MENTOR.public, readers)
    sealed = seal_entry(BODY, FIRST, author=NEW, notebook_key=granted.notebook_key)
    for each in members:
        sealed_key = granted.sealed_keys[each.public.key_id]
        opened = open_grant(granted.statement, sealed_key, reader=each, expected=expected)
        assert open_entry(sealed, FIRST, notebook_key=opened, author=NEW.public).body == BODY


def test_after_a_member_left_the_group_goes_on_without_them() -> None:
    before = grant_epoch(MENTOR, [*PAIR, SUCCESSOR.public], strand=SHARED)
    after = grant_epoch(MENTOR, PAIR, strand=SHARED, previous=before.notebook_key.epoch)
    assert SUCCESSOR.public.key_id not in after.sealed_keys
    entry = seal_entry(BODY, FIRST, author=MENTEE, notebook_key=after.notebook_key)
    kept = NotebookKey(after.notebook_key.epoch, before.notebook_key.secret)
    with pytest.raises(Exception, match="altered"):
        open_entry(entry, FIRST, notebook_key=kept)


@pytest.mark.parametrize(("forger", "victim"), [(MENTEE, MENTOR), (MENTOR, MENTEE)])
def test_neither_forges_the_others_hand(
    key: NotebookKey, forger: Identity, victim: Identity
) -> None:
    sealed = seal_entry(BODY, FIRST, author=forger, notebook_key=key)
    renamed = sealed.entry[:124] + victim.public.key_id + sealed.entry[156:]
    with pytest.raises(SignatureIsNotTheAuthors):
        open_entry(replace(sealed, entry=renamed), FIRST, notebook_key=key)
