"""The small values of sealing: identities, places, randomness and errors, each refused when it cannot be right."""

from dataclasses import replace
from uuid import UUID

import pytest

from crypto.sealing import (
    OutOfRange,
    PublicIdentity,
    RandomnessFailed,
    SealingError,
    Slot,
    Tip,
    UnknownFormat,
    fingerprint_words,
    new_identity,
)
from tests.vectors.sealed_note_maker.forge import SeededRandom

MENTEE, MENTOR, SUCCESSOR = (new_identity(SeededRandom(name)) for name in ("a", "b", "c"))


def test_an_error_says_its_docstring_and_nothing_else() -> None:
    for error in _kinds(SealingError):
        counts = error.__name__ in {"ChainIsBroken", "RecoveryCodeHasWrongLength"}
        refusal = error(7) if counts else error()
        assert str(refusal) == error.__doc__


def _kinds(error: type[SealingError]) -> list[type[SealingError]]:
    return [error, *(kind for below in error.__subclasses__() for kind in _kinds(below))]


@pytest.mark.parametrize("length", [0, 31, 33])
def test_randomness_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(RandomnessFailed):
        new_identity(lambda _: bytes(length))


@pytest.mark.parametrize("position", [0, -1, 2**32])
def test_a_position_that_no_entry_can_have_is_refused(position: int) -> None:
    with pytest.raises(OutOfRange):
        Slot(UUID(int=1), position, bytes(32))


def test_the_last_position_has_no_next() -> None:
    with pytest.raises(OutOfRange):
        Tip(2**32 - 1, bytes(32)).next(UUID(int=1))


def test_a_previous_hash_of_another_length_is_refused() -> None:
    with pytest.raises(OutOfRange):
        Slot(UUID(int=1), 1, bytes(31))


@pytest.mark.parametrize("amends", [UUID(int=0), UUID(int=1)], ids=["the nil id", "itself"])
def test_an_entry_amends_another_entry(amends: UUID) -> None:
    with pytest.raises(OutOfRange):
        Slot(UUID(int=1), 1, bytes(32), amends)


def test_two_identities_have_other_ids_and_other_words() -> None:
    people = [MENTEE.public, MENTOR.public, SUCCESSOR.public]
    assert len({person.key_id for person in people}) == 3
    assert len({fingerprint_words(person) for person in people}) == 3


def test_exchanging_either_public_key_changes_the_id_and_the_words() -> None:
    for other in (
        replace(MENTEE.public, signing_public=MENTOR.public.signing_public),
        replace(MENTEE.public, hpke_public=MENTOR.public.hpke_public),
    ):
        assert other.key_id != MENTEE.public.key_id
        assert fingerprint_words(other) != fingerprint_words(MENTEE.public)


def test_a_public_identity_is_checked_when_it_is_made() -> None:
    with pytest.raises(UnknownFormat):
        PublicIdentity(MENTEE.public.hpke_public[:-1], MENTEE.public.signing_public)
    with pytest.raises(UnknownFormat):
        PublicIdentity(MENTEE.public.hpke_public, bytes(32))
