"""As a property: whatever is bought, granted, used and given back, both ledgers balance and each session is billed once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.commands import funding, invoices, places
from domain.errors import DomainError
from domain.funding_agreement import FundingAgreement
from domain.mentoring import Order
from domain.month import Month
from domain.place import Place
from domain.values import Act
from tests.funding import signed_by_commands
from tests.unit.domain.builders import COORDINATOR, MONDAY, Pair, act
from tests.unit.domain.memory import mentoring_in_memory

PICK = st.integers(0, 30)
FEW = st.integers(0, 4)


class AgreementAndPlaces(RuleBasedStateMachine):
    """Coordinators give commands about an agreement in any order, right or wrong, while months go by."""

    def __init__(self) -> None:
        super().__init__()
        self.mentoring = mentoring_in_memory()
        self.agreement = signed_by_commands(self.mentoring, act(COORDINATOR), places=9)
        self.now = MONDAY
        self.pairs: dict[UUID, Pair] = {}
        self.references = count()

    @rule(sessions=FEW)
    def grant(self, sessions: int) -> None:
        self.give(places.grant_place, id=uuid4(), agreement=self.agreement, sessions=sessions)

    @initialize(number=st.sampled_from([0, 4, 5, 6]))
    def begin(self, number: int) -> None:
        self.meet_on_new_places(number)

    @rule(number=st.sampled_from([1, 4, 5, 6]))
    def meet_on_new_places(self, number: int) -> None:
        """So many practitioners come at once, and each uses a session."""
        for _ in range(number):
            id, session = uuid4(), uuid4()
            if self.give(places.grant_place, id=id, agreement=self.agreement, sessions=1):
                place = self.mentoring.load(Place, id)
                self.change(place, lambda act, at=place, of=session: use_at_once(at, of, act))

    @precondition(lambda self: self.places())
    @rule(pick=PICK)
    def take(self, pick: int) -> None:
        place, pair = self.picked(pick), Pair().active()
        if place.relationship is None:
            self.change(place, lambda act: place.take(pair.relationship.id, act))
            self.mentoring.commit(Order(act(COORDINATOR), uuid4()), pair.relationship)
            self.pairs[place.id] = pair

    @precondition(lambda self: self.places())
    @rule(pick=PICK, sessions=FEW, by_mentor=st.booleans())
    def extend(self, pick: int, sessions: int, *, by_mentor: bool) -> None:
        place = self.picked(pick)
        pair = self.pairs.get(place.id)
        by = pair.mentor if pair and by_mentor else COORDINATOR
        was_extended = self.give(places.extend_place, by, place=place.id, sessions=sessions)
        assert not (was_extended and pair and by_mentor), "a mentor extended their own place"

    @precondition(lambda self: self.places())
    @rule(pick=PICK)
    def give_up(self, pick: int) -> None:
        self.give(places.return_unused, place=self.picked(pick).id)

    @precondition(lambda self: self.places())
    @rule(pick=PICK)
    def reserve(self, pick: int) -> None:
        place = self.picked(pick)
        self.change(place, lambda act: place.reserve(uuid4(), act))

    @precondition(lambda self: any(place.reserved for place in self.places()))
    @rule(pick=PICK, is_used=st.booleans())
    def settle(self, pick: int, *, is_used: bool) -> None:
        waiting = [(place, each) for place in self.places() for each in sorted(place.reserved)]
        place, session = waiting[pick % len(waiting)]
        self.change(place, lambda act: (place.use if is_used else place.release)(session, act))

    @precondition(lambda self: any(place.used for place in self.places()))
    @rule(pick=PICK)
    def correct(self, pick: int) -> None:
        used = [(place, each) for place in self.places() for each in sorted(place.used)]
        place, session = used[pick % len(used)]
        self.change(place, lambda act: place.give_back(session, act))

    @rule(number=st.integers(1, 12))
    def amend(self, number: int) -> None:
        terms = replace(self.ledger().terms, places=number)
        self.give(funding.amend_agreement, agreement=self.agreement, terms=terms)

    @rule(days=st.sampled_from([1, 20, 31]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(is_last=st.sampled_from([False, False, False, True]))
    def bill(self, *, is_last: bool) -> None:
        """A month goes by, and is settled if it can be."""
        self.now += timedelta(days=31)
        command = invoices.raise_last_invoice if is_last else invoices.raise_invoice
        this = Month.at(self.now, "Europe/London").first_day
        month = Month((this - timedelta(days=1)).replace(day=1))
        self.give(
            command,
            agreement=self.agreement,
            month=month,
            new_reference=lambda: f"L{next(self.references)}",
        )

    @precondition(lambda self: self.now > MONDAY + timedelta(days=240))
    @rule()
    def end(self) -> None:
        self.give(funding.end_agreement, agreement=self.agreement)

    @invariant()
    def bought_is_free_and_allotted(self) -> None:
        ledger = self.ledger()
        assert ledger.terms.sessions == ledger.free + sum(ledger.allotted.values())
        assert ledger.free >= 0
        assert ledger.allotted == {place.id: place.granted for place in self.places()}

    @invariant()
    def granted_is_free_reserved_and_used(self) -> None:
        for place in self.places():
            assert place.granted == place.free + len(place.reserved) + len(place.used)
            assert place.free >= 0

    @invariant()
    def each_session_is_billed_once_at_most_and_numbers_have_no_gap(self) -> None:
        invoices_raised = self.ledger().invoices
        assert [each.number for each in invoices_raised] == list(range(1, len(invoices_raised) + 1))
        standing = [line.session for each in invoices_raised for line in each.standing]
        assert len(standing) == len(set(standing))
        for each in invoices_raised:
            small = each.lines and len({line.place for line in each.lines}) < 5
            assert each.is_last or not small

    def give(self, command: Callable[..., Any], by: UUID = COORDINATOR, **what: Any) -> bool:
        """Give one command; what is refused changes nothing."""
        before = self.mentoring.recorder.max_notification_id()
        try:
            command(self.mentoring, Order(Act(by, self.now), uuid4()), **what)
        except DomainError:
            assert self.mentoring.recorder.max_notification_id() == before
            return False
        return True

    def change(self, place: Place, decide: Callable[[Act], Any]) -> None:
        act_now = Act(COORDINATOR, self.now)
        try:
            decide(act_now)
        except DomainError:
            return
        self.mentoring.commit(Order(act_now, uuid4()), place)

    def ledger(self) -> FundingAgreement:
        return self.mentoring.load(FundingAgreement, self.agreement)

    def places(self) -> list[Place]:
        return [self.mentoring.load(Place, id) for id in self.ledger().allotted]

    def picked(self, pick: int) -> Place:
        known = self.places()
        return known[pick % len(known)]


def use_at_once(place: Place, session: UUID, at: Act) -> None:
    place.reserve(session, at)
    place.use(session, at)


AgreementAndPlaces.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    # How long an example takes says something of the machine, and nothing of the ledgers.
    suppress_health_check=[HealthCheck.too_slow],
)
test_both_ledgers_always_balance = AgreementAndPlaces.TestCase
