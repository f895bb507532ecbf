"""Only the person chooses what whoever mentors them reads, under the key of that consent, and takes it back."""

from uuid import uuid4

import pytest

from domain.errors import DomainError, SealedForAnotherPurpose
from domain.person import CONTACT_PURPOSE, NothingIsShared, NotYourself, Person
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Compartment, Purpose, Sealed
from tests.unit.domain.builders import COORDINATOR, act, sealed_for

PERSON = uuid4()
SHOWN = sealed_for(PERSON, purpose=Purpose.SHARE_PROFILE)


@pytest.fixture
def person() -> Person:
    contact = sealed_for(PERSON, Compartment.CONTACT, CONTACT_PURPOSE)
    return Person.register(PERSON, contact, act(PERSON))


def test_a_person_chooses_what_is_shown_and_takes_it_back(person: Person) -> None:
    person.share_profile(SHOWN, act(PERSON))
    assert person.shared_profile == SHOWN
    person.share_profile(None, act(PERSON))
    assert person.shared_profile is None
    with pytest.raises(NothingIsShared):
        person.share_profile(None, act(PERSON))


def test_nobody_else_chooses_for_them(person: Person) -> None:
    with pytest.raises(NotYourself):
        person.share_profile(SHOWN, act(COORDINATOR))


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (sealed_for(PERSON), SealedForAnotherPurpose),
        (sealed_for(uuid4(), purpose=Purpose.SHARE_PROFILE), SealedForAnother),
        (sealed_for(PERSON, Compartment.SPECIAL, Purpose.SHARE_PROFILE), WrongCompartment),
    ],
)
def test_it_is_sealed_under_the_key_of_that_consent(
    person: Person, value: Sealed, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        person.share_profile(value, act(PERSON))
