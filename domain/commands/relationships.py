"""What is done with relationships, apart from their proposals and their sessions."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from domain.aggregate import Aggregate
from domain.commands.footing import footing_under
from domain.commands.loading import load_ledgers_of_words, load_live_ledger, load_subject
from domain.commands.preferences import has_stated_detail
from domain.commands.seats import give_back_capacity
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.place import Place
from domain.proposal import NoSuchProposal
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import Cadence, ClosingReason, RematchReason
from domain.relationship_state import RequestedAlready
from domain.session import Session
from domain.values import Act, Purpose, Sealed


def request_relationship(mentoring: Mentoring, order: Order, *, facts: RequestFacts) -> Recorded:
    """Ask for a mentoring partner; the mentee's own order, under live consent.

    A place that nobody was invited to yet is open to whoever was told of it.
    """
    place = mentoring.load(Place, facts.place)
    place.require_open_to(facts.mentee)
    footing = footing_under(mentoring, place.agreement)
    footing.require_offers(facts.kind)
    footing.require_in_force(order.act.at)
    purposes = [Purpose.TAKE_PART]
    if facts.identity_preference is not None:
        purposes.append(Purpose.IDENTITY_PREFERENCE)
    ledger = load_live_ledger(mentoring, order, facts.mentee, *purposes)
    id = _id_of_next_request(mentoring, facts)
    subject = Relationship.request(id, facts, order.act)
    return mentoring.commit(order, subject, read=(ledger, place, *footing.read))


def _id_of_next_request(mentoring: Mentoring, facts: RequestFacts) -> UUID:
    """The id of a mentee's next request on a place, once all earlier ones are closed.

    Two requests made at the same moment get the same id, so that only one of them is recorded.
    """
    number = 1
    while True:
        id = Relationship.id_of(facts.mentee, facts.place, number)
        try:
            earlier = mentoring.load(Relationship, id)
        except NotFound:
            return id
        if earlier.closed_for is None:
            raise RequestedAlready
        number += 1


def declare_conflict(
    mentoring: Mentoring,
    order: Order,
    *,
    relationship: UUID,
    with_person: UUID,
    words: Sealed | None = None,
) -> Recorded:
    """Keep two people apart; the order of the mentee, a mentor or a coordinator."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.declare_conflict(with_person, words, order.act)
    return mentoring.commit(order, subject, read=load_ledgers_of_words(mentoring, order, words))


def accept_agreement(
    mentoring: Mentoring, order: Order, *, relationship: UUID, version: int
) -> Recorded:
    """Accept the mentoring agreement; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.accept_agreement(version, order.act)
    return mentoring.commit(order, subject)


def change_cadence(
    mentoring: Mentoring, order: Order, *, relationship: UUID, cadence: Cadence
) -> Recorded:
    """Meet more or less often; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.require_meets_alone()
    subject.change_cadence(cadence, order.act)
    return mentoring.commit(order, subject)


def pause_relationship(mentoring: Mentoring, order: Order, *, relationship: UUID) -> Recorded:
    """Stop planning for a while; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.pause(order.act)
    return mentoring.commit(order, subject)


def resume_relationship(mentoring: Mentoring, order: Order, *, relationship: UUID) -> Recorded:
    """Go on; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.resume(order.act)
    return mentoring.commit(order, subject)


def request_rematch(
    mentoring: Mentoring,
    order: Order,
    *,
    relationship: UUID,
    reason: RematchReason,
    words: Sealed | None = None,
) -> Recorded:
    """Ask for another mentoring partner; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.request_rematch(reason, words, order.act)
    return mentoring.commit(order, subject, read=load_ledgers_of_words(mentoring, order, words))


def close_relationship(
    mentoring: Mentoring,
    order: Order,
    *,
    relationship: UUID,
    reason: ClosingReason,
    words: Sealed | None = None,
) -> Recorded:
    """End with a reason; the order of a participant or a coordinator."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    ahead = subject.sessions_to_come(order.act.at)
    subject.close(reason, words, order.act)
    freed = _freed(mentoring, subject, ahead, order.act)
    ledgers = load_ledgers_of_words(mentoring, order, words)
    return mentoring.commit(order, subject, *freed, read=ledgers)


def end_for_withdrawal(
    mentoring: Mentoring, order: Order, *, relationship: UUID, person: UUID
) -> Recorded:
    """Rule 2: end what a withdrawn `take_part` ends here; the clerk's order.

    Raises AlreadyClosed, or its kind NothingToEnd, when nothing is left to do.
    """
    subject = load_subject(mentoring, order, Relationship, relationship)
    ahead = subject.sessions_to_come(order.act.at)
    subject.end_for_withdrawal(person, order.act)
    return _commit_ended(mentoring, order, subject, ahead, for_all=person == subject.mentor)


def end_for_leaving(
    mentoring: Mentoring, order: Order, *, relationship: UUID, mentor: UUID
) -> Recorded:
    """End what a mentor who left the scheme is in, or was proposed for; the clerk's order.

    Raises AlreadyClosed, or its kind NothingToEnd, when nothing is left to do.
    """
    subject = mentoring.load(Relationship, relationship)
    ahead = subject.sessions_to_come(order.act.at)
    subject.end_for_leaving(mentor, order.act)
    return _commit_ended(mentoring, order, subject, ahead, for_all=True)


def take_back_for_preference(
    mentoring: Mentoring, order: Order, *, relationship: UUID, mentee: UUID, ended_at: datetime
) -> Recorded:
    """Rule 3: take back what rests on an identity preference withdrawn since; the clerk's order.

    A mentor's too, once they have shared something of their background for the matching. Raises
    NoSuchProposal when nothing is left to do.
    """
    subject = load_subject(mentoring, order, Relationship, relationship)
    if mentee not in {subject.mentee, subject.open_proposal.mentor}:
        raise NoSuchProposal
    has_stated = has_stated_detail(mentoring, mentee)
    if subject.mentee != mentee and not has_stated:
        raise NoSuchProposal
    subject.take_back_for_preference(ended_at, order.act, has_stated=has_stated)
    return mentoring.commit(order, subject)


def _commit_ended(
    mentoring: Mentoring,
    order: Order,
    subject: Relationship,
    ahead: Iterable[Session],
    *,
    for_all: bool,
) -> Recorded:
    """Give back what an ending frees; where only a proposal was taken back, nothing is."""
    if subject.closed_for is None:
        return mentoring.commit(order, subject)
    freed = _freed(mentoring, subject, ahead, order.act, for_all=for_all)
    return mentoring.commit(order, subject, *freed)


def _freed(
    mentoring: Mentoring,
    subject: Relationship,
    ahead: Iterable[Session],
    act: Act,
    *,
    for_all: bool = False,
) -> list[Aggregate]:
    """What an ending gives back: the mentor's capacity, the sessions that lay ahead, and the place."""
    if subject.mentor is None:
        return []
    freed = give_back_capacity(mentoring, subject, subject.mentor, act, for_all=for_all)
    place = mentoring.load(Place, subject.place)
    for session in ahead:
        place.release(session.id, act)
    place.vacate(subject.id, act)
    return [*freed, place]
