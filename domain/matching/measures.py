"""Five measures of a round, which tell how good it is without telling of anybody."""

from dataclasses import dataclass

PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares are in thousandths of those who waited or were matched; scores run from 0 to 1000.

    `blocking_pairs` counts pairs who would both rather have each other than what they got.
    """

    share_matched: int
    worst_off: int
    total: int
    share_top_three: int
    blocking_pairs: int


def share(part: int, whole: int) -> int:
    """A share in thousandths; of nobody it is none."""
    return PER_MILLE * part // whole if whole else 0
