"""On which terms a pair meets: its agreement's, else its programme's, else the usual ones."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands.funding import amend_agreement, end_agreement
from domain.commands.meeting_terms import OutsideTheAgreement, read_meeting_terms
from domain.commands.programmes import open_programme
from domain.funding_agreement import AgreementNotInForce, FundingAgreement
from domain.meeting import (
    USUAL_TERMS,
    MeetingTerms,
)
from domain.mentoring import Mentoring
from domain.place import Place
from domain.programme import Settings
from domain.working_time import WorkingHours
from tests.funding import signed_by_commands
from tests.unit.domain.builders import COORDINATOR, MONDAY, act, hour
from tests.unit.domain.memory import mentoring_in_memory
from tests.unit.domain.watched import order

EVENINGS = WorkingHours(time(17), time(22))


@pytest.fixture
def mentoring() -> Mentoring:
    return mentoring_in_memory()


def place_under(agreement: UUID) -> Place:
    return Place.grant(uuid4(), agreement=agreement, sessions=3, act=act(COORDINATOR))


def test_rule_6_a_pair_meets_on_the_terms_of_its_agreement(mentoring: Mentoring) -> None:
    by = act(COORDINATOR)
    agreement = signed_by_commands(mentoring, by)
    terms = replace(
        mentoring.load(FundingAgreement, agreement).terms,
        working_hours=EVENINGS,
        time_zone="Europe/Dublin",
        late_notice_hours=48,
    )
    amend_agreement(mentoring, order(by), agreement=agreement, terms=terms)

    found = read_meeting_terms(mentoring, place_under(agreement))

    assert found.terms == MeetingTerms(EVENINGS, "Europe/Dublin", timedelta(hours=48))
    assert [(each.id, each.version) for each in found.read] == [(agreement, 2)]


def test_rule_6_a_place_that_nobody_funds_has_the_hours_of_its_programme(
    mentoring: Mentoring,
) -> None:
    settings = Settings("Evenings", working_hours=EVENINGS, time_zone="Europe/Dublin")
    programme = uuid4()
    open_programme(mentoring, order(act(COORDINATOR)), id=programme, settings=settings)

    found = read_meeting_terms(mentoring, place_under(programme))

    assert found.terms == MeetingTerms(EVENINGS, "Europe/Dublin")
    assert [each.id for each in found.read] == [programme]


def test_rule_6_where_nothing_was_agreed_the_usual_hours_hold(mentoring: Mentoring) -> None:
    found = read_meeting_terms(mentoring, place_under(uuid4()))

    assert (found.terms, found.read) == (USUAL_TERMS, ())


def test_what_would_happen_when_nobody_pays_for_it_is_refused(mentoring: Mentoring) -> None:
    by = act(COORDINATOR)
    agreement = signed_by_commands(mentoring, by)
    found = read_meeting_terms(mentoring, place_under(agreement))
    last = mentoring.load(FundingAgreement, agreement).terms.ends_on - MONDAY.date()

    found.require_paid_for(hour(MONDAY + last), MONDAY)
    with pytest.raises(OutsideTheAgreement):
        found.require_paid_for(hour(MONDAY + last + timedelta(days=1)), MONDAY)

    end_agreement(mentoring, order(by), agreement=agreement)
    ended = read_meeting_terms(mentoring, place_under(agreement))
    with pytest.raises(AgreementNotInForce):
        ended.require_paid_for(hour(MONDAY + timedelta(days=1)), MONDAY)
