from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands.erasures import (
    complete_erasure,
    find_erasure,
    grant_erasure,
    hold_erasure,
    lift_hold,
    note_carried_out,
    refuse_erasure,
    request_erasure,
    take_back_erasure,
)
from domain.commands.people import register_person
from domain.consent import ConsentLedger
from domain.consent_terms import LedgerIsClosed
from domain.erasure import (
    Erasure,
    ErasureIsAsked,
    ErasureIsDecided,
    ErasureIsHeld,
    ErasureIsNotCarriedOut,
    ErasureIsNotGranted,
    ErasureIsNotHeld,
    ErasureStage,
    HoldReason,
    HoldWouldTell,
    NotYoursToAsk,
    NotYoursToDecide,
    RefusalReason,
    ReviewComesTooLate,
)
from domain.mentoring import Mentoring
from domain.month import months_after
from domain.notice import Words
from domain.person import Person, PersonIsErased
from domain.policies.withdrawal import intents_of_withdrawal
from domain.public_keys import PublicKeys
from domain.values import Compartment, Purpose
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory
from tests.unit.domain.watched import order

PERSON = UUID(int=7)
WORDS = Words(Purpose.TAKE_PART, 1, "en", b"d" * 32)
NEXT_WEEK = (MONDAY + timedelta(days=7)).date()
KEYS = PublicKeys(b"k" * 32, b"h" * 1216, b"s" * 32)
LEGAL = HoldReason.LEGAL_CLAIM


def asked() -> Erasure:
    return Erasure.ask(uuid4(), person=PERSON, receipt=uuid4(), act=act(PERSON))


def decided(way: Callable[[Erasure], None]) -> Erasure:
    erasure = asked()
    way(erasure)
    return erasure


def held() -> Erasure:
    return decided(lambda e: e.hold_back(LEGAL, NEXT_WEEK, act(COORDINATOR)))


def granted() -> Erasure:
    return decided(lambda e: e.grant((KEYS,), act(COORDINATOR)))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 3, 2), date(2026, 4, 2)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2026, 8, 31), date(2026, 9, 30)),
    ],
)
def test_it_is_due_on_the_same_day_of_the_next_month_or_its_last(day: date, due: date) -> None:
    assert months_after(day, 1) == due
    at = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    assert Erasure.ask(uuid4(), person=PERSON, receipt=uuid4(), act=act(PERSON, at)).due_on == due


def test_only_the_person_asks_and_takes_back() -> None:
    with pytest.raises(NotYoursToAsk):
        Erasure.ask(uuid4(), person=PERSON, receipt=uuid4(), act=act(COORDINATOR))
    with pytest.raises(NotYoursToAsk):
        asked().take_back(act(COORDINATOR))


@pytest.mark.parametrize(
    "decide",
    [
        lambda e, act: e.grant((), act),
        lambda e, act: e.refuse(RefusalReason.LEGAL_DUTY, act),
        lambda e, act: e.hold_back(LEGAL, NEXT_WEEK, act),
        lambda e, act: e.lift_hold(act),
    ],
)
def test_nobody_decides_about_their_own(decide: Callable[..., None]) -> None:
    for erasure in (asked(), held()):
        with pytest.raises(NotYoursToDecide):
            decide(erasure, act(PERSON))


def test_what_is_held_shows_why_and_until_when_and_is_not_granted() -> None:
    erasure = held()
    assert (erasure.stage, erasure.hold, erasure.review_on) == (
        ErasureStage.HELD,
        LEGAL,
        NEXT_WEEK,
    )
    with pytest.raises(ErasureIsHeld):
        erasure.grant((), act(COORDINATOR))
    erasure.lift_hold(act(COORDINATOR))
    assert (erasure.stage, erasure.hold, erasure.review_on) == (ErasureStage.REQUESTED, None, None)
    with pytest.raises(ErasureIsNotHeld):
        erasure.lift_hold(act(COORDINATOR))
    erasure.grant((), act(COORDINATOR))


def test_no_hold_tells_of_a_disclosure_also_none_that_was_recorded_before() -> None:
    erasure = asked()
    with pytest.raises(HoldWouldTell):
        erasure.hold_back(HoldReason.OPEN_DISCLOSURE, NEXT_WEEK, act(COORDINATOR))
    telling = HoldReason.OPEN_DISCLOSURE
    erasure.record(Erasure.Held, act(COORDINATOR), reason=telling, review_on=NEXT_WEEK)
    assert erasure.shown_hold is HoldReason.LEGAL_DUTY


@pytest.mark.parametrize("days", [-1, 0, 93])
def test_a_hold_is_looked_at_again_soon_and_never_at_once(days: int) -> None:
    with pytest.raises(ReviewComesTooLate):
        asked().hold_back(LEGAL, (MONDAY + timedelta(days=days)).date(), act(COORDINATOR))


