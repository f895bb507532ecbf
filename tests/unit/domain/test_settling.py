"""What nobody recorded is decided openly once its agreement has ended, so that the last invoice waits for nobody for ever."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands.funding import end_agreement
from domain.commands.invoices import SessionsAreOpen, raise_last_invoice
from domain.commands.places import grant_place, return_after_the_end
from domain.commands.sessions import Which, settle_attendance
from domain.funding_agreement import AgreementHasNotEnded, FundingAgreement
from domain.funding_invoices import NothingToInvoice
from domain.mentoring import Order
from domain.month import Month
from domain.place import NothingToReturn, Place
from domain.policies.messages import MessageKind
from domain.policies.told import messages_of
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from domain.relationship_state import NotAnOutsider
from domain.session import (
    NothingToConfirm,
    Outcome,
    SessionHasNotEnded,
    SessionIsSettled,
    StillTheirsToRecord,
)
from tests.funding import signed_by_commands
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, Pair, act, facts_of
from tests.unit.domain.memory import mentoring_in_memory

FOURTEEN_DAYS, A_MOMENT = timedelta(days=14), timedelta(microseconds=1)
STARTS_AT = MONDAY + timedelta(days=7)
AFTER = STARTS_AT + timedelta(hours=1)
ENDED_AT = STARTS_AT + timedelta(days=3)
IN_TIME = ENDED_AT + FOURTEEN_DAYS


class Story:
    """A pair on a place of an agreement, with one session that is over and of which nobody said anything."""

    def __init__(self) -> None:
        self.mentoring = mentoring_in_memory()
        self.agreement = signed_by_commands(self.mentoring, act(COORDINATOR))
        granting = {"id": uuid4(), "agreement": self.agreement}
        self.place = grant_place(self.mentoring, order(), **granting).subject
        self.pair = Pair()
        asked = facts_of(self.pair.mentee, self.place)
        subject = Relationship.request(uuid4(), asked, act(self.pair.mentee))
        self.pair.relationship = subject
        self.session = self.pair.active().with_session(STARTS_AT)
        subject.close(ClosingReason.AGREEMENT_ENDED, None, act(CLERK, AFTER))
        ledger = self.ledger()
        ledger.reserve(self.session, act(self.pair.mentor))
        self.mentoring.commit(order(), subject, ledger)
        self.id = subject.id

    def end(self) -> None:
        end_agreement(self.mentoring, order(ENDED_AT), agreement=self.agreement)

    def settle(self, outcome: Outcome, at: datetime = IN_TIME, by: UUID = COORDINATOR) -> None:
        which = Which(self.id, self.session)
        settle_attendance(self.mentoring, order(at, by), which=which, outcome=outcome)

    def bill(self) -> None:
        month = Month(IN_TIME.date().replace(day=1))
        at = month.ends_at("Europe/London")
        what = {"agreement": self.agreement, "month": month, "new_reference": lambda: "R"}
        raise_last_invoice(self.mentoring, order(at), **what)

    def ledger(self) -> Place:
        return self.mentoring.load(Place, self.place)

    def relationship(self) -> Relationship:
        return self.mentoring.load(Relationship, self.id)

    def funding(self) -> FundingAgreement:
        return self.mentoring.load(FundingAgreement, self.agreement)


def order(at: datetime = MONDAY, by: UUID = COORDINATOR) -> Order:
    return Order(act(by, at), uuid4())


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.mark.parametrize(
    ("outcome", "is_used"),
    [
        (Outcome.CANCELLED, False),
        (Outcome.MENTOR_ABSENT, False),
        (Outcome.HELD, True),
        (Outcome.MENTEE_ABSENT, True),
    ],
)
def test_a_decided_session_counts_as_its_outcome_says_and_the_last_invoice_waits_no_more(
    story: Story, outcome: Outcome, *, is_used: bool
) -> None:
    story.end()
    with pytest.raises(SessionsAreOpen):
        story.bill()
    story.settle(outcome)

    place = story.ledger()
    assert (place.reserved, place.used == {story.session}) == (set(), is_used)
    assert story.relationship().session(story.session).outcome is outcome
    if is_used:
        story.bill()
        assert [line.session for line in story.funding().invoice(1).lines] == [story.session]
    else:
        with pytest.raises(NothingToInvoice):
            story.bill()


def test_it_is_the_pairs_to_say_until_fourteen_days_after_the_end_of_the_agreement(
    story: Story,
) -> None:
    with pytest.raises(StillTheirsToRecord):
        story.settle(Outcome.CANCELLED)
    story.end()
    with pytest.raises(StillTheirsToRecord):
        story.settle(Outcome.CANCELLED, IN_TIME - A_MOMENT)
    with pytest.raises(SessionHasNotEnded):
        story.settle(Outcome.CANCELLED, AFTER - A_MOMENT)
    story.settle(Outcome.CANCELLED)


def test_what_the_pair_said_is_not_decided_again(story: Story) -> None:
    story.end()
    story.settle(Outcome.HELD)
    with pytest.raises(SessionIsSettled):
        story.settle(Outcome.CANCELLED)


def test_nobody_decides_about_a_relationship_they_are_in(story: Story) -> None:
    story.end()
    for insider in (story.pair.mentee, story.pair.mentor):
        with pytest.raises(NotAnOutsider):
            story.settle(Outcome.HELD, by=insider)


def test_both_are_told_and_either_can_dispute_it_but_nobody_confirms_it(story: Story) -> None:
    story.end()
    story.settle(Outcome.HELD)
    subject, pair = story.relationship(), story.pair
    *_, fact = story.mentoring.events.get(story.id)

    told = messages_of([(subject, fact)])
    assert {each.to for each in told} == {pair.mentee, pair.mentor}
    assert {each.kind for each in told} == {MessageKind.ATTENDANCE_RECORDED}
    with pytest.raises(NothingToConfirm):
        subject.confirm_attendance(story.session, act(pair.mentee, IN_TIME))
    subject.dispute_attendance(story.session, words=None, act=act(pair.mentee, IN_TIME))
    assert subject.session(story.session).disputed


def test_what_comes_back_after_the_end_goes_back_to_the_agreement_and_not_before(
    story: Story,
) -> None:
    with pytest.raises(AgreementHasNotEnded):
        return_after_the_end(story.mentoring, order(), place=story.place)
    story.end()
    story.settle(Outcome.CANCELLED)
    return_after_the_end(story.mentoring, order(IN_TIME, CLERK), place=story.place)

    assert story.ledger().free == 0
    assert story.funding().free == story.funding().terms.sessions
    with pytest.raises(NothingToReturn):
        return_after_the_end(story.mentoring, order(IN_TIME, CLERK), place=story.place)
