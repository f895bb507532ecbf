"""Rounds and shortlists through the API: who is found, who is told what, and what a change of mind undoes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.matching.eligibility import Obstacle
from domain.matching.left_over import ALL_GIVEN, CHANGES, NO_MENTORS
from domain.matching.reasons import BACKGROUND_MET
from domain.values import Role
from tests.databases import fresh_database
from tests.match import done, give_consent, publish_notices
from tests.matching import MatchingScheme, Waiting, offering, theme
from tests.scheme import Scheme, Somebody, reading_scheme_on

SIKH = {"own": {"faith": ["sikh"]}}


@pytest.fixture(scope="module")
def shared(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    """One scheme for all; each test brings a programme, mentees and mentors of its own."""
    folder = tmp_path_factory.mktemp("matching")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as scheme,
    ):
        publish_notices(scheme)
        yield scheme


@pytest.fixture
def matching(shared: Scheme) -> Iterator[MatchingScheme]:
    made = MatchingScheme(shared)
    yield made
    made.leave()


def pairs(found: Any) -> dict[UUID, UUID]:
    return {UUID(each["relationship"]): UUID(each["mentor"]) for each in found["pairs"]}


def kinds(somebody: Somebody) -> list[str]:
    return [each["kind"] for each in done(somebody.get("/me/access-records"))["looks"]]


def words(matching: MatchingScheme, found: Any, one: Waiting) -> Any:
    return done(
        matching.coordinator.get(f"/matching-rounds/{found['id']}/words/{one.relationship}")
    )


def test_a_round_finds_proposes_and_tells_each_why(matching: MatchingScheme) -> None:
    first, second = matching.waiting(**theme("leading")), matching.waiting(**theme("balance"))
    leads, balances = matching.mentor(**offering("leading")), matching.mentor(**offering("balance"))

    found = matching.run()
    proposed = matching.propose(found)

    assert pairs(found) == {first.relationship: leads.id, second.relationship: balances.id}
    assert found["measures"]["share_matched"] == found["measures"]["worst_off"] == 1000
    assert (found["requests"], found["mentors"], found["left_over"]) == (2, 2, [])
    assert proposed["refused"] == []
    for_mentee = done(first.mentee.get(f"/relationships/{first.relationship}/proposal"))
    for_mentor = done(leads.get(f"/relationships/{first.relationship}/proposal"))
    assert "leading others" in for_mentee["reasons"]["text"]
    assert for_mentee["reasons"]["text"] != for_mentor["reasons"]["text"]
    assert kinds(first.mentee).count("preferences") == 3
    assert {"preferences"} <= set(kinds(leads))


def test_what_a_round_found_is_proposed_once_however_often_it_is_asked(
    matching: MatchingScheme,
) -> None:
    one, other = matching.waiting(), matching.waiting()
    matching.mentor(capacity=2)
    found = matching.run()

    some = matching.propose(found, one.relationship)
    first = done(one.mentee.get(f"/relationships/{one.relationship}/proposal"))
    everybody = matching.propose(found)
    again = matching.propose(found, one.relationship, other.relationship)

    assert some["proposed"] == [str(one.relationship)]
    assert everybody["proposed"] == [str(other.relationship)]
    assert again["refused"] == []
    assert done(one.mentee.get(f"/relationships/{one.relationship}/proposal")) == first


def test_who_is_left_over_reads_why_and_so_can_their_coordinator(matching: MatchingScheme) -> None:
    matching.mentor(languages=["en"])
    lonely = matching.waiting(languages=["cy"])
    found = matching.run()

    own = done(lonely.mentee.get(f"/relationships/{lonely.relationship}/shortlist"))
    seen = words(matching, found, lonely)

    assert found["left_over"] == [str(lonely.relationship)]
    assert CHANGES[Obstacle.LANGUAGE] in own["nobody_found"]["text"]
    assert seen["for_mentee"] == own["nobody_found"]
    assert seen["for_mentor"]["state"] == "not_given"


def test_an_empty_pool_and_one_without_anybody_who_waits_are_said(matching: MatchingScheme) -> None:
    matching.shown()
    nobody = matching.coordinator.post(f"/programmes/{matching.programme}/matching-rounds")
    alone = matching.waiting()
    found = matching.run()

    assert nobody.status_code == 409
    assert "Nobody waits" in nobody.json()["detail"]
    own = done(alone.mentee.get(f"/relationships/{alone.relationship}/shortlist"))
    assert own["nobody_found"]["text"] == NO_MENTORS
    assert found["measures"]["share_matched"] == 0


def test_one_mentor_for_several_takes_one_and_the_others_keep_their_place(
    matching: MatchingScheme,
) -> None:
    waiting = [matching.waiting() for _ in range(3)]
    matching.mentor()
    found = matching.run()
    left = [each for each in waiting if str(each.relationship) in found["left_over"]]

    assert len(pairs(found)) == 1
    for each in left:
        own = done(each.mentee.get(f"/relationships/{each.relationship}/shortlist"))
        assert own["nobody_found"]["text"] == ALL_GIVEN


def test_where_nobody_may_be_matched_each_is_told_what_would_change_it(
    matching: MatchingScheme,
) -> None:
    waiting = [matching.waiting(languages=["cy"]) for _ in range(3)]
    for _ in range(2):
        matching.mentor(languages=["en"])
    found = matching.run()

    assert (pairs(found), found["measures"]["share_matched"]) == ({}, 0)
    assert set(found["left_over"]) == {str(each.relationship) for each in waiting}
    for each in waiting:
        assert CHANGES[Obstacle.LANGUAGE] in told_why(each)


def test_wishes_that_contradict_each_other_match_nobody_and_say_what_to_change(
    matching: MatchingScheme,
) -> None:
    """They need what no one person is: somebody who listens first, and somebody who knows hospitals."""
    needs = [
        {"aspect": aspect, "any_of": [value], "importance": 3} for aspect, value in BOTH.items()
    ]
    asking = matching.waiting(wishes=needs)
    for aspect, value in BOTH.items():
        matching.mentor(about={aspect: [value]})
    found = matching.run()

    assert pairs(found) == {}
    assert CHANGES[Obstacle.NEED] in told_why(asking)


BOTH = {"approach": "listening", "practice": "hospital"}


def told_why(one: Waiting) -> str:
    own = done(one.mentee.get(f"/relationships/{one.relationship}/shortlist"))
    return str(own["nobody_found"]["text"])


def test_who_objects_to_suggestions_is_in_none_until_it_is_refused_with_stronger_grounds(
    matching: MatchingScheme,
) -> None:
    objecting, other = matching.waiting(), matching.waiting()
    matching.mentor(capacity=3)
    objection = {"kind": "objection", "objects_to": "suggestions"}
    asked = done(objecting.mentee.post("/me/rights-requests", objection))["id"]
    matching.shown()
    drawn = matching.coordinator.post(f"/relationships/{objecting.relationship}/shortlist")
    assert (drawn.status_code, "by a program" in drawn.json()["detail"]) == (409, True)
    found = matching.run()
    assert set(pairs(found)) == {other.relationship}
    matching.close(found)

    lead = matching.scheme.person(Role.DATA_PROTECTION_LEAD)
    refusal = {"reason": "stronger_grounds", "words": "Why."}
    done(lead.post(f"/rights-requests/{asked}/refusal", refusal))
    assert objecting.relationship in pairs(matching.run())


def test_who_objected_lets_suggestions_begin_again(matching: MatchingScheme) -> None:
    mentee = matching.waiting().mentee
    again = mentee.post("/me/uses/suggestions/resuming")
    assert again.status_code == 409
    objection = {"kind": "objection", "objects_to": "suggestions"}
    done(mentee.post("/me/rights-requests", objection))
    assert mentee.post("/me/rights-requests", objection).status_code == 409
    done(mentee.post("/me/uses/suggestions/resuming"))
    wrong = mentee.post("/me/rights-requests", {**objection, "kind": "access"})
    assert wrong.status_code == 422


def test_a_round_is_not_started_twice(matching: MatchingScheme) -> None:
    matching.waiting()
    found = matching.run()
    rounds = f"/programmes/{matching.programme}/matching-rounds"

    twice = matching.coordinator.post(rounds)
    matching.close(found)
    later = matching.run()

    assert twice.status_code == 409
    assert "close it" in twice.json()["detail"]
    assert (found["number"], later["number"]) == (1, 2)
    assert done(matching.coordinator.get(rounds))["newest"]["id"] == later["id"]
    closed = matching.coordinator.post(f"/matching-rounds/{found['id']}/closing")
    assert closed.status_code == 409


def test_a_repeated_request_runs_one_round(matching: MatchingScheme) -> None:
    matching.waiting()
    matching.shown()
    rounds = f"/programmes/{matching.programme}/matching-rounds"
    key = {"Idempotency-Key": "a-round-of-one-evening"}

    first, second = (matching.coordinator.post(rounds, headers=key) for _ in range(2))

    assert done(first)["id"] == done(second)["id"]


def test_an_identity_preference_counts_only_where_both_said_so_themselves(
    matching: MatchingScheme,
) -> None:
    asking = matching.waiting("identity_preference")
    wishes = {"faith": "shared"}
    done(asking.mentee.put("/me/preferences/background", SIKH | {"wishes": wishes}))
    matching.mentor("identity_preference")
    shares = matching.mentor("identity_preference")
    done(shares.put("/me/preferences/background", SIKH))

    found = matching.run()
    matching.propose(found)

    assert pairs(found) == {asking.relationship: shares.id}
    path = f"/relationships/{asking.relationship}/proposal"
    assert BACKGROUND_MET in done(asking.mentee.get(path))["reasons"]["text"]
    assert "background" not in done(shares.get(path))["reasons"]["text"]
    assert "identity" in kinds(asking.mentee)
    assert "identity" in kinds(shares)


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_a_withdrawn_preference_takes_back_what_rests_on_it(
    matching: MatchingScheme, who: str
) -> None:
    asking = matching.waiting("identity_preference")
    wished = SIKH | {"wishes": {"faith": "shared"}, "importance": 3}
    done(asking.mentee.put("/me/preferences/background", wished))
    shares = matching.mentor("identity_preference")
    done(shares.put("/me/preferences/background", SIKH))
    withdraws = asking.mentee if who == "mentee" else shares
    found = matching.run()
    matching.propose(found)
    matching.shown()

    done(withdraws.post("/me/consents/identity_preference/withdrawal"))
    matching.shown()
    gone = asking.mentee.get(f"/relationships/{asking.relationship}/proposal")
    looks = kinds(withdraws).count("identity")
    matching.close(found)
    anew = matching.run()

    assert gone.status_code in {404, 409}
    assert kinds(withdraws).count("identity") == looks == 1
    if who == "mentee":
        assert pairs(anew) == {asking.relationship: shares.id}
    else:
        assert anew["left_over"] == [str(asking.relationship)]


def test_what_was_found_before_a_withdrawal_is_not_proposed_after_it(
    matching: MatchingScheme,
) -> None:
    asking = matching.waiting("identity_preference")
    done(asking.mentee.put("/me/preferences/background", SIKH | {"wishes": {"faith": "shared"}}))
    mentor = matching.mentor()
    found = matching.run()
    shortlist = f"/relationships/{asking.relationship}/shortlist"
    done(matching.coordinator.post(shortlist))

    done(asking.mentee.post("/me/consents/identity_preference/withdrawal"))
    refused = matching.propose(found)
    by_list = matching.coordinator.post(f"{shortlist}/proposals", {"mentor": str(mentor.id)})

    assert refused["proposed"] == []
    assert "work it out anew" in refused["refused"][0]["sentence"]
    assert by_list.status_code == 409
    assert done(asking.mentee.get(shortlist))["mentors"] == []


def test_a_consent_withdrawn_in_the_middle_of_a_round_is_in_none_of_it(
    matching: MatchingScheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The round is worked out, and before it is recorded somebody withdraws: it is worked out anew."""
    from domain.matching import engine  # noqa: PLC0415 - the round loads it as late

    stays, leaves = matching.waiting(), matching.waiting()
    matching.mentor(capacity=2)
    matching.shown()
    run_round, withdrawn = engine.run_round, []

    def run_and_withdraw(*given: Any) -> Any:
        result = run_round(*given)
        if not withdrawn:
            withdrawn.append(done(leaves.mentee.post("/me/consents/take_part/withdrawal")))
        return result

    monkeypatch.setattr(engine, "run_round", run_and_withdraw)
    found = matching.run()

    assert set(pairs(found)) == {stays.relationship}
    assert found["left_over"] == []
    assert found["requests"] == 1


