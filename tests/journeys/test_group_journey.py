"""A group followed from its first request to its end, over HTTP, with a real database and worker."""

from collections.abc import Callable
from datetime import timedelta

from domain.values import Role
from tests.groups import Groups
from tests.journeys.company import Company, done


def test_a_group_goes_from_its_first_request_to_its_end(
    company: Company, clerk: Callable[[], None]
) -> None:
    groups = Groups(company.scheme)
    group, (first, second) = groups.of(2)
    facilitator, coordinator = groups.facilitator, groups.coordinator

    hour = groups.planned(group)
    third = groups.joined(group)
    done(facilitator.post(f"/groups/{group}/hours/{hour}/expected"))
    members = [first, second, third]
    assert [groups.ledger(each) for each in members] == [(1, 1, 0)] * 3

    sessions = [each.stands()["sessions"][0]["id"] for each in members]
    assert len(set(sessions)) == 3
    for each, session in zip(members, sessions, strict=True):
        link = done(each.person.get(f"{each.path}/sessions/{session}/video-link"))["video_link"]
        assert link["text"] == "https://meet.example/vermilion-quay"

    excuse = {"reason": "cannot_attend"}
    done(second.person.post(f"{second.path}/sessions/{sessions[1]}/cancellation", excuse))
    company.clock.ahead += timedelta(days=15)
    done(groups.record(group, hour, [first]))
    assert [groups.ledger(each) for each in members] == [(1, 0, 1), (2, 0, 0), (1, 0, 1)]
    assert [each.stands()["sessions"][0]["outcome"] for each in members] == [
        "held",
        "cancelled",
        "mentee_absent",
    ]

    record = f"{third.path}/sessions/{sessions[2]}"
    done(third.person.post(f"{record}/dispute", {"words": "The line was gone."}))
    corrected = {"outcome": "mentor_absent", "reason": "dispute_upheld"}
    done(coordinator.post(f"{record}/correction", corrected))
    assert [groups.ledger(each) for each in members] == [(1, 0, 1), (2, 0, 0), (2, 0, 0)]

    again = groups.planned(group)
    done(second.person.post(f"{second.path}/closing", {"reason": "no_fault"}))
    seen = groups.seen(facilitator, group)
    assert seen["members"] == 2
    assert groups.ledger(second) == (2, 0, 0)
    assert groups.ledger(first) == (0, 1, 1)

    done(third.person.post("/me/consents/take_part/withdrawal"))
    clerk()
    assert groups.seen(facilitator, group)["is_open"]
    assert groups.ledger(third) == (2, 0, 0)

    cancelled = facilitator.post(f"/groups/{group}/hours/{again}/cancellation", {})
    since = {"at_least": done(cancelled)["position"], "programme": groups.programme}
    listed = done(coordinator.get("/groups", params=since))["groups"]
    assert [(each["id"], each["members"], each["seats"]) for each in listed] == [(group, 1, 6)]
    closed = facilitator.post(f"/groups/{group}/closing", {"reason": "completed"})
    assert not groups.seen(coordinator, group)["is_open"]
    assert first.stands()["closed_for"] == "completed"
    assert groups.ledger(first) == (1, 0, 1)
    since = {"at_least": closed.headers["Vouchsafe-Position"]}
    assert done(coordinator.get("/groups", params=since))["groups"] == []


def test_a_member_learns_nothing_of_the_others(company: Company) -> None:
    groups = Groups(company.scheme)
    group, (first, second) = groups.of(2)
    hour = groups.planned(group)
    company.clock.ahead += timedelta(days=15)
    done(groups.record(group, hour, [second]))

    answers = [
        first.person.get(path).text
        for path in (
            f"/groups/{group}",
            first.path,
            "/my-mentoring",
            f"{first.path}/sessions/{first.stands()['sessions'][0]['id']}",
            "/me/access-records",
        )
    ]

    theirs = (str(second.person.id), second.relationship, second.place, second.person.name)
    told = [word for word in theirs for answer in answers if word in answer]
    assert told == []
    seen = groups.seen(first.person, group)
    assert (seen["members"], seen["people"]) == (2, None)
    assert [each["outcome"] for each in seen["hours"][0]["coming"]] == ["mentee_absent"]
    for path in (second.path, f"{second.path}/proposal"):
        assert first.person.get(path).status_code == 404


def test_a_group_is_absent_to_everybody_else(company: Company) -> None:
    groups = Groups(company.scheme)
    group, (first, _) = groups.of(2)
    stranger = groups.somebody(Role.MENTOR)
    assert stranger.get(f"/groups/{group}").status_code == 404
    assert groups.somebody(Role.MENTEE).get(f"/groups/{group}").status_code == 404
    done(first.person.post(f"{first.path}/closing", {"reason": "no_fault"}))
    assert first.person.get(f"/groups/{group}").status_code == 404


def test_the_facilitator_sees_the_hours_at_which_all_can_meet(company: Company) -> None:
    groups = Groups(company.scheme)
    group, (first, _) = groups.of(2)
    said = {
        "time_zone": "Europe/London",
        "windows": [{"weekday": 2, "opens": "10:00", "closes": "12:00"}],
    }
    done(first.person.put("/me/availability", said))

    listed = done(groups.facilitator.get(f"/groups/{group}/hours/times"))["hours"]

    assert listed
    assert {each["starts_at"][11:16] for each in listed} <= {"10:00", "10:30", "11:00"}
    wrong = groups.facilitator.post(f"/groups/{group}/hours", groups.hour())
    assert wrong.json()["type"].endswith("not-a-time-for-both")


def test_a_coordinator_handles_nobody_with_whom_they_are_or_were_in_a_group(
    company: Company,
) -> None:
    groups = Groups(company.scheme)
    _, (first, second) = groups.of(2)
    company.make_coordinator(first.person)
    coordinator = company.scheme.speaking_for(first.person.id, Role.COORDINATOR)
    done(first.person.post(f"{first.path}/closing", {"reason": "no_fault"}))

    for path in (second.path, f"/people/{second.person.id}/contact"):
        assert coordinator.get(path).status_code == 403
    assert done(coordinator.get("/groups"))["groups"] == []
