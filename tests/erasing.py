"""Somebody who asks to be erased, whoever decides, and a clerk that carries it out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from api.participant import NotebookService, ParticipantClient, ParticipantFolder, VaultKeeping
from domain.policies.erasure import streams_of
from domain.values import Role
from tests.faults.clerking import World, read_models_of, world
from tests.leaks.places import in_tables
from tests.leaks.searching import Searcher, secret_needles
from tests.match import done
from tests.scheme import Scheme, Somebody


@contextmanager
def world_with_read_models(database: Any, folder: Path) -> Iterator[World]:
    """A scheme whose read models a worker keeps up to date."""
    with world(database, folder) as of, of.now.app.state.reader, read_models_of(of):
        yield of


def ask(person: Somebody) -> UUID:
    """The person asks."""
    return UUID(done(person.post("/me/erasure"))["id"])


def grant(of: World, erasure: UUID) -> Somebody:
    """A data protection lead decides for it."""
    return grant_by(of.now, erasure)


def grant_by(scheme: Scheme, erasure: UUID) -> Somebody:
    """The same where there is a scheme alone."""
    lead = scheme.person(Role.DATA_PROTECTION_LEAD)
    done(lead.post(f"/erasures/{erasure}/grant"))
    return lead


def see_to_it(of: World) -> None:
    """A clerk does what is to be done."""
    with of.clerk() as (clerk, session):
        clerk.catch_up(session)
        clerk.see_to_duties()


def erase(of: World, person: Somebody) -> UUID:
    """From the wish to its end."""
    erasure = ask(person)
    grant(of, erasure)
    see_to_it(of)
    return erasure


def client_of(person: Somebody, folder: Path) -> ParticipantClient:
    """The person's own device."""
    service = NotebookService(person.client)
    return ParticipantClient(ParticipantFolder(folder / str(person.id)), service)


def vault_of(person: Somebody, folder: Path) -> VaultKeeping:
    """The person's vault, from the same device."""
    return VaultKeeping(ParticipantFolder(folder / str(person.id)), NotebookService(person.client))


def rows_but_of(of: World, streams: Sequence[UUID]) -> list[Any]:
    """Every byte of every event outside these streams."""
    return of.rows(
        "SELECT * FROM record.event WHERE NOT originator_id = ANY(%s) ORDER BY position",
        [list(streams)],
    )


def keys_but_of(of: World, owners: Sequence[UUID]) -> list[Any]:
    """Every key record of everybody else."""
    return of.rows(
        "SELECT * FROM keys.data_key WHERE NOT owner = ANY(%s) ORDER BY key_id", [list(owners)]
    )


def states_of(of: World, person: UUID) -> list[bytes]:
    """The ciphertext of what is wholly a person's."""
    found = of.rows(
        "SELECT state FROM record.event WHERE originator_id = ANY(%s) ORDER BY position",
        [list(streams_of(person))],
    )
    return [bytes(state) for (state,) in found]


def wrapped_keys_of(of: World, person: UUID) -> list[bytes]:
    """Every wrapped key of a person."""
    found = of.rows(
        "SELECT wrapped_key FROM keys.data_key WHERE owner = ANY(%s) AND wrapped_key IS NOT NULL",
        [list(streams_of(person))],
    )
    return [bytes(key) for (key,) in found]


def found_in_tables(of: World, secrets: Sequence[bytes]) -> list[str]:
    """Where any of these bytes lie, in any column of any table."""
    named = {f"bytes {n}": secret for n, secret in enumerate(secrets)}
    hits = in_tables(Searcher(secret_needles(named)), of.database.superuser_url)
    return sorted(map(str, hits))
