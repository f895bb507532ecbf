"""How counts are shown to whoever pays or looks at how mentoring goes: the rule that the Office for National Statistics calls 10-5.

A count below ten is hidden, whether it is none or nine; another one is rounded to the nearest five. No sum
of rounded or hidden counts is ever shown beside them: it would tell what one of them hides.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

Answer = TypeVar("Answer")

FEWEST_SHOWN = 10
ROUNDED_TO = 5


def shown_count(count: int) -> int | None:
    """The count as it may be shown, None for one that is hidden."""
    if count < FEWEST_SHOWN:
        return None
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def counted_by_lot(lots: Iterable[Sequence[Answer | None]], fewest: int) -> Counter[Answer]:
    """How often each answer was given, over those lots in which at least so many answered at all; None answers nothing.

    A lot counts whole or not at all, and by itself. So between any two releases lies either nothing or the answers of
    at least so many.
    """
    counts: Counter[Answer] = Counter()
    for lot in lots:
        answers = [each for each in lot if each is not None]
        if len(answers) >= fewest:
            counts.update(answers)
    return counts
