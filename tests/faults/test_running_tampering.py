"""One flipped byte is named where it lies, and stops nothing that does not need it."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from projections.positions import resume
from projections.runner import connect
from tests.faults.scheme_record import as_superuser, tokens, url_of
from tests.faults.service import Service

FLIP = """
    UPDATE record.event SET state = set_byte(state, 40, get_byte(state, 40) # 1)
     WHERE position = %s RETURNING originator_id, originator_version
"""
STOPPED = "SELECT name FROM read.position WHERE stopped_at IS NOT NULL ORDER BY name"
NEWEST = "SELECT max(position) FROM record.event"


@dataclass(frozen=True)
class Damage:
    """A byte of Amara's relationship that somebody with every right over the database flipped."""

    running: Service
    relationship: UUID
    position: int
    pids: dict[str, int | None]

    @property
    def record(self) -> str:
        ((version,),) = as_superuser(
            self.running.folder,
            "SELECT originator_version FROM record.event WHERE position = %s",
            [self.position],
        )
        return f"event {self.relationship} version {version}"


@pytest.fixture(scope="module")
def damage(house: Service) -> Iterator[Damage]:
    """The byte is flipped before the worker reads the event, and flipped back at the end."""
    if house.process is None or house.process.poll() is not None:
        house.start()
        house.wait_until_it_runs()
    house.wait_for(house.is_ready)
    relationship, position = pause_unseen(house)
    pids = {child: house.pid_of(child) for child in ("serve", "work", "clerk", "postgres")}
    house.wait_for(lambda: as_superuser(house.folder, STOPPED))
    yield Damage(house, relationship, position, pids)
    as_superuser(house.folder, FLIP, [position])
    with connect(url_of(house.folder, "vouchsafe_worker")) as session:
        for (name,) in as_superuser(house.folder, STOPPED):
            assert resume(session, name)
    house.wait_for(house.is_ready)


def pause_unseen(house: Service) -> tuple[UUID, int]:
    """Pause a relationship while the worker is held still, and damage the record of that."""
    token = tokens(house.folder)["amara"]
    (own,) = house.get("/my-mentoring", token).json()["relationships"]
    worker = house.pid_of("work")
    assert worker is not None
    os.kill(worker, signal.SIGSTOP)
    try:
        answer = house.post(f"/relationships/{own['id']}/pause", token)
        assert answer.status_code == 200, answer.text
        position = answer.json()["position"]
        as_superuser(house.folder, FLIP, [position])
    finally:
        os.kill(worker, signal.SIGCONT)
    return UUID(own["id"]), position


def test_the_api_names_tampering_and_the_record(damage: Damage) -> None:
    token = tokens(damage.running.folder)["amara"]
    answer = damage.running.get(f"/relationships/{damage.relationship}", token)
    assert answer.status_code == 500
    problem = answer.json()
    assert problem["type"].endswith(":tampered")
    assert problem["record"] == damage.record


def test_other_records_are_read_and_written_as_before(damage: Damage) -> None:
    its = tokens(damage.running.folder)
    (other,) = damage.running.get("/my-mentoring", its["devika"]).json()["relationships"]
    path = f"/relationships/{other['id']}"
    assert damage.running.get(path, its["devika"]).status_code == 200
    assert damage.running.post(f"{path}/pause", its["devika"]).status_code == 200
    assert damage.running.post(f"{path}/resumption", its["devika"]).status_code == 200


def test_only_read_models_that_show_the_event_stop_and_an_alarm_names_it(damage: Damage) -> None:
    stopped = {name for (name,) in as_superuser(damage.running.folder, STOPPED)}
    assert stopped == {"pipeline", "my_mentoring"}
    lines = (damage.running.folder / "logs" / "work.log").read_text().splitlines()
    alarms = [json.loads(line) for line in lines if '"read model stopped"' in line]
    assert {alarm["read_model"] for alarm in alarms} == stopped
    assert {alarm["record"] for alarm in alarms} == {damage.record}
    assert damage.running.health() == 503


def test_the_others_go_on_to_the_end_of_the_log(damage: Damage) -> None:
    folder = damage.running.folder
    ((newest,),) = as_superuser(folder, NEWEST)
    moving = "SELECT name, position FROM read.position WHERE stopped_at IS NULL"
    damage.running.wait_for(
        lambda: all(position >= newest for _, position in as_superuser(folder, moving))
    )
    assert {name for name, _ in as_superuser(folder, moving)} == {"participation", "deadlines"}


def test_no_process_ends_and_the_clerk_passes_the_event(damage: Damage) -> None:
    seen = "SELECT position FROM record.policy_position"
    folder = damage.running.folder
    damage.running.wait_for(lambda: as_superuser(folder, seen)[0][0] >= damage.position)
    assert {child: damage.running.pid_of(child) for child in damage.pids} == damage.pids


def test_the_next_start_goes_on_and_says_which_pages_stand_still(damage: Damage) -> None:
    damage.running.signal(signal.SIGTERM)
    assert damage.running.ended() == 0
    damage.running.start()
    damage.running.wait_until_it_runs()
    damage.running.wait_for(lambda: damage.running.output.endswith("from a backup.\n"))
    assert "These pages stand still" in damage.running.output
    assert damage.running.get("/pipeline", tokens(damage.running.folder)["ruth"]).status_code == 200
