"""What the engine answers: whom it suggests to whom and why, who is left over and why, and how good that is."""

from dataclasses import dataclass
from importlib.metadata import version
from uuid import UUID

from domain.matching.measures import Measures
from domain.matching.reasons import Reasons

ENGINE = f"1 with scipy {version('scipy')}"
"""What else an answer depends on, beside the pool and the seed."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One mentor for one request, and why."""

    request: UUID
    mentor: UUID
    reasons: Reasons


@dataclass(frozen=True, slots=True, repr=False)
class LeftOver:
    """One for whom nobody was found, and why."""

    request: UUID
    words: str


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round came to; it proposes, and people decide."""

    suggestions: tuple[Suggestion, ...]
    left_over: tuple[LeftOver, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class ShortlistResult:
    """At most three for one request, the best first; or why there is nobody."""

    suggestions: tuple[Suggestion, ...]
    nobody: str | None
