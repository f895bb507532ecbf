"""How the database answers a question: which tables it reads whole, and how many rows it looks at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString, cast

from psycopg import Connection
from psycopg.sql import SQL, Composable, Literal

CUSTOM, GENERIC = "force_custom_plan", "force_generic_plan"
"""A session asks with the values in mind at first, and may later have one plan for any."""


@dataclass(frozen=True)
class Answered:
    """What became of one question, by one kind of plan."""

    read_whole: frozenset[str]
    rows: int
    blocks: int


def answered(
    connection: Connection[Any], statement: str, values: Mapping[str, object], mode: str
) -> Answered:
    """Ask as a session does that prepared the question; what it would change stays as it was."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    for number, name in enumerate(names, 1):
        statement = statement.replace(f"%({name})s", f"${number}")
    bound = SQL(", ").join(Literal(values[name]) for name in names)
    call: Composable = SQL("({})").format(bound) if names else SQL("")
    connection.execute("DEALLOCATE ALL")
    with connection.transaction(force_rollback=True):
        connection.execute(SQL("SET LOCAL plan_cache_mode = {}").format(mode))
        connection.execute(SQL("PREPARE question AS " + cast("LiteralString", statement)))
        explain = SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE question")
        row = connection.execute(explain + call).fetchone()
    assert row is not None
    return _told(row[0][0]["Plan"])


def _told(plan: Mapping[str, Any]) -> Answered:
    nodes = list(_nodes(plan))
    whole = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    rows = sum(_looked_at(node) for node in nodes if "Scan" in node["Node Type"])
    blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return Answered(frozenset(whole), rows, blocks)


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _looked_at(node: Mapping[str, Any]) -> int:
    kinds = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return round(sum(node.get(kind, 0) for kind in kinds) * node["Actual Loops"])
