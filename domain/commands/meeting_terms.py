"""On which terms a relationship meets."""

from dataclasses import dataclass

from domain.aggregate import Aggregate
from domain.mentoring import Mentoring
from domain.place import Place
from domain.session import USUAL_TERMS, MeetingTerms


@dataclass(frozen=True)
class TermsRead:
    """The terms, and the record in which they stand, to be handed to the commit as read."""

    terms: MeetingTerms
    read: tuple[Aggregate, ...] = ()


def read_meeting_terms(_mentoring: Mentoring, _place: Place) -> TermsRead:
    """What holds for whoever has this place: the usual, until an agreement says otherwise."""
    return TermsRead(USUAL_TERMS)
