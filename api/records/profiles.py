"""What somebody chose to show of themselves, a name and words, as one sealed field; it opens under `share_profile` alone."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from api.records.openings import Openings, Whose, Why
from api.records.words import WordsState, open_words
from domain.access import Caller
from domain.values import Compartment, Purpose, Sealed


class Shown(msgspec.Struct, frozen=True):
    """A profile as it is sealed."""

    display_name: str
    words: str

    def __repr__(self) -> str:
        """Secrets do not print."""
        return "<sealed>"


def seal_profile(openings: Openings, owner: UUID, shown: Shown) -> Sealed:
    """Seal what a person chose to show under their own key."""
    whose = Whose(Compartment.PERSONAL, owner, Purpose.SHARE_PROFILE, "profile")
    return openings.seal(whose, msgspec.json.encode(shown).decode())


def open_profile(
    openings: Openings,
    caller: Caller,
    value: Sealed | None,
    why: Why,
    *,
    now: datetime,
    shown_to: Collection[UUID] = (),
) -> tuple[WordsState, Shown | None]:
    """Open it for somebody to whom it is shown; the look is recorded first. Otherwise say why there is nothing."""
    opened = open_words(openings, caller, value, why, now=now, shown_to=shown_to)
    if opened.text is None:
        return opened.state, None
    return opened.state, msgspec.json.decode(opened.text, type=Shown)
