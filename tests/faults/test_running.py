"""The whole service under one command: what it says, who it lets in, and how it stops."""

import json
import signal
import stat
from time import monotonic, sleep

import pytest

from api.cli.machine import POST, PROCESSES, READER_ROLE, READING
from api.embedded_postgres.processes import wait_until
from api.messages.neutral import TELLING
from tests.faults.scheme_record import BY_PEOPLE, as_superuser, tokens, told
from tests.faults.service import RUNS, Service, environment_of

ALL_ROLES = ("coordinator", "data protection lead", "sponsor contact", "mentor", "mentee")
EVENTS = f"SELECT count(*) FROM record.event WHERE {BY_PEOPLE}"  # noqa: S608 - constants of our own
SENT = "SELECT count(*) FROM record.outbox WHERE outcome = 'sent'"
WAITING = "SELECT count(*) FROM record.outbox WHERE ended_at IS NULL AND not_before <= now()"


def test_the_first_start_says_where_to_look_and_how_to_sign_in_as_each_role(house: Service) -> None:
    said = house.outputs[0].read_text()
    assert f"Vouchsafe runs at http://localhost:{house.port}" in said
    assert said.count("Recording a first, made-up scheme") == 2
    for role in ALL_ROLES:
        assert f"\n  {role} " in said
    for token in tokens(house.folder).values():
        assert token in said
    assert said.startswith("Starting the database …\nRecording")
    assert "Traceback" not in said


def test_the_printed_tokens_open_each_role_its_own_page_alone(running: Service) -> None:
    its = tokens(running.folder)
    pipeline = running.get("/pipeline", its["ruth"])
    assert len(pipeline.json()["relationships"]) >= 3
    own = running.get("/my-mentoring", its["amara"])
    assert len(own.json()["relationships"]) == 1
    assert running.get("/pipeline", its["amara"]).status_code == 403
    assert running.get("/my-mentoring", its["ruth"]).status_code == 403


@pytest.mark.parametrize("child", PROCESSES)
def test_each_process_is_told_its_own_role_and_keys_and_no_others(
    running: Service, child: str
) -> None:
    pid = running.pid_of(child)
    assert pid is not None
    environment = environment_of(pid)
    role, compartments = PROCESSES[child]
    assert f"//{role}:" in environment["VOUCHSAFE_DATABASE_URL"]
    assert set(json.loads(environment["VOUCHSAFE_KEY_FILES"])) == set(compartments)
    reader_url = environment.pop("VOUCHSAFE_READER_URL", None)
    assert (reader_url is not None) == (child in READING)
    assert reader_url is None or f"//{READER_ROLE}:" in reader_url
    others = {READER_ROLE, *(each for each, _ in PROCESSES.values())} - {role}
    assert not any(other in value for other in others for value in environment.values())
    assert "VOUCHSAFE_DATA_FOLDER" not in environment


def test_a_second_instance_on_the_same_folder_is_refused_and_the_first_goes_on(
    running: Service,
) -> None:
    second = Service(running.folder, running.port, running.runner)
    second.outputs = [*running.outputs]
    code, said = second.refusal()
    assert code == 1
    assert said.startswith("Another Vouchsafe is already running on this data folder;")
    assert "Traceback" not in said
    assert running.health() == 200


def test_a_taken_port_is_refused_before_anything_is_started(running: Service) -> None:
    other = Service(running.folder.parent / "other", running.port, running.runner)
    code, said = other.refusal()
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("Something else listens on this port;")
    assert not (other.folder / "postgres").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_and_the_next_start_goes_on(
    running: Service, number: signal.Signals
) -> None:
    events = as_superuser(running.folder, EVENTS)
    scheme = told(running.folder)

    running.signal(number)
    sleep(0.05)  # the second Ctrl-C of somebody in a hurry
    running.signal(number)
    assert running.ended() == 0
    assert running.output.endswith("Stopped. Everything recorded is kept.\n")
    assert running.left() == []

    started = monotonic()
    running.start()
    running.wait_until_it_runs()
    assert monotonic() - started < 60
    assert "Recording" not in running.output
    assert told(running.folder) == scheme
    assert as_superuser(running.folder, EVENTS) == events
    assert running.get("/pipeline", tokens(running.folder)["ruth"]).status_code == 200


def test_mail_is_kept_in_files_that_only_their_owner_can_read(running: Service) -> None:
    running.wait_for(lambda: as_superuser(running.folder, WAITING) == [(0,)])
    ((sent,),) = as_superuser(running.folder, SENT)
    folder = running.folder / "mail"
    kept = list(folder.glob("*.eml"))
    assert len(kept) >= sent > 5
    assert str(folder) in running.outputs[0].read_text()
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for each in kept:
        assert TELLING.search(each.read_text()) is None


def test_whoever_takes_mail_is_told_nothing_of_the_database_or_of_keys(running: Service) -> None:
    pid = running.pid_of(POST)
    assert pid is not None
    told_of = {name for name in environment_of(pid) if name.startswith("VOUCHSAFE_")}
    assert told_of == {
        "VOUCHSAFE_CAPTURE_DESCRIPTOR",
        "VOUCHSAFE_CAPTURE_FOLDER",
        "VOUCHSAFE_LOG_FILE",
    }


@pytest.mark.parametrize("child", [*PROCESSES, POST, "postgres"])
def test_a_killed_process_is_started_again(running: Service, child: str) -> None:
    killed = running.pid_of(child)
    assert killed is not None
    running.kill(child)
    running.wait_for(lambda: running.pid_of(child) not in {None, killed})
    running.wait_for(running.is_ready)


def test_nothing_lingers_after_the_supervisor_is_killed(running: Service) -> None:
    assert running.process is not None
    running.process.kill()
    running.ended()
    assert wait_until(lambda: running.left() == [], 60)


def test_a_start_right_after_the_supervisor_was_killed_goes_on(running: Service) -> None:
    assert running.process is not None
    running.process.kill()
    running.ended()
    running.start()
    running.wait_until_it_runs()
    assert RUNS in running.output
    assert running.is_ready()
