"""What must hold after any fault: everything acknowledged is there once, and what is shown follows from it."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from api.embedded_postgres import DATABASE_ROLES
from api.embedded_postgres.passwords import role_passwords
from domain.person import Person
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from projections.catalogue import READ_MODELS
from tests.faults.catching_up import wait_for_clerk, wait_for_read_models
from tests.faults.load import ADDRESS, SENTINEL, Office, Outcomes, Told
from tests.faults.scheme_record import as_superuser, rebuild_all, url_of
from tests.faults.service import Service

OUTCOMES = "SELECT command_id, subject, version, position FROM record.command_outcome"
WITHOUT_OUTCOME = """
    SELECT count(*) FROM record.event e
     WHERE NOT EXISTS (SELECT FROM record.command_outcome o
                        WHERE o.command_id = e.command_id AND o.position >= e.position)
"""
GAPS = "SELECT max(position) - count(*) FROM record.event"
OF_TOPIC = "SELECT command_id, count(*) FROM record.event WHERE topic = %s GROUP BY 1"
CLOSED = "SELECT originator_id, count(*) FROM record.event WHERE topic = %s GROUP BY 1"
OPEN_TO = "SELECT count(*) FROM read.participation WHERE is_open AND person = ANY(%s)"
MADE_BY = (
    ("/people", Person.Created.TOPIC),
    ("/joining", Person.Created.TOPIC),
    ("/places", Place.Created.TOPIC),
    ("/me/places", Place.Created.TOPIC),
    ("/relationships", Relationship.Created.TOPIC),
)
"""What each command makes, whatever else it changes."""

DRIVER = (
    b"psycopg",
    b"Traceback",
    b"server closed",
    b"connection to server",
    b"could not ",
    b"libpq",
)


def check(service: Service, office: Office, outcomes: Outcomes) -> None:
    """Everything at once, on a service that runs and has nothing to do."""
    assert not outcomes.surprises, outcomes.surprises
    settle(service)
    recorded = check_commands(service.folder, outcomes)
    check_consequences(service.folder, outcomes, recorded)
    check_read_models(service.folder)
    check_logs(service, office)


def settle(service: Service) -> None:
    """Wait until worker and clerk have seen everything; what the clerk does is to be seen as well."""
    service.wait_for(service.is_ready)
    wait_for_clerk(service)
    # What the clerk did of it is part of the log by now; that is followed as well.
    wait_for_clerk(service)
    wait_for_read_models(service)


def check_commands(folder: Path, outcomes: Outcomes) -> set[UUID]:
    """Each acknowledged command is recorded as it was told, and each that was given once at most."""
    rows = as_superuser(folder, OUTCOMES)
    recorded = {command: Told(*told) for command, *told in rows}
    for command, told in outcomes.told.items():
        assert command in recorded, f"{outcomes.given[command]} was acknowledged"
        assert told in {None, recorded[command]}, f"{outcomes.given[command]} was told otherwise"
    assert as_superuser(folder, WITHOUT_OUTCOME) == [(0,)]
    assert as_superuser(folder, GAPS) == [(0,)]
    return set(recorded)


def check_consequences(folder: Path, outcomes: Outcomes, recorded: set[UUID]) -> None:
    """One event of its kind for each command, and one close at most; nothing stays open for who withdrew."""
    for what, topic in MADE_BY:
        rows = as_superuser(folder, OF_TOPIC, [topic])
        times = {each: n for each, n in rows if outcomes.given.get(each) == what}
        of_kind = {each for each in recorded if outcomes.given.get(each) == what}
        assert times == dict.fromkeys(of_kind, 1)
        assert outcomes.commands(what) <= of_kind
    closed = dict(as_superuser(folder, CLOSED, [Happened.Closed.TOPIC]))
    assert set(closed.values()) <= {1}
    assert as_superuser(folder, OPEN_TO, [list(outcomes.withdrawn)]) == [(0,)]


def check_read_models(folder: Path) -> None:
    """Rebuilt from nothing, each is equal row by row."""
    live = views(folder)
    assert any(live.values())
    rebuild_all(folder, url_of(folder, "vouchsafe_worker"))
    assert views(folder) == live


def views(folder: Path) -> dict[str, list[Any]]:
    tables = [table for model in READ_MODELS for table in model.tables]
    every = "SELECT * FROM read.{} ORDER BY 1, 2"
    return {table: as_superuser(folder, every.format(table)) for table in tables}


def check_logs(service: Service, office: Office) -> None:
    """No process said a secret, a name or a driver's words."""
    texts = {file.name: file.read_bytes() for file in (service.folder / "logs").glob("*.log")}
    texts |= {file.name: file.read_bytes() for file in service.outputs}
    passwords = role_passwords(service.folder / "postgres")
    secrets = [passwords.of(role) for role in ("postgres", *DATABASE_ROLES)]
    words = [each.encode() for each in (*secrets, *office.tokens.values(), SENTINEL, ADDRESS)]
    for name, text in texts.items():
        assert [each for each in (*words, *DRIVER) if each in text] == [], name
    assert any(json.loads(line) for line in texts["serve.log"].splitlines()[:1])
