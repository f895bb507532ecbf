"""Carries out a command: decides, commits, and decides anew when what it rested on has moved."""

from collections.abc import Callable

from crypto.errors import AlreadyRecorded, HeadMoved, KeyMadeTwice, KeyNotLive, StreamMoved
from crypto.event_store.recorder import LogRecorder
from domain.errors import DomainError
from domain.mentoring import Order, Recorded

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


def carried_out_before(
    recorder: LogRecorder, order: Order, carry: Callable[[], Recorded]
) -> AlreadyRecorded | None:
    """Carry out an order, or answer the outcome of what was recorded under its id before.

    A twin that came first may be what an order is refused for.
    """
    earlier = recorder.outcome(order.command_id)
    if earlier is not None:
        return earlier
    try:
        carry()
    except AlreadyRecorded as twin:
        return twin
    except DomainError:
        earlier = recorder.outcome(order.command_id)
        if earlier is None:
            raise
    return earlier
