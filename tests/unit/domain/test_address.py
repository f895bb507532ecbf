"""An address that somebody gave for themselves waits until the code comes back: the last one, in its time, from their hand."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.address import CODE_LASTS, AddressIsConfirmed, CodeIsWrong
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.person import CONTACT_PURPOSE, NotYourself, Person
from domain.policies.messages import Message, MessageKind
from domain.policies.still_wanted import is_still_wanted
from domain.policies.told import messages_of
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Compartment, Sealed
from tests.unit.domain.builders import COORDINATOR, MONDAY, act, sealed_for

PERSON = uuid4()
CONTACT = Compartment.CONTACT


def code() -> Sealed:
    return sealed_for(PERSON, CONTACT, CONTACT_PURPOSE)


@pytest.fixture
def person() -> Person:
    return Person.register(PERSON, sealed_for(PERSON, CONTACT, CONTACT_PURPOSE), act(PERSON))


def asked(person: Person) -> tuple[Sealed, Message]:
    """A code, and the message that brings it."""
    person.collect_events()
    sent = code()
    person.ask_address(sent, act(PERSON))
    (told,) = messages_of((person, fact) for fact in person.collect_events())
    return sent, told


def test_an_address_that_nobody_asks_about_is_taken_as_it_is(person: Person) -> None:
    assert person.address is None
    with pytest.raises(AddressIsConfirmed):
        person.confirm_address(code(), act(PERSON))


def test_the_code_goes_to_the_person_and_confirms_once(person: Person) -> None:
    sent, told = asked(person)
    assert (told.to, told.kind) == (PERSON, MessageKind.ADDRESS_TO_CONFIRM)
    assert is_still_wanted(told, person, MONDAY)
    person.confirm_address(sent, act(PERSON))

    assert person.address is None
    assert not is_still_wanted(told, person, MONDAY)
    with pytest.raises(AddressIsConfirmed):
        person.confirm_address(sent, act(PERSON))


def test_only_the_last_code_confirms_and_only_it_is_sent(person: Person) -> None:
    first, first_told = asked(person)
    second, second_told = asked(person)

    with pytest.raises(CodeIsWrong):
        person.confirm_address(first, act(PERSON))
    assert not is_still_wanted(first_told, person, MONDAY)
    assert is_still_wanted(second_told, person, MONDAY)
    assert first_told.id != second_told.id
    person.confirm_address(second, act(PERSON))


def test_a_code_ends_after_seven_days(person: Person) -> None:
    sent, told = asked(person)
    over = MONDAY + CODE_LASTS

    assert not is_still_wanted(told, person, over)
    with pytest.raises(CodeIsWrong):
        person.confirm_address(sent, act(PERSON, over))
    person.confirm_address(sent, act(PERSON, over - timedelta(microseconds=1)))


def test_nobody_else_confirms_for_them(person: Person) -> None:
    sent, _ = asked(person)
    with pytest.raises(NotYourself):
        person.confirm_address(sent, act(COORDINATOR))


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (sealed_for(uuid4(), CONTACT, CONTACT_PURPOSE), SealedForAnother),
        (sealed_for(PERSON, CONTACT, "enquiry"), SealedForAnotherPurpose),
        (sealed_for(PERSON), WrongCompartment),
    ],
)
def test_a_code_is_sealed_beside_the_address(
    person: Person, wrong: Sealed, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        person.ask_address(wrong, act(PERSON))
