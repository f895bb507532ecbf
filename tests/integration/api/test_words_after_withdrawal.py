"""After a withdrawal no word of the person is kept under a new key, and none about them stays open."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.values import Role
from tests.match import done, give_consent, match, propose, publish_notices
from tests.scheme import Scheme


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def live_keys_of(scheme: Scheme, person: UUID) -> int:
    with scheme.parts.pool.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM keys.data_key_personal WHERE owner = %s AND state = 'live'",
            (person,),
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_words_about_somebody_who_withdrew_are_refused_and_the_order_stands_without_them(
    scheme: Scheme,
) -> None:
    publish_notices(scheme)
    made = propose(scheme)
    path = f"/relationships/{made.relationship}/conflicts"
    body = {"with_person": str(uuid4())}
    done(made.mentee.post("/me/consents/take_part/withdrawal"))
    done(made.mentee.post("/me/consents/identity_preference/withdrawal"))

    refused = made.coordinator.post(path, body | {"words": "Zither-lantern"})
    done(made.coordinator.post(path, body))

    assert problem(refused) == (409, "words-need-consent")
    assert live_keys_of(scheme, made.mentee.id) == 0


def test_who_withdrew_ends_a_relationship_without_words(scheme: Scheme) -> None:
    publish_notices(scheme)
    made = match(scheme)
    path, body = f"/relationships/{made.relationship}/closing", {"reason": "no_fault"}
    done(made.mentee.post("/me/consents/take_part/withdrawal"))

    refused = made.mentee.post(path, body | {"words": "Zither-lantern"})
    done(made.mentee.post(path, body))

    assert problem(refused) == (409, "words-need-consent")
    assert live_keys_of(scheme, made.mentee.id) == 0


def test_an_application_has_words_only_under_consent(scheme: Scheme) -> None:
    publish_notices(scheme)
    mentor = scheme.person(Role.MENTOR)

    refused = mentor.post("/me/mentor-profile", {"words": "Zither-lantern"})

    assert problem(refused) == (409, "words-need-consent")
    assert live_keys_of(scheme, mentor.id) == 0
    done(mentor.post("/me/mentor-profile", {}))


@pytest.mark.parametrize("purpose", ["take_part", "identity_preference"])
def test_a_mentor_reads_no_reasons_that_rest_on_a_consent_withdrawn_since(
    scheme: Scheme, purpose: str
) -> None:
    publish_notices(scheme)
    made = propose(scheme)
    path = f"/relationships/{made.relationship}/proposal"
    done(made.mentor.get(path))
    done(made.mentee.post(f"/me/consents/{purpose}/withdrawal"))

    shown = made.mentor.get(path)
    give_consent(made.mentee, purpose)
    later = made.mentor.get(path)

    assert problem(shown) == (404, "not-found")
    # Taking part again opens it again; what was written of a preference is made anew instead.
    assert later.status_code == (200 if purpose == "take_part" else 404)


def test_a_mentee_reads_that_the_mentor_read_about_them(scheme: Scheme) -> None:
    publish_notices(scheme)
    made = propose(scheme)

    done(made.mentor.get(f"/relationships/{made.relationship}/proposal"))

    for person, purpose in ((made.mentee, "matching"), (made.mentor, "own_record")):
        look = done(person.get("/me/access-records"))["looks"][0]
        assert (look["who"], look["purpose"]) == (str(made.mentor.id), purpose)
        assert look["role"] == "mentor"
