"""Matching 1,000 mentees with 1,000 mentors, reasons and all, against mentor-match; and 10,000 who wait."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np

from domain.matching.aspects import Aspect, Importance
from domain.matching.assignment import NOBODY
from domain.matching.engine import run_round
from domain.matching.measures import Measures
from domain.matching.pool import Mentor, Part, Pool, Request, Want
from domain.matching.weighing import weigh
from tests.benchmarks.matching_people import PersonRow, people

SIZE, SEED = 1_000, 7
MANY, FEW, ROOM = 10_000, 1_000, 2
HERE = Path(__file__)
LOCKED = HERE.parents[2] / "requirements" / "mentor-match.txt"
APART = HERE.parents[2] / "build" / "mentor-match"
"""Its package is called `matching` and its solver is not ours to have, so it gets an environment of its own."""


@dataclass(frozen=True)
class Rivals:
    """How much faster, and whether anybody pays for it."""

    times_as_fast: float
    ours_seconds: float
    theirs_seconds: float
    ours: Measures
    theirs: Measures

    def as_json(self) -> dict[str, float | str]:
        return {
            "ratio": round(self.times_as_fast, 1),
            "ours": round(self.ours_seconds, 2),
            "theirs": round(self.theirs_seconds, 2),
            "unit": f"seconds for {SIZE} with {SIZE}",
            "matched_ours": self.ours.share_matched,
            "matched_theirs": self.theirs.share_matched,
            "worst_off_ours": self.ours.worst_off,
            "worst_off_theirs": self.theirs.worst_off,
            "total_ours": self.ours.total,
            "total_theirs": self.theirs.total,
        }


@dataclass(frozen=True)
class Seconds:
    """How long it took, which needs nothing beside it to be told."""

    seconds: float
    matched: int

    def as_json(self) -> dict[str, float | str]:
        return {"ours": round(self.seconds, 2), "unit": "seconds", "matched": self.matched}


def matching_vs_mentor_match() -> Rivals:
    """The same made-up people, the same wishes and weights; one after the other."""
    mentees, mentors = people(SIZE, SEED)
    pool = _pool(mentees, mentors, room=1)
    run_round(_pool(mentees[:10], mentors[:10], room=1), b"warm")
    started = time.perf_counter()
    result = run_round(pool, b"bench")
    ours = time.perf_counter() - started
    theirs, pairs = _mentor_match(mentees, mentors)
    return Rivals(theirs / ours, ours, theirs, result.measures, _measured(pool, pairs))


def matching_ten_thousand() -> Seconds:
    """10,000 who wait for 1,000 mentors who take two each."""
    mentees, mentors = people(MANY, SEED)
    pool = _pool(mentees, mentors[:FEW], room=ROOM)
    started = time.perf_counter()
    result = run_round(pool, b"bench")
    return Seconds(time.perf_counter() - started, len(result.suggestions))


def _pool(mentees: Sequence[PersonRow], mentors: Sequence[PersonRow], *, room: int) -> Pool:
    return Pool(
        tuple(
            Request(
                UUID(int=row["number"]),
                frozenset(row["holds"]),
                _wants(row),
                frozenset(row["languages"]),
                apart=frozenset(_mentor_id(each) for each in row["apart"]),
            )
            for row in mentees
        ),
        tuple(
            Mentor(
                _mentor_id(row["number"]),
                frozenset(row["holds"]),
                _wants(row),
                frozenset(row["languages"]),
                room=room,
            )
            for row in mentors
        ),
    )


def _wants(row: PersonRow) -> tuple[Want, ...]:
    return tuple(
        Want(Aspect(each.partition(":")[0]), (Part(frozenset({each})),), Importance.WISH)
        for each in row["wishes"]
    )


def _mentor_id(number: int) -> UUID:
    return UUID(int=MANY + number)


def _mentor_match(
    mentees: Sequence[PersonRow], mentors: Sequence[PersonRow]
) -> tuple[float, list[tuple[int, int]]]:
    python = APART / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", APART], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCKED]
        subprocess.run(install, check=True)
    rows = json.dumps({"mentees": mentees, "mentors": mentors})
    # Without -P this folder would come first, with its own module of that name.
    program = [python, "-P", HERE.with_name("mentor_match_run.py")]
    ran = subprocess.run(program, input=rows, capture_output=True, text=True, check=True)
    answer = json.loads(ran.stdout)
    return answer["seconds"], answer["pairs"]


def _measured(pool: Pool, pairs: Sequence[tuple[int, int]]) -> Measures:
    """Their pairs by our measures; one that our rules would not allow counts as none."""
    weighed = weigh(pool)
    columns = {mentor.id: index for index, mentor in enumerate(pool.mentors)}
    rows = {request.id: index for index, request in enumerate(pool.requests)}
    chosen = np.full(len(pool.requests), NOBODY, dtype=np.int64)
    for mentee, mentor in pairs:
        row, column = rows[UUID(int=mentee)], columns[_mentor_id(mentor)]
        if weighed.allowed[row, column]:
            chosen[row] = column
    return weighed.measures(chosen)
