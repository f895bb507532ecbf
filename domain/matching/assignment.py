"""Who is proposed to whom: most people matched, then the worst-off person, then the total.

Which of several equally good answers is chosen depends on the order of rows and columns alone, so a seed
decides it that sets their order.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from domain.matching.crowd import Mask, Scores

NOBODY = -1

Indexes = npt.NDArray[np.int64]


def assign(allowed: Mask, worst: Scores, total: Scores, room: Indexes) -> Indexes:
    """For each row the column that it gets, or NOBODY; a column is given as often as it has room."""
    chosen = np.full(len(allowed), NOBODY, dtype=np.int64)
    units = np.repeat(np.arange(len(room)), np.clip(room, 0, len(allowed)))
    open_to = allowed[:, units]
    if not open_to.any():
        return chosen
    lows = worst[:, units]
    open_to &= lows >= _highest_low(open_to, lows)
    rows, columns = _best_total(open_to, total[:, units])
    chosen[rows] = units[columns]
    return chosen


def _highest_low(open_to: Mask, lows: Scores) -> int:
    """The highest score that the worst-off can have while as many are matched as can be."""
    most = _most_matched(open_to)
    levels = np.unique(lows[open_to])
    first, last = 0, len(levels) - 1
    while first < last:
        middle = (first + last + 1) // 2
        if _most_matched(open_to & (lows >= levels[middle])) == most:
            first = middle
        else:
            last = middle - 1
    return int(levels[first])


def _most_matched(open_to: Mask) -> int:
    csgraph, sparse = _scipy_graphs()
    matched = csgraph.maximum_bipartite_matching(sparse.csr_matrix(open_to), perm_type="column")
    return int((matched != NOBODY).sum())


def _best_total(open_to: Mask, total: Scores) -> tuple[Indexes, Indexes]:
    """The pairs of the highest total among those that match the most: one pair more outweighs any total.

    All values are whole numbers far below what floating point tells apart, so the answer is exact.
    """
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]  # noqa: PLC0415 - see _scipy_graphs

    one_more = (int(total.max(initial=0)) + 1) * min(open_to.shape) + 1
    value = np.where(open_to, total.astype(np.float64) + one_more, 0.0)
    rows, columns = linear_sum_assignment(value, maximize=True)
    found = open_to[rows, columns]
    return rows[found], columns[found]


def _scipy_graphs() -> tuple[Any, Any]:
    """Loaded when a round is run: most processes never run one, and it takes memory and time."""
    from scipy import sparse  # type: ignore[import-untyped]  # noqa: PLC0415 - see above
    from scipy.sparse import csgraph  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

    return csgraph, sparse
