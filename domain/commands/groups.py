"""What is done with a whole group: an hour is planned, moved and recorded for everybody in one commit.

What an hour does to each member's session and ledger is decided by the same commands as for a pair.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.commands.loading import find_ledger, load_subject
from domain.commands.meeting_terms import TermsRead, read_meeting_terms
from domain.commands.relationships import close_relationship
from domain.commands.sessions import (
    NOTHING_STATED,
    Stated,
    Which,
    cancel_session,
    hold_session,
    record_absence,
    reschedule_session,
    schedule_session,
    set_video_link,
)
from domain.commands.together import Together
from domain.group import Group, NobodyToMeet
from domain.meeting import (
    Plan,
)
from domain.mentoring import Mentoring, Order, Recorded
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import Cadence, ClosingReason
from domain.relationship_state import NotAParticipant, Stage
from domain.session import (
    CancellationReason,
    Outcome,
)
from domain.values import Purpose, Sealed

StatedByMember = Mapping[UUID, Stated]
"""What each member and the facilitator said of when they can meet, by the members' relationships."""


@dataclass(frozen=True)
class Hour:
    """Which hour of which group an order is about."""

    group: UUID
    hour: UUID

    def session_of(self, relationship: UUID) -> Which:
        """The session of one member in it."""
        return Which(relationship, Group.session_of(self.hour, relationship), self.hour)


@dataclass(frozen=True)
class Coming:
    """A member who can come, and the terms on which they do."""

    relationship: Relationship
    agreed: TermsRead


def who_can_meet(mentoring: Mentoring, group: Group, at: datetime) -> Iterator[Coming]:
    """Members who accepted the agreement, do not pause, have a session left and take part by a live consent."""
    for id in sorted(group.members):
        relationship = mentoring.load(Relationship, id)
        place = mentoring.load(Place, relationship.place)
        is_active = relationship.stage is Stage.ACTIVE and _takes_part(mentoring, relationship, at)
        if is_active and place.free > 0:
            yield Coming(relationship, read_meeting_terms(mentoring, place))


def who_comes(mentoring: Mentoring, group: Group, hour: UUID, at: datetime) -> Iterator[Coming]:
    """Members who are expected at an hour, have not said that they cannot come, and can be asked about another time."""
    group.session(hour)
    for id in sorted(group.expected[hour]):
        pair = mentoring.load(Relationship, id)
        is_open = pair.session(Group.session_of(hour, id)).outcome is None
        if is_open and _still_comes(mentoring, id, at):
            yield Coming(pair, read_meeting_terms(mentoring, mentoring.load(Place, pair.place)))


def plan_hour(
    mentoring: Mentoring, order: Order, *, which: Hour, plan: Plan, stated: StatedByMember
) -> Recorded:
    """Plan one hour and reserve a session on the place of everybody who can come; the facilitator's order.

    Whose agreement does not pay for that day is not expected.
    """
    together, group = _theirs(mentoring, order, which.group)
    coming = [
        each.relationship.id
        for each in who_can_meet(together, group, order.act.at)
        if each.agreed.is_paid_for(plan.span, order.act.at)
    ]
    group.plan_hour(which.hour, plan.span, coming, order.act)
    return _reserve(
        together, order, which, plan, {id: stated.get(id, NOTHING_STATED) for id in coming}
    )


def expect_more(
    mentoring: Mentoring, order: Order, *, which: Hour, plan: Plan, stated: StatedByMember
) -> Recorded:
    """Expect those too who can come by now, at the time that is planned; the facilitator's order."""
    together, group = _theirs(mentoring, order, which.group)
    planned = replace(plan, span=group.session(which.hour).span)
    more = [
        each.relationship.id
        for each in who_can_meet(together, group, order.act.at)
        if each.relationship.id not in group.expected[which.hour]
        and each.agreed.is_paid_for(planned.span, order.act.at)
    ]
    group.expect(which.hour, more, order.act)
    return _reserve(
        together, order, which, planned, {id: stated.get(id, NOTHING_STATED) for id in more}
    )


def move_hour(
    mentoring: Mentoring, order: Order, *, which: Hour, plan: Plan, stated: StatedByMember
) -> Recorded:
    """Move an hour that lies ahead for everybody who still comes; the facilitator's order.

    Who pauses by now, or takes part no more, cannot be asked about another time: their session is given back.
    """
    together, group = _theirs(mentoring, order, which.group)
    group.move_hour(which.hour, plan.span, order.act)

    def move(session: Which) -> None:
        said = stated.get(session.relationship, NOTHING_STATED)
        if not _still_comes(together, session.relationship, order.act.at):
            reason = CancellationReason.NO_REASON_GIVEN
            cancel_session(together, _plain(order), which=session, reason=reason)
            return
        reschedule_session(together, _plain(order), which=session, plan=plan, stated=said)

    _for_each_open(together, group, which, move)
    return together.commit_all(order)


