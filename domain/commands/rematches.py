"""How somebody goes on with another mentoring partner: one step from an ending to the next request."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.commands.loading import find_ledger
from domain.commands.relationships import request_relationship
from domain.commands.together import Together
from domain.consent import ConsentLedger
from domain.consent_terms import ConsentState
from domain.errors import DomainError
from domain.mentoring import Mentoring, Order, Recorded
from domain.place import NoSessionsLeft, Place
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import RematchReason
from domain.sealed_words import words_requested
from domain.values import Purpose, Sealed

ENDED = frozenset(
    {
        ConsentState.REFUSED,
        ConsentState.WITHDRAWN,
        ConsentState.REVOKED,
        ConsentState.INVALIDATED,
    }
)
"""With these the keys of a purpose were destroyed."""


class NotEnded(DomainError):
    """This has not ended. You can ask for somebody else while it goes on; a next request begins once it is over."""


@dataclass(frozen=True, slots=True)
class NextRequest:
    """What of an earlier request is taken over, and why somebody else is wanted; no reason is needed."""

    relationship: UUID
    keeps_words: bool = True
    keeps_identity_preference: bool = False
    reason: RematchReason = RematchReason.RELATIONSHIP_ENDED


def ask_again(mentoring: Mentoring, order: Order, *, asked: NextRequest) -> Recorded:
    """Ask for another mentoring partner on what is left of the place; the mentee's own order, once theirs has ended.

    Words stay under the keys they lie under: nothing is opened to take them over.
    """
    together = Together(mentoring)
    ended = together.load(Relationship, asked.relationship)
    ended.require_mentee(order.act.actor)
    if ended.closed_for is None:
        raise NotEnded
    if together.load(Place, ended.place).free < 1:
        raise NoSessionsLeft
    made = request_relationship(together, order, facts=_facts(mentoring, ended, asked))
    if order.act.actor not in ended.rematch_wanted_by:
        ended.request_rematch(asked.reason, None, order.act)
        together.commit(order, ended)
    recorded = together.commit_all(order)
    return Recorded(recorded.position, made.subject, made.version)


def _facts(mentoring: Mentoring, ended: Relationship, asked: NextRequest) -> RequestFacts:
    before = words_requested(mentoring, ended.id)
    identity = before.identity_preference if asked.keeps_identity_preference else None
    themes, preferences = before.themes, before.preferences
    if not asked.keeps_words:
        themes = preferences = None
    ledger = find_ledger(mentoring, ended.mentee)
    themes, preferences, identity = (
        _still_there(ledger, each, since=before.timestamp)
        for each in (themes, preferences, identity)
    )
    return RequestFacts(
        mentee=ended.mentee,
        place=ended.place,
        kind=before.kind,
        mode=before.mode,
        cadence=ended.cadence,
        themes=themes,
        preferences=preferences,
        identity_preference=identity,
    )


def _still_there(
    ledger: ConsentLedger | None, words: Sealed | None, *, since: datetime
) -> Sealed | None:
    """What was sealed before a consent ended is gone, also where another was given since."""
    if words is None or ledger is None:
        return None
    purpose = Purpose(words.purpose)
    changes = ledger.changes.get(purpose, ())
    has_ended = any(each.state in ENDED and each.effective_at >= since for each in changes)
    return None if has_ended or not ledger.stands(purpose) else words
