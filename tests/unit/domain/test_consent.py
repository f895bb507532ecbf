from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.aggregate import project
from domain.consent import ConsentIsNotLive, ConsentLedger
from domain.consent_keys import EndedKey, keys_ended_by
from domain.consent_terms import (
    Answer,
    ConsentHasNotExpired,
    ConsentIsLive,
    ConsentMethod,
    ConsentWouldRewriteThePast,
    ExpiresTooEarly,
    InvalidationReason,
    NotForThePerson,
    NotYet,
    NotYourConsent,
    RevocationReason,
)
from domain.notice import Words
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Act, Compartment, Purpose, Sealed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PERSON = uuid4()
COORDINATOR = uuid4()
TAKE_PART = Words(Purpose.TAKE_PART, 1, "en", b"d" * 32)
NEWER_WORDS = Words(Purpose.TAKE_PART, 2, "en", b"e" * 32)
RESEARCH = Words(Purpose.RESEARCH, 1, "en", b"f" * 32)


def act(at: datetime = NOON, *, actor: UUID = PERSON, happened_at: datetime | None = None) -> Act:
    return Act(actor, at, happened_at)


def opened() -> ConsentLedger:
    return ConsentLedger.open_for(PERSON, act())


def given() -> ConsentLedger:
    ledger = opened()
    ledger.give(TAKE_PART, act())
    return ledger


def evidence(owner: UUID = PERSON, compartment: Compartment = Compartment.CONTACT) -> Sealed:
    return Sealed(compartment, owner, "contact", "evidence", uuid4(), b"\x01")


def test_a_new_ledger_has_no_live_consent() -> None:
    ledger = opened()
    assert ledger.id == ConsentLedger.id_of(PERSON)
    assert not any(ledger.is_live(purpose, NOON) for purpose in Purpose)


def test_a_given_consent_is_live_for_its_own_purpose_only() -> None:
    ledger = given()
    ledger.require_live(Purpose.TAKE_PART, NOON)
    assert [purpose for purpose in Purpose if ledger.is_live(purpose, NOON)] == [Purpose.TAKE_PART]
    with pytest.raises(ConsentIsNotLive):
        ledger.require_live(Purpose.IDENTITY_PREFERENCE, NOON)


def test_a_given_consent_names_the_words_that_were_shown() -> None:
    fact = given().pending_events[-1]
    assert isinstance(fact, ConsentLedger.Given)
    assert (fact.person, fact.purpose, fact.notice_version, fact.language, fact.digest) == (
        PERSON,
        Purpose.TAKE_PART,
        1,
        "en",
        b"d" * 32,
    )


def test_rule_2_withdrawing_is_one_action_without_a_reason() -> None:
    ledger = given()
    ledger.withdraw(Purpose.TAKE_PART, act(NOON + HOUR))
    assert ledger.was_live(Purpose.TAKE_PART, NOON)
    assert not ledger.is_live(Purpose.TAKE_PART, NOON + HOUR)


def test_rule_2_an_order_given_before_a_withdrawal_cannot_rest_on_the_consent_after_it() -> None:
    ledger = given()
    ledger.withdraw(Purpose.TAKE_PART, act(NOON + HOUR))
    with pytest.raises(ConsentIsNotLive):
        ledger.require_live(Purpose.TAKE_PART, NOON)


def test_rule_2_a_second_withdrawal_changes_nothing() -> None:
    ledger = given()
    ledger.withdraw(Purpose.TAKE_PART, act())
    version = ledger.version
    with pytest.raises(ConsentIsNotLive):
        ledger.withdraw(Purpose.TAKE_PART, act())
    assert ledger.version == version


def test_there_is_nothing_to_withdraw_before_anything_was_given() -> None:
    ledger = opened()
    ledger.request(TAKE_PART, act())
    with pytest.raises(ConsentIsNotLive):
        ledger.withdraw(Purpose.TAKE_PART, act())


def test_rule_3_withdrawing_one_purpose_leaves_the_others() -> None:
    ledger = given()
    ledger.give(RESEARCH, act())
    ledger.withdraw(Purpose.RESEARCH, act())
    assert ledger.is_live(Purpose.TAKE_PART, NOON)


