"""Who has which duty in the scheme now: ids alone, so that whoever handles something can be told that it waits."""

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path

import aiosql

from domain.erasure import Erasure
from domain.person import Person
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Duties change hands seldom, so each event is written by itself."""
    for entry in entries:
        if isinstance(entry.event, Erasure.CarriedOut):
            tables.run("forget", people=list(entry.event.streams))
        else:
            query, role = change(entry.event)
            tables.run(query, person=entry.stream, people=[entry.stream], role=role)


@singledispatch
def change(_event: object) -> tuple[str, str | None]:
    """The statement that one event calls for, and the role that it is about."""
    raise NotImplementedError


@change.register
def _(event: Person.RoleGranted) -> tuple[str, str | None]:
    return "grant", event.role.value


@change.register
def _(event: Person.RoleRevoked) -> tuple[str, str | None]:
    return "revoke", event.role.value


@change.register
def _(_event: Person.Deactivated) -> tuple[str, str | None]:
    return "rest", None


@change.register
def _(_event: Person.Reactivated) -> tuple[str, str | None]:
    return "return_to_duty", None


@change.register
def _(_event: Person.Erased) -> tuple[str, str | None]:
    return "forget", None


DUTIES = ReadModel(
    name="duties",
    version=1,
    tables=("duty",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change) | {Erasure.CarriedOut.TOPIC},
    apply=apply,
)
