"""Sessions as people plan and record them: how often, what the other says to it, and what became of each."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.match import done
from tests.meeting import MeetingPair, MeetingScheme, hour_body, on_monday, refusal
from tests.scheme import Somebody

WEEK_IS_TAKEN = (
    "There is already a session in this week, and you meet weekly; choose another week, "
    "or move that session."
)
MONTH_IS_TAKEN = (
    "There is already a session in this month, and you meet monthly; choose another month, "
    "move that session, or agree to meet weekly."
)
ALREADY_CONFIRMED = (
    "Both of you have said that this record is right; if it is not, ask your coordinator to "
    "correct it."
)


@pytest.fixture
def pair(meeting_scheme: MeetingScheme) -> MeetingPair:
    meeting_scheme.clock.ahead = timedelta()
    return meeting_scheme.pair()


def schedule(pair: MeetingPair, by: Somebody, starts_at: datetime) -> Any:
    return by.post(f"{pair.path}/sessions", hour_body(starts_at))


def first_monday_of_a_month(now: datetime) -> datetime:
    """So that its Tuesday lies in the same week and month; at least a month ahead."""
    later = on_monday(now, 10)
    return later - timedelta(days=7 * ((later.day - 1) // 7))


@pytest.mark.parametrize(
    ("cadence", "kind", "sentence"),
    [
        ("weekly", "week-is-taken", WEEK_IS_TAKEN),
        ("monthly", "month-is-taken", MONTH_IS_TAKEN),
    ],
)
def test_rule_6_a_second_session_in_a_week_or_month_is_refused_in_words_one_can_act_on(
    meeting_scheme: MeetingScheme, cadence: str, kind: str, sentence: str
) -> None:
    meeting_scheme.clock.ahead = timedelta()
    pair = meeting_scheme.pair(cadence=cadence)
    first = first_monday_of_a_month(meeting_scheme.clock())
    session = pair.plan(pair.mentee, first)

    refused = schedule(pair, pair.mentor, first + timedelta(days=1))

    assert refusal(refused) == (409, kind, sentence)
    meeting_scheme.clock.set_to(first - timedelta(days=2))
    done(pair.mentor.post(f"{pair.of(session)}/cancellation", {}))
    pair.plan(pair.mentor, first + timedelta(days=1))
    pair.require_balance()
    meeting_scheme.clock.ahead = timedelta()


def test_rule_5_one_records_and_the_other_confirms(pair: MeetingPair) -> None:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 1))
    pair.over(session)
    done(pair.mentor.post(f"{pair.of(session)}/attendance", {"minutes": 60}))

    own = pair.mentor.post(f"{pair.of(session)}/confirmation")
    done(pair.mentee.post(f"{pair.of(session)}/confirmation"))
    late = pair.mentee.post(f"{pair.of(session)}/dispute", {})

    assert refusal(own)[1:] == (
        "own-record",
        "You recorded this yourself; the other of you confirms it or disputes it.",
    )
    assert refusal(late)[1:] == ("already-confirmed", ALREADY_CONFIRMED)
    shown = done(pair.mentee.get(pair.of(session)))
    assert (shown["outcome"], shown["confirmed"], shown["recorded_by"]) == ("held", True, "mentor")


def test_the_whole_history_of_a_session_is_read_by_both_and_their_coordinator(
    pair: MeetingPair,
) -> None:
    now = pair.here.clock()
    session = pair.plan(pair.mentee, on_monday(now, 2))
    link = {"video_link": "https://meet.example/plimsoll"}
    done(pair.mentor.put(f"{pair.of(session)}/video-link", link))
    done(pair.mentee.post(f"{pair.of(session)}/reschedule", hour_body(on_monday(now, 3))))
    pair.over(session)
    done(pair.mentor.post(f"{pair.of(session)}/absence", {"who": "mentee"}))
    done(pair.mentee.post(f"{pair.of(session)}/dispute", {"words": "Sentinel-of-the-stairs"}))
    corrected = {"outcome": "mentor_absent", "reason": "dispute_upheld"}
    done(pair.coordinator.post(f"{pair.of(session)}/correction", corrected))

    answers = [
        person.get(pair.of(session)) for person in (pair.mentee, pair.mentor, pair.coordinator)
    ]

    assert len({each.text for each in answers}) == 1
    assert "Sentinel" not in answers[0].text
    assert "plimsoll" not in answers[0].text
    shown = done(answers[0])
    assert [(each["what"], each["by"], each["outcome"]) for each in shown["history"]] == [
        ("scheduled", "mentee", None),
        ("link_set", "mentor", None),
        ("moved", "mentee", None),
        ("absence_recorded", "mentor", "mentee_absent"),
        ("disputed", "mentee", None),
        ("corrected", "coordinator", "mentor_absent"),
    ]
    assert [each["starts_at"] for each in shown["history"][:3:2]] == [
        on_monday(now, weeks).astimezone(UTC).isoformat().replace("+00:00", "Z") for weeks in (2, 3)
    ]
    assert (shown["outcome"], shown["disputed"], shown["sequence"]) == ("mentor_absent", False, 1)
    assert (pair.place().used, pair.place().reserved) == (set(), set())


def test_the_end_of_a_relationship_is_nobodys_step_in_a_session(pair: MeetingPair) -> None:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))
    done(pair.mentor.post(f"{pair.path}/closing", {"reason": "no_fault"}))

    last = done(pair.mentee.get(pair.of(session)))["history"][-1]

    assert (last["what"], last["by"], last["notice"]) == ("cancelled", None, "waived")


def test_a_session_of_others_is_absent(pair: MeetingPair, meeting_scheme: MeetingScheme) -> None:
    session, others = (
        pair.plan(pair.mentee, on_monday(meeting_scheme.clock(), 2)),
        meeting_scheme.pair(),
    )

    for answer in (others.mentee.get(pair.of(session)), pair.mentee.get(pair.of(uuid4()))):
        assert answer.status_code in {404, 409}
    assert others.mentee.get(pair.of(session)).status_code == 404


def test_a_virtual_pair_is_told_that_there_is_no_link_yet_and_moving_keeps_the_link(
    pair: MeetingPair,
) -> None:
    now, link = pair.here.clock(), "https://meet.example/plimsoll"
    session = pair.plan(pair.mentee, on_monday(now, 2))
    assert done(pair.mentor.get(pair.of(session)))["where"] == "no_link_yet"
    assert pair.mentor.get(f"{pair.of(session)}/video-link").status_code == 404

    done(pair.mentor.put(f"{pair.of(session)}/video-link", {"video_link": link}))
    done(pair.mentee.post(f"{pair.of(session)}/reschedule", hour_body(on_monday(now, 3))))
    opened = done(pair.mentee.get(f"{pair.of(session)}/video-link"))["video_link"]
    assert opened == {"state": "open", "text": link}
    assert done(pair.mentor.get(pair.of(session)))["where"] == "by_video"

    done(pair.mentee.put(f"{pair.of(session)}/video-link", {"video_link": None}))
    assert done(pair.mentor.get(pair.of(session)))["where"] == "no_link_yet"
    assert pair.mentor.get(f"{pair.of(session)}/video-link").status_code == 404