@pytest.mark.parametrize("state", ["requested", "refused", "withdrawn", "revoked", "invalidated"])
def test_only_given_and_renewed_are_valid_for_processing(state: str) -> None:
    ledger = opened() if state in {"requested", "refused"} else given()
    other = act(actor=COORDINATOR)
    match state:
        case "requested":
            ledger.request(TAKE_PART, other)
        case "refused":
            ledger.refuse(TAKE_PART, act())
        case "withdrawn":
            ledger.withdraw(Purpose.TAKE_PART, act())
        case "revoked":
            ledger.revoke(Purpose.TAKE_PART, RevocationReason.PURPOSE_ENDED, other)
        case _:
            ledger.invalidate(Purpose.TAKE_PART, InvalidationReason.COURT, other)
    consent = ledger.standing(Purpose.TAKE_PART, NOON)
    assert consent is not None
    assert consent.state == state
    assert not ledger.is_live(Purpose.TAKE_PART, NOON)


def test_a_consent_stops_being_live_at_its_end_whether_or_not_that_is_recorded() -> None:
    ledger = opened()
    ledger.give(TAKE_PART, act(), expires_at=NOON + HOUR)
    assert ledger.is_live(Purpose.TAKE_PART, NOON + HOUR - timedelta(microseconds=1))
    assert not ledger.is_live(Purpose.TAKE_PART, NOON + HOUR)
    ledger.expire(Purpose.TAKE_PART, act(NOON + HOUR, actor=COORDINATOR))
    with pytest.raises(ConsentIsNotLive):
        ledger.expire(Purpose.TAKE_PART, act(NOON + HOUR, actor=COORDINATOR))


def test_a_consent_without_an_end_does_not_expire() -> None:
    with pytest.raises(ConsentHasNotExpired):
        given().expire(Purpose.TAKE_PART, act(NOON + 1000 * HOUR, actor=COORDINATOR))


def test_a_consent_ends_after_it_begins() -> None:
    with pytest.raises(ExpiresTooEarly):
        opened().give(TAKE_PART, act(), expires_at=NOON)


def test_an_expired_consent_can_be_renewed_under_newer_words() -> None:
    ledger = opened()
    ledger.give(TAKE_PART, act(), expires_at=NOON + HOUR)
    ledger.renew(NEWER_WORDS, act(NOON + 2 * HOUR))
    assert not ledger.is_live(Purpose.TAKE_PART, NOON + HOUR)
    assert ledger.is_live(Purpose.TAKE_PART, NOON + 2 * HOUR)


def test_an_expired_consent_can_be_withdrawn_so_that_its_keys_end() -> None:
    ledger = opened()
    ledger.give(TAKE_PART, act(), expires_at=NOON + HOUR)
    ledger.withdraw(Purpose.TAKE_PART, act(NOON + 2 * HOUR))
    assert keys_ended_by(ledger.pending_events[-1])


def test_a_withdrawn_consent_is_given_anew_not_renewed() -> None:
    ledger = given()
    ledger.withdraw(Purpose.TAKE_PART, act())
    with pytest.raises(ConsentIsNotLive):
        ledger.renew(TAKE_PART, act())
    ledger.give(TAKE_PART, act())
    assert ledger.is_live(Purpose.TAKE_PART, NOON)


@pytest.mark.parametrize("command", ["give", "request", "refuse"])
def test_what_is_live_is_neither_asked_nor_given_nor_refused_again(command: str) -> None:
    ledger = given()
    with pytest.raises(ConsentIsLive):
        getattr(ledger, command)(TAKE_PART, act())


def test_nobody_consents_or_withdraws_in_another_persons_own_hand() -> None:
    ledger = given()
    with pytest.raises(NotYourConsent):
        ledger.give(RESEARCH, act(actor=COORDINATOR))
    with pytest.raises(NotYourConsent):
        ledger.withdraw(Purpose.TAKE_PART, act(actor=COORDINATOR))


