"""Shortlists as they stand now: for a request that still waits, and resting on no consent that ended since."""

from uuid import UUID

from domain.commands.matching import find_shortlist, is_outdated
from domain.mentoring import Mentoring
from domain.relationship import Relationship
from domain.shortlist import Shortlist


def standing_shortlist(mentoring: Mentoring, request: Relationship) -> Shortlist | None:
    """What was found for a request, if it still stands."""
    if request.mentor is not None or request.closed_for is not None:
        return None
    shortlist = find_shortlist(mentoring, request.id)
    if shortlist is None or is_outdated(mentoring, shortlist):
        return None
    return shortlist


def is_shortlisted(mentoring: Mentoring, request: Relationship, mentor: UUID) -> bool:
    """Whether a mentor stands on a request's shortlist, so that its mentee may read about them."""
    shortlist = standing_shortlist(mentoring, request)
    return shortlist is not None and mentor in shortlist.in_order
