"""Whichever key service is chosen, a database is made ready with it, and processes read each other."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from pydantic import SecretStr

from api.bootstrap import (
    KeysAreElsewhere,
    TooManyCompartments,
    joined,
    key_service,
    prepare_database,
)
from api.cli.processes import clerk_until_stopped
from api.event_log import EventLog
from api.settings import ReadingSettings, Settings
from crypto.errors import CompartmentIsClosed
from domain.values import Role
from projections.reader import Reader
from tests.integration.key_services.conftest import ALL, Chosen
from tests.scheme import running_scheme

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-c", "from api.cli import main; main()")


def run(command: str, settings: Settings) -> "subprocess.CompletedProcess[str]":
    """Run a command as a process of its own, told by its environment alone."""
    told = settings.model_dump(mode="json", exclude_unset=True)
    told |= {k: v.get_secret_value() for k, v in settings if isinstance(v, SecretStr)}
    environment = {
        name: os.environ[name]
        for name in os.environ
        if name.startswith(("AWS_", "SOFTHSM2_")) or name in {"PATH", "HOME"}
    } | {f"VOUCHSAFE_{name.upper()}": text(value) for name, value in told.items()}
    return subprocess.run(
        (*COMMAND, command), cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )


def text(value: object) -> str:
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def test_the_command_migrate_makes_the_first_keys_once(chosen: Chosen) -> None:
    settings = chosen.of_the_owner()
    migrated = run("migrate", settings)
    assert migrated.returncode == 0, migrated.stderr
    service = key_service(settings)
    prepare_database(chosen.database.owner_url, service)
    assert {name: service.epoch(name) for name in ALL} == dict.fromkeys(ALL, 1)
    with psycopg.connect(chosen.database.owner_url) as connection:
        counted = "SELECT compartment, count(*) FROM keys.branch_key GROUP BY 1"
        assert dict(connection.execute(counted).fetchall()) == dict.fromkeys(ALL, 1)


def test_what_one_process_records_another_opens_as_far_as_it_may(chosen: Chosen) -> None:
    prepare_database(chosen.database.owner_url, key_service(chosen.of_the_owner()))
    with (
        joined(chosen.settings("serve")) as parts,
        running_scheme(parts, Reader(chosen.database.reader_url)) as scheme,
    ):
        coordinator, mentee = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTEE)
        contact = coordinator.get(f"/people/{mentee.id}/contact").json()
        assert contact["name"] == mentee.name
    with joined(chosen.settings("work")) as worker:
        entries = EventLog(worker.recorder, worker.mapper).read(0, 100)
        assert {entry.stream for entry in entries} >= {coordinator.id, mentee.id}
        assert all(entry.damaged is None for entry in entries)
        for compartment in set(ALL) - {"operational"}:
            with pytest.raises(CompartmentIsClosed):
                worker.keyring.field_key(compartment, uuid4())


def test_a_service_without_the_keys_that_a_database_rests_on_gets_no_new_ones(
    in_bao: Chosen,
) -> None:
    prepare_database(in_bao.database.owner_url, key_service(in_bao.of_the_owner()))
    elsewhere = key_service(in_bao.of_the_owner(key_prefix="elsewhere"))
    with pytest.raises(KeysAreElsewhere):
        prepare_database(in_bao.database.owner_url, elsewhere)


def test_a_worker_refuses_to_start_with_keys_that_are_not_its_own(in_bao: Chosen) -> None:
    refused = run("work", in_bao.settings("work", compartments=frozenset(ALL)))
    assert refused.returncode == 1
    assert "compartments that it may not open" in refused.stderr


def test_a_clerk_refuses_to_start_with_keys_that_are_not_its_own(
    in_bao: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = in_bao.settings("work", compartments=frozenset(ALL))
    url = in_bao.database.reader_url
    settings = ReadingSettings(**told.model_dump(exclude_unset=True), reader_url=SecretStr(url))
    monkeypatch.setattr("api.cli.processes.ReadingSettings", lambda: settings)
    with pytest.raises(TooManyCompartments):
        clerk_until_stopped()


def test_a_key_service_that_is_away_stops_a_start_with_a_sentence(in_bao: Chosen) -> None:
    prepare_database(in_bao.database.owner_url, key_service(in_bao.of_the_owner()))
    away = run("work", in_bao.settings("work", openbao_url="http://127.0.0.1:9"))
    assert away.returncode == 1
    assert "gives no answer that can be used now" in away.stderr
