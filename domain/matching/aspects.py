"""The closed lists of what people can say and wish in the matching; a member, once stored, stays for ever."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Aspect(StrEnum):
    """What a wish is about, and what a coordinator gives a weight to."""

    THEMES = "themes"
    PRACTICE = "practice"
    APPROACH = "approach"
    CAREER = "career"
    BACKGROUND = "background"


class Importance(IntEnum):
    """How much a wish counts; a need is never weighed against anything."""

    WISH = 1
    STRONG_WISH = 2
    NEED = 3


class Dimension(StrEnum):
    """A part of somebody's background, which nobody is asked for and nobody guesses."""

    ETHNICITY = "ethnicity"
    GENDER = "gender"
    ORIENTATION = "orientation"
    DISABILITY = "disability"
    FAITH = "faith"


class Alike(StrEnum):
    """Whether a mentee would like a partner who shares a part of their background, or one who does not."""

    SHARED = "shared"
    DIFFERENT = "different"


CHOICES: Mapping[Aspect, tuple[str, ...]] = MappingProxyType(
    {
        Aspect.THEMES: (
            "leading",
            "moving_on",
            "inequity",
            "confidence",
            "new_role",
            "balance",
            "coming_back",
        ),
        Aspect.PRACTICE: (
            "children_and_families",
            "adults",
            "mental_health",
            "hospital",
            "youth_justice",
            "fostering",
            "learning_disability",
        ),
        Aspect.APPROACH: ("listening", "challenging", "structured", "practical"),
        Aspect.CAREER: ("newly_qualified", "experienced", "leader"),
    }
)
"""What can be chosen of each aspect but the background, in the order in which pages show it."""

OWN: Mapping[Dimension, tuple[str, ...]] = MappingProxyType(
    {
        Dimension.ETHNICITY: ("asian", "black", "mixed", "white", "other"),
        Dimension.GENDER: ("woman", "man", "non_binary"),
        Dimension.ORIENTATION: ("bi", "gay_or_lesbian", "straight", "other"),
        Dimension.DISABILITY: ("disabled", "not_disabled"),
        Dimension.FAITH: ("buddhist", "christian", "hindu", "jewish", "muslim", "sikh", "none"),
    }
)
"""What somebody can choose to say of their own background; several of each, or nothing."""

LANGUAGES = ("en", "cy", "bsl", "ar", "bn", "fr", "gu", "pa", "pl", "pt", "so", "ur")
"""In which languages people can say that they can meet."""
