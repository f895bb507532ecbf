"""How well each would suit each, from both sides: what share of somebody's wishes the other meets, by weight."""

from collections.abc import Mapping, Sequence

import numpy as np

from domain.matching.aspects import Aspect
from domain.matching.crowd import Crowd, Scores
from domain.matching.pool import Party, Pool

FULL = 1000
"""The score of somebody all of whose wishes are met, or who wishes nothing."""


def scores_of_requests(pool: Pool) -> Scores:
    """A row for each request: what each mentor meets of its wishes."""
    return _scores(pool.requests, Crowd(pool.mentors), pool.weights)


def scores_of_mentors(pool: Pool) -> Scores:
    """The same table, from the side of the mentors."""
    return np.ascontiguousarray(_scores(pool.mentors, Crowd(pool.requests), pool.weights).T)


def _scores(people: Sequence[Party], others: Crowd, weights: Mapping[Aspect, int]) -> Scores:
    scores = np.full((len(people), others.size), FULL, dtype=np.int16)
    for row, person in zip(scores, people, strict=True):
        counted = [
            (weights[want.aspect] * want.importance, want)
            for want in person.wants
            if not want.is_need
        ]
        whole = sum(weight for weight, _ in counted)
        if whole:
            met = np.zeros(others.size, dtype=np.int32)
            for weight, want in counted:
                met += weight * others.meeting(want)
            row[:] = met * FULL // whole
    return scores
