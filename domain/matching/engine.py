"""The engine: from a pool, weights and a seed to proposals with reasons; the same from the same, each time."""

import numpy as np

from domain.matching.assignment import NOBODY
from domain.matching.left_over import why_nobody
from domain.matching.pool import Pool
from domain.matching.reasons import reasons_of
from domain.matching.result import LeftOver, RoundResult, ShortlistResult, Suggestion
from domain.matching.weighing import weigh


def run_round(pool: Pool, seed: bytes) -> RoundResult:
    """Match everybody who waits: most people, then the worst-off, then the total, then the seed."""
    weighed = weigh(pool)
    chosen = weighed.assigned(seed)
    pairs = [(int(row), int(chosen[row])) for row in np.flatnonzero(chosen != NOBODY)]
    left = np.flatnonzero(chosen == NOBODY)
    return RoundResult(
        tuple(_suggestion(pool, row, column) for row, column in pairs),
        tuple(LeftOver(pool.requests[row].id, why_nobody(weighed, int(row))) for row in left),
        weighed.measures(chosen),
    )


def draw_shortlist(pool: Pool, seed: bytes) -> ShortlistResult:
    """The three that suit the one request of a pool best."""
    weighed = weigh(pool)
    columns = weighed.best_of(0, seed)
    nobody = None if columns else why_nobody(weighed, 0)
    return ShortlistResult(tuple(_suggestion(pool, 0, column) for column in columns), nobody)


def _suggestion(pool: Pool, row: int, column: int) -> Suggestion:
    request, mentor = pool.requests[row], pool.mentors[column]
    return Suggestion(request.id, mentor.id, reasons_of(request, mentor))
