"""Programmes, organisations, agreements, places and invoices over HTTP: what is answered, and what is refused how."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.place import Place
from domain.relationship import Relationship
from domain.values import Act, Role
from tests.funding import agreement_body, signed_agreement
from tests.funding_months import commit, granted, month_before, used_places, within
from tests.match import done, match, publish_notices
from tests.meeting import refusal
from tests.scheme import Scheme, Somebody


@pytest.fixture
def coordinator(shared_scheme: Scheme) -> Somebody:
    return shared_scheme.person(Role.COORDINATOR)


@pytest.fixture
def body(coordinator: Somebody) -> dict[str, Any]:
    """What is sent to sign an agreement of two places."""
    return agreement_body(partial(given, coordinator), places=2)


def given(coordinator: Somebody, path: str, body: dict[str, Any]) -> Any:
    return done(coordinator.post(path, body))


def signed(coordinator: Somebody, **terms: int) -> str:
    return signed_agreement(partial(given, coordinator), **terms)


def test_an_agreement_is_signed_and_shows_what_is_bought_and_free(
    coordinator: Somebody, body: dict[str, Any]
) -> None:
    answer = coordinator.post("/agreements", body)
    shown = done(coordinator.get(f"/agreements/{answer.json()['id']}"))
    assert answer.status_code == 201
    assert shown["standing"] == "in_force"
    assert (shown["sessions_bought"], shown["sessions_free"]) == (6, 6)
    assert shown["terms"]["price_minor_units"] == 95_00


@pytest.mark.parametrize(
    ("hours", "kind"),
    [
        ({"opens": "18:00", "closes": "09:00"}, "wrong-hours"),
        ({"opens": "09:00Z", "closes": "17:00"}, "wrong-hours"),
        ({"days": [7]}, "wrong-hours"),
        ({"days": [-1, 0]}, "wrong-hours"),
    ],
)
def test_hours_that_nobody_can_keep_are_refused_for_agreements_and_programmes(
    coordinator: Somebody, body: dict[str, Any], hours: dict[str, Any], kind: str
) -> None:
    terms = body["terms"] | {"working_hours": hours}
    settings = {"name": "Thinking", "working_hours": hours}
    assert refusal(coordinator.post("/agreements", body | {"terms": terms}))[:2] == (409, kind)
    assert refusal(coordinator.post("/programmes", settings))[:2] == (409, kind)


@pytest.mark.parametrize(
    ("wrong", "status", "kind"),
    [
        ({"ends_on": "2001-01-01"}, 409, "wrong-terms"),
        ({"ends_on": "2999-01-01"}, 409, "wrong-terms"),
        ({"time_zone": "Europe/Fernley"}, 409, "unknown-time-zone"),
        ({"places": 0}, 422, "not-understood"),
        ({"sessions_per_place": 4}, 422, "not-understood"),
        ({"price_minor_units": -1}, 422, "not-understood"),
        ({"currency": "pounds"}, 422, "not-understood"),
        ({"late_notice_hours": 169}, 422, "not-understood"),
        ({"programme": str(uuid4())}, 404, "not-found"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    coordinator: Somebody, body: dict[str, Any], wrong: dict[str, Any], status: int, kind: str
) -> None:
    answer = coordinator.post("/agreements", body | {"terms": body["terms"] | wrong})
    assert answer.status_code == status
    assert answer.json()["type"].endswith(f":{kind}")


def test_an_agreement_that_changed_since_it_was_read_is_not_amended(
    coordinator: Somebody, body: dict[str, Any]
) -> None:
    agreement = done(coordinator.post("/agreements", body))["id"]
    read = coordinator.get(f"/agreements/{agreement}").headers["etag"]
    done(coordinator.post("/places", {"agreement": agreement}))
    terms = body["terms"] | {"places": 9}
    stale = coordinator.put(f"/agreements/{agreement}/terms", terms, headers={"If-Match": read})
    assert stale.status_code == 412
    done(coordinator.put(f"/agreements/{agreement}/terms", terms))
    assert done(coordinator.get(f"/agreements/{agreement}"))["sessions_free"] == 9 * 3 - 3


def test_an_ended_agreement_takes_no_place_and_ends_once(
    coordinator: Somebody, body: dict[str, Any]
) -> None:
    agreement = done(coordinator.post("/agreements", body))["id"]
    done(coordinator.post(f"/agreements/{agreement}/ending"))
    place = {"agreement": agreement}
    assert refusal(coordinator.post("/places", place))[1] == "agreement-not-in-force"
    again = coordinator.post(f"/agreements/{agreement}/ending")
    assert refusal(again)[1] == "agreement-has-ended"


def test_a_sponsor_contact_is_named_who_has_that_role(
    shared_scheme: Scheme, coordinator: Somebody
) -> None:
    organisation = given(coordinator, "/organisations", {"name": "Fernley"})["id"]
    path = f"/organisations/{organisation}/sponsor-contacts"
    mentee, contact = (shared_scheme.person(role) for role in (Role.MENTEE, Role.SPONSOR_CONTACT))
    assert refusal(coordinator.post(path, {"person": str(mentee.id)}))[1] == "no-sponsor-role"
    done(coordinator.post(path, {"person": str(contact.id)}))
    shown = done(coordinator.get(f"/organisations/{organisation}"))
    assert shown["sponsor_contacts"] == [str(contact.id)]
    done(coordinator.delete(f"{path}/{contact.id}"))
    assert done(coordinator.get(f"/organisations/{organisation}"))["sponsor_contacts"] == []


def test_rule_7_a_coordinator_who_is_in_the_pair_does_not_extend_its_place(
    shared_scheme: Scheme,
) -> None:
    publish_notices(shared_scheme)
    made = match(shared_scheme)
    insider = shared_scheme.speaking_for(made.mentor.id, Role.COORDINATOR)
    extended = {"sessions": 1}
    refused = insider.post(f"/places/{made.place}/extension", extended)
    assert refusal(refused)[:2] == (403, "not-an-outsider")
    done(made.coordinator.post(f"/places/{made.place}/extension", extended))
    mentoring = shared_scheme.parts.mentoring
    assert mentoring.load(Place, made.place).granted == 4
    assert mentoring.load(Relationship, made.relationship).mentor == made.mentor.id


def test_an_invoice_is_raised_read_paid_and_credited(
    shared_scheme: Scheme, coordinator: Somebody
) -> None:
    agreement, now = signed(coordinator), shared_scheme.now()
    month = month_before(now)
    path = f"/agreements/{agreement}/invoices"
    raised = {"month": str(month.first_day)}
    assert refusal(coordinator.post(path, raised))[1] == "too-few-to-invoice"
    used_places(shared_scheme.parts.mentoring, UUID(agreement), within(month), places=6)
    assert coordinator.post(path, raised).status_code == 201
    (reference, *_) = references(coordinator, path)
    done(coordinator.post(f"{path}/1/credit", {"references": [reference]}))
    done(coordinator.post(f"{path}/1/payment"))
    (shown,) = done(coordinator.get(path))
    assert (shown["sessions"], shown["is_paid"]) == (6, True)
    assert shown["due"] == {"minor_units": 5 * 95_00, "currency": "GBP"}
    line = done(coordinator.get(f"{path}/1/lines/{reference}"))
    assert shared_scheme.parts.mentoring.load(Place, UUID(line["place"])).used == {
        UUID(line["session"])
    }


def references(coordinator: Somebody, path: str) -> list[str]:
    rows = coordinator.get(f"{path}/1/csv").text.splitlines()[1:]
    return [row.split(",")[4].strip('"') for row in rows]


@pytest.mark.parametrize(
    ("what", "body", "kind"),
    [
        ("", {"month": "2031-03-02"}, "not-a-month"),
        ("", {"month": "9999-12-01"}, "month-is-not-closed"),
        ("", {"month": "0001-01-01"}, "month-is-not-closed"),
        ("/7/payment", None, "no-such-invoice"),
        ("/0/payment", None, "no-such-invoice"),
        ("/1/credit", {"references": ["K7QF3M2P"]}, "no-such-invoice"),
    ],
)
def test_what_cannot_be_invoiced_is_refused(
    coordinator: Somebody, what: str, body: Any, kind: str
) -> None:
    path = f"/agreements/{signed(coordinator)}/invoices{what}"
    assert refusal(coordinator.post(path, body))[:2] == (409, kind)


def test_the_last_invoice_waits_for_sessions_that_are_not_settled(
    shared_scheme: Scheme, coordinator: Somebody
) -> None:
    agreement, now = signed(coordinator), datetime.now(UTC)
    mentoring, month = shared_scheme.parts.mentoring, month_before(now)
    used_places(mentoring, UUID(agreement), within(month), places=2)
    open_place = mentoring.load(Place, granted(mentoring, UUID(agreement), within(month)))
    open_place.reserve(uuid4(), Act(coordinator.id, now - timedelta(days=1)))
    commit(mentoring, Act(coordinator.id, now), open_place)
    last = {"month": str(month.first_day), "is_last": True}
    path = f"/agreements/{agreement}/invoices"
    assert refusal(coordinator.post(path, last))[1] == "agreement-runs-on"
    done(coordinator.post(f"/agreements/{agreement}/ending"))
    assert refusal(coordinator.post(path, last))[1] == "sessions-are-open"
    (session,) = open_place.reserved
    open_place.release(session, Act(coordinator.id, now))
    commit(mentoring, Act(coordinator.id, now), open_place)
    done(coordinator.post(path, last))
    assert refusal(coordinator.post(path, last))[1] == "invoicing-is-over"
