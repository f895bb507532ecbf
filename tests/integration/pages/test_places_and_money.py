"""What whoever pays sees of places and money: closed months and invoices, and nothing of the current month."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.place import Place
from domain.values import Act, Role
from tests.funding_months import (
    commit,
    give_back,
    granted,
    month_before,
    use,
)
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import done
from tests.paying import Paying, paying_for

HIDDEN_FIELD = re.compile(r'<input type="hidden"[^>]*>')
MADE_FOR_EACH_ANSWER = ("date", "vouchsafe-request", "x-request-id")


@pytest.fixture
def paying(service: LiveService) -> Paying:
    return paying_for(service)


@pytest.fixture
def contact(paying: Paying, visitor: Visitor) -> Visitor:
    visitor.sign_in(paying.contact.token)
    return visitor


@pytest.fixture
def coordinator(paying: Paying, service: LiveService) -> Iterator[Visitor]:
    with Visitor(service.url) as made:
        made.sign_in(paying.coordinator.token)
        yield made


def as_seen(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """An answer without what is made anew for each: the keys of its forms, and its date."""
    headers = {k: v for k, v in answer.headers.items() if k not in MADE_FOR_EACH_ANSWER}
    headers.pop("content-length", None)
    return answer.status_code, HIDDEN_FIELD.sub("", answer.text), headers


def test_nothing_of_the_current_month_changes_what_whoever_pays_sees(
    paying: Paying, contact: Visitor
) -> None:
    paying.used(places=12)
    done(paying.raise_invoice())
    paying.shown()
    addresses = ["/places-and-money", f"{paying.page}/invoices/1", f"{paying.page}/invoices/1/csv"]
    calls = [f"/agreements/{paying.agreement}/{what}" for what in ("figures", "invoices")]

    def seen() -> list[Any]:
        pages = [as_seen(contact.get(address)) for address in addresses]
        return pages + [as_seen(paying.contact.get(call)) for call in calls]

    before = seen()
    everything_happens(paying)
    paying.shown()
    assert seen() == before


def everything_happens(paying: Paying) -> None:
    """Places granted, assigned, taken, left, extended and returned; sessions reserved, used and released."""
    mentoring, now = paying.service.parts.mentoring, paying.service.clock()
    act, relationship = Act(paying.coordinator.id, now), uuid4()
    place = granted(mentoring, paying.agreement, now)
    session = use(mentoring, place, now)
    use(mentoring, place, now)
    give_back(mentoring, place, session, now)
    ledger = mentoring.load(Place, place)
    ledger.assign(uuid4(), act)
    ledger.take(relationship, act)
    ledger.reserve(uuid4(), act)
    ledger.vacate(relationship, act)
    commit(mentoring, act, ledger)
    done(paying.coordinator.post(f"/places/{place}/extension", {"sessions": 1}))
    done(paying.coordinator.post(f"/places/{place}/return"))


@pytest.mark.parametrize(("places", "shown"), [(6, "fewer than 10"), (13, "about 15")])
def test_a_closed_month_shows_money_exactly_and_sessions_rounded_or_not_at_all(
    paying: Paying, contact: Visitor, places: int, shown: str
) -> None:
    paying.used(places=places, months_ago=2)
    paying.invoiced_last_month()
    text = contact.get("/places-and-money").text
    (row,) = re.findall(r"<tr><th scope=\"row\">.*?</tr>", text)
    assert shown in row
    assert f"£{places * 95:,}.00" in row


def test_an_agreement_and_its_invoices_are_for_whoever_looks_after_them(
    paying: Paying, service: LiveService, visitor: Visitor
) -> None:
    paying.used(places=5)
    done(paying.raise_invoice())
    stranger = service.scheme.person(Role.SPONSOR_CONTACT)
    visitor.sign_in(stranger.token)
    assert "No agreement is yours to look after" in visitor.get("/places-and-money").text
    for address in (f"{paying.page}/invoices/1", f"{paying.page}/invoices/1/csv"):
        assert visitor.get(address).status_code == 404
    for what in ("figures", "invoices", "invoices/1/csv"):
        assert stranger.get(f"/agreements/{paying.agreement}/{what}").status_code == 404


def test_who_looks_after_it_no_more_sees_it_no_more(paying: Paying, contact: Visitor) -> None:
    assert "Borough of Fernley" in contact.get("/places-and-money").text
    path = f"/organisations/{paying.organisation}/sponsor-contacts/{paying.contact.id}"
    done(paying.coordinator.delete(path))
    # At once: the read model is asked, and the organisation itself is believed.
    assert "Borough of Fernley" not in contact.get("/places-and-money").text


def test_few_places_are_carried_and_an_invoice_names_nobody(
    paying: Paying, contact: Visitor
) -> None:
    places = paying.used(places=4, months_ago=2)
    assert paying.raise_invoice(months_ago=2).json()["type"].endswith("too-few-to-invoice")
    places += paying.used(places=1)
    done(paying.raise_invoice())
    invoice = paying.ledger().invoice(1)
    telling = {str(each) for line in invoice.lines for each in (line.session, line.place)}
    for address in (f"{paying.page}/invoices/1", f"{paying.page}/invoices/1/csv"):
        text = contact.get(address).text
        assert not any(each in text or each.replace("-", "") in text for each in telling)
        assert re.findall(r"\b[A-Z2-9]{8}\b", text) == sorted(
            line.reference for line in invoice.lines
        )
    assert len(telling) == 2 * len(places)


def test_a_coordinator_raises_pays_and_credits_by_plain_forms(
    paying: Paying, coordinator: Visitor
) -> None:
    paying.used(places=5)
    month = month_before(paying.service.clock()).first_day.isoformat()
    send(coordinator, paying, "/invoices", month=month)
    (reference, *_) = paying.references()
    send(coordinator, paying, "/invoices/1/credit", reference=reference.lower())
    send(coordinator, paying, "/invoices/1/payment")
    text = coordinator.get(f"{paying.page}/invoices/1").text
    assert "£475.00" in text
    assert f"£95.00 for 1 session of invoice 1: {reference}" in text
    assert "<strong>£380.00</strong>" in text
    line = send(coordinator, paying, "/invoices/1/line", reference=reference)
    assert str(paying.ledger().invoice(1).line(reference).session) in line


def test_a_coordinator_sees_an_exhausted_agreement_and_renews_it(
    service: LiveService, visitor: Visitor
) -> None:
    paying = paying_for(service, places=1, sessions_per_place=3)
    granted(service.parts.mentoring, paying.agreement, service.clock())
    paying.shown()
    visitor.sign_in(paying.coordinator.token)
    assert "Every session that was bought is granted" in visitor.get(paying.page).text
    ends_on = str(paying.ledger().terms.ends_on)
    send(visitor, paying, "/terms", places="2", ends_on=ends_on)
    assert "Every session that was bought is granted" not in visitor.get(paying.page).text


def test_a_coordinator_extends_a_place(paying: Paying, coordinator: Visitor) -> None:
    mentoring = paying.service.parts.mentoring
    place = granted(mentoring, paying.agreement, paying.service.clock())
    send(coordinator, paying, "/extension", place=str(place), sessions="2")
    assert mentoring.load(Place, place).granted == 5


def send(visitor: Visitor, paying: Paying, what: str, **fields: str) -> str:
    """Send a form of the agreement's page as a browser does, and read what is shown then."""
    form = visitor.form(paying.page, f"{paying.page}{what}")
    answer = visitor.post(f"{paying.page}{what}", form | fields)
    if answer.status_code == 200:
        return answer.text
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.headers["location"]).text
