"""Whoever is, or was, in a relationship has no duty in it, and learns of its other side no more than is theirs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from domain.values import Role
from tests.match import (
    Match,
    done,
    give_consent,
    granted_place,
    match,
    propose,
    publish_notices,
    welcome_mentor,
)
from tests.scheme import Scheme, Somebody

MONDAY = {
    "starts_at": "2027-03-01T10:00:00+00:00",
    "ends_at": "2027-03-01T11:00:00+00:00",
    "time_zone": "Europe/London",
    "video_link": "https://meet.example/plimsoll",
}


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def as_coordinator(scheme: Scheme, person: Somebody) -> Somebody:
    return scheme.speaking_for(person.id, Role.COORDINATOR)


def refuse_proposal(made: Match, who: Somebody) -> Any:
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/refusal"
    return done(who.post(path, {"version": 1}))


def close(made: Match, who: Somebody, reason: str) -> None:
    done(who.post(f"/relationships/{made.relationship}/closing", {"reason": reason}))


@pytest.mark.parametrize("bring_about", [match, propose])
def test_a_coordinator_opens_no_record_of_their_own_partner(
    reading_scheme: Scheme, bring_about: Callable[[Scheme], Match]
) -> None:
    publish_notices(reading_scheme)
    made = bring_about(reading_scheme)
    mentor, mentee = (as_coordinator(reading_scheme, each) for each in (made.mentor, made.mentee))
    before = len(done(made.mentee.get("/me/access-records"))["looks"])

    refused = [
        mentor.get(f"/people/{made.mentee.id}/contact"),
        mentee.get(f"/people/{made.mentor.id}/contact"),
        mentee.get(f"/mentor-profiles/{made.mentor.id}"),
    ]

    assert {problem(each) for each in refused} == {(403, "not-an-outsider")}
    assert len(done(made.mentee.get("/me/access-records"))["looks"]) == before


def test_a_coordinator_opens_no_record_of_a_partner_they_had(reading_scheme: Scheme) -> None:
    publish_notices(reading_scheme)
    matched, declined = match(reading_scheme), propose(reading_scheme)
    close(matched, matched.mentee, "no_fault")
    refuse_proposal(declined, declined.mentor)

    refused = [
        as_coordinator(reading_scheme, made.mentor).get(f"/people/{made.mentee.id}/contact")
        for made in (matched, declined)
    ]

    assert {problem(each) for each in refused} == {(403, "not-an-outsider")}


def test_a_coordinator_who_is_mentored_still_opens_what_others_are_reached_by(
    reading_scheme: Scheme,
) -> None:
    publish_notices(reading_scheme)
    made, other = match(reading_scheme), reading_scheme.person(Role.MENTEE)
    coordinator = as_coordinator(reading_scheme, made.mentor)

    opened = [coordinator.get(f"/people/{id}/contact") for id in (other.id, made.mentor.id)]

    assert [each.status_code for each in opened] == [200, 200]


def test_a_mentor_who_declined_coordinates_that_request_no_more(scheme: Scheme) -> None:
    publish_notices(scheme)
    made = propose(scheme)
    refuse_proposal(made, made.mentor)

    shown = as_coordinator(scheme, made.mentor).get(
        f"/relationships/{made.relationship}/requested-words"
    )

    assert problem(shown) == (403, "not-an-outsider")


def test_a_mentor_declares_no_conflict_between_others(scheme: Scheme) -> None:
    publish_notices(scheme)
    made, other = propose(scheme), scheme.person(Role.MENTOR)
    welcome_mentor(made.coordinator, other, words="x")
    path = f"/relationships/{made.relationship}"

    declared = made.mentor.post(f"{path}/conflicts", {"with_person": str(other.id)})

    assert problem(declared) == (403, "conflict-of-others")
    body = {"mentor": str(other.id), "reasons_for_mentee": "x", "reasons_for_mentor": "y"}
    done(made.coordinator.post(f"{path}/proposals", body))


@pytest.mark.parametrize(
    ("reason", "told"),
    [("safeguarding", "ended"), ("mentee_left", "ended"), ("goals_met", "goals_met")],
)
def test_a_party_is_told_why_the_other_ended_it_only_where_that_says_nothing_of_them(
    reading_scheme: Scheme, reason: str, told: str
) -> None:
    publish_notices(reading_scheme)
    made = match(reading_scheme)
    path = f"/relationships/{made.relationship}"
    closed = made.mentor.post(f"{path}/closing", {"reason": reason})
    newest = {"at_least": closed.headers["Vouchsafe-Position"]}

    read = [
        each.get(path).json()["closed_for"] for each in (made.mentee, made.mentor, made.coordinator)
    ]

    (own,) = done(made.mentee.get("/my-mentoring", params=newest))["relationships"]
    (row,) = done(made.coordinator.get("/pipeline", params=newest))["relationships"]
    assert read == [told, reason, reason]
    assert (own["closed_for"], row["closed_for"]) == (told, reason)


def test_the_link_of_a_session_is_shown_no_more_once_it_cannot_take_place(scheme: Scheme) -> None:
    publish_notices(scheme)
    made = match(scheme)
    path = f"/relationships/{made.relationship}"
    for party in (made.mentee, made.mentor):
        done(party.post(f"{path}/agreement", {"version": 1}))
    links = [
        f"{path}/sessions/{done(made.mentee.post(f'{path}/sessions', plan))['made']}/video-link"
        for plan in (MONDAY, {**MONDAY, **a_month_later()})
    ]
    done(made.mentor.get(links[0]))

    done(made.mentee.post(links[0].replace("video-link", "cancellation"), {}))
    cancelled = made.mentor.get(links[0])
    close(made, made.mentee, "no_fault")
    closed = made.mentor.get(links[1])

    assert problem(cancelled) == (409, "session-is-settled")
    assert problem(closed) == (409, "already-closed")


def a_month_later() -> dict[str, str]:
    """A Monday of the next month, since they meet monthly."""
    return {key: MONDAY[key].replace("03-01", "04-12") for key in ("starts_at", "ends_at")}


def test_what_a_mentee_asked_for_is_open_to_a_coordinator_until_they_are_matched(
    scheme: Scheme,
) -> None:
    publish_notices(scheme)
    made = match(scheme)
    path = f"/relationships/{made.relationship}/requested-words"

    matched = made.coordinator.get(path)
    close(made, made.mentee, "no_fault")
    closed = made.coordinator.get(path)

    assert problem(matched) == (409, "already-matched")
    assert problem(closed) == (409, "already-closed")


def test_a_mentee_has_one_open_request_for_a_place(scheme: Scheme) -> None:
    publish_notices(scheme)
    coordinator, mentee = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTEE)
    give_consent(mentee, "take_part")
    place = granted_place(coordinator, sessions=1)
    first = UUID(done(mentee.post("/relationships", {"place": place}))["id"])

    again = mentee.post("/relationships", {"place": place})
    done(mentee.post(f"/relationships/{first}/closing", {"reason": "mentee_left"}))
    anew = UUID(done(mentee.post("/relationships", {"place": place}))["id"])

    assert problem(again) == (409, "requested-already")
    assert anew != first
