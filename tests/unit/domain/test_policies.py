from datetime import timedelta
from uuid import uuid4

import pytest

from domain.consent import ConsentLedger
from domain.notice import Words
from domain.policies.withdrawal import (
    TakeBackForPreference,
    ends_taking_part,
    intents_of_preference,
    intents_of_withdrawal,
    preference_ended_since,
)
from domain.relationship import Relationship
from domain.values import Purpose
from tests.unit.domain.builders import MONDAY, Pair, act

PERSON = uuid4()
A_MOMENT = timedelta(microseconds=1)


def withdrawal_of(purpose: Purpose) -> ConsentLedger.Withdrawn:
    ledger = ConsentLedger.open_for(PERSON, act(PERSON))
    ledger.give(Words(purpose, 1, "en", b"digest"), act(PERSON))
    ledger.withdraw(purpose, act(PERSON))
    fact = ledger.pending_events[-1]
    assert isinstance(fact, ConsentLedger.Withdrawn)
    return fact


@pytest.fixture
def proposed(pair: Pair) -> Relationship.MentorProposed:
    fact = pair.proposed().relationship.pending_events[-1]
    assert isinstance(fact, Relationship.MentorProposed)
    return fact


def test_rule_2_withdrawing_take_part_ends_every_open_relationship() -> None:
    relationships = [uuid4(), uuid4()]
    intents = intents_of_withdrawal(withdrawal_of(Purpose.TAKE_PART), relationships)
    assert [each.relationship for each in intents] == relationships
    assert {each.person for each in intents} == {PERSON}


def test_rule_2_each_intent_has_one_command_id_for_good() -> None:
    fact, relationships = withdrawal_of(Purpose.TAKE_PART), [uuid4(), uuid4()]
    first = intents_of_withdrawal(fact, relationships)
    assert first == intents_of_withdrawal(fact, relationships)
    assert len({each.command_id for each in first}) == 2


def test_rule_2_a_second_withdrawal_is_another_command() -> None:
    ledger = ConsentLedger.open_for(PERSON, act(PERSON))
    for _ in range(2):
        ledger.give(Words(Purpose.TAKE_PART, 1, "en", b"digest"), act(PERSON))
        ledger.withdraw(Purpose.TAKE_PART, act(PERSON))
    relationship = uuid4()
    command_ids = {
        intent.command_id
        for fact in ledger.pending_events
        for intent in intents_of_withdrawal(fact, [relationship])
    }
    assert len(command_ids) == 2


@pytest.mark.parametrize(
    "purpose", [purpose for purpose in Purpose if purpose is not Purpose.TAKE_PART]
)
def test_rule_3_withdrawing_anything_else_ends_no_relationship(purpose: Purpose) -> None:
    fact = withdrawal_of(purpose)
    assert not ends_taking_part(fact)
    assert intents_of_withdrawal(fact, [uuid4()]) == []


def test_rule_3_a_withdrawn_preference_takes_proposals_back_once_each() -> None:
    fact, relationships = withdrawal_of(Purpose.IDENTITY_PREFERENCE), [uuid4(), uuid4()]
    intents = intents_of_preference(fact, relationships)
    assert intents == [
        TakeBackForPreference(each, PERSON, MONDAY, intent.command_id)
        for each, intent in zip(relationships, intents, strict=True)
    ]
    assert intents == intents_of_preference(fact, relationships)
    assert len({each.command_id for each in intents}) == 2


@pytest.mark.parametrize(
    "purpose", [purpose for purpose in Purpose if purpose is not Purpose.IDENTITY_PREFERENCE]
)
def test_rule_3_withdrawing_anything_else_takes_no_proposal_back(purpose: Purpose) -> None:
    fact = withdrawal_of(purpose)
    assert intents_of_preference(fact, [uuid4()]) == []
    assert not preference_ended_since([fact], MONDAY)


def test_rule_3_only_an_ending_since_outdates_what_was_written() -> None:
    facts = [withdrawal_of(Purpose.IDENTITY_PREFERENCE)]
    assert preference_ended_since(facts, MONDAY)
    assert not preference_ended_since(facts, MONDAY + A_MOMENT)


def test_what_is_no_withdrawal_ends_nothing(proposed: Relationship.MentorProposed) -> None:
    assert intents_of_withdrawal(proposed, [uuid4()]) == []
