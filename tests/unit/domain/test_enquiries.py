"""Given, when, then of enquiries: asked by anybody, answered once, forgotten for good."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands.enquiries import (
    answer_enquiry,
    forget_enquiry,
    forget_when_due,
    make_enquiry,
    reply_to_enquiry,
)
from domain.consent_keys import EndedKey, keys_ended_by
from domain.enquiry import (
    ENQUIRY_PURPOSE,
    AnswerMeans,
    Enquiry,
    EnquiryIsAnswered,
    EnquiryIsForgotten,
    EnquiryIsKept,
    EnquiryKind,
    ForgettingReason,
    Retention,
)
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.mentoring import Mentoring, Order
from domain.policies.messages import MessageKind
from domain.policies.still_wanted import is_still_wanted
from domain.policies.told import messages_of
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Compartment, Sealed
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory

CONTACT = Compartment.CONTACT


@pytest.fixture
def mentoring() -> Mentoring:
    return mentoring_in_memory()


def order(by: UUID = COORDINATOR, at: datetime = MONDAY) -> Order:
    return Order(act(by, at), uuid4())


def words_of(id: UUID) -> Sealed:
    return sealed_for(id, CONTACT, ENQUIRY_PURPOSE)


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


def test_a_reply_is_an_answer_and_is_told_to_whoever_asked_and_to_nobody_else(
    mentoring: Mentoring,
) -> None:
    id = made(mentoring)
    words = words_of(id)
    reply_to_enquiry(mentoring, order(), enquiry=id, words=words)

    subject = mentoring.load(Enquiry, id)
    assert (subject.is_answered, subject.reply_words) == (True, words)
    with pytest.raises(EnquiryIsAnswered):
        reply_to_enquiry(mentoring, order(), enquiry=id, words=words_of(id))
    with pytest.raises(EnquiryIsAnswered):
        answer_enquiry(mentoring, order(), enquiry=id, means=AnswerMeans.MAIL)
    (told,) = messages_of((subject, event) for event in mentoring.events.get(id))
    assert (told.to, told.kind, told.about) == (id, MessageKind.ENQUIRY_ANSWERED, id)
    assert is_still_wanted(told, subject, MONDAY)
    subject.forget(ForgettingReason.ASKED, act(COORDINATOR))
    assert not is_still_wanted(told, subject, MONDAY)


KEPT = Retention(answered=timedelta(days=10), unanswered=timedelta(days=20))
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize("is_answered", [False, True])
def test_what_was_kept_long_enough_is_forgotten_by_the_clerk_and_not_a_moment_earlier(
    mentoring: Mentoring, *, is_answered: bool
) -> None:
    id, over = made(mentoring), MONDAY + timedelta(days=20)
    if is_answered:
        answered_at = MONDAY + timedelta(days=15)
        reply_to_enquiry(mentoring, order(at=answered_at), enquiry=id, words=words_of(id))
        over = answered_at + timedelta(days=10)

    with pytest.raises(EnquiryIsKept):
        forget_when_due(mentoring, order(CLERK, over - A_MOMENT), enquiry=id, retention=KEPT)
    forget_when_due(mentoring, order(CLERK, over), enquiry=id, retention=KEPT)
    *_, last = mentoring.events.get(id)
    assert isinstance(last, Enquiry.Forgotten)
    assert last.reason is ForgettingReason.RETENTION
    with pytest.raises(EnquiryIsForgotten):
        forget_when_due(mentoring, order(CLERK, over), enquiry=id, retention=KEPT)


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


@pytest.mark.parametrize("kind", WRONG)
def test_a_reply_is_sealed_under_the_same_key(kind: str) -> None:
    wrong, refusal = WRONG[kind]
    id = UUID(int=7)
    subject = Enquiry.make(
        id, EnquiryKind.PRACTITIONER, contact=words_of(id), words=words_of(id), act=act(id)
    )

    with pytest.raises(refusal):
        subject.reply(wrong, act(COORDINATOR))