def test_room_that_went_meanwhile_is_said_and_stops_no_other(matching: MatchingScheme) -> None:
    one, other = matching.waiting(**theme("leading")), matching.waiting(**theme("balance"))
    lowers, keeps = matching.mentor(**offering("leading")), matching.mentor(**offering("balance"))
    found = matching.run()

    done(lowers.put("/me/mentor-profile/capacity", {"capacity": 0}))
    answer = matching.propose(found)

    assert answer["proposed"] == [str(other.relationship)]
    assert [each["relationship"] for each in answer["refused"]] == [str(one.relationship)]
    assert "capacity" in answer["refused"][0]["sentence"]
    assert keeps.id == pairs(found)[other.relationship]


def test_capacity_cannot_be_lowered_below_what_is_in_use_and_open_proposals_take_room(
    matching: MatchingScheme,
) -> None:
    one = matching.waiting()
    mentor = matching.mentor()
    found = matching.run()
    matching.propose(found)
    matching.close(found)
    other = matching.waiting()
    later = matching.run()
    proposal = done(one.mentee.get(f"/relationships/{one.relationship}/proposal"))
    for party in (one.mentee, mentor):
        path = f"/relationships/{one.relationship}/proposals/{proposal['id']}/acceptance"
        done(party.post(path, {"version": 1}))

    lowered = mentor.put("/me/mentor-profile/capacity", {"capacity": 0})

    assert later["left_over"] == [str(other.relationship)]
    assert CHANGES[Obstacle.NO_ROOM] in words(matching, later, other)["for_mentee"]["text"]
    assert lowered.status_code == 409
    assert "below the relationships" in lowered.json()["detail"]


