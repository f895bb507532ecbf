"""A pool laid out as tables: who may meet whom and how well it suits both; and what came of an assignment."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from domain.matching.assignment import NOBODY, Indexes, assign
from domain.matching.crowd import Mask, Scores
from domain.matching.eligibility import Eligibility
from domain.matching.measures import Measures, share
from domain.matching.pool import Pool
from domain.matching.scores import scores_of_mentors, scores_of_requests

TOP = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """The tables of one pool: a row for each request, a column for each mentor."""

    pool: Pool
    eligibility: Eligibility
    allowed: Mask
    for_requests: Scores
    for_mentors: Scores
    room: Indexes

    @property
    def worst(self) -> Scores:
        """What the less content of two would have."""
        return np.minimum(self.for_requests, self.for_mentors)

    @property
    def total(self) -> Scores:
        """What both would have together."""
        return self.for_requests + self.for_mentors

    def assigned(self, seed: bytes) -> Indexes:
        """The best assignment; the seed chooses among equally good ones."""
        rows = _order([each.id for each in self.pool.requests], seed)
        columns = _order([each.id for each in self.pool.mentors], seed)
        turned = np.ix_(rows, columns)
        found = assign(
            self.allowed[turned], self.worst[turned], self.total[turned], self.room[columns]
        )
        chosen = np.full(len(rows), NOBODY, dtype=np.int64)
        matched = found != NOBODY
        chosen[rows[matched]] = columns[found[matched]]
        return chosen

    def best_of(self, index: int, seed: bytes) -> list[int]:
        """The three that suit one request best: by the less content of the two, then by both together."""
        ids = [each.id for each in self.pool.mentors]
        found = [int(each) for each in np.flatnonzero(self.allowed[index])]
        worst, total = self.worst[index], self.total[index]
        found.sort(key=lambda each: (-worst[each], -total[each], _drawn(ids[each], seed)))
        return found[:TOP]

    def measures(self, chosen: Indexes) -> Measures:
        """What is told of an assignment."""
        rows = np.flatnonzero(chosen != NOBODY)
        columns = chosen[rows]
        own = self.for_requests[rows, columns]
        theirs = self.for_mentors[rows, columns]
        better = (self.allowed[rows] & (self.for_requests[rows] > own[:, None])).sum(axis=1)
        return Measures(
            share_matched=share(len(rows), len(chosen)),
            worst_off=int(np.minimum(own, theirs).min()) if len(rows) else 0,
            total=int(own.sum() + theirs.sum()),
            share_top_three=share(int((better < TOP).sum()), len(rows)),
            blocking_pairs=self._blocking(chosen, rows, columns),
        )

    def _blocking(self, chosen: Indexes, rows: Indexes, columns: Indexes) -> int:
        got = np.full(len(chosen), NOBODY, dtype=np.int32)
        got[rows] = self.for_requests[rows, columns]
        given = np.full(len(self.room), NOBODY, dtype=np.int32)
        taken = np.bincount(columns, minlength=len(self.room))
        lowest = np.full(len(self.room), np.iinfo(np.int32).max, dtype=np.int32)
        np.minimum.at(lowest, columns, self.for_mentors[rows, columns])
        is_full = taken >= self.room
        given[is_full] = lowest[is_full]
        rather = (self.for_requests > got[:, None]) & (self.for_mentors > given[None, :])
        return int((self.allowed & rather).sum())


def weigh(pool: Pool) -> Weighed:
    """Work the tables out."""
    eligibility = Eligibility(pool)
    room = np.array([mentor.room for mentor in pool.mentors], dtype=np.int64)
    return Weighed(
        pool,
        eligibility,
        eligibility.allowed(),
        scores_of_requests(pool),
        scores_of_mentors(pool),
        room,
    )


def _order(ids: list[UUID], seed: bytes) -> Indexes:
    drawn = [_drawn(each, seed) for each in ids]
    return np.array(sorted(range(len(ids)), key=drawn.__getitem__), dtype=np.int64)


def _drawn(id: UUID, seed: bytes) -> bytes:
    """A lot that depends on the seed and on nobody else who is there."""
    return hashlib.sha256(seed + id.bytes).digest()
