"""Reads read models for those who show them: ready documents, in pages, and lists for rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, LiteralString, Self, TypeVar, cast
from uuid import UUID

import aiosql
import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import RowFactory, class_row, tuple_row
from psycopg.sql import SQL
from psycopg_pool import ConnectionPool, PoolTimeout

from crypto.patience import SESSION, PatientConnection
from domain.erasure import ErasureStage
from domain.mentor_profile import MentorProfile
from domain.notebook import Notebook
from domain.policies.quiet import Due
from domain.relationship import Relationship
from domain.relationship_state import Stage
from domain.values import Sealed
from projections.deadlines import Deadline
from projections.freshness import Freshness, Listener
from projections.freshness import NotYet as NotYet
from projections.participation import ListedPart, Participation
from projections.positions import Standing
from projections.rights_desk import DeskRow

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)

Pool = ConnectionPool[Connection[Any]]
AnyRow = TypeVar("AnyRow")


class ReadModelsUnavailable(NotYet):
    """The read models cannot be reached for now; asking again later may work."""


class NotBuiltYet(NotYet):
    """The read models are not there yet; they are once a worker has started."""


RESTS_ON = {
    "requested": Relationship.Created.TOPIC,
    "notebook_begun": Notebook.Created.TOPIC,
    "of_notebooks": Notebook.TOPIC + ".",
}
"""A relationship is shown from its request on; of its notebook only the beginning is shown."""

BEFORE_ALL = UUID(int=0)
POOL_SECONDS = 5.0
TRIES = 5
"""A server that was restarted has cut every pooled connection; reading again is always safe."""


class Changes(StrEnum):
    """What can change under somebody's eyes; each is the query that finds where it last did."""

    PIPELINE = "pipeline_changes"
    MY_MENTORING = "own_changes"
    MY_CASELOAD = "caseload_changes"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before; the first page begins after no row."""

    position: int = 0
    relationship: UUID = BEFORE_ALL


@dataclass(frozen=True, slots=True)
class Page:
    """Documents of one page, each a JSON text, and where the next page begins, if there is one.

    `set_aside` are the relationships of the page for which a record was tampered with: their documents
    are of an earlier time, or missing.
    """

    documents: tuple[str, ...]
    next: Cursor | None
    set_aside: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnView:
    """A mentee's relationship as a JSON text, and the sealed reasons for its proposal or match."""

    relationship: UUID
    document: str
    reasons: Sealed | None


