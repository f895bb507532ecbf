"""Half a simulated year in which rare things happen often: every event that can be stored is lived, but for some with a reason."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from api.embedded_postgres import EmbeddedPostgres
from api.simulate import rates
from api.simulate.lives import funding
from api.simulate.plan import Plan
from api.simulate.tally import Happened, Tally
from domain import EVENT_CLASSES
from tests.databases import fresh_database
from tests.simulated import A_MONDAY, Ground, ground_on

SEASON = Plan(mentees=9, mentors=6, weeks=24, seed=3, begins_at=A_MONDAY)

OFTEN: Mapping[str, Any] = {
    "ENQUIRER_WANTS_TO_BE_FORGOTTEN": 0.5,
    "LINE_IS_QUESTIONED": 0.6,
    "NOT_NOW": 0.3,
    "CONSENT_TO_IDENTITY_PREFERENCE": 0.7,
    "TAKES_BACKGROUND_BACK": 0.4,
    "DECLARES_A_CONFLICT": 0.1,
    "NEVER_ANSWERS": 0.1,
    "PLACE_IS_EXTENDED": 0.4,
    "MENTEE_ABSENT": 0.15,
    "MENTOR_ABSENT": 0.1,
    "NOBODY_CONFIRMS": 0.15,
    "DISPUTED": 0.2,
    "PAUSED": 0.3,
    "CADENCE_CHANGED": 0.3,
    "ENDS_EARLY": 0.2,
    "REMATCH_WANTED": 0.7,
    "ASKS_AGAIN": 1.0,
    "WITHDRAWS_FROM_ALL": 0.2,
    "WITHDRAWS_IDENTITY_PREFERENCE": 0.4,
    "MENTOR_PAUSES": 0.5,
    "MENTOR_LEAVES": 0.4,
    "MENTOR_STAYS": (20, 60),
    "MENTOR_IS_TURNED_DOWN": 0.25,
    "SHOWS_THEMSELVES": 0.6,
    "CHANGES_ADDRESS": 0.4,
    "LINK_CHANGES": 0.3,
    "NEVER_CLOSED": 0.2,
    "GIVES_FEEDBACK": 1.0,
    "WRITES_OF_IT": 0.8,
    "CONCERNS_A_MENTEE": 0.4,
    "RIGHTS_REQUESTS_A_MENTEE": 0.3,
    "DISCLOSURES_A_MENTEE": 0.3,
    "ERASURES_A_MENTEE": 0.3,
    "BESIDE_A_MENTEE": 0.4,
    "GROUPS_A_MENTEE": 0.12,
    "BESIDE_BEGINS_AT": 0.1,
    "STORIES_A_MENTEE": 0.2,
    "SUGGESTIONS_A_MENTEE": 0.2,
    "MENTORS_IN_ONE_PROGRAMME": 0.3,
}

DEVICES = "made on a participant's own device, which nobody in a simulation has"
YEARS = "comes after years by the clerk's calendar"
NO_WAY = "has no way through the API yet"
NOT_LIVED: Mapping[str, str] = {
    "access_register.listed": "somebody's name is looked for on a page",
    "access_register.unlocked": DEVICES,
    "binder.begun": DEVICES,
    "binder.item_added": DEVICES,
    "binder.item_kept": DEVICES,
    "binder.item_passed_on": DEVICES,
    "binder.item_removed": DEVICES,
    "binder.reader_left": DEVICES,
    "binder.set_entrusted": DEVICES,
    "binder.set_handed_over": DEVICES,
    "binder.set_opened": DEVICES,
    "binder.set_passed_on": DEVICES,
    "consent_ledger.invalidated": "an authority says so",
    "erasure.completed": "waits for the clerk to change keys, which it does by days that have passed",
    "feedback.forgotten": "comes after years, or once a mentor is erased of whom five have told",
    "funding_agreement.exhausted": "takes every session that an employer bought",
    "locker.begun": DEVICES,
    "locker.begun_anew": DEVICES,
    "locker.content_replaced": DEVICES,
    "locker.way_added": DEVICES,
    "locker.way_removed": DEVICES,
    "matter.forgotten": YEARS,
    "mentor_profile.detail_shared": NO_WAY,
    "notice.retired": NO_WAY,
    "person.address_confirmed": "by a code in a mail, which nobody in a simulation reads",
    "person.deactivated": NO_WAY,
    "person.detail_stated": NO_WAY,
    "person.end_announced": YEARS,
    "person.end_put_off": YEARS,
    "person.erased": "went with the person's own stream",
    "person.passkey_added": DEVICES,
    "person.passkey_revoked": DEVICES,
    "person.public_keys_published": DEVICES,
    "person.reactivated": NO_WAY,
    "programme.invitations_withdrawn": "links of an unfunded programme went astray",
    "relationship.attendance_settled": "only weeks after an agreement has ended",
    "remark.forgotten": YEARS,
    "rights_request.forgotten": YEARS,
    "suggestion.forgotten": YEARS,
}
"""What nobody in a simulation does, and why; it has tests of its own."""

BY_CHANCE = frozenset(
    {
        "consent_ledger.withdrawn",
        "feedback.given",
        "feedback_box.emptied",
        "funding_agreement.invitation_retired",
        "funding_agreement.invoice_credited",
        "funding_agreement.invoice_paid",
        "group.cadence_changed",
        "invitation.withdrawn",
        "mentor_profile.left",
        "place.extended",
        "relationship.conflict_declared",
        "relationship.ending_offered",
        "relationship.proposal_superseded",
        "shortlist.nobody_found",
        "story.withdrawn",
    }
)
"""What happens where chance will have it: with so few people it may not, once somebody behaves a little otherwise."""


@pytest.fixture(scope="module")
def often() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, rate in OFTEN.items():
            patch.setattr(rates, name, rate)
        patch.setattr(funding, "MENTEES_EACH", 3)
        yield


@pytest.fixture(scope="module")
def ground(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    with fresh_database(postgres, template) as database:
        yield ground_on(database, tmp_path_factory.mktemp("year"))


@pytest.fixture(scope="module")
def tally(ground: Ground, often: None) -> Tally:  # noqa: ARG001 - the rates are in force by then
    return ground.run(SEASON)


@pytest.fixture(scope="module")
def lived(ground: Ground, tally: Tally) -> Counter[str]:  # noqa: ARG001 - it is over by then
    return ground.topics()


def test_it_raises_invoices(tally: Tally) -> None:
    assert tally[Happened.INVOICES] > 0


def test_some_go_on_with_somebody_else_after_an_ending(tally: Tally) -> None:
    assert tally[Happened.ASKED_AGAIN] > 0


def test_every_event_is_lived_or_left_out_for_a_reason(lived: Counter[str]) -> None:
    missing = set(EVENT_CLASSES) - set(lived)
    assert missing - BY_CHANCE == set(NOT_LIVED)
