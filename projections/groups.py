"""Which groups there are, who facilitates them and how many are in them; who they are stands beside for the service's own rules."""

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import Any

import aiosql

from domain.group import Group
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """People join and leave seldom, so each event is written by itself."""
    for entry in entries:
        for query, values in change(entry.event):
            tables.run(query, group=entry.stream, position=entry.position, **values)


Statements = list[tuple[str, dict[str, Any]]]
"""What is run for one event, each with its values."""


@singledispatch
def change(_event: object) -> Statements:
    """What one event changes."""
    raise NotImplementedError


@change.register
def _(event: Group.Created) -> Statements:
    made = {"facilitator": event.facilitator, "programme": event.programme}
    return [("form", made), ("note_person", {"person": event.facilitator})]


@change.register
def _(event: Group.MemberJoined) -> Statements:
    return [("count", {"more": 1}), ("note_person", {"person": event.member})]


@change.register
def _(_event: Group.MemberLeft) -> Statements:
    return [("count", {"more": -1})]


@change.register
def _(_event: Group.Closed) -> Statements:
    return [("close", {})]


GROUPS = ReadModel(
    name="groups",
    version=1,
    tables=("mentoring_group", "mentoring_group_person"),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change),
    apply=apply,
)