def test_a_mentee_ranks_a_shortlist_after_reading_about_each(matching: MatchingScheme) -> None:
    asking = matching.waiting(**theme("leading", "balance"))
    mentors = [matching.mentor(**offering(*each)) for each in (["leading", "balance"], ["leading"])]
    matching.mentor()
    stranger = matching.mentor()
    matching.shown()
    path = f"/relationships/{asking.relationship}/shortlist"
    done(matching.coordinator.post(path))

    shown = done(asking.mentee.get(path))
    order = [each["mentor"] for each in shown["mentors"]]
    read = [profile(asking, UUID(each)) for each in order]
    wrong = asking.mentee.put(f"{path}/ranking", {"mentors": order[:2]})
    done(asking.mentee.put(f"{path}/ranking", {"mentors": order[::-1]}))
    seen = done(matching.coordinator.get(path))
    done(matching.coordinator.post(f"{path}/proposals", {"mentor": order[2]}))

    assert order[:2] == [str(each.id) for each in mentors]
    assert len(order) == 3
    assert all(each.json()["words"] for each in read)
    assert "leading others" in shown["mentors"][0]["reasons"]["text"]
    assert profile(asking, stranger.id).status_code == (200 if str(stranger.id) in order else 404)
    assert wrong.status_code == 409
    assert [each["mentor"] for each in seen["mentors"]] == order[::-1]
    assert {each["reasons"]["state"] for each in seen["mentors"]} == {"not_given"}
    proposal = done(asking.mentee.get(f"/relationships/{asking.relationship}/proposal"))
    assert proposal["mentor"] == order[2]