@pytest.mark.parametrize(
    "way",
    [
        lambda e: e.take_back(act(PERSON)),
        lambda e: e.refuse(RefusalReason.LEGAL_DUTY, act(COORDINATOR)),
        lambda e: e.grant((), act(COORDINATOR)),
    ],
)
def test_what_is_decided_stays_decided(way: Callable[[Erasure], None]) -> None:
    erasure = decided(way)
    for again in (
        lambda: erasure.take_back(act(PERSON)),
        lambda: erasure.refuse(RefusalReason.LEGAL_DUTY, act(COORDINATOR)),
        lambda: erasure.grant((), act(COORDINATOR)),
        lambda: erasure.hold_back(LEGAL, NEXT_WEEK, act(COORDINATOR)),
    ):
        with pytest.raises(ErasureIsDecided):
            again()


def test_steps_come_in_their_order_once_each() -> None:
    with pytest.raises(ErasureIsNotGranted):
        asked().carried_out((), (), act(CLERK))
    erasure = granted()
    with pytest.raises(ErasureIsNotCarriedOut):
        erasure.complete(act(CLERK))
    erasure.carried_out((PERSON,), (1, 2), act(CLERK))
    with pytest.raises(ErasureIsNotGranted):
        erasure.carried_out((PERSON,), (1, 2), act(CLERK))
    erasure.complete(act(CLERK))
    assert erasure.stage is ErasureStage.COMPLETED
    with pytest.raises(ErasureIsNotCarriedOut):
        erasure.complete(act(CLERK))


@pytest.fixture
def mentoring() -> Mentoring:
    """One person with a consent and published keys."""
    made = mentoring_in_memory()
    contact = sealed_for(PERSON, Compartment.CONTACT, "contact")
    register_person(made, order(act(PERSON)), id=PERSON, contact=contact)
    person, ledger = made.load(Person, PERSON), made.load(ConsentLedger, ledger_id())
    person.publish_public_keys(KEYS, act(PERSON))
    ledger.give(WORDS, act(PERSON))
    made.commit(order(act(PERSON)), person, ledger)
    return made


def ledger_id() -> UUID:
    return ConsentLedger.id_of(PERSON)


def ask(mentoring: Mentoring) -> UUID:
    asking = order(act(PERSON))
    return request_erasure(mentoring, asking, person=PERSON, receipt=uuid4()).subject


def test_one_request_at_a_time(mentoring: Mentoring) -> None:
    first = ask(mentoring)
    with pytest.raises(ErasureIsAsked):
        ask(mentoring)
    take_back_erasure(mentoring, order(act(PERSON)), erasure=first)
    second = ask(mentoring)
    reason = RefusalReason.NOT_SURE_WHO_ASKED
    refuse_erasure(mentoring, order(act(COORDINATOR)), erasure=second, reason=reason)
    third = ask(mentoring)
    found = find_erasure(mentoring, PERSON)
    assert found is not None
    assert found.id == third
    assert len({first, second, third}) == 3


def test_who_never_asked_has_no_request(mentoring: Mentoring) -> None:
    assert find_erasure(mentoring, PERSON) is None


def test_a_hold_comes_and_goes(mentoring: Mentoring) -> None:
    erasure = ask(mentoring)
    by = order(act(COORDINATOR))
    hold_erasure(mentoring, by, erasure=erasure, reason=LEGAL, review_on=NEXT_WEEK)
    lift_hold(mentoring, order(act(COORDINATOR)), erasure=erasure)
    assert mentoring.load(Erasure, erasure).stage is ErasureStage.REQUESTED


def test_granting_ends_consents_and_closes_the_record_of_the_person(mentoring: Mentoring) -> None:
    erasure = ask(mentoring)
    grant_erasure(mentoring, order(act(COORDINATOR)), erasure=erasure)

    ledger, person = mentoring.load(ConsentLedger, ledger_id()), mentoring.load(Person, PERSON)
    assert not ledger.is_live(Purpose.TAKE_PART, MONDAY)
    with pytest.raises(LedgerIsClosed):
        ledger.give(WORDS, act(PERSON))
    with pytest.raises(PersonIsErased):
        person.change_contact(sealed_for(PERSON, Compartment.CONTACT, "contact"), act(PERSON))
    assert mentoring.load(Erasure, erasure).public_keys == (KEYS,)
    with pytest.raises(PersonIsErased):
        ask(mentoring)


def test_granting_ends_relationships_as_a_withdrawal_does(mentoring: Mentoring) -> None:
    relationship = uuid4()
    grant_erasure(mentoring, order(act(COORDINATOR)), erasure=ask(mentoring))

    facts = list(mentoring.events.get(ledger_id()))
    intents = [each for fact in facts for each in intents_of_withdrawal(fact, [relationship])]
    assert [(each.relationship, each.person) for each in intents] == [(relationship, PERSON)]


def test_what_was_done_is_noted_and_completed(mentoring: Mentoring) -> None:
    erasure = ask(mentoring)
    grant_erasure(mentoring, order(act(COORDINATOR)), erasure=erasure)
    done = {"streams": (PERSON,), "positions": (1, 3)}
    note_carried_out(mentoring, order(act(CLERK)), erasure=erasure, **done)
    complete_erasure(mentoring, order(act(CLERK)), erasure=erasure)
    assert mentoring.load(Erasure, erasure).stage is ErasureStage.COMPLETED
