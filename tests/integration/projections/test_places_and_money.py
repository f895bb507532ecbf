"""Figures of agreements by month, made anew from the log the same each time."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from api.bootstrap import Parts
from api.event_log import EventLog
from domain.commands.invoices import credit_invoice, pay_invoice, raise_invoice
from domain.commands.organisations import end_sponsor_contact, name_sponsor_contact
from domain.commands.places import extend_place, return_unused
from domain.commands.relationships import close_relationship
from domain.funding_agreement import FundingAgreement
from domain.mentoring import Order
from domain.relationship_events import ClosingReason
from domain.values import Act, Role
from projections import rebuild as rebuilding
from projections.money_questions import (
    MonthFigures,
    agreement_figures,
    agreements_of_contact,
    all_agreements,
    months_before,
    open_on_agreement,
    places_of,
)
from projections.places_and_money import PLACES_AND_MONEY
from projections.reader import Reader
from tests.funding import signed_by_commands
from tests.funding_months import SOMEBODY, give_back, granted, month_before, use, within
from tests.integration.projections.history import BEGINNING, History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

NOW = BEGINNING
BEFORE, THEN = month_before(NOW, 2), month_before(NOW, 1)
PLACES = 5


def order() -> Order:
    return Order(Act(SOMEBODY, NOW), uuid4())


def paid_for(parts: Parts) -> UUID:
    """An agreement: five sessions used in one month, invoiced in the next, one released and one waived since."""
    mentoring, at = parts.mentoring, within(BEFORE)
    agreement = signed_by_commands(mentoring, Act(SOMEBODY, at), places=9)
    places = [granted(mentoring, agreement, at) for _ in range(PLACES)]
    sessions = {place: use(mentoring, place, at) for place in places}
    then = Order(Act(SOMEBODY, within(THEN)), uuid4())
    reference = iter("ABCDE").__next__
    raise_invoice(mentoring, then, agreement=agreement, month=BEFORE, new_reference=reference)
    give_back(mentoring, places[0], sessions[places[0]], within(THEN))
    credit_invoice(mentoring, order(), agreement=agreement, number=1, references=("C",))
    pay_invoice(mentoring, order(), agreement=agreement, number=1)
    extend_place(mentoring, order(), place=places[0], sessions=1)
    return_unused(mentoring, order(), place=places[1])
    return agreement


def caught_up(stage: Stage, parts: Parts, log: EventLog, reader: Reader) -> None:
    with stage.running(log, [PLACES_AND_MONEY]):
        newest = parts.recorder.max_notification_id() or 0
        reader.wait_for(PLACES_AND_MONEY.name, newest, PATIENCE_SECONDS)


def test_each_month_has_what_was_recorded_in_it(
    stage: Stage, parts: Parts, log: EventLog, reader: Reader
) -> None:
    agreement = paid_for(parts)
    caught_up(stage, parts, log, reader)
    current = NOW.date().replace(day=1)
    assert months_before(reader, agreement, current) == [
        MonthFigures(BEFORE.first_day, 5, 0, lines=0, invoiced=0, paid=0, credited=0),
        MonthFigures(THEN.first_day, 0, 1, lines=5, invoiced=5 * 95_00, paid=0, credited=0),
    ]
    (*_, now) = months_before(reader, agreement, current + timedelta(days=31))
    assert now == MonthFigures(current, 0, 0, lines=0, invoiced=0, paid=4 * 95_00, credited=95_00)
    figures = agreement_figures(reader, agreement)
    assert figures is not None
    assert figures == all_agreements(reader)[0]
    ledger = (figures.granted, figures.reserved, figures.used, figures.released)
    assert ledger == (5 * 3 + 1 - 2, 0, 4, 1)


def test_an_organisations_agreements_are_for_its_sponsor_contacts_while_they_are_that(
    stage: Stage, history: History, parts: Parts, log: EventLog, reader: Reader
) -> None:
    agreement = paid_for(parts)
    organisation = parts.mentoring.load(FundingAgreement, agreement).organisation
    stays, goes = (history.person(Role.SPONSOR_CONTACT) for _ in range(2))
    for contact in (stays, goes):
        history.do(name_sponsor_contact, SOMEBODY, organisation=organisation, person=contact)
    history.do(end_sponsor_contact, SOMEBODY, organisation=organisation, person=goes)
    caught_up(stage, parts, log, reader)
    assert list(agreements_of_contact(reader, stays)) == [agreement]
    assert list(agreements_of_contact(reader, goes)) == []


def test_what_rests_on_an_agreement_is_known_matched_or_not(
    stage: Stage, history: History, parts: Parts, log: EventLog, reader: Reader
) -> None:
    matched, waiting, closed = history.request(), history.request(), history.request()
    history.match(matched, history.mentor())
    reason = ClosingReason.NO_FAULT
    history.do(close_relationship, closed.mentee, relationship=closed.id, reason=reason)
    agreement = history.place(matched).agreement
    caught_up(stage, parts, log, reader)
    places = {each.place for each in (matched, waiting, closed)}
    assert set(places_of(reader, agreement)) == places
    assert set(open_on_agreement(reader, agreement)) == {matched.id, waiting.id}


def test_a_rebuild_comes_to_the_same_figures_whatever_its_batches(
    stage: Stage,
    history: History,
    parts: Parts,
    log: EventLog,
    reader: Reader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paid_for(parts)
    history.match(history.request(), history.mentor())
    caught_up(stage, parts, log, reader)
    live = stage.contents([PLACES_AND_MONEY])
    assert len(live["places_and_money_month"]) == 3
    monkeypatch.setattr(rebuilding, "BATCH", 3)
    stage.rebuild(log, PLACES_AND_MONEY)
    assert stage.contents([PLACES_AND_MONEY]) == live
