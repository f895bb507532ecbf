"""One flipped byte is named where it lies, and stops nothing that does not need it."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from tests.faults.catching_up import wait_for_read_models
from tests.faults.scheme_record import as_superuser, rebuild_all, tokens, url_of
from tests.faults.service import Service

FLIP = """
    UPDATE record.event SET state = set_byte(state, 40, get_byte(state, 40) # 1)
     WHERE position = %s RETURNING originator_id, originator_version
"""
STOPPED = "SELECT name FROM read.position WHERE stopped_at IS NOT NULL"


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
    wait_for_read_models(house)
    yield Damage(house, relationship, position, pids)
    as_superuser(house.folder, FLIP, [position])
    rebuild_all(house.folder, url_of(house.folder, "vouchsafe_worker"))
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


def test_an_alarm_of_the_worker_names_the_record(damage: Damage) -> None:
    lines = (damage.running.folder / "logs" / "work.log").read_text().splitlines()
    alarms = [json.loads(line) for line in lines if damage.record in line]
    assert {alarm["level"] for alarm in alarms} == {"error"}
    assert {alarm["error"] for alarm in alarms} == {"tampered"}


def test_every_read_model_goes_on_to_the_end_of_the_log(damage: Damage) -> None:
    wait_for_read_models(damage.running)
    assert as_superuser(damage.running.folder, STOPPED) == []


def test_no_process_ends_and_the_clerk_passes_the_event(damage: Damage) -> None:
    seen = "SELECT position FROM record.policy_position"
    folder = damage.running.folder
    damage.running.wait_for(lambda: (as_superuser(folder, seen) or [(0,)])[0][0] >= damage.position)
    assert {child: damage.running.pid_of(child) for child in damage.pids} == damage.pids


def test_the_next_start_goes_on(damage: Damage) -> None:
    damage.running.signal(signal.SIGTERM)
    assert damage.running.ended() == 0
    damage.running.start()
    damage.running.wait_until_it_runs()
    token = tokens(damage.running.folder)["ruth"]
    assert damage.running.get("/pipeline", token).status_code == 200
