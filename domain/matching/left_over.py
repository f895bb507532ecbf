"""Why nobody was found for somebody, and what would change it: sentences that they can act on."""

from collections.abc import Mapping

import numpy as np

from domain.matching.crowd import Mask
from domain.matching.eligibility import Obstacle
from domain.matching.weighing import Weighed

NO_MENTORS = (
    "The scheme has no mentor who can be suggested at the moment. You keep your place among those who wait; "
    "nothing you said stands in the way."
)
ALL_GIVEN = (
    "There are mentors who would suit you, and all of them were suggested to others this time. "
    "You keep your place among those who wait."
)
OPENING = "Nobody could be found for you this time. You keep your place among those who wait."
ALONE = "This by itself would change it:"
TOGETHER = "Several things together stand in the way. What you can change of them:"
WAIT = "There is nothing that you need to change. Your coordinator can see that more mentors are needed."

CHANGES: Mapping[Obstacle, str] = {
    Obstacle.NO_ROOM: "A mentor who would suit you has no room now. When one has, you are thought of again.",
    Obstacle.KEPT_APART: "Mentors who would suit you are people you are kept apart from, or were suggested before. "
    "Another mentor has to join.",
    Obstacle.ELSEWHERE: "Mentors who would suit you offer another kind of mentoring than you asked for. "
    "Another mentor has to join.",
    Obstacle.WORKPLACE: "Mentors who might suit you work where you work. If you would be glad of somebody from there, "
    "say so in what you wish for.",
    Obstacle.LANGUAGE: "Mentors who might suit you speak no language that you named. Name another one, if you can.",
    Obstacle.HOURS: "Mentors who might suit you cannot meet at the hours you named. Name more hours, if you can.",
    Obstacle.NEED: "Mentors who might suit you lack something that you said you need. If some of it is a wish, say so instead.",
    Obstacle.THEIR_NEED: "Mentors who would suit you look for somebody in another situation than yours. "
    "Another mentor has to join.",
}
THEIRS = frozenset({Obstacle.LANGUAGE, Obstacle.HOURS, Obstacle.NEED, Obstacle.WORKPLACE})
"""What somebody can change by themselves."""


def why_nobody(weighed: Weighed, index: int) -> str:
    """The words for one request that was left over."""
    if not weighed.pool.mentors:
        return NO_MENTORS
    if weighed.allowed[index].any():
        return ALL_GIVEN
    in_the_way = weighed.eligibility.in_the_way(index)
    alone = [each for each in Obstacle if _opens_alone(each, in_the_way)]
    if alone:
        return "\n".join([OPENING, ALONE, *(CHANGES[each] for each in alone)])
    own = [each for each in Obstacle if each in THEIRS and in_the_way[each].any()]
    return "\n".join(
        [OPENING, TOGETHER, *(CHANGES[each] for each in own)] if own else [OPENING, WAIT]
    )


def _opens_alone(obstacle: Obstacle, in_the_way: Mapping[Obstacle, Mask]) -> bool:
    others = [mask for each, mask in in_the_way.items() if each is not obstacle]
    return bool((in_the_way[obstacle] & ~np.logical_or.reduce(others)).any())
