"""The page of one session, always as it stands now, with the forms for what can be done about it."""

from collections.abc import Callable
from uuid import UUID

from fastapi import Response

from api.dependencies import CommandResult
from api.web.filled import NOTHING_FILLED, AnyForm, Filled, carried_out
from api.web.party import Party, Sender
from api.web.session_view import session_shown
from domain.commands.meeting_terms import read_meeting_terms
from domain.meeting import (
    MeetingTerms,
)
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_state import Stage
from domain.session import (
    DISPUTE_PERIOD,
    Session,
)
from projections.party_view import SCHEDULED, PartySession

CANCELLATIONS = {
    "no_reason_given": "I would rather not say",
    "cannot_attend": "I cannot come",
    "technical": "Something technical",
}


def terms_of(party: Party, subject: Relationship) -> MeetingTerms:
    """The hours, zone and notice that hold for a pair."""
    return read_meeting_terms(party.mentoring, party.mentoring.load(Place, subject.place)).terms


def session_page(
    party: Party, relationship: UUID, session: UUID, filled: Filled = NOTHING_FILLED
) -> Response:
    """One session, and what can be done about it."""
    subject = party.relationship(relationship)
    planned = subject.session(session)
    terms = terms_of(party, subject)
    shown = session_shown(_as_seen(planned, party.caller.person), subject.id, party.side, party.now)
    is_open = subject.closed_for is None
    return party.page(
        "session.html",
        filled=filled,
        session=shown,
        terms=terms,
        back=party.side.home(subject.id),
        is_open=is_open,
        can_cancel=shown.is_ahead and is_open and (subject.group is None or party.side.is_mentee),
        can_move=shown.is_ahead and subject.stage is Stage.ACTIVE and subject.group is None,
        group=subject.group,
        is_late=planned.span.starts_at - party.now < terms.late_notice,
        where=subject.where_to_meet(session),
        reasons=CANCELLATIONS,
    )


def sent(
    sender: Sender,
    which: tuple[UUID, UUID],
    kind: type[AnyForm],
    carry: Callable[[AnyForm], CommandResult],
) -> Response:
    """Carry out a form about one session; one that cannot be carried out comes back on its page."""
    return carried_out(
        sender.party.request,
        kind,
        carry,
        lambda filled: session_page(sender.party, *which, filled),
    )


def _as_seen(session: Session, you: UUID) -> PartySession:
    """The same shape as in the read models, of this very moment."""
    is_answered = session.disputed or session.is_confirmed
    return PartySession(
        id=session.id,
        starts_at=session.span.starts_at,
        ends_at=session.span.ends_at,
        time_zone=session.span.time_zone,
        sequence=session.sequence,
        status=session.outcome or SCHEDULED,
        is_disputed=session.disputed,
        is_confirmed=session.is_confirmed,
        recorded_by_you=session.recorded_by == you if session.recorded_by else None,
        disputable_until=session.settled_at + DISPUTE_PERIOD
        if session.settled_at and not is_answered
        else None,
    )
