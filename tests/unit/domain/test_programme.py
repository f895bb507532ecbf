from datetime import time
from uuid import uuid4

import pytest

from domain.organisation import (
    NotASponsorContact,
    Organisation,
    OrganisationNeedsAName,
    SponsorContactNamed,
)
from domain.programme import Programme, Settings, SettingsAreTheSame, WrongSettings
from domain.relationship_events import Kind
from domain.values import UnknownTimeZone
from domain.working_time import WorkingHours, WrongHours
from tests.unit.domain.builders import COORDINATOR, act

BY = act(COORDINATOR)


def test_a_programme_runs_as_it_was_last_set() -> None:
    programme = Programme.open(uuid4(), Settings("Thinking"), BY)
    changed = Settings("Thinking", kinds=(Kind.FORMAL, Kind.GROUP), ceiling=2)
    programme.change_settings(changed, BY)
    assert programme.settings == changed
    with pytest.raises(SettingsAreTheSame):
        programme.change_settings(changed, BY)


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "n" * 121}, {"kinds": ()}, {"ceiling": 0}, {"ceiling": 4}],
)
def test_a_programme_is_not_set_wrongly(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongSettings):
        Settings(**{"name": "Thinking", **wrong})  # type: ignore[arg-type]  # - one of each kind


def test_a_programme_lies_in_a_zone_that_there_is() -> None:
    with pytest.raises(UnknownTimeZone):
        Settings("Thinking", time_zone="Europe/Fernley")


@pytest.mark.parametrize(
    ("opens", "closes", "days"),
    [
        (time(18), time(9), {0}),
        (time(9), time(9), {0}),
        (time(9), time(17), set()),
        (time(9), time(17), {7}),
        (time(9), time(17), {-1, 0}),
        (time.fromisoformat("09:00Z"), time(17), {0}),
    ],
)
def test_hours_close_after_they_open_on_days_of_the_week(
    opens: time, closes: time, days: set[int]
) -> None:
    with pytest.raises(WrongHours):
        WorkingHours(opens, closes, frozenset(days))


def test_an_organisation_has_sponsor_contacts_until_each_is_ended() -> None:
    organisation, person = Organisation.register(uuid4(), "Fernley", BY), uuid4()
    organisation.name_sponsor_contact(person, BY)
    organisation.require_sponsor_contact(person)
    with pytest.raises(SponsorContactNamed):
        organisation.name_sponsor_contact(person, BY)
    organisation.end_sponsor_contact(person, BY)
    with pytest.raises(NotASponsorContact):
        organisation.require_sponsor_contact(person)
    with pytest.raises(NotASponsorContact):
        organisation.end_sponsor_contact(person, BY)


@pytest.mark.parametrize("name", ["", "  ", "n" * 201])
def test_an_organisation_has_a_name(name: str) -> None:
    with pytest.raises(OrganisationNeedsAName):
        Organisation.register(uuid4(), name, BY)
