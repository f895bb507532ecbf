"""How much each aspect counts in a programme: whole numbers that a coordinator can read and set."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import DomainError
from domain.matching.aspects import Aspect

HEAVIEST = 10
USUAL: Mapping[Aspect, int] = {
    Aspect.THEMES: 5,
    Aspect.PRACTICE: 3,
    Aspect.APPROACH: 3,
    Aspect.CAREER: 2,
    Aspect.BACKGROUND: 5,
}
"""Until a programme sets its own."""


class WrongWeights(DomainError):
    """Each aspect has one weight from 0 to 10; with 0 it counts for nothing."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one aspect counts."""

    aspect: Aspect
    weight: int


Weights = tuple[Weight, ...]
"""One for each aspect; an aspect that a stored version did not know has its usual weight."""


def weights_of(weights: Mapping[Aspect, int]) -> Weights:
    """A whole set, checked: what is not named has its usual weight."""
    whole = {**USUAL, **weights}
    if not all(0 <= weight <= HEAVIEST for weight in whole.values()):
        raise WrongWeights
    return tuple(Weight(aspect, whole[aspect]) for aspect in Aspect)


def as_mapping(weights: Weights) -> Mapping[Aspect, int]:
    """The same by aspect."""
    return {**USUAL, **{each.aspect: each.weight for each in weights}}


USUAL_WEIGHTS = weights_of({})