def test_a_withdrawal_told_to_another_is_recorded_with_its_evidence() -> None:
    ledger = given()
    spoken = Answer(ConsentMethod.SPOKEN, evidence())
    ledger.withdraw(Purpose.TAKE_PART, act(actor=COORDINATOR), answer=spoken)
    assert not ledger.is_live(Purpose.TAKE_PART, NOON)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (evidence(owner=COORDINATOR), SealedForAnother),
        (evidence(compartment=Compartment.SPECIAL), WrongCompartment),
    ],
)
def test_evidence_is_sealed_under_the_persons_contact_key(
    wrong: Sealed, error: type[Exception]
) -> None:
    with pytest.raises(error):
        opened().give(TAKE_PART, act(), answer=Answer(ConsentMethod.IN_WRITING, wrong))


def test_a_person_withdraws_and_others_revoke() -> None:
    with pytest.raises(NotForThePerson):
        given().revoke(Purpose.TAKE_PART, RevocationReason.PURPOSE_ENDED, act())


def test_a_change_carries_two_clocks() -> None:
    ledger = given()
    ledger.withdraw(Purpose.TAKE_PART, act(NOON + 3 * HOUR, happened_at=NOON + HOUR))
    fact = ledger.pending_events[-1]
    assert isinstance(fact, ConsentLedger.Withdrawn)
    assert (fact.timestamp, fact.happened_at) == (NOON + 3 * HOUR, NOON + HOUR)
    assert fact.effective_at == NOON + HOUR
    assert not ledger.is_live(Purpose.TAKE_PART, NOON + 2 * HOUR)


def test_a_backdated_withdrawal_cannot_undo_the_giving() -> None:
    ledger = given()
    ledger.withdraw(Purpose.TAKE_PART, act(NOON + HOUR, happened_at=NOON - HOUR))
    fact = ledger.pending_events[-1]
    assert isinstance(fact, ConsentLedger.Withdrawn)
    assert fact.effective_at == NOON


def test_a_backdated_consent_cannot_undo_a_withdrawal() -> None:
    ledger = given()
    ledger.withdraw(Purpose.TAKE_PART, act(NOON + HOUR))
    with pytest.raises(ConsentWouldRewriteThePast):
        ledger.give(TAKE_PART, act(NOON + 2 * HOUR, happened_at=NOON))


def test_a_change_does_not_happen_after_it_is_recorded() -> None:
    with pytest.raises(NotYet):
        opened().give(TAKE_PART, act(NOON, happened_at=NOON + HOUR))


def test_an_ending_ends_the_personal_and_special_keys_of_its_purpose() -> None:
    ledger = given()
    ledger.withdraw(Purpose.TAKE_PART, act())
    assert [keys_ended_by(fact) for fact in ledger.collect_events()] == [
        (),
        (),
        (
            EndedKey(Compartment.PERSONAL, PERSON, Purpose.TAKE_PART),
            EndedKey(Compartment.SPECIAL, PERSON, Purpose.TAKE_PART),
        ),
    ]


def test_revoking_and_invalidating_end_the_keys_too() -> None:
    revoked, invalidated = given(), given()
    other = act(actor=COORDINATOR)
    revoked.revoke(Purpose.TAKE_PART, RevocationReason.PURPOSE_ENDED, other)
    invalidated.invalidate(Purpose.TAKE_PART, InvalidationReason.COURT, other)
    assert keys_ended_by(revoked.pending_events[-1])
    assert keys_ended_by(invalidated.pending_events[-1])


def test_the_keys_of_an_expired_consent_end_when_the_person_does_not_renew_it() -> None:
    ledger = opened()
    ledger.give(TAKE_PART, act(), expires_at=NOON + HOUR)
    later = act(NOON + HOUR)
    ledger.expire(Purpose.TAKE_PART, later)
    assert not keys_ended_by(ledger.pending_events[-1])
    ledger.request(NEWER_WORDS, act(NOON + HOUR, actor=COORDINATOR))
    ledger.refuse(NEWER_WORDS, later)
    assert keys_ended_by(ledger.pending_events[-1])


def test_replaying_the_events_gives_the_same_ledger() -> None:
    ledger = given()
    ledger.renew(NEWER_WORDS, act(), expires_at=NOON + HOUR)
    ledger.give(RESEARCH, act())
    ledger.withdraw(Purpose.RESEARCH, act())
    assert project(None, ledger.collect_events()) == ledger