class Reader:
    """Needs the role that may select read models and nothing else. Use it as a context manager.

    What it selects from belongs to the worker, which may run code as the role that selects.

    Every method that answers rows raises NotBuiltYet before there are any tables, and
    ReadModelsUnavailable while the database is away; both are kinds of NotYet.
    """

    def __init__(self, url: str, *, pool_size: int = 4) -> None:
        # A single statement needs no transaction around it, which would be two more round trips.
        options = {"autocommit": True, "application_name": "vouchsafe reader", **SESSION}
        self._pool: Pool = ConnectionPool(
            url,
            min_size=1,
            max_size=pool_size,
            open=False,
            timeout=POOL_SECONDS,
            connection_class=cast("type[Connection[Any]]", PatientConnection),
            kwargs=options,
        )
        self._freshness = Freshness(url)

    def __enter__(self) -> Self:
        self._pool.open()
        self._freshness.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._freshness.stop()
        self._pool.close()

    def wait_for(self, name: str, position: int, timeout_seconds: float) -> None:
        """Return once a read model stands at the position or beyond; raises NotYet in time."""
        self._freshness.wait_for(name, position, timeout_seconds)

    def add_listener(self, listener: Listener) -> None:
        """Call somebody back whenever a read model moves or somebody's access ends."""
        self._freshness.add_listener(listener)

    def stands_at(self, name: str, position: int) -> bool:
        """Whether this process has heard that a read model stands at the position or beyond."""
        return self._freshness.position(name) >= position

    def newest_changes(self, changes: Changes, people: Collection[UUID]) -> Mapping[UUID, int]:
        """At which position something last changed of what each person is shown; of nothing, none."""
        rows = self._rows(changes.value, {"people": list(people)}, tuple_row)
        return dict(rows)

    def pipeline(
        self,
        *,
        after: Cursor | None = None,
        most: int = 50,
        stage: Stage | None = None,
        hidden_from: UUID | None = None,
    ) -> Page:
        """One page of the pipeline, the longest waiting first; nothing in which one person has or had a part."""
        start = after or Cursor()
        values = {
            "after_position": start.position,
            "after_relationship": start.relationship,
            "most": most + 1,
            "stage": stage and stage.value,
            "hidden_from": hidden_from,
            **RESTS_ON,
        }
        query = "pipeline_page_of_stage" if stage else "pipeline_page"
        rows = self._rows(query, values, tuple_row)
        end = Cursor(*rows[most - 1][:2]) if len(rows) > most else None
        shown = rows[:most]
        documents = tuple(document for _, _, document, _ in shown if document is not None)
        aside = tuple(relationship for _, relationship, _, is_set_aside in shown if is_set_aside)
        return Page(documents, end, aside)

    def pipeline_counts(self, *, hidden_from: UUID | None = None) -> dict[Stage, int]:
        """How many relationships stand in each stage, in the same way; a stage without any has zero."""
        values = {"hidden_from": hidden_from}
        counts: dict[str, int] = dict(self._rows("pipeline_counts", values, tuple_row))
        return {stage: counts.get(stage.value, 0) for stage in Stage}

    def pipeline_row(self, relationship: UUID) -> str | None:
        """One relationship's document as a coordinator sees it."""
        rows = self._rows("pipeline_row", {"relationship": relationship}, tuple_row)
        return rows[0][0] if rows else None

    def is_set_aside(self, relationship: UUID) -> bool:
        """Whether a relationship's document in the pipeline is of an earlier time."""
        values = {"relationship": relationship, **RESTS_ON}
        [(found,)] = self._rows("is_set_aside", values, tuple_row)
        return bool(found)

    def my_mentoring(self, mentee: UUID) -> tuple[OwnView, ...]:
        """A mentee's own relationships in the order they were requested."""
        rows = self._rows("own_relationships", {"mentee": mentee}, tuple_row)
        return tuple(
            OwnView(relationship, document, reasons and msgspec.json.decode(reasons, type=Sealed))
            for relationship, document, reasons in rows
        )

    def my_set_aside(self, mentee: UUID) -> Sequence[UUID]:
        """Those of a mentee's relationships whose documents are of an earlier time, or missing.

        One that is missing is found as long as the list of who takes part still has it.
        """
        rows = self._rows("own_set_aside", {"mentee": mentee, **RESTS_ON}, tuple_row)
        return [relationship for (relationship,) in rows]

    def my_caseload(self, mentor: UUID) -> Sequence[str]:
        """The relationships of a mentor, and those proposed to them, in the order they were requested."""
        rows = self._rows("caseload", {"mentor": mentor}, tuple_row)
        return [document for (document,) in rows]

    def my_standing(self, mentor: UUID) -> str | None:
        """How a mentor stands with the scheme; None who never applied."""
        values = {"profile": MentorProfile.id_of(mentor)}
        rows = self._rows("standing_of_mentor", values, tuple_row)
        return rows[0][0] if rows else None

    def caseload_set_aside(self, mentor: UUID) -> Sequence[UUID]:
        """Those of a mentor's relationships whose documents are of an earlier time, or missing.

        Named by their profile, everything rests on a damaged record: capacity and standing at least.
        """
        values = {"mentor": mentor, "profile": MentorProfile.id_of(mentor), **RESTS_ON}
        rows = self._rows("caseload_set_aside", values, tuple_row)
        return [relationship for (relationship,) in rows]

    def participation_of(self, person: UUID) -> Sequence[Participation]:
        """Every part that a person has or had."""
        return self.participation_of_all([person]).get(person, [])

    def participation_of_all(self, people: Collection[UUID]) -> dict[UUID, list[Participation]]:
        """The same for many; somebody without any is not among them."""
        found: dict[UUID, list[Participation]] = {}
        for row in self._rows("participation_of_people", {"people": list(people)}, tuple_row):
            found.setdefault(row[1], []).append(_participation(*row))
        return found

    def participation_in(self, relationship: UUID) -> Sequence[Participation]:
        """Everybody who has or had a part in a relationship."""
        values = {"relationship": relationship}
        rows = self._rows("participation_in_relationship", values, tuple_row)
        return [_participation(*row) for row in rows]

    def open_relationships(self, person: UUID) -> Sequence[UUID]:
        """The open relationships that a person takes part in or is proposed for."""
        rows = self._rows("open_relationships", {"person": person}, tuple_row)
        return [relationship for (relationship,) in rows]

    def due_deadlines(self, at: datetime, *, most: int = 100) -> Sequence[Deadline]:
        """What has fallen due by then, the longest due first."""
        rows = self._rows("due_deadlines", {"at": at, "most": most}, class_row(Deadline))
        return [replace(row, what=Due(row.what)) for row in rows]

    def rights_desk(
        self, *, stage: ErasureStage | None = None, after: int = 0, most: int = 50
    ) -> Sequence[DeskRow]:
        """Requests to be erased in the order they were made, those of one stage or all."""
        values = {"stage": stage and stage.value, "after": after, "most": most}
        rows = self._rows("rights_desk", values, class_row(DeskRow))
        return [replace(row, stage=ErasureStage(row.stage)) for row in rows]

    def standings(self) -> Mapping[str, Standing]:
        """Where every read model stands, and which stopped, by name."""
        rows = self._rows("positions", {}, class_row(Standing))
        return {standing.name: standing for standing in rows}

    def set_aside_count(self) -> int:
        """How many streams any read model leaves out."""
        [(count,)] = self._rows("set_aside_count", {}, tuple_row)
        return int(count)

    def _rows(
        self, query: str, values: Mapping[str, Any], row_factory: RowFactory[AnyRow]
    ) -> list[AnyRow]:
        return self.ask(QUERIES, query, values, row_factory)

    def ask(
        self, queries: Any, query: str, values: Mapping[str, Any], row_factory: RowFactory[AnyRow]
    ) -> list[AnyRow]:
        """The rows that answer a question of a file, for those with questions of their own."""
        statement = SQL(cast("LiteralString", getattr(queries, query).sql))
        for _ in range(TRIES):
            try:
                with self._pool.connection() as connection:
                    cursor = connection.cursor(row_factory=row_factory)
                    return cursor.execute(statement, values, prepare=True).fetchall()
            except psycopg.errors.UndefinedTable:
                raise NotBuiltYet from None
            except (PoolTimeout, psycopg.errors.QueryCanceled):
                # A database that is slow would only be slower for another try.
                break
            except (psycopg.OperationalError, psycopg.InterfaceError):
                continue
        raise ReadModelsUnavailable


def _participation(relationship: UUID, person: UUID, part: str, is_open: object) -> Participation:
    return Participation(relationship, person, ListedPart(part), bool(is_open))
