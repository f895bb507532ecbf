"""Coordinators who allot, extend and amend at once: nothing is granted that was not bought, and each learns why."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from domain.funding_agreement import FundingAgreement
from domain.place import Place
from domain.values import Role
from tests.funding import signed_agreement
from tests.funding_months import month_before, used_places, within
from tests.integration.races.conftest import Crossroads
from tests.match import done
from tests.meeting import MeetingScheme, refusal
from tests.scheme import Somebody

NO_FUNDING = (
    "This agreement has no sessions left that are not allotted to a place; renew it or return "
    "unused ones."
)
BELOW = "More sessions are allotted to places than these terms would pay for."
SETTLED = "This month, or a later one, is on an invoice already."

Call = Callable[[], Any]


class Bought:
    """An agreement of two places with three sessions each, one of them granted."""

    def __init__(self, here: MeetingScheme) -> None:
        self.here = here
        self.one, self.other = (here.scheme.person(Role.COORDINATOR) for _ in range(2))
        give = lambda path, body: done(self.one.post(path, body))  # noqa: E731 - handed on at once
        self.id = signed_agreement(give, places=2, sessions_per_place=3)
        self.place = UUID(give("/places", {"agreement": self.id})["id"])

    def grant(self, by: Somebody) -> Call:
        return partial(by.post, "/places", {"agreement": self.id})

    def extend(self, by: Somebody) -> Call:
        return partial(by.post, f"/places/{self.place}/extension", {"sessions": 1})

    def amend_to_one_place(self, by: Somebody) -> Call:
        terms = done(by.get(f"/agreements/{self.id}"))["terms"] | {"places": 1}
        return partial(by.put, f"/agreements/{self.id}/terms", terms)

    def bill(self, by: Somebody) -> Call:
        month = month_before(self.here.clock()).first_day.isoformat()
        return partial(by.post, f"/agreements/{self.id}/invoices", {"month": month})

    def ledger(self) -> FundingAgreement:
        return self.here.scheme.parts.mentoring.load(FundingAgreement, UUID(self.id))

    def require_balance(self) -> None:
        """What is allotted is what the places were granted, and no more than was bought."""
        ledger = self.ledger()
        places = [self.here.scheme.parts.mentoring.load(Place, id) for id in ledger.allotted]
        assert ledger.terms.sessions == ledger.free + sum(ledger.allotted.values())
        assert ledger.allotted == {place.id: place.granted for place in places}
        assert ledger.free >= 0


@pytest.fixture
def bought(here: MeetingScheme) -> Bought:
    return Bought(here)


def loser_of(answers: list[Any]) -> tuple[int, str, str]:
    """How the one that was refused was refused; the other was carried out."""
    (lost,) = [each for each in answers if not each.is_success]
    return refusal(lost)


def test_two_grants_of_the_last_free_sessions_make_one_place(
    bought: Bought, crossroads: Crossroads
) -> None:
    answers = crossroads.let_meet(bought.grant(bought.one), bought.grant(bought.other))

    assert loser_of(answers) == (409, "no-free-funding", NO_FUNDING)
    assert len(bought.ledger().allotted) == 2
    bought.require_balance()


def test_rule_7_an_extension_and_a_grant_do_not_share_what_is_left(
    bought: Bought, crossroads: Crossroads
) -> None:
    answers = crossroads.let_meet(bought.grant(bought.one), bought.extend(bought.other))

    assert loser_of(answers) == (409, "no-free-funding", NO_FUNDING)
    bought.require_balance()


def test_terms_are_not_amended_below_what_is_granted_meanwhile(
    bought: Bought, crossroads: Crossroads
) -> None:
    answers = crossroads.let_meet(bought.grant(bought.one), bought.amend_to_one_place(bought.other))

    assert loser_of(answers) in (
        (409, "no-free-funding", NO_FUNDING),
        (409, "terms-below-allotted", BELOW),
    )
    bought.require_balance()


def test_two_who_invoice_a_month_at_once_raise_one_invoice(
    here: MeetingScheme, bought: Bought, crossroads: Crossroads
) -> None:
    give = lambda path, body: done(bought.one.post(path, body))  # noqa: E731 - handed on at once
    bought.id = signed_agreement(give, places=5)
    at = within(month_before(here.clock()))
    used_places(here.scheme.parts.mentoring, UUID(bought.id), at, places=5)

    answers = crossroads.let_meet(bought.bill(bought.one), bought.bill(bought.other))

    assert loser_of(answers) == (409, "month-is-settled", SETTLED)
    assert len(bought.ledger().invoices) == 1
