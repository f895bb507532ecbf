"""People to be matched, made up from a number: the same for whoever matches them."""

import random
from typing import TypedDict

APPROACHES = ["listening", "challenging", "structured", "practical"]
PRACTICES = ["adults", "hospital", "mental_health", "fostering", "youth_justice"]
THEMES = ["leading", "moving_on", "inequity", "confidence", "new_role", "balance", "coming_back"]
LANGUAGES = ["en", "cy", "pl", "ur"]


class PersonRow(TypedDict):
    """What somebody holds, wishes and speaks, in plain words."""

    number: int
    holds: list[str]
    wishes: list[str]
    languages: list[str]
    apart: list[int]


def people(size: int, seed: int) -> tuple[list[PersonRow], list[PersonRow]]:
    """As many mentees as mentors."""
    chance = random.Random(seed)  # noqa: S311 - made-up people, the same each time
    return (
        [_mentee(chance, number, size) for number in range(size)],
        [_mentor(chance, number) for number in range(size)],
    )


def _mentee(chance: random.Random, number: int, size: int) -> PersonRow:
    themes = [f"themes:{each}" for each in chance.sample(THEMES, 2)]
    wishes = [f"approach:{chance.choice(APPROACHES)}", f"practice:{chance.choice(PRACTICES)}"]
    return {
        "number": number,
        "holds": [f"practice:{chance.choice(PRACTICES)}", *themes],
        "wishes": [*themes, *wishes],
        "languages": _languages(chance),
        "apart": chance.sample(range(size), 2),
    }


def _mentor(chance: random.Random, number: int) -> PersonRow:
    themes = [f"themes:{each}" for each in chance.sample(THEMES, 3)]
    return {
        "number": number,
        "holds": [
            *themes,
            f"approach:{chance.choice(APPROACHES)}",
            f"practice:{chance.choice(PRACTICES)}",
        ],
        "wishes": [f"practice:{chance.choice(PRACTICES)}"],
        "languages": _languages(chance),
        "apart": [],
    }


def _languages(chance: random.Random) -> list[str]:
    return sorted({chance.choice(LANGUAGES), chance.choice(LANGUAGES)})
