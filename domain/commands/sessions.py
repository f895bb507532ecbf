"""What is done with sessions; each outcome counts against the place in the same commit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.aggregate import Aggregate
from domain.availability import Availability
from domain.commands.loading import load_ledgers_of_words, load_live_ledger, load_subject
from domain.commands.meeting_terms import read_meeting_terms
from domain.consent import ConsentLedger
from domain.meeting import (
    Bounds,
    MeetingTerms,
    Plan,
)
from domain.mentoring import Mentoring, Order, Recorded
from domain.place import Place
from domain.relationship import Relationship
from domain.session import (
    CancellationReason,
    CorrectionReason,
    Outcome,
)
from domain.values import Act, Purpose, Sealed, TimeSpan


@dataclass(frozen=True)
class Which:
    """Which session of which relationship an order is about; `hour` is that of a whole group, where it is for all of it."""

    relationship: UUID
    session: UUID
    hour: UUID | None = None

    def require_theirs_to_plan(self, subject: Relationship) -> None:
        """Refuse to one pair of a group what is planned for everybody."""
        if self.hour is None:
            subject.require_meets_alone()


@dataclass(frozen=True)
class Stated:
    """What both said of when they can meet, what they planned with others, and the records in which that stands."""

    availabilities: tuple[Availability, ...] = ()
    taken: tuple[TimeSpan, ...] = ()
    read: tuple[Aggregate, ...] = ()

    def bounds(self, terms: MeetingTerms) -> Bounds:
        """What a session lies within on these terms."""
        return Bounds(terms, self.availabilities, self.taken)


NOTHING_STATED = Stated()


def schedule_session(
    mentoring: Mentoring,
    order: Order,
    *,
    which: Which,
    plan: Plan,
    stated: Stated = NOTHING_STATED,
) -> Recorded:
    """Plan one hour and reserve it on the place; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    which.require_theirs_to_plan(subject)
    place = mentoring.load(Place, subject.place)
    agreed = read_meeting_terms(mentoring, place)
    subject.schedule_session(which.session, _within(plan, agreed.terms, stated), order.act)
    agreed.require_paid_for(plan.span, order.act.at)
    ledgers = _load_ledgers(mentoring, order, subject)
    place.reserve(which.session, order.act)
    return mentoring.commit(order, subject, place, read=[*ledgers, *agreed.read, *stated.read])


def reschedule_session(
    mentoring: Mentoring,
    order: Order,
    *,
    which: Which,
    plan: Plan,
    stated: Stated = NOTHING_STATED,
) -> Recorded:
    """Move a session that lies ahead; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    which.require_theirs_to_plan(subject)
    agreed = read_meeting_terms(mentoring, mentoring.load(Place, subject.place))
    subject.reschedule_session(which.session, _within(plan, agreed.terms, stated), order.act)
    agreed.require_paid_for(plan.span, order.act.at)
    ledgers = _load_ledgers(mentoring, order, subject)
    return mentoring.commit(order, subject, read=[*ledgers, *agreed.read, *stated.read])


def set_video_link(
    mentoring: Mentoring, order: Order, *, which: Which, video_link: Sealed | None
) -> Recorded:
    """Say where to click for a session, anew or no more; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    which.require_theirs_to_plan(subject)
    subject.set_video_link(which.session, video_link, order.act)
    return mentoring.commit(order, subject, read=_load_ledgers(mentoring, order, subject))


def cancel_session(
    mentoring: Mentoring, order: Order, *, which: Which, reason: CancellationReason
) -> Recorded:
    """Cancel a session that lies ahead; a participant's order."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    if order.act.actor == subject.mentor:
        which.require_theirs_to_plan(subject)
    place = mentoring.load(Place, subject.place)
    agreed = read_meeting_terms(mentoring, place)
    subject.cancel_session(which.session, reason, order.act, agreed.terms)
    return _commit_settled(mentoring, order, (subject, place), which.session, agreed.read)


def hold_session(
    mentoring: Mentoring,
    order: Order,
    *,
    which: Which,
    minutes: int,
    attended_by: tuple[UUID, ...],
) -> Recorded:
    """Record that the pair met; either participant's order."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    place = mentoring.load(Place, subject.place)
    subject.hold_session(which.session, minutes=minutes, attended_by=attended_by, act=order.act)
    return _commit_settled(mentoring, order, (subject, place), which.session)


