"""Invitations through the API: in by a link, once, and no answer tells of any link whether it was used."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest

from api import joining
from api.embedded_postgres import EmbeddedPostgres
from api.tries import Tries
from domain.values import Role
from tests.databases import fresh_database
from tests.invitations import Funded, funded, is_used, join, mentee_of, newcomer, token_of
from tests.match import done, give_consent, publish_notices
from tests.scheme import reading_scheme_on

REFUSED = (409, "invitation-cannot-be-used")


@pytest.fixture(scope="module")
def of(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Funded]:
    """An agreement with room for every test of this file."""
    folder = tmp_path_factory.mktemp("invitations")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as scheme,
    ):
        publish_notices(scheme)
        yield funded(scheme, places=500)


@pytest.fixture(autouse=True)
def room(of: Funded) -> None:
    """Each test has tries of its own."""
    of.scheme.app.state.guarded_invitations.tries = Tries(of_one=1000, of_all=1000)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_somebody_new_gets_in_signs_in_and_asks_for_mentoring(of: Funded) -> None:
    (token,) = of.issue()
    mentee = mentee_of(of.scheme, join(of.scheme, newcomer(token)))

    shown = done(mentee.get(f"/people/{mentee.id}/contact"))
    assert shown["name"] == mentee.name
    give_consent(mentee, "take_part")
    (place,) = places_once_shown(of, mentee)
    assert done(mentee.post("/relationships", {"place": place["id"]}))["id"]
    held = done(of.coordinator.get(f"/places/{place['id']}"))
    assert (held["mentee"], held["agreement"], held["granted"]) == (
        str(mentee.id),
        of.agreement,
        3,
    )


def test_links_carry_their_tokens_where_no_server_sees_them(of: Funded) -> None:
    answer = done(of.coordinator.post(of.path, {"count": 2}))

    for link in answer["links"]:
        assert link.startswith("http://testserver/join#invitation_")
        assert len(token_of(link)) == len("invitation_") + 22
    assert len(set(answer["links"])) == 2


def test_one_invitation_lets_one_person_in(of: Funded) -> None:
    (token,) = of.issue()
    done(join(of.scheme, newcomer(token)))
    before = of.scheme.event_count()

    assert refusal(join(of.scheme, newcomer(token))) == REFUSED
    assert of.scheme.event_count() == before


def test_whatever_keeps_an_invitation_from_being_used_is_answered_alike(of: Funded) -> None:
    """A sponsor who kept a copy of a link learns nothing by trying it once it was used."""
    used, withdrawn, over = of.issue(2) + of.issue(expires_on=today())
    done(join(of.scheme, newcomer(used)))
    of.withdraw()
    poor, ended = funded(of.scheme, places=2), funded(of.scheme)
    first, second = poor.issue(2)
    done(join(of.scheme, newcomer(first)))
    (late,) = ended.issue()
    done(ended.coordinator.post(f"/agreements/{ended.agreement}/ending"))
    make_exhausted(poor)
    tokens = [used, withdrawn, over, second, late, "invitation_" + "A" * 22, "?", "x" * 200]

    answers = [join(of.scheme, newcomer(each)) for each in tokens]

    assert {refusal(answer) for answer in answers} == {REFUSED}
    assert len({answer.text for answer in answers}) == 1
    assert len({told_of(answer) for answer in answers}) == 1
    assert not is_used(of.scheme, second)


def today() -> str:
    return str(datetime.now(UTC).date())


def make_exhausted(of: Funded) -> None:
    """Give up all that is not allotted; the invitations stay."""
    terms = {**of.shown()["terms"], "places": 1}
    done(of.coordinator.put(f"/agreements/{of.agreement}/terms", terms))


def told_of(answer: Any) -> str:
    """Its headers, but for the number that every request has."""
    return str(
        sorted((name, value) for name, value in answer.headers.items() if name != "x-request-id")
    )


def test_faults_of_form_are_found_before_the_token_is_looked_at(of: Funded) -> None:
    """Else a wrong address beside a token would tell whether it is still good, without using it."""
    (good,) = of.issue()
    for token in (good, "invitation_" + "B" * 22):
        answer = join(of.scheme, newcomer(token, email="no address"))
        assert (answer.status_code, answer.json()["fields"][0]["field"]) == (422, "body.email")
    assert not is_used(of.scheme, good)


def test_who_has_a_place_learns_nothing_of_others_invitations(of: Funded) -> None:
    first, second, used = of.issue(3)
    mentee = mentee_of(of.scheme, join(of.scheme, newcomer(first)))
    done(join(of.scheme, newcomer(used)))

    answers = [mentee.post("/me/places", {"invitation": each}) for each in (second, used, "?")]

    assert {refusal(answer) for answer in answers} == {REFUSED}
    assert len({answer.text for answer in answers}) == 1
    assert not is_used(of.scheme, second)


def test_who_was_granted_a_place_by_hand_gets_no_second_one(of: Funded) -> None:
    mentee = of.scheme.person(Role.MENTEE)
    grant = {"agreement": of.agreement, "mentee": str(mentee.id)}
    position = done(of.coordinator.post("/places", grant))["position"]
    of.scheme.app.state.reader.wait_for("own_places", position, 30.0)
    (token,) = of.issue()

    assert refusal(mentee.post("/me/places", {"invitation": token})) == REFUSED
    assert not is_used(of.scheme, token)


def test_a_mentor_who_is_invited_becomes_a_mentee_too(of: Funded) -> None:
    mentor = of.scheme.person(Role.MENTOR)
    (token,) = of.issue()
    done(mentor.post("/me/places", {"invitation": token}))

    mentee = of.scheme.speaking_for(mentor.id, Role.MENTEE)
    give_consent(mentee, "take_part")
    (place,) = places_once_shown(of, mentee)
    assert done(mentee.post("/relationships", {"place": place["id"]}))


def places_once_shown(of: Funded, mentee: Any) -> Any:
    newest = of.scheme.parts.recorder.max_notification_id() or 0
    of.scheme.app.state.reader.wait_for("own_places", newest, 30.0)
    return done(mentee.get("/me/places"))["places"]


def test_a_lost_answer_is_asked_for_again_and_signs_in_anew(of: Funded) -> None:
    (token,) = of.issue()
    body, key = newcomer(token), uuid4().hex
    first = done(join(of.scheme, body, key))
    before = of.scheme.event_count()
    again = done(join(of.scheme, body, key))

    assert again["person"] == first["person"]
    assert again["token"] != first["token"]
    assert done(of.scheme.client(again["token"]).get("/me/consents")) is not None
    assert of.scheme.event_count() == before


def test_only_the_same_request_under_the_same_key_is_a_repetition(of: Funded) -> None:
    (token,) = of.issue()
    body, key = newcomer(token), uuid4().hex
    done(join(of.scheme, body, key))

    assert refusal(join(of.scheme, body | {"email": "other@example.org"}, key)) == REFUSED
    assert refusal(join(of.scheme, body, uuid4().hex)) == REFUSED
    assert refusal(join(of.scheme, body)) == REFUSED


def test_a_repetition_that_comes_late_signs_nobody_in(
    of: Funded, monkeypatch: pytest.MonkeyPatch
) -> None:
    (token,) = of.issue()
    body, key = newcomer(token), uuid4().hex
    done(join(of.scheme, body, key))
    monkeypatch.setattr(joining, "REPEATED_WITHIN", timedelta(0))

    assert refusal(join(of.scheme, body, key)) == REFUSED


def test_wrong_tries_are_counted_and_good_ones_are_not(of: Funded) -> None:
    of.scheme.app.state.guarded_invitations.tries = Tries(of_one=3, of_all=100)
    for token in of.issue(5):
        done(join(of.scheme, newcomer(token)))
    for _ in range(3):
        assert refusal(join(of.scheme, newcomer("?"))) == REFUSED

    (good,) = of.issue()
    for token in (good, "?"):
        answer = join(of.scheme, newcomer(token))
        assert refusal(answer) == (429, "too-many-tries")
        assert answer.headers["retry-after"]
    assert not is_used(of.scheme, good)


def test_a_wrong_try_is_answered_no_sooner_than_any_other(of: Funded) -> None:
    guarded = of.scheme.app.state.guarded_invitations
    guarded.refused_after = 0.4
    (used,) = of.issue()
    done(join(of.scheme, newcomer(used)))
    try:
        for token in (used, "?"):
            began = monotonic()
            assert refusal(join(of.scheme, newcomer(token))) == REFUSED
            assert monotonic() - began >= 0.4
    finally:
        guarded.refused_after = 0.0


def test_a_sponsor_is_answered_links_and_nothing_that_counts(of: Funded) -> None:
    own = funded(of.scheme, places=3)
    answer = own.sponsor.post(own.path, {"count": 2})

    assert done(answer).keys() == {"links", "expires_on"}
    assert not {"etag", "vouchsafe-position"} & set(answer.headers)
    for key in (uuid4().hex, uuid4().hex):
        later = own.sponsor.post(own.path, {"count": 2}, headers={"Idempotency-Key": key})
        assert refusal(later) == (409, "too-many-invitations")
    assert done(own.sponsor.post(own.path, {"count": 1}))


def test_the_version_of_an_agreement_is_no_oracle(of: Funded) -> None:
    """Each use of an invitation is a new version; what names one must not be answered by it."""
    own = funded(of.scheme, places=200)
    for version in range(1, 6):
        answer = own.sponsor.post(own.path, {"count": 1}, headers={"If-Match": f'"{version}"'})
        assert answer.status_code == 201


def test_issuing_again_under_a_key_answers_the_same_links(of: Funded) -> None:
    own, headers = funded(of.scheme, places=3), {"Idempotency-Key": uuid4().hex}
    for who in (own.coordinator, own.sponsor):
        first = who.post(own.path, {"count": 1}, headers=headers)
        again = who.post(own.path, {"count": 1}, headers=headers)
        assert done(again) == done(first)
        other = who.post(own.path, {"count": 2}, headers=headers)
        assert refusal(other) == (422, "key-used-for-another")
    assert own.shown()["invitations_issued"] == 2
    short = own.coordinator.post(own.path, {"count": 1}, headers={"Idempotency-Key": "guessable"})
    assert refusal(short) == (422, "key-is-too-short")


def test_the_agreements_of_others_are_absent_to_a_sponsor(of: Funded) -> None:
    stranger = funded(of.scheme).sponsor
    theirs = stranger.post(of.path, {"count": 1})
    nobodys = stranger.post(f"/agreements/{uuid4()}/invitations", {"count": 1})

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text == nobodys.text


@pytest.mark.parametrize(
    "wrong",
    [{"count": 0}, {"count": 201}, {"count": "many"}, {}, {"count": 1, "expires_on": "soon"}],
)
def test_wrong_pools_are_refused(of: Funded, wrong: dict[str, Any]) -> None:
    assert of.coordinator.post(of.path, wrong).status_code == 422


def test_a_last_day_outside_the_agreement_is_refused(of: Funded) -> None:
    for day in ("2001-01-01", "2999-12-31"):
        answer = of.coordinator.post(of.path, {"count": 1, "expires_on": day})
        assert refusal(answer) == (409, "wrong-last-day")
