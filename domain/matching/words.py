"""What the choices are called in sentences that people read, on pages and in reasons."""

from collections.abc import Mapping

from domain.matching.aspects import Alike, Aspect, Dimension, Importance

CHOICE_WORDS: Mapping[Aspect, Mapping[str, str]] = {
    Aspect.THEMES: {
        "leading": "leading others",
        "moving_on": "moving on or up",
        "inequity": "being treated unfairly at work",
        "confidence": "confidence",
        "new_role": "settling into a new role",
        "balance": "work and the rest of life",
        "coming_back": "coming back after a break",
    },
    Aspect.PRACTICE: {
        "children_and_families": "children and families",
        "adults": "adults",
        "mental_health": "mental health",
        "hospital": "hospital",
        "youth_justice": "youth justice",
        "fostering": "fostering and adoption",
        "learning_disability": "learning disability",
    },
    Aspect.APPROACH: {
        "listening": "listening first",
        "challenging": "asking hard questions",
        "structured": "working to a plan",
        "practical": "practical tips",
    },
    Aspect.CAREER: {
        "newly_qualified": "newly qualified",
        "experienced": "experienced",
        "leader": "leading a team or service",
    },
}

DIMENSION_WORDS: Mapping[Dimension, str] = {
    Dimension.ETHNICITY: "Ethnicity",
    Dimension.GENDER: "Gender",
    Dimension.ORIENTATION: "Sexual orientation",
    Dimension.DISABILITY: "Disability",
    Dimension.FAITH: "Faith",
}

OWN_WORDS: Mapping[Dimension, Mapping[str, str]] = {
    Dimension.ETHNICITY: {
        "asian": "Asian",
        "black": "Black",
        "mixed": "Mixed",
        "white": "White",
        "other": "Another",
    },
    Dimension.GENDER: {"woman": "Woman", "man": "Man", "non_binary": "Non-binary"},
    Dimension.ORIENTATION: {
        "bi": "Bi",
        "gay_or_lesbian": "Gay or lesbian",
        "straight": "Straight",
        "other": "Another",
    },
    Dimension.DISABILITY: {"disabled": "Disabled", "not_disabled": "Not disabled"},
    Dimension.FAITH: {
        "buddhist": "Buddhist",
        "christian": "Christian",
        "hindu": "Hindu",
        "jewish": "Jewish",
        "muslim": "Muslim",
        "sikh": "Sikh",
        "none": "None",
    },
}

ALIKE_WORDS: Mapping[Alike, str] = {
    Alike.SHARED: "somebody who shares this",
    Alike.DIFFERENT: "somebody who does not",
}

IMPORTANCE_WORDS: Mapping[Importance, str] = {
    Importance.WISH: "I would like it",
    Importance.STRONG_WISH: "I would like it very much",
    Importance.NEED: "I need it",
}

LANGUAGE_WORDS: Mapping[str, str] = {
    "en": "English",
    "cy": "Welsh",
    "bsl": "British Sign Language",
    "ar": "Arabic",
    "bn": "Bengali",
    "fr": "French",
    "gu": "Gujarati",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "so": "Somali",
    "ur": "Urdu",
}


def listed(words: list[str]) -> str:
    """Several things in a sentence."""
    if len(words) < 2:  # noqa: PLR2004 - one needs no "and"
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def choices_listed(aspect: Aspect, values: frozenset[str]) -> str:
    """Choices of one aspect in a sentence, in the order in which they are offered."""
    return listed([words for value, words in CHOICE_WORDS[aspect].items() if value in values])
