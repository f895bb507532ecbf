"""Taking a role away ends every way in that it gave, and never somebody's way out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

import api.enrolment
from api.auth.tokens import Tokens
from api.cli import app
from api.enrolment import RoleNotGranted, issue_token
from domain.values import Role
from tests.authenticator import sign_in, with_passkey
from tests.match import Match, done, match, propose, publish_notices
from tests.scheme import Scheme, Somebody

KEY = {"Idempotency-Key": "take-the-role-1"}
OWN = "/me/access-records"


@contextmanager
def database_away_for_tokens(monkeypatch: pytest.MonkeyPatch, *, after: int = 0) -> Iterator[None]:
    """Revocations fail from then on, once so many were carried out."""
    revoke_role, left = Tokens.revoke_role, iter(range(after))

    def fails(*arguments: Any) -> Any:
        if next(left, None) is None:
            raise psycopg.OperationalError
        return revoke_role(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Tokens, "revoke_role", fails)
        yield


def path_of(person: Somebody, role: Role) -> str:
    return f"/people/{person.id}/roles/{role.value}"


def test_a_role_taken_away_ends_its_tokens_and_no_others(reading_scheme: Scheme) -> None:
    coordinator = reading_scheme.person(Role.COORDINATOR)
    both = reading_scheme.person(Role.MENTEE, Role.MENTOR)
    as_mentor = reading_scheme.speaking_for(both.id, Role.MENTOR)

    done(coordinator.delete(path_of(both, Role.MENTOR)))

    assert as_mentor.get(OWN).status_code == 401
    assert both.get(OWN).status_code == 200


def test_no_role_is_taken_while_its_tokens_cannot_be_ended(
    reading_scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_notices(reading_scheme)
    made = propose(reading_scheme)
    path, before = path_of(made.mentor, Role.MENTOR), reading_scheme.event_count()
    with database_away_for_tokens(monkeypatch):
        assert made.coordinator.delete(path, headers=KEY).status_code == 503
    assert reading_scheme.event_count() == before

    done(made.coordinator.delete(path, headers=KEY))

    shown = made.mentor.get(f"/relationships/{made.relationship}/proposal")
    assert shown.status_code == 401


@pytest.mark.parametrize(("headers", "status"), [(KEY, 200), ({}, 409)])
def test_every_repetition_ends_the_tokens_again(
    reading_scheme: Scheme,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    status: int,
) -> None:
    coordinator = reading_scheme.person(Role.COORDINATOR)
    mentor = reading_scheme.person(Role.MENTOR)
    path = path_of(mentor, Role.MENTOR)
    with database_away_for_tokens(monkeypatch, after=1):
        assert coordinator.delete(path, headers=KEY).status_code == 503
    late = reading_scheme.speaking_for(mentor.id, Role.MENTOR)

    assert coordinator.delete(path, headers=headers).status_code == status

    assert late.get(OWN).status_code == 401


def test_a_repetition_leaves_the_tokens_of_a_role_given_back(reading_scheme: Scheme) -> None:
    coordinator = reading_scheme.person(Role.COORDINATOR)
    mentor = reading_scheme.person(Role.MENTOR)
    done(coordinator.delete(path_of(mentor, Role.MENTOR), headers=KEY))
    done(coordinator.post(f"/people/{mentor.id}/roles", {"role": "mentor"}))
    anew = reading_scheme.speaking_for(mentor.id, Role.MENTOR)

    done(coordinator.delete(path_of(mentor, Role.MENTOR), headers=KEY))

    assert anew.get(OWN).status_code == 200


def test_a_token_issued_while_its_role_is_taken_is_worth_nothing(
    reading_scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = reading_scheme.person(Role.COORDINATOR)
    mentor = reading_scheme.person(Role.MENTOR)
    issue, issued = Tokens.issue, []

    def issue_just_too_late(*arguments: Any, **options: Any) -> str:
        done(coordinator.delete(path_of(mentor, Role.MENTOR)))
        issued.append(issue(*arguments, **options))
        return issued[0]

    monkeypatch.setattr(api.enrolment.Tokens, "issue", issue_just_too_late)
    with pytest.raises(RoleNotGranted):
        issue_token(reading_scheme.parts, mentor.id, Role.MENTOR)

    assert reading_scheme.client(issued[0]).get(OWN).status_code == 401


@pytest.mark.parametrize("role", [Role.MENTEE, Role.MENTOR])
def test_nobody_loses_their_way_out_of_an_open_relationship(
    reading_scheme: Scheme, role: Role
) -> None:
    publish_notices(reading_scheme)
    made = match(reading_scheme)
    party = made.mentee if role is Role.MENTEE else made.mentor

    refused = made.coordinator.delete(path_of(party, role))

    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:vouchsafe:problem:in-open-relationship"
    assert party.get(OWN).status_code == 200
    assert party.post("/me/consents/take_part/withdrawal").status_code == 201


def test_a_mentor_who_said_yes_keeps_the_role_until_it_is_settled(reading_scheme: Scheme) -> None:
    publish_notices(reading_scheme)
    made = propose(reading_scheme)
    accept(made, made.mentor)

    refused = made.coordinator.delete(path_of(made.mentor, Role.MENTOR))

    assert refused.status_code == 409
    assert made.mentor.get(OWN).status_code == 200


def accept(made: Match, party: Somebody) -> None:
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/acceptance"
    done(party.post(path, {"version": 1}))


def test_once_a_relationship_has_ended_the_role_can_be_taken(reading_scheme: Scheme) -> None:
    publish_notices(reading_scheme)
    made = match(reading_scheme)
    done(made.mentee.post(f"/relationships/{made.relationship}/closing", {"reason": "no_fault"}))

    done(made.coordinator.delete(path_of(made.mentor, Role.MENTOR)))

    assert made.mentor.get(OWN).status_code == 401


def test_a_relationship_in_one_role_keeps_no_other(reading_scheme: Scheme) -> None:
    publish_notices(reading_scheme)
    made = match(reading_scheme)
    done(made.coordinator.post(f"/people/{made.mentee.id}/roles", {"role": "mentor"}))

    done(made.coordinator.delete(path_of(made.mentee, Role.MENTOR)))


@pytest.fixture
def command_environment(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = scheme.parts.settings
    files: dict[str, str] = {name: str(Path(file)) for name, file in settings.key_files.items()}
    monkeypatch.setenv("VOUCHSAFE_DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("VOUCHSAFE_KEY_FILES", json.dumps(files))


def said(*arguments: object) -> str:
    answer = CliRunner().invoke(app, [str(each) for each in arguments])
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.mark.usefixtures("command_environment")
def test_the_command_line_ends_what_was_taken_from_staff_and_counts_it(scheme: Scheme) -> None:
    lead = scheme.person(Role.SAFEGUARDING_LEAD, Role.MENTEE)
    as_mentee = scheme.speaking_for(lead.id, Role.MENTEE)
    device, by_passkey = with_passkey(as_mentee.client), scheme.client()
    done(sign_in(by_passkey, device))
    browser = scheme.client()
    browser.post("/session", json={"token": lead.token})
    done(browser.get(OWN))

    assert said("revoke", lead.id, "--role", "safeguarding_lead") == (
        "Ended: tokens 1, passkeys 0, browser sessions 1.\n"
    )
    assert lead.get(OWN).status_code == browser.get(OWN).status_code == 401
    assert as_mentee.get(OWN).status_code == 200
    assert said("revoke", lead.id) == "Ended: tokens 1, passkeys 1, browser sessions 1.\n"
    assert as_mentee.get(OWN).status_code == by_passkey.get(OWN).status_code == 401
    assert said("revoke", lead.id) == "Ended: tokens 0, passkeys 0, browser sessions 0.\n"
