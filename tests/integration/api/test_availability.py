"""When people can meet, as they say it: sessions lie there, free hours are listed from it, and each look is recorded."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.values import Role
from tests.match import done, give_consent
from tests.meeting import LONDON, MeetingPair, MeetingScheme, hour_body, on_monday, refusal
from tests.scheme import Somebody

NOT_FOR_BOTH = "This is not a time that both have said they can meet; choose another."


@pytest.fixture
def pair(meeting_scheme: MeetingScheme) -> MeetingPair:
    meeting_scheme.clock.ahead = timedelta()
    return meeting_scheme.pair()


def say(person: Somebody, *windows: tuple[int, str, str], **more: Any) -> None:
    """State when somebody can meet."""
    body = {
        "time_zone": "Europe/London",
        "windows": [
            {"weekday": day, "opens": opens, "closes": closes} for day, opens, closes in windows
        ],
    }
    done(person.put("/me/availability", body | more))


def schedule(pair: MeetingPair, by: Somebody, starts_at: datetime) -> Any:
    return by.post(f"{pair.path}/sessions", hour_body(starts_at))


def looks_at(person: Somebody) -> list[tuple[str, str, str]]:
    looks = done(person.get("/me/access-records"))["looks"]
    return [
        (each["who"], each["purpose"], each["authority"])
        for each in looks
        if each["kind"] == "availability"
    ]


def test_rule_6_a_session_lies_where_both_said_that_they_can_meet(pair: MeetingPair) -> None:
    now = pair.here.clock()
    say(pair.mentor, (0, "09:00", "12:00"), (1, "09:00", "12:00"))
    say(pair.mentee, (0, "11:00", "17:00"))

    for refused in (on_monday(now, 2), on_monday(now, 2, days=1), on_monday(now, 2, hour=14)):
        for by in (pair.mentee, pair.mentor):
            assert refusal(schedule(pair, by, refused)) == (
                409,
                "not-a-time-for-both",
                NOT_FOR_BOTH,
            )
    session = pair.plan(pair.mentee, on_monday(now, 2, hour=11))

    moved = pair.mentor.post(f"{pair.of(session)}/reschedule", hour_body(on_monday(now, 2)))
    assert refusal(moved) == (409, "not-a-time-for-both", NOT_FOR_BOTH)
    pair.require_balance()


def test_days_away_are_refused_in_the_same_words(pair: MeetingPair) -> None:
    day = on_monday(pair.here.clock(), 2)
    say(pair.mentee, away=[{"first": str(day.date()), "last": str(day.date())}])

    refused = schedule(pair, pair.mentor, day)

    assert refusal(refused) == (409, "not-a-time-for-both", NOT_FOR_BOTH)
    pair.plan(pair.mentor, day + timedelta(days=1))


def test_who_said_nothing_restricts_nothing_and_nobody_looks(pair: MeetingPair) -> None:
    pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))

    assert looks_at(pair.mentee) == looks_at(pair.mentor) == []


def test_a_look_at_when_somebody_can_meet_is_recorded_for_them(pair: MeetingPair) -> None:
    say(pair.mentor, (0, "09:00", "12:00"))

    pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))

    assert looks_at(pair.mentor) == [(str(pair.mentee.id), "arranging", "agreement")]


def test_what_one_said_is_ones_own_to_read_and_to_take_back(pair: MeetingPair) -> None:
    day = on_monday(pair.here.clock(), 2)
    for person in (pair.mentee, pair.mentor):
        assert done(person.get("/me/availability"))["state"] == "not_given"
        say(person, (0, "14:00", "15:00"), (0, "15:00", "17:30"))
        shown = done(person.get("/me/availability"))["availability"]
        assert shown["windows"] == [{"weekday": 0, "opens": "14:00:00", "closes": "17:30:00"}]
    assert refusal(schedule(pair, pair.mentee, day))[1] == "not-a-time-for-both"

    for person in (pair.mentee, pair.mentor):
        say(person)

    pair.plan(pair.mentee, day)


def test_what_was_said_under_a_consent_that_ended_is_gone_and_restricts_nothing(
    meeting_scheme: MeetingScheme,
) -> None:
    pair = meeting_scheme.pair()
    say(pair.mentor, (0, "14:00", "15:00"))
    done(pair.mentor.post("/me/consents/take_part/withdrawal"))
    assert done(pair.mentor.get("/me/availability"))["state"] == "consent_not_live"

    give_consent(pair.mentor, "take_part")
    assert done(pair.mentor.get("/me/availability"))["state"] == "erased"
    anew = meeting_scheme.pair(mentor=pair.mentor)
    anew.plan(anew.mentee, on_monday(meeting_scheme.clock(), 2))

    say(pair.mentor, (0, "14:00", "15:00"))
    assert done(pair.mentor.get("/me/availability"))["state"] == "open"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"time_zone": "Europe/Atlantis"}, "unknown-time-zone"),
        ({"windows": [{"weekday": 0, "opens": "22:00", "closes": "02:00"}]}, "not-a-window"),
        ({"windows": [{"weekday": 0, "opens": "09:00Z", "closes": "10:00Z"}]}, "not-a-window"),
        ({"away": [{"first": "2031-08-02", "last": "2031-08-01"}]}, "not-days-away"),
    ],
)
def test_what_says_no_time_is_refused_by_name(
    pair: MeetingPair, body: dict[str, Any], kind: str
) -> None:
    before = pair.here.scheme.event_count()

    refused = pair.mentee.put("/me/availability", {"time_zone": "Europe/London"} | body)

    assert refusal(refused)[:2] == (409, kind)
    assert pair.here.scheme.event_count() == before


def test_without_consent_nobody_says_when_they_can_meet(meeting_scheme: MeetingScheme) -> None:
    stranger = meeting_scheme.scheme.person(Role.MENTEE)

    refused = stranger.put("/me/availability", {"time_zone": "Europe/London"})

    assert refusal(refused)[:2] == (409, "words-need-consent")


def test_free_hours_are_those_that_can_be_planned(pair: MeetingPair) -> None:
    now = pair.here.clock()
    monday = on_monday(now, 3, hour=9)
    say(pair.mentor, (0, "09:00", "12:00"), (2, "16:00", "18:00"))
    say(pair.mentee, (0, "10:00", "17:00"), (2, "08:00", "17:00"))
    week = {"from": str(monday.date()), "to": str((monday + timedelta(days=6)).date())}

    listed = done(pair.mentee.get(f"{pair.path}/sessions/times", params=week))

    hours = [datetime.fromisoformat(each["starts_at"]) for each in listed["hours"]]
    assert listed["time_zone"] == "Europe/London"
    assert [f"{each.astimezone(LONDON):%a %H:%M}" for each in hours] == [
        "Mon 10:00",
        "Mon 10:30",
        "Mon 11:00",
        "Wed 16:00",
    ]
    session = pair.plan(pair.mentee, hours[0])
    assert done(pair.mentor.get(f"{pair.path}/sessions/times", params=week))["hours"] == []
    moving = week | {"moving": str(session)}
    again = done(pair.mentor.get(f"{pair.path}/sessions/times", params=moving))["hours"]
    assert again == listed["hours"]


def test_an_hour_that_a_mentor_has_with_another_mentee_is_not_free_and_nothing_is_said_of_it(
    pair: MeetingPair,
) -> None:
    other, monday = pair.here.pair(mentor=pair.mentor), on_monday(pair.here.clock(), 2)
    session = other.plan(other.mentee, monday)
    day = {"from": str(monday.date()), "to": str(monday.date())}

    listed = done(pair.mentee.get(f"{pair.path}/sessions/times", params=day))["hours"]
    shown = [each["starts_at"][11:16] for each in listed]
    refused = schedule(pair, pair.mentee, monday)

    assert shown[:4] == ["08:00", "08:30", "09:00", "11:00"]
    assert refusal(refused) == (409, "not-a-time-for-both", NOT_FOR_BOTH)
    done(pair.mentor.post(f"{other.of(session)}/cancellation", {}))
    pair.plan(pair.mentee, monday)


def test_hours_that_nobody_pays_for_are_not_listed(pair: MeetingPair) -> None:
    monday = on_monday(pair.here.clock(), 2)
    pair.amend(ends_on=str(monday.date()))
    week = {"from": str(monday.date()), "to": str((monday + timedelta(days=6)).date())}

    listed = done(pair.mentee.get(f"{pair.path}/sessions/times", params=week))["hours"]

    assert {each["starts_at"][:10] for each in listed} == {str(monday.date())}


def test_free_hours_are_listed_from_today_unless_other_days_are_asked_for(
    pair: MeetingPair,
) -> None:
    listed = done(pair.mentor.get(f"{pair.path}/sessions/times"))["hours"]

    now = pair.here.clock()
    starts = [datetime.fromisoformat(each["starts_at"]) for each in listed]
    assert now < min(starts)
    assert max(starts) < now + timedelta(days=31)
    assert starts == sorted(set(starts))


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2031-03-01", "to": "2031-04-01"},
        {"from": "2031-03-02", "to": "2031-03-01"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"from": "9999-12-31"},
    ],
)
def test_a_list_that_is_too_long_is_refused(pair: MeetingPair, asked: dict[str, str]) -> None:
    refused = pair.mentor.get(f"{pair.path}/sessions/times", params=asked)

    assert refusal(refused)[:2] == (409, "too-long-a-list")


@pytest.mark.parametrize(
    ("first", "last"), [("0001-01-01", "0001-01-31"), ("9999-12-01", "9999-12-31")]
)
def test_days_on_which_nothing_is_planned_have_no_free_hours(
    pair: MeetingPair, first: str, last: str
) -> None:
    asked = {"from": first, "to": last}

    assert done(pair.mentor.get(f"{pair.path}/sessions/times", params=asked))["hours"] == []


def test_where_no_session_is_left_that_is_said_instead_of_an_empty_list(pair: MeetingPair) -> None:
    now = pair.here.clock()
    for weeks in (1, 2, 3):
        pair.plan(pair.mentee, on_monday(now, weeks))

    refused = pair.mentor.get(f"{pair.path}/sessions/times")

    assert refusal(refused)[:2] == (409, "no-sessions-left")