def record_absence(mentoring: Mentoring, order: Order, *, which: Which, who: UUID) -> Recorded:
    """Record who did not come; either participant's order."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    place = mentoring.load(Place, subject.place)
    subject.record_absence(which.session, who=who, act=order.act)
    return _commit_settled(mentoring, order, (subject, place), which.session)


def confirm_attendance(mentoring: Mentoring, order: Order, *, which: Which) -> Recorded:
    """Say that what the other recorded is right; the order of the participant who did not record it."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    subject.confirm_attendance(which.session, order.act)
    return mentoring.commit(order, subject)


def dispute_attendance(
    mentoring: Mentoring, order: Order, *, which: Which, words: Sealed | None = None
) -> Recorded:
    """Say that the record of a session is wrong; either participant's order."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    subject.dispute_attendance(which.session, words=words, act=order.act)
    return mentoring.commit(order, subject, read=load_ledgers_of_words(mentoring, order, words))


def correct_attendance(
    mentoring: Mentoring,
    order: Order,
    *,
    which: Which,
    outcome: Outcome,
    reason: CorrectionReason,
) -> Recorded:
    """Correct the record and the place with it; the order of a coordinator outside the pair."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    before = subject.session(which.session).outcome
    subject.correct_attendance(which.session, outcome=outcome, reason=reason, act=order.act)
    if before is None or before.uses_the_place == outcome.uses_the_place:
        return mentoring.commit(order, subject)
    place = mentoring.load(Place, subject.place)
    recount(place, which.session, outcome, order.act)
    return mentoring.commit(order, subject, place)


def settle_attendance(
    mentoring: Mentoring, order: Order, *, which: Which, outcome: Outcome
) -> Recorded:
    """Decide what nobody recorded of a session whose agreement has ended; a coordinator's order."""
    subject = load_subject(mentoring, order, Relationship, which.relationship)
    place = mentoring.load(Place, subject.place)
    agreed = read_meeting_terms(mentoring, place)
    ended_at = agreed.agreement.ended_at if agreed.agreement else None
    subject.settle_attendance(
        which.session, outcome=outcome, agreement_ended_at=ended_at, act=order.act
    )
    return _commit_settled(mentoring, order, (subject, place), which.session, agreed.read)


def settle(place: Place, session: UUID, outcome: Outcome, act: Act) -> None:
    """Rule 5: what an outcome does to the reserved session."""
    if outcome.uses_the_place:
        place.use(session, act)
    else:
        place.release(session, act)


def recount(place: Place, session: UUID, outcome: Outcome, act: Act) -> None:
    """What a corrected outcome does to a session that was counted the other way."""
    if outcome.uses_the_place:
        place.reserve(session, act)
        place.use(session, act)
    else:
        place.give_back(session, act)


def _load_ledgers(mentoring: Mentoring, order: Order, subject: Relationship) -> list[ConsentLedger]:
    return [
        load_live_ledger(mentoring, order, person, Purpose.TAKE_PART)
        for person in sorted(subject.people)
    ]


def _within(plan: Plan, terms: MeetingTerms, stated: Stated) -> Plan:
    return replace(plan, bounds=stated.bounds(terms))


def _commit_settled(
    mentoring: Mentoring,
    order: Order,
    settled: tuple[Relationship, Place],
    session: UUID,
    read: Sequence[Aggregate] = (),
) -> Recorded:
    subject, place = settled
    outcome = subject.session(session).outcome
    if outcome is not None:
        settle(place, session, outcome, order.act)
    return mentoring.commit(order, subject, place, read=read)
