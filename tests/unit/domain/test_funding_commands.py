"""What commands about funding refuse, and what they rest on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.commands import funding, invoices, organisations, people, places, programmes
from domain.commands.funding import AboveTheProgramme
from domain.commands.invoices import SessionsAreOpen
from domain.commands.organisations import NoSponsorRole
from domain.funding_agreement import FundingAgreement, NoFreeFunding
from domain.funding_invoices import TooFewToInvoice
from domain.mentoring import NotFound, Order, VersionIsStale
from domain.month import Month
from domain.organisation import Organisation, SponsorContactNamed
from domain.place import (
    NothingToReturn,
    Place,
    PlaceAssigned,
    PlaceNotTaken,
    PlaceTaken,
    WrongCeiling,
    WrongExtension,
)
from domain.programme import Programme, Settings
from domain.relationship_state import NotAnOutsider
from domain.values import Act, Compartment, Role
from tests.funding import signed_by_commands, terms_of
from tests.funding_months import use, used_places
from tests.unit.domain.builders import COORDINATOR, MONDAY, Pair, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory

FEBRUARY, MARCH = Month(date(2026, 2, 1)), Month(date(2026, 3, 1))
IN_MARCH, IN_APRIL = MONDAY, MARCH.ends_at("Europe/London")


class Scheme:
    """An agreement of two places, with three sessions each."""

    def __init__(self, places: int = 2) -> None:
        self.mentoring = mentoring_in_memory()
        self.agreement = signed_by_commands(self.mentoring, act(COORDINATOR), places=places)
        self.references = count(1)

    def do(self, command: Callable[..., Any], by: UUID = COORDINATOR, **what: Any) -> UUID:
        at = what.pop("at", MONDAY)
        return UUID(str(command(self.mentoring, Order(Act(by, at), uuid4()), **what).subject))

    def grant(self, **what: Any) -> UUID:
        return self.do(places.grant_place, id=uuid4(), agreement=self.agreement, **what)

    def bill(self, *, is_last: bool = False) -> None:
        command = invoices.raise_last_invoice if is_last else invoices.raise_invoice
        reference = lambda: f"L{next(self.references)}"  # noqa: E731 - one a line
        what = {"agreement": self.agreement, "month": MARCH, "new_reference": reference}
        self.do(command, at=IN_APRIL, **what)

    def ledger(self) -> FundingAgreement:
        return self.mentoring.load(FundingAgreement, self.agreement)

    def place(self, id: UUID) -> Place:
        return self.mentoring.load(Place, id)


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def test_an_agreement_is_signed_for_a_programme_and_by_an_organisation_that_there_are(
    scheme: Scheme,
) -> None:
    programme = scheme.ledger().terms.programme
    buyer = scheme.ledger().organisation
    for organisation, of in ((uuid4(), programme), (buyer, uuid4())):
        terms = terms_of(of, around=MONDAY.date())
        with pytest.raises(NotFound):
            scheme.do(funding.sign_agreement, id=uuid4(), organisation=organisation, terms=terms)


def test_terms_keep_to_the_ceiling_of_the_programme_when_signed_and_when_amended(
    scheme: Scheme,
) -> None:
    two = scheme.do(programmes.open_programme, id=uuid4(), settings=Settings("Two", ceiling=2))
    buyer, terms = scheme.ledger().organisation, terms_of(two, around=MONDAY.date())
    with pytest.raises(AboveTheProgramme):
        scheme.do(funding.sign_agreement, id=uuid4(), organisation=buyer, terms=terms)
    fitting = replace(terms, sessions_per_place=2)
    signed = scheme.do(funding.sign_agreement, id=uuid4(), organisation=buyer, terms=fitting)
    with pytest.raises(AboveTheProgramme):
        scheme.do(funding.amend_agreement, agreement=signed, terms=terms)


def test_a_programme_that_changes_touches_no_agreement_that_is_signed(scheme: Scheme) -> None:
    programme = scheme.ledger().terms.programme
    settings = replace(scheme.mentoring.load(Programme, programme).settings, ceiling=1)
    scheme.do(programmes.change_settings, programme=programme, settings=settings)
    assert scheme.place(scheme.grant()).granted == 3


def test_a_sponsor_contact_has_that_role_first(scheme: Scheme) -> None:
    organisation, person = scheme.ledger().organisation, uuid4()
    contact = sealed_for(person, Compartment.CONTACT, "contact")
    scheme.do(people.register_person, id=person, contact=contact, roles=[Role.MENTEE])
    named = {"organisation": organisation, "person": person}
    with pytest.raises(NoSponsorRole):
        scheme.do(organisations.name_sponsor_contact, **named)
    scheme.do(people.grant_role, person=person, role=Role.SPONSOR_CONTACT)
    scheme.do(organisations.name_sponsor_contact, **named)
    with pytest.raises(SponsorContactNamed):
        scheme.do(organisations.name_sponsor_contact, **named)
    scheme.do(organisations.end_sponsor_contact, **named)
    assert scheme.mentoring.load(Organisation, organisation).sponsor_contacts == set()


def test_a_place_is_granted_what_the_agreement_says_or_less_and_set_aside_in_it(
    scheme: Scheme,
) -> None:
    place = scheme.grant(sessions=2, mentee=uuid4())
    assert scheme.ledger().allotted == {place: 2}
    assert scheme.place(place).mentee is not None
    with pytest.raises(WrongCeiling):
        scheme.grant(sessions=4)
    scheme.grant()
    with pytest.raises(NoFreeFunding):
        scheme.grant(sessions=2)
    assert scheme.ledger().free == 1


def test_a_place_is_assigned_once_and_taken_by_one_relationship_at_a_time() -> None:
    place = Place.grant(uuid4(), agreement=uuid4(), sessions=3, act=act(COORDINATOR))
    mentee, first, second = uuid4(), uuid4(), uuid4()
    place.assign(mentee, act(COORDINATOR))
    with pytest.raises(PlaceAssigned):
        place.assign(mentee, act(COORDINATOR))
    place.take(first, act(COORDINATOR))
    for refused in (lambda: place.take(second, act(COORDINATOR)), open_to(place, mentee)):
        with pytest.raises(PlaceTaken):
            refused()
    with pytest.raises(PlaceNotTaken):
        place.vacate(second, act(COORDINATOR))
    place.vacate(first, act(COORDINATOR))
    place.take(second, act(COORDINATOR))


def open_to(place: Place, mentee: UUID) -> Callable[[], None]:
    return lambda: place.require_open_to(mentee)


def test_rule_7_a_place_is_extended_where_funding_is_free_and_to_six_at_most(
    scheme: Scheme,
) -> None:
    place = scheme.grant()
    scheme.do(places.extend_place, place=place, sessions=3)
    assert (scheme.place(place).granted, scheme.ledger().free) == (6, 0)
    for sessions in (1, 0):
        with pytest.raises(WrongExtension):
            scheme.do(places.extend_place, place=place, sessions=sessions)


def test_rule_7_nobody_extends_what_they_mentor_in_or_receive(scheme: Scheme) -> None:
    place, pair = scheme.grant(), Pair().active()
    ledger = scheme.place(place)
    ledger.take(pair.relationship.id, act(COORDINATOR))
    scheme.mentoring.commit(Order(act(COORDINATOR), uuid4()), ledger, pair.relationship)
    for party in (pair.mentor, pair.mentee):
        with pytest.raises(NotAnOutsider):
            scheme.do(places.extend_place, by=party, place=place, sessions=1)
    scheme.do(places.extend_place, place=place, sessions=1)


def test_an_order_on_a_place_that_changed_since_it_was_read_is_refused(scheme: Scheme) -> None:
    place = scheme.grant()
    stale = Order(act(COORDINATOR), uuid4(), expected_version=7)
    with pytest.raises(VersionIsStale):
        places.extend_place(scheme.mentoring, stale, place=place, sessions=1)


def test_what_a_place_does_not_use_goes_back_to_its_agreement(scheme: Scheme) -> None:
    place = scheme.grant()
    use(scheme.mentoring, place, MONDAY)
    scheme.do(places.return_unused, place=place)
    assert (scheme.place(place).granted, scheme.ledger().free) == (1, 5)
    with pytest.raises(NothingToReturn):
        scheme.do(places.return_unused, place=place)


def test_an_invoice_is_made_of_what_stood_as_used_when_the_month_ended() -> None:
    scheme = Scheme(places=9)
    used_places(scheme.mentoring, scheme.agreement, IN_MARCH, places=4)
    (late,) = used_places(scheme.mentoring, scheme.agreement, IN_APRIL, places=1)
    with pytest.raises(TooFewToInvoice):
        scheme.bill()
    used_places(scheme.mentoring, scheme.agreement, IN_MARCH, places=1)
    scheme.bill()
    lines = scheme.ledger().invoice(1).lines
    assert len(lines) == 5
    assert late not in {line.place for line in lines}


def test_the_last_invoice_waits_until_every_session_is_settled(scheme: Scheme) -> None:
    place = scheme.grant()
    use(scheme.mentoring, place, IN_MARCH)
    ledger, session = scheme.place(place), uuid4()
    ledger.reserve(session, act(COORDINATOR))
    scheme.mentoring.commit(Order(act(COORDINATOR), uuid4()), ledger)
    scheme.do(funding.end_agreement, agreement=scheme.agreement)
    with pytest.raises(SessionsAreOpen):
        scheme.bill(is_last=True)
    ledger.release(session, act(COORDINATOR))
    scheme.mentoring.commit(Order(act(COORDINATOR), uuid4()), ledger)
    scheme.bill(is_last=True)
    assert len(scheme.ledger().invoice(1).lines) == 1


def test_the_last_invoice_leaves_nothing_out_that_was_used_after_its_month(scheme: Scheme) -> None:
    use(scheme.mentoring, scheme.grant(), IN_APRIL)
    scheme.do(funding.end_agreement, agreement=scheme.agreement)
    with pytest.raises(SessionsAreOpen):
        scheme.bill(is_last=True)
