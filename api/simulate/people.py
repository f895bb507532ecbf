"""Who is simulated: people who do not exist, with names and words of nobody."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from domain.values import Role

GIVEN = ("Abena", "Anjali", "Beatriz", "Cerys", "Farah", "Idris", "Jamal", "Lowri", "Marek", "Omar")
FAMILY = ("Bevan", "Costa", "Eze", "Gill", "Hussain", "Iyer", "Kaur", "Mensah", "Nowak", "Roberts")

THEMES = (
    "Being taken seriously in meetings",
    "Caseloads that leave no time to think",
    "Coming back after a long leave",
    "Difficult conversations with partner agencies",
    "Finding my own way of leading",
    "Going for a senior post",
    "Moving from adults' to children's services",
    "Settling into a new team",
    "What to do next after ten years",
)
PREFERENCES = (
    "Mornings suit me best",
    "Somebody outside my field",
    "Somebody who has led a team",
    "Somebody who will challenge me",
)
IDENTITY = (
    "Somebody who knows racism at work from the inside",
    "Somebody who is disabled, as I am",
    "Somebody from a Muslim background",
    "A gay colleague, if there is one",
)
OFFERS = (
    "Fifteen years in safeguarding. I ask more than I tell.",
    "I have led two teams through change, and made every mistake there is.",
    "Rural practice, mostly alone; I like to think aloud together.",
    "Hospital work and discharge, now practice education.",
)
REASONS = (
    "{name} has done what you would like to think through, and is free when you are.",
    "{name} comes from another service and has a fresh pair of eyes.",
    "You both said that you like to be challenged.",
)
REASONS_FOR_MENTOR = (
    "The themes are close to what you offered to think through.",
    "You both like to meet in the morning.",
)
EMPLOYERS = ("Borough of Fernley", "County of Larkmoor", "Harbour Trust", "City of Tern")

QUESTIONS = {
    "organisation": (
        "{employer} would like to offer this to newly qualified staff. What does a place cost?",
        "How do we know that it is used, if we are not told by whom? {employer} is asked that a lot.",
    ),
    "practitioner": (
        "Does {employer} learn that I asked?",
        "I left {employer} last year. Can I still take part?",
    ),
}

REPLY = "Nobody is told that you asked. A place has up to three sessions of an hour each."

WORRIES = (
    "Something that was said does not leave me alone.",
    "I would like somebody to know of this.",
    "It may be nothing.",
)
ANSWER = "Thank you for telling us. We have talked with everybody whom it concerns."
FACTS = "Somebody may come to harm; this is when and where."
RECIPIENT = "The duty desk of the local authority"

TO_PARTNER = "It is me. Shall we do what we talked about?"
PIECE = {
    "title": "An hour to think",
    "about": "What I wanted to think through, and why it is relevant.",
    "learned": "That I can wait before I answer.",
    "impact": "People finish their sentences.",
}
WITH_PEER = {**PIECE, "peer": "A peer saw it otherwise, and was right."}
IT_WENT = {"heard": "agree", "helped": "rather_agree", "mentoring_words": "It did me good."}
THE_SCHEME = {"easy": "agree", "recommend": "agree", "scheme_words": "Easier than I feared."}
STORY = "I stayed, and I know now why."
SUGGESTION = "Let us plan sessions in the evening, too."
GIST = "Sessions in the evening."
TAKEN_UP = "From next month on they can be planned until eight."

NOT_NOW = "It is not the right time after all."
REMEMBERED_OTHERWISE = "I remember it differently."
GOODBYE = "Thank you for all of it."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they call: one role at a time."""

    key: str
    id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A name, and an address that reaches nobody."""

    given: str
    family: str
    email: str

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.given} {self.family}"

    def registered_as(self, role: Role) -> dict[str, Any]:
        """What a coordinator sends to make them known."""
        return {"name": self.name, "email": self.email, "roles": [role.value]}


def made_up(key: str, chance: Random) -> MadeUp:
    """Somebody who does not exist."""
    return MadeUp(chance.choice(GIVEN), chance.choice(FAMILY), f"{key}@example.org")
