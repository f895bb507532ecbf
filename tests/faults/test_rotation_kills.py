"""The real command, killed again and again while it rotates keys: each next one goes on where it was."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from api.embedded_postgres.processes import wait_until
from crypto.key_store import KeyRecord, KeyStore
from crypto.keyring import Keyring
from crypto.kms.local import LocalKeyService
from tests.databases import Database
from tests.event_store import COMPARTMENTS, KEY_POOL, keep_branch_keys, key_files
from tests.faults.ordinary import ROOT

ROUNDS = int(os.environ.get("VOUCHSAFE_FAULT_ROUNDS", "1"))
KILLS = 4
KEYS = 4_000
PATIENCE_SECONDS = 120.0
COMMAND = [sys.executable, "-m", "api.cli", "rotate-keys", "--due"]
ANOTHER_RUNS = "Keys are being rotated already"
DONE = (
    "SELECT count(*) FILTER (WHERE epoch = 2) + count(*) FILTER (WHERE destroyed_at IS NOT NULL)"
    " FROM keys.epoch"
)
Secrets = dict[UUID, bytes]


@pytest.fixture
def files(database: Database, tmp_path: Path) -> dict[str, Path]:
    made = key_files(tmp_path)
    keep_branch_keys(database.owner_url, made)
    return made


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_rotation_that_is_killed_again_and_again_loses_no_key_and_revives_none(
    database: Database, files: dict[str, Path], seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - chooses moments, keeps no secret
    secrets = load_keys(database, files)
    destroyed = destroy_some(database, chance, secrets)
    with psycopg.connect(database.keeper_url) as keeper:
        keeper.execute("SELECT keys.ask_for_rotation()")
    for _ in range(KILLS):
        with rotating(database, files) as process:
            target = chance.randint(progress_of(database), 2 * len(COMPARTMENTS))
            wait_until(partial(far_enough, database, process, target), PATIENCE_SECONDS)
            wait_until(lambda: False, chance.uniform(0, 0.1))
            process.kill()
        destroyed |= destroy_some(database, chance, secrets)
    assert wait_until(lambda: has_rotated(database, files), PATIENCE_SECONDS)
    kept = {key_id: secrets[key_id] for key_id in secrets.keys() - destroyed}
    assert opened(database, files) == kept
    with psycopg.connect(database.owner_url) as owner:
        state = "SELECT count(*) FROM keys.data_key WHERE state = 'destroyed' AND key_id = ANY(%s)"
        assert owner.execute(state, [list(destroyed)]).fetchall() == [(len(destroyed),)]
        # Each went on with the epochs of the one before.
        assert owner.execute("SELECT max(epoch), count(*) FROM keys.epoch").fetchall() == [
            (2, 2 * len(COMPARTMENTS))
        ]


def test_the_command_names_a_tampered_key_and_what_to_do(
    database: Database, files: dict[str, Path]
) -> None:
    tampered = min(load_keys(database, files))
    with psycopg.connect(database.owner_url) as owner:
        owner.execute(
            "UPDATE keys.data_key SET wrapped_key = wrapped_key || 'x'::bytea WHERE key_id = %s",
            [tampered],
        )
    with psycopg.connect(database.keeper_url) as keeper:
        keeper.execute("SELECT keys.ask_for_rotation()")
    with rotating(database, files) as process:
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert str(tampered) in said.decode()
    assert "Restore these from a backup" in said.decode()


def load_keys(database: Database, files: dict[str, Path]) -> Secrets:
    """Keys of made-up owners in every compartment."""
    with keyring(database, files) as ours:
        for number in range(KEYS):
            ours._make(COMPARTMENTS[number % len(COMPARTMENTS)], uuid4(), "take_part")
        made = ours.new_keys(list(ours._new))
    with (
        psycopg.connect(database.superuser_url) as connection,
        connection.cursor() as cursor,
        cursor.copy(
            "COPY keys.data_key (compartment, key_id, owner, purpose, epoch, wrapped_key) FROM STDIN"
        ) as copy,
    ):
        for named, record in ((each.named, each.record) for each in made):
            where = (named.compartment, record.key_id, record.owner, record.purpose)
            copy.write_row((*where, record.epoch, record.wrapped_key))
    return {each.named.key_id: each.named.key.secret for each in made}


@contextmanager
def keyring(database: Database, files: dict[str, Path]) -> Iterator[Keyring]:
    with ConnectionPool(database.api_url, **KEY_POOL, open=True) as pool:
        yield Keyring(KeyStore(pool), LocalKeyService(files))


def destroy_some(database: Database, chance: Random, secrets: Secrets) -> set[UUID]:
    chosen = chance.sample(sorted(secrets), 20)
    with psycopg.connect(database.owner_url) as owner:
        owner.execute(
            "UPDATE keys.data_key SET state = 'destroyed', wrapped_key = NULL, destroyed_at = now()"
            " WHERE state <> 'destroyed' AND key_id = ANY(%s)",
            [chosen],
        )
    return set(chosen)


@contextmanager
def rotating(database: Database, files: dict[str, Path]) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        "PATH": os.environ["PATH"],
        "VOUCHSAFE_DATABASE_URL": database.keeper_url,
        "VOUCHSAFE_KEY_FILES": json.dumps({name: str(file) for name, file in files.items()}),
    }
    with subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def progress_of(database: Database) -> int:
    """How many epochs are begun and ended of those that are to be."""
    with psycopg.connect(database.owner_url) as owner:
        ((done,),) = owner.execute(DONE).fetchall()
    return int(done)


def far_enough(database: Database, process: "subprocess.Popen[bytes]", target: int) -> bool:
    return progress_of(database) >= target or process.poll() is not None


def has_rotated(database: Database, files: dict[str, Path]) -> bool:
    """The server may not have noticed yet that the one before is dead; then another is refused."""
    with rotating(database, files) as process:
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0 or ANOTHER_RUNS in said.decode()
    return process.returncode == 0


def opened(database: Database, files: dict[str, Path]) -> Secrets:
    """What every key opens to that is not destroyed."""
    columns = "SELECT key_id, owner, purpose, state, epoch, wrapped_key FROM keys.data_key"
    found = {}
    with psycopg.connect(database.owner_url) as owner, keyring(database, files) as ours:
        for compartment in COMPARTMENTS:
            cursor = owner.cursor(row_factory=class_row(KeyRecord))
            living = f"{columns} WHERE compartment = %s AND state <> 'destroyed'"
            for record in cursor.execute(living.encode(), [compartment]):
                found[record.key_id] = ours._unwrap(compartment, record).key.secret
    return found
