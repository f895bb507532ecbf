"""Words that people give about a relationship: under whose key they are sealed, and how they open."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from api.records.openings import Openings, Whose, Why
from crypto.errors import Erased
from domain.access import Caller
from domain.consent import ConsentIsNotLive
from domain.values import Compartment, Purpose, Sealed

LONGEST_WORDS = 4_000
"""Enough to explain oneself; what is longer belongs into a conversation."""
LONGEST_LINK = 500

COMPARTMENT_OF = {Purpose.IDENTITY_PREFERENCE: Compartment.SPECIAL}
"""Where words for a purpose belong; all others are personal."""


class WordsState(StrEnum):
    """Whether there are words, and what became of them; none of these passes for another."""

    OPEN = "open"
    NOT_GIVEN = "not_given"
    CONSENT_NOT_LIVE = "consent_not_live"
    ERASED = "erased"


class WordsAnswer(BaseModel):
    """Words as far as they can be shown."""

    state: WordsState
    text: str | None = None


def seal_words(
    openings: Openings,
    owner: UUID,
    field: str,
    text: str | None,
    *,
    purpose: Purpose = Purpose.TAKE_PART,
) -> Sealed | None:
    """Seal what somebody said under the owner's key for the purpose; nothing said, nothing sealed."""
    if text is None:
        return None
    compartment = COMPARTMENT_OF.get(purpose, Compartment.PERSONAL)
    return openings.seal(Whose(compartment, owner, purpose.value, field), text)


def open_words(
    openings: Openings,
    caller: Caller,
    value: Sealed | None,
    why: Why,
    *,
    now: datetime,
    shown_to: Collection[UUID] = (),
) -> WordsAnswer:
    """Open words for a caller, or say why there is nothing to show; tampered ones still raise."""
    if value is None:
        return WordsAnswer(state=WordsState.NOT_GIVEN)
    try:
        text = openings.open(caller, value, why, now=now, shown_to=shown_to)
    except ConsentIsNotLive:
        return WordsAnswer(state=WordsState.CONSENT_NOT_LIVE)
    except Erased:
        return WordsAnswer(state=WordsState.ERASED)
    return WordsAnswer(state=WordsState.OPEN, text=text)
