"""Commands about people join the service that runs on the machine, without being told where it is."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from tests.faults.ordinary import ROOT, somebody_ordinary
from tests.faults.scheme_record import as_superuser
from tests.faults.service import Service, service


@pytest.fixture(scope="module")
def running(common_folder: Path) -> Iterator[Service]:
    """A service without any people yet."""
    with service(common_folder / "newcomers", runner=somebody_ordinary()) as made:
        made.start(VOUCHSAFE_FIRST_SCHEME="false")
        made.wait_until_it_runs()
        yield made


def test_a_newcomer_is_enrolled_signs_in_and_is_signed_out_beside_the_running_service(
    running: Service,
) -> None:
    described = ["--name", "Zora Newcomer", "--email", "zora@example.org", "--role", "coordinator"]
    person = UUID(command(running, "enrol", *described).stdout.strip())
    token = command(running, "token", str(person), "--role", "coordinator").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}

    opened = httpx.get(f"{running.url}/api/v1/pipeline", headers=headers)
    command(running, "revoke", str(person))
    closed = httpx.get(f"{running.url}/api/v1/pipeline", headers=headers)

    assert (opened.status_code, closed.status_code) == (200, 401)


def test_keys_that_are_old_are_rotated_beside_the_running_service_and_by_hand_too(
    running: Service,
) -> None:
    described = ["--name", "Ola Newcomer", "--email", "ola@example.org", "--role", "coordinator"]
    person = command(running, "enrol", *described).stdout.strip()
    token = command(running, "token", person, "--role", "coordinator").stdout.strip()

    as_superuser(
        running.folder, "UPDATE keys.branch_key SET made_at = made_at - interval '31 days'"
    )
    running.wait_for(lambda: open_epochs(running) == [(2,)])
    assert running.get("/pipeline", token).status_code == 200
    running.wait_for(lambda: "keys rotated" in log_of(running, "rotate-keys"))
    told = command(running, "rotate-keys")
    assert (told.returncode, told.stderr) == (0, "")
    assert open_epochs(running) == [(3,)]
    told = command(running, "rotate-keys", "--status")
    assert "The next rotation is due" in told.stdout
    assert "is unreadable in old copies of the database too" in told.stdout
    anew = command(running, "token", person, "--role", "coordinator").stdout.strip()
    assert running.get("/pipeline", anew).status_code == 200


def open_epochs(of: Service) -> list[object]:
    """The epochs that are not destroyed, in any compartment."""
    return as_superuser(
        of.folder, "SELECT DISTINCT epoch FROM keys.epoch WHERE destroyed_at IS NULL"
    )


def log_of(of: Service, process: str) -> str:
    file = of.folder / "logs" / f"{process}.log"
    return file.read_text() if file.exists() else ""


def test_with_nothing_running_the_command_says_so(running: Service) -> None:
    told = command(
        running, "token", str(UUID(int=1)), "--role", "mentee", VOUCHSAFE_DATA_FOLDER="/nowhere"
    )

    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert told.stderr.strip().count("\n") == 0


def command(
    running: Service, *words: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [running.runner.python, "-m", "api.cli", *words],
        cwd=ROOT,
        env=running.environment(environment),
        user=running.runner.user,
        group=running.runner.user,
        extra_groups=None if running.runner.user is None else [],
        capture_output=True,
        text=True,
        check=False,
    )
