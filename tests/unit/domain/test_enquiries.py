"""Given, when, then of enquiries: asked by anybody, answered once, forgotten for good."""

from uuid import UUID, uuid4

import pytest

from domain.commands.enquiries import answer_enquiry, forget_enquiry, make_enquiry
from domain.consent_keys import EndedKey, keys_ended_by
from domain.enquiry import (
    ENQUIRY_PURPOSE,
    AnswerMeans,
    Enquiry,
    EnquiryIsAnswered,
    EnquiryIsForgotten,
    EnquiryKind,
    ForgettingReason,
)
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.mentoring import Mentoring, Order
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Compartment, Sealed
from tests.unit.domain.builders import COORDINATOR, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory

CONTACT = Compartment.CONTACT


@pytest.fixture
def mentoring() -> Mentoring:
    return mentoring_in_memory()


def order(by: UUID = COORDINATOR) -> Order:
    return Order(act(by), uuid4())


def made(mentoring: Mentoring) -> UUID:
    id = uuid4()
    contact, words = (sealed_for(id, CONTACT, ENQUIRY_PURPOSE) for _ in range(2))
    make_enquiry(mentoring, order(id), EnquiryKind.PRACTITIONER, contact=contact, words=words)
    return id


def test_who_asks_is_nobody_but_the_enquiry(mentoring: Mentoring) -> None:
    id = made(mentoring)

    (event,) = mentoring.events.get(id)
    assert isinstance(event, Enquiry.Created)
    assert event.actor == id
    assert event.contact.owner == event.words.owner == id


def test_it_is_answered_once(mentoring: Mentoring) -> None:
    id = made(mentoring)
    answer_enquiry(mentoring, order(), enquiry=id, means=AnswerMeans.MAIL)

    with pytest.raises(EnquiryIsAnswered):
        answer_enquiry(mentoring, order(), enquiry=id, means=AnswerMeans.TELEPHONE)


@pytest.mark.parametrize("is_answered", [False, True])
def test_what_was_forgotten_is_neither_answered_nor_forgotten_again(
    mentoring: Mentoring, *, is_answered: bool
) -> None:
    id = made(mentoring)
    if is_answered:
        answer_enquiry(mentoring, order(), enquiry=id, means=AnswerMeans.MAIL)
    forget_enquiry(mentoring, order(), enquiry=id, reason=ForgettingReason.ASKED)

    with pytest.raises(EnquiryIsForgotten):
        answer_enquiry(mentoring, order(), enquiry=id, means=AnswerMeans.MAIL)
    with pytest.raises(EnquiryIsForgotten):
        forget_enquiry(mentoring, order(), enquiry=id, reason=ForgettingReason.RETENTION)


def test_forgetting_ends_the_key_of_this_enquiry_and_no_other_event_does(
    mentoring: Mentoring,
) -> None:
    id = made(mentoring)
    answer_enquiry(mentoring, order(), enquiry=id, means=AnswerMeans.MAIL)
    forget_enquiry(mentoring, order(), enquiry=id, reason=ForgettingReason.RETENTION)

    ended = [keys_ended_by(event) for event in mentoring.events.get(id)]
    assert ended == [(), (), (EndedKey("contact", id, ENQUIRY_PURPOSE),)]


WRONG: dict[str, tuple[Sealed, type[DomainError]]] = {
    "another's": (sealed_for(uuid4(), CONTACT, ENQUIRY_PURPOSE), SealedForAnother),
    "another purpose": (sealed_for(UUID(int=7), CONTACT, "contact"), SealedForAnotherPurpose),
    "another compartment": (
        sealed_for(UUID(int=7), Compartment.PERSONAL, ENQUIRY_PURPOSE),
        WrongCompartment,
    ),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("field", ["contact", "words"])
def test_both_fields_are_sealed_under_the_enquirys_own_key(kind: str, field: str) -> None:
    wrong, refusal = WRONG[kind]
    right = sealed_for(UUID(int=7), CONTACT, ENQUIRY_PURPOSE)
    sealed = {"contact": right, "words": right} | {field: wrong}

    with pytest.raises(refusal):
        Enquiry.make(UUID(int=7), EnquiryKind.ORGANISATION, **sealed, act=act(UUID(int=7)))
