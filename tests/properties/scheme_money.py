"""What anybody can do about money and invitations, at any time: right or wrong, as chance will have it."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.commands import funding, invitations, invoices
from domain.funding_agreement import FundingAgreement
from domain.month import Month
from domain.session import Outcome
from domain.values import Compartment
from tests.properties.scheme_commands import AnybodyDoesAnything, number, pick, seldom, usually
from tests.unit.domain.builders import CLERK, sealed_for

A_MONTH = timedelta(days=31)


class MoneyGoesRound(AnybodyDoesAnything):
    """Terms change, invitations are handed out, and months are billed."""

    def __init__(self) -> None:
        super().__init__()
        self.invitations: list[UUID] = []
        self._references = count()

    @rule(so=seldom, once_more=seldom)
    def an_agreement_ends(self, *, so: bool, once_more: bool) -> None:
        """Somebody grants another place under it all the same."""
        if not (so and once_more):
            return
        agreement, who = self.world.agreement, self.world.coordinator
        self.world.give(funding.end_agreement, who, agreement=agreement)
        self.a_place_is_granted(0, 1, right=True)
        self.somebody_is_invited(1, 2, as_sponsor=False)

    @rule(by=number, places=st.integers(1, 7))
    def an_agreement_changes(self, by: int, places: int) -> None:
        agreement = self.world.agreement
        terms = self.world.mentoring.load(FundingAgreement, agreement).terms
        changed = replace(terms, places=places)
        who = pick(self.world.anybody, by)
        self.world.give(funding.amend_agreement, who, agreement=agreement, terms=changed)
        self.world.give(funding.end_when_over, CLERK, agreement=agreement)

    @rule(how_many=st.integers(1, 5), as_sponsor=usually, days=st.integers(-1, 8))
    def somebody_is_invited(self, how_many: int, days: int, *, as_sponsor: bool) -> None:
        ids = [uuid4() for _ in range(how_many)]
        last_day = (self.world.now + timedelta(days=days)).date()
        pool = invitations.Pool(self.world.agreement, ids, last_day)
        command: Any = invitations.issue_as_sponsor if as_sponsor else invitations.issue_invitations
        by = self.world.sponsor if as_sponsor else self.world.coordinator
        if self.world.give(command, by, pool=pool):
            self.invitations += ids
            self.an_invitation_is_used(len(self.invitations) - 1, how_many, late=False)

    @rule(which=number, by=number, late=seldom)
    def an_invitation_is_used(self, which: int, by: int, *, late: bool) -> None:
        """By somebody who is known, and by a newcomer who finds the same link."""
        invitation = pick(self.invitations or [uuid4()], which)
        if late:
            self.world.pass_time(timedelta(days=9))
        who, newcomer = pick(self.world.parties, by), uuid4()
        self.world.give(invitations.use_invitation, who, invitation=invitation)
        contact = sealed_for(newcomer, Compartment.CONTACT, "contact")
        what = {"invitation": invitation, "contact": contact}
        self.world.give(invitations.join_by_invitation, newcomer, **what)

    @rule(so=seldom)
    def invitations_are_withdrawn(self, *, so: bool) -> None:
        if so:
            what = {"agreement": self.world.agreement}
            self.world.give(invitations.withdraw_invitations, self.world.coordinator, **what)

    @rule(which=number, wait=st.booleans(), credit=st.booleans())
    def a_month_is_billed(self, which: int, *, wait: bool, credit: bool) -> None:
        if wait:
            self.world.pass_time(A_MONTH)
        last = self.world.now.date().replace(day=1) - timedelta(days=1)
        what = {
            "agreement": self.world.agreement,
            "month": Month(last.replace(day=1)),
            "new_reference": lambda: f"reference-{next(self._references)}",
        }
        who = self.world.coordinator
        for command in (invoices.raise_invoice, invoices.raise_last_invoice):
            self.world.give(command, who, **what)
        self._settle(which % 2 + 1, credit=credit)

    @precondition(lambda self: self._matched())
    @rule(which=number, by=number)
    def a_session_is_held_and_its_month_is_billed(self, which: int, by: int) -> None:
        """Without it hardly any month has a session in it that a bill could ask for."""
        self.attendance_is_recorded(which, 0, by, "b", right=True)
        self.attendance_is_disputed_and_corrected(which, 0, by, Outcome.HELD, right=True)
        self.a_month_is_billed(by, wait=True, credit=False)

    def _settle(self, invoice: int, *, credit: bool) -> None:
        who = self.world.coordinator
        what = {"agreement": self.world.agreement, "number": invoice}
        raised = self.world.mentoring.load(FundingAgreement, self.world.agreement).invoices
        lines = raised[invoice - 1].lines if len(raised) >= invoice else ()
        if credit and lines:
            references = (lines[0].reference,)
            self.world.give(invoices.credit_invoice, who, **what, references=references)
        self.world.give(invoices.pay_invoice, who, **what)
