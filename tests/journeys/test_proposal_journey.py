"""Proposals that end by rule: the mentor reads nothing of one whose time or consent is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.journeys.company import Company, done


def require_absent(answer: Any) -> None:
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:vouchsafe:problem:not-found")


def test_a_mentor_reads_nothing_of_a_proposal_whose_time_is_over(company: Company) -> None:
    relationship = company.request(themes="Umber-lattice")
    proposal = company.propose(relationship)
    path = f"/relationships/{relationship}"
    company.clock.ahead += timedelta(days=20)

    for shown in (f"{path}/proposal", path):
        require_absent(company.mentor.get(shown))
    require_absent(company.accept(company.mentor, relationship, proposal))
    profile = f"/mentor-profiles/{company.mentor.id}"
    require_absent(company.mentee.get(profile, params={"relationship": str(relationship)}))
    # Nobody recorded that it expired: the rule alone keeps it shut.
    assert done(company.mentee.get(path))["stage"] == "proposed"


def test_a_withdrawn_preference_takes_the_proposal_back_once(
    company: Company, clerk: Callable[[], None]
) -> None:
    company.consent(company.mentee, "identity_preference")
    relationship = company.request(identity_preference="Ochre-lantern")
    path = f"/relationships/{relationship}"
    company.propose(relationship)

    company.withdraw(company.mentee, "identity_preference")
    clerk()
    assert done(company.mentee.get(path))["stage"] == "requested"

    company.propose(relationship)
    clerk()
    assert done(company.mentor.get(f"{path}/proposal"))["reasons"]["state"] == "open"


def test_a_proposal_made_after_the_withdrawal_is_left_alone_by_a_late_clerk(
    company: Company, clerk: Callable[[], None]
) -> None:
    company.consent(company.mentee, "identity_preference")
    relationship = company.request(identity_preference="Ochre-lantern")
    company.propose(relationship)
    company.withdraw(company.mentee, "identity_preference")
    company.propose(relationship)

    clerk()

    shown = done(company.mentor.get(f"/relationships/{relationship}/proposal"))
    assert shown["version"] == 2


def test_a_withdrawn_preference_that_was_never_asked_with_takes_nothing_back(
    company: Company, clerk: Callable[[], None]
) -> None:
    company.consent(company.mentee, "identity_preference")
    relationship = company.request(themes="Umber-lattice")
    company.propose(relationship)
    company.withdraw(company.mentee, "identity_preference")

    clerk()

    shown = done(company.mentor.get(f"/relationships/{relationship}/proposal"))
    assert shown["reasons"]["state"] == "open"