def profile(asking: Waiting, mentor: UUID) -> Any:
    where = {"relationship": str(asking.relationship)}
    return asking.mentee.get(f"/mentor-profiles/{mentor}", params=where)


def test_weights_are_a_versioned_setting_of_the_programme(matching: MatchingScheme) -> None:
    path = f"/programmes/{matching.programme}/weights"
    usual = done(matching.coordinator.get(path))
    done(matching.coordinator.put(path, {"weights": {"themes": 9}}))
    matching.waiting()

    assert usual["version"] == 0
    assert done(matching.coordinator.get(path))["weights"] == usual["weights"] | {"themes": 9}
    assert matching.run()["weights_version"] == 1
    assert matching.coordinator.put(path, {"weights": {"themes": 11}}).status_code == 422


def test_what_one_states_is_ones_own_to_read_change_and_take_back(matching: MatchingScheme) -> None:
    mentee = matching.waiting(**theme("leading")).mentee
    unsaid = mentee.put("/me/preferences/background", SIKH)
    give_consent(mentee, "identity_preference")
    done(mentee.put("/me/preferences/background", SIKH))

    assert done(mentee.get("/me/preferences"))["preferences"]["wishes"][0]["any_of"] == ["leading"]
    assert unsaid.status_code == 409
    assert done(mentee.get("/me/preferences/background"))["background"]["own"] == SIKH["own"]
    done(mentee.delete("/me/preferences/background"))
    assert done(mentee.get("/me/preferences/background"))["state"] == "not_given"
    assert mentee.delete("/me/preferences/background").status_code == 409
    contradicting = theme("leading")["wishes"] * 2
    assert mentee.put("/me/preferences", {"wishes": contradicting}).status_code == 409
    done(mentee.post("/me/consents/take_part/withdrawal"))
    assert done(mentee.get("/me/preferences"))["state"] == "consent_not_live"
