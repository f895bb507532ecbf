"""How counts are shown to whoever pays: the rule that the Office for National Statistics calls 10-5.

A count below ten is hidden, whether it is none or nine; another one is rounded to the nearest five. No sum
of rounded or hidden counts is ever shown beside them: it would tell what one of them hides.
"""

FEWEST_SHOWN = 10
ROUNDED_TO = 5


def shown_count(count: int) -> int | None:
    """The count as it may be shown, None for one that is hidden."""
    if count < FEWEST_SHOWN:
        return None
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