def set_hour_link(
    mentoring: Mentoring, order: Order, *, which: Hour, video_link: Sealed | None
) -> Recorded:
    """Say where everybody clicks, anew or no more; the facilitator's order."""
    together, group = _theirs(mentoring, order, which.group)
    group.session(which.hour).require_joinable(order.act.at)
    told = []

    def tell(session: Which) -> None:
        if _still_comes(together, session.relationship, order.act.at):
            told.append(
                set_video_link(together, _plain(order), which=session, video_link=video_link)
            )

    _for_each_open(together, group, which, tell)
    if not told:
        raise NobodyToMeet
    return together.commit_all(order)


def cancel_hour(
    mentoring: Mentoring, order: Order, *, which: Hour, reason: CancellationReason
) -> Recorded:
    """Cancel an hour that lies ahead for everybody, at nobody's cost; the facilitator's order."""
    together, group = _theirs(mentoring, order, which.group)
    group.cancel_hour(which.hour, reason, order.act)
    _for_each_open(
        together,
        group,
        which,
        lambda each: cancel_session(together, _plain(order), which=each, reason=reason),
    )
    return together.commit_all(order)


def record_hour(
    mentoring: Mentoring, order: Order, *, which: Hour, present: frozenset[UUID], minutes: int
) -> Recorded:
    """Record who came, named by their relationships; each one's own record follows. The facilitator's order.

    What a member recorded of their own session before stays as it is.
    """
    together, group = _theirs(mentoring, order, which.group)
    planned = group.session(which.hour)
    if not present <= group.expected[planned.id]:
        raise NotAParticipant
    came = Outcome.HELD if present else Outcome.MENTEE_ABSENT
    group.note_hour(which.hour, came, order.act)

    def record(session: Which) -> None:
        pair = together.load(Relationship, session.relationship)
        if pair.id in present:
            people = tuple(pair.people)
            hold_session(
                together, _plain(order), which=session, minutes=minutes, attended_by=people
            )
        else:
            record_absence(together, _plain(order), which=session, who=pair.mentee)

    _for_each_open(together, group, which, record)
    return together.commit_all(order)


def miss_hour(mentoring: Mentoring, order: Order, *, which: Hour) -> Recorded:
    """Record that the facilitator did not come, which costs nobody anything; the facilitator's order."""
    together, group = _theirs(mentoring, order, which.group)
    group.note_hour(which.hour, Outcome.MENTOR_ABSENT, order.act)
    who = group.facilitator
    _for_each_open(
        together,
        group,
        which,
        lambda each: record_absence(together, _plain(order), which=each, who=who),
    )
    return together.commit_all(order)


def change_group_cadence(
    mentoring: Mentoring, order: Order, *, group: UUID, cadence: Cadence
) -> Recorded:
    """Meet more or less often, all of them; the facilitator's order."""
    together, subject = _theirs(mentoring, order, group)
    subject.change_cadence(cadence, order.act)
    for id in subject.members:
        pair = together.load(Relationship, id)
        if pair.cadence is not cadence:
            pair.change_cadence(cadence, order.act)
            together.commit(order, pair)
    return together.commit_all(order)


def close_group(
    mentoring: Mentoring, order: Order, *, group: UUID, reason: ClosingReason
) -> Recorded:
    """End it for everybody, each with the same reason; the order of the facilitator or of a coordinator outside it."""
    together = Together(mentoring)
    subject = load_subject(together, order, Group, group)
    subject.close(order.act)
    together.commit(order, subject)
    for id in tuple(subject.members):
        close_relationship(together, _plain(order), relationship=id, reason=reason)
    return together.commit_all(order)


def _theirs(mentoring: Mentoring, order: Order, id: UUID) -> tuple[Together, Group]:
    """A group whose facilitator acts, as the subject of one commit with whatever follows for its members."""
    together = Together(mentoring)
    group = load_subject(together, order, Group, id)
    group.require_facilitator(order.act.actor)
    together.commit(order, group)
    return together, group


def _reserve(
    together: Together, order: Order, which: Hour, plan: Plan, stated: StatedByMember
) -> Recorded:
    for relationship, said in stated.items():
        session = which.session_of(relationship)
        schedule_session(together, _plain(order), which=session, plan=plan, stated=said)
    return together.commit_all(order)


def _for_each_open(
    together: Together, group: Group, which: Hour, do: Callable[[Which], object]
) -> None:
    """Whoever has said that they cannot come, or whose session is recorded, is left as they are."""
    group.session(which.hour)
    for relationship in sorted(group.expected[which.hour]):
        session = which.session_of(relationship)
        if together.load(Relationship, relationship).session(session.session).outcome is None:
            do(session)


def _still_comes(mentoring: Mentoring, relationship: UUID, at: datetime) -> bool:
    pair = mentoring.load(Relationship, relationship)
    return pair.stage is Stage.ACTIVE and _takes_part(mentoring, pair, at)


def _takes_part(mentoring: Mentoring, pair: Relationship, at: datetime) -> bool:
    ledger = find_ledger(mentoring, pair.mentee)
    return ledger is not None and ledger.is_live(Purpose.TAKE_PART, at)


def _plain(order: Order) -> Order:
    """The version that was named is that of the group."""
    return replace(order, expected_version=None)
