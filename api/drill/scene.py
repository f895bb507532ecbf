"""A small service of made-up people in a temporary folder, with whatever the drill does to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from pydantic import SecretStr

from api.bootstrap import (
    MAY_OPEN,
    Parts,
    joined,
    keeper,
    local_key_files,
    local_key_service,
    prepare_database,
)
from api.carrying_out import carry_out
from api.drill.people import Somebody, opens, somebody
from api.embedded_postgres import DATABASE_OWNER, EmbeddedPostgres
from api.embedded_postgres.backup import restore_base_backup
from api.erasing.duty import Command, ErasureDuty
from api.erasing.journal import Journal
from api.erasing.orders import ErasureOrders
from api.settings import Settings
from domain.commands.erasures import find_erasure, grant_erasure, request_erasure
from domain.erasure import ErasureStage
from domain.mentoring import Order
from domain.policies.erasure import streams_of
from domain.values import Act

DATABASE = "vouchsafe"
CLERK_ROLE = "vouchsafe_clerk"
DECIDER = UUID("d4111000-0000-4000-8000-000000000001")
"""Who decides and carries out in the drill; no person has this id."""
SMALL = {"shared_buffers": "16MB"}
"""Three servers run at a time, none with much to do."""
OTHERS = {
    "events": "SELECT * FROM record.event WHERE NOT originator_id = ANY(%s) ORDER BY position",
    "keys": "SELECT * FROM keys.data_key WHERE NOT owner = ANY(%s) ORDER BY compartment, key_id",
}
LEFT = """
SELECT (SELECT count(*) FROM record.event WHERE originator_id = ANY(%(owners)s) AND state <> '')
     + (SELECT count(*) FROM keys.data_key
         WHERE owner = ANY(%(owners)s) AND wrapped_key IS NOT NULL)
     + (SELECT count(*) FROM access.token WHERE person = %(person)s)
"""


Rows = dict[str, list[Any]]
"""Rows of some tables, by what they are."""


@dataclass(frozen=True)
class Scene:
    """Servers in one folder that share a key service and a journal, as a restored one does."""

    folder: Path

    @property
    def journal(self) -> Path:
        """The one journal."""
        return self.folder / "erasures.journal"

    def server(self, name: str) -> EmbeddedPostgres:
        """A server on a folder of this name; the drill's data need not outlive a power loss."""
        return EmbeddedPostgres(
            self.folder / name,
            settings=SMALL,
            durable=False,
            server_parent=self.folder / "servers",
        )

    def prepare(self, server: EmbeddedPostgres) -> None:
        """Make roles, tables and keys."""
        server.provision(DATABASE)
        prepare_database(self.owner_url(server), local_key_service(self._key_files()))

    def restore(self, backup: Path, name: str) -> EmbeddedPostgres:
        """A server on a copy of a backup."""
        parent = self.folder / "servers"
        restore_base_backup(backup, self.folder / name, self.folder / "service", parent)
        return self.server(name)

    def owner_url(self, server: EmbeddedPostgres) -> str:
        """Where the owner signs in."""
        return server.url(DATABASE_OWNER, DATABASE)

    @contextmanager
    def joined(
        self, server: EmbeddedPostgres, role: str = "vouchsafe_api", *, with_journal: bool = True
    ) -> Iterator[Parts]:
        """A process on a server; without the journal it starts on whatever is there."""
        with joined(self._settings(server, role, with_journal=with_journal)) as parts:
            yield parts

    def record_people(self, server: EmbeddedPostgres, count: int) -> list[Somebody]:
        """Made-up people with sealed fields in four compartments."""
        with self.joined(server) as parts:
            return [somebody(parts, number) for number in range(count)]

    def erase(self, server: EmbeddedPostgres, whom: Somebody) -> None:
        """From the wish to the deletion, each step by whose it is."""
        with self.joined(server) as api:
            ask, decide = _order(api, whom.id), _order(api, DECIDER)
            asked = request_erasure(api.mentoring, ask, person=whom.id, receipt=uuid4()).subject
            ErasureOrders(api.pool).order(asked, whom.id)
            grant_erasure(api.mentoring, decide, erasure=asked)
        self.see_to_erasures(server)

    def see_to_erasures(self, server: EmbeddedPostgres) -> None:
        """What the clerk does."""
        with self.joined(server, CLERK_ROLE) as clerk:
            _duty(clerk, Journal(self.journal)).see_to_all()

    def rotate(self, server: EmbeddedPostgres) -> None:
        """Let the horizon pass: every older epoch's key-encryption key is destroyed."""
        settings = self._settings(server, "vouchsafe_keeper", with_journal=True)
        with keeper(settings, progress=lambda *_: None, go_on=lambda: True) as rotation:
            rotation.carry_out(ask=True)

    def stage(self, server: EmbeddedPostgres, whom: Somebody) -> ErasureStage | None:
        """How far the erasure has come."""
        with self.joined(server) as parts:
            erasure = find_erasure(parts.mentoring, whom.id)
        return None if erasure is None else erasure.stage

    def opened(
        self, server: EmbeddedPostgres, *people: Somebody, with_journal: bool = True
    ) -> list[int]:
        """How many sealed fields of each person open."""
        with self.joined(server, with_journal=with_journal) as parts:
            return [opens(parts, each) for each in people]

    def rows_of_others(self, server: EmbeddedPostgres, whom: Somebody) -> Rows:
        """Every byte of the events and keys of everybody else."""
        owners = [list(streams_of(whom.id))]
        with psycopg.connect(self.owner_url(server)) as connection:
            return {
                name: connection.execute(query.encode(), owners).fetchall()
                for name, query in OTHERS.items()
            }

    def left_of(self, server: EmbeddedPostgres, whom: Somebody) -> int:
        """How many ciphertexts, wrapped keys and tokens of a person are left."""
        values = {"owners": list(streams_of(whom.id)), "person": whom.id}
        with psycopg.connect(self.owner_url(server)) as connection:
            row = connection.execute(LEFT.encode(), values).fetchone()
        return int(row[0]) if row else 0

    def _key_files(self) -> dict[str, Path]:
        return local_key_files(self.folder / "keys")

    def _settings(self, server: EmbeddedPostgres, role: str, *, with_journal: bool) -> Settings:
        files = self._key_files()
        opened = MAY_OPEN["clerk"] if role == CLERK_ROLE else tuple(files)
        return Settings(
            database_url=SecretStr(server.url(role, DATABASE)),
            key_files={name: files[name] for name in opened},
            erasure_journal=self.journal if with_journal else None,
            pool_size=3,
        )


def _order(parts: Parts, actor: UUID, command_id: UUID | None = None) -> Order:
    return Order(Act(actor, parts.clock()), command_id or uuid4())


def _duty(parts: Parts, journal: Journal) -> ErasureDuty:
    def once(command_id: UUID, command: Command) -> bool:
        carry_out(lambda: command(parts.mentoring, _order(parts, DECIDER, command_id)))
        return True

    def hold(_erasure: UUID, error: Exception) -> None:
        raise error

    return ErasureDuty(
        orders=ErasureOrders(parts.pool),
        journal=journal,
        open_to=lambda _: (),
        forget=parts.keyring.forget,
        once=once,
        hold=hold,
    )
