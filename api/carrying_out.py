"""Carries out a command: decides, commits, and decides anew when what it rested on has moved."""

from collections.abc import Callable

from crypto.errors import HeadMoved, KeyMadeTwice, KeyNotLive, StreamMoved
from domain.errors import DomainError
from domain.mentoring import Recorded

TRIES = 5
DECIDE_ANEW = (HeadMoved, KeyMadeTwice, KeyNotLive, StreamMoved)


class TooManyAtOnce(DomainError):
    """Several people are changing this record at this moment; try again."""


def carry_out(decide: Callable[[], Recorded]) -> Recorded:
    """Run a decision until it commits.

    Nothing of a failed try was recorded, and each new one reads afresh: a rule that was broken in
    between refuses the command in its own words.
    """
    for _ in range(TRIES):
        try:
            return decide()
        except DECIDE_ANEW:
            continue
    raise TooManyAtOnce
