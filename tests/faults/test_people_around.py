"""The first scheme has people around those whom somebody signs in as, also when a start was cut short."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.embedded_postgres.processes import wait_until
from api.simulate.people_around import MENTEES
from tests.faults.scheme_record import as_superuser, tokens
from tests.faults.service import PATIENCE_SECONDS, Service, service

EVENTS = "SELECT count(*) FROM record.event"
REQUESTS = "SELECT count(*) FROM record.event WHERE topic = 'relationship.requested'"
BEFORE, TODAY = "three weeks ago", "today"
"""What is said of each part of the story as it begins."""

IN_THE_MIDDLE = 100
OF_THE_STORY = 5
"""How many of the named people ask."""


@pytest.fixture(scope="module")
def cut_short(common_folder: Path) -> Iterator[Service]:
    """A first start whose supervisor was killed while people were simulated, and the next one."""
    with service(common_folder / "around") as made:
        made.start(VOUCHSAFE_PEOPLE_AROUND="true")
        made.wait_for(lambda: _events(made) >= IN_THE_MIDDLE)
        made.kill("supervisor")
        made.ended()
        assert wait_until(lambda: made.left() == [], PATIENCE_SECONDS)
        made.start(VOUCHSAFE_PEOPLE_AROUND="true")
        for step in (BEFORE, TODAY):
            made.wait_for(lambda: step in made.output)  # noqa: B023 - it ends with this turn
        made.wait_until_it_runs()
        yield made


def test_the_next_start_goes_on_with_them_and_then_with_the_story(cut_short: Service) -> None:
    said = [output.read_text() for output in cut_short.outputs]
    assert all(said_then.count("Simulating some people") == 1 for said_then in said)
    [(requests,)] = as_superuser(cut_short.folder, REQUESTS)
    assert requests >= MENTEES - 2 + OF_THE_STORY


def test_a_coordinator_sees_all_of_them(cut_short: Service) -> None:
    seen = cut_short.get("/pipeline", tokens(cut_short.folder)["ruth"]).json()["relationships"]
    assert len(seen) >= MENTEES - 2 + OF_THE_STORY


def _events(of: Service) -> int:
    """How many events there are, once there is a database to ask."""
    try:
        [(count,)] = as_superuser(of.folder, EVENTS)
    except Exception:  # noqa: BLE001 - whatever is missing of a database that is being made
        return 0
    return int(count)
