"""What is decided about the sessions of a relationship: rules 5 and 6."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from domain.availability import free_hours
from domain.cadence import require_free_turn
from domain.errors import DomainError
from domain.meeting import (
    USUAL_TERMS,
    Bounds,
    MeetingTerms,
    Plan,
)
from domain.relationship_events import Mode, Part
from domain.relationship_state import NotAParticipant, NothingChanges, RelationshipState
from domain.sealed import require_sealed_for
from domain.session import (
    MOST_MINUTES_HELD,
    CancellationNotice,
    CancellationReason,
    CorrectionReason,
    Outcome,
    Session,
    SessionExists,
    TooLateToReschedule,
    WhereToMeet,
    WrongMinutes,
)
from domain.values import Act, Compartment, Sealed, TimeSpan


class RelationshipSessions(RelationshipState):
    """Decisions about sessions; how they count against the place follows from their outcome."""

    def schedule_session(self, session: UUID, plan: Plan, act: Act) -> None:
        """Plan one hour; a participant's order, which reserves a session of the place."""
        self.require_participant(act.actor)
        self.require_active()
        if session in self.sessions:
            raise SessionExists
        self._require_bookable(plan, session, act)
        self.record(
            self.SessionScheduled,
            act,
            session=session,
            span=plan.span,
            sequence=0,
            video_link=plan.video_link,
        )

    def reschedule_session(self, session: UUID, plan: Plan, act: Act) -> None:
        """Move a session that lies ahead; it stays reserved, and keeps its link unless another is given."""
        planned = self.require_movable(session, plan.bounds.terms, act)
        self._require_bookable(plan, session, act)
        self.record(
            self.SessionRescheduled,
            act,
            session=session,
            span=plan.span,
            sequence=planned.sequence + 1,
            video_link=plan.video_link,
        )

    def require_movable(self, session: UUID, terms: MeetingTerms, act: Act) -> Session:
        """Refuse to move what has begun, and a mentee who is late to say so."""
        part = self.part_of(act.actor)
        self.require_active()
        planned = self.session(session)
        planned.require_ahead(act.at)
        # Without this, a mentee would move a session at the last minute and then cancel in time.
        notice = planned.notice_at(act.at, terms.late_notice)
        if part is Part.MENTEE and notice is CancellationNotice.LATE:
            raise TooLateToReschedule
        return planned

    def bookable_hours(
        self, between: TimeSpan, bounds: Bounds, act: Act, *, moving: UUID | None = None
    ) -> Iterator[TimeSpan]:
        """The hours to which a session could be planned, or moved, at this moment."""
        for span in free_hours(between, bounds.terms.working_hours, bounds.said):
            with suppress(DomainError):
                self._require_bookable(Plan(span, bounds=bounds), moving, act)
                yield span

    def set_video_link(self, session: UUID, video_link: Sealed | None, act: Act) -> None:
        """Say where to click, anew, or that there is nowhere to; whether the pair meets by video is theirs to say."""
        self.require_participant(act.actor)
        self.require_joinable(session, act.at)
        self.require_sealed_by_one_of(self.people, Compartment.CONTACT, video_link)
        if video_link is None and not self.session(session).has_link:
            raise NothingChanges
        self.record(self.SessionLinkSet, act, session=session, video_link=video_link)

    def where_to_meet(self, session: UUID) -> WhereToMeet:
        """By video where there is a link, whatever the pair usually does."""
        if self.session(session).has_link:
            return WhereToMeet.BY_VIDEO
        in_person = self.mode is Mode.IN_PERSON
        return WhereToMeet.IN_PERSON if in_person else WhereToMeet.NO_LINK_YET

    def cancel_session(
        self,
        session: UUID,
        reason: CancellationReason,
        act: Act,
        terms: MeetingTerms = USUAL_TERMS,
    ) -> None:
        """Cancel a session that lies ahead; only the mentee's late notice uses it."""
        part = self.part_of(act.actor)
        self.require_open()
        planned = self.session(session)
        planned.require_ahead(act.at)
        notice = planned.notice_at(act.at, terms.late_notice)
        is_lost = part is Part.MENTEE and notice is CancellationNotice.LATE
        self.record(
            self.SessionCancelled,
            act,
            session=session,
            by=part,
            notice=notice,
            reason=reason,
            outcome=Outcome.CANCELLED_LATE_BY_MENTEE if is_lost else Outcome.CANCELLED,
        )

    def require_joinable(self, session: UUID, at: datetime) -> None:
        """Refuse the link of a session that neither lies ahead nor is on."""
        self.require_open()
        self.session(session).require_joinable(at)

    def hold_session(
        self, session: UUID, *, minutes: int, attended_by: tuple[UUID, ...], act: Act
    ) -> None:
        """Record that both parties met; either says so, also after the relationship closed."""
        self.require_participant(act.actor)
        self.session(session).require_over(act.at)
        if not 1 <= minutes <= MOST_MINUTES_HELD:
            raise WrongMinutes
        if {self.part_of(person) for person in attended_by} != {Part.MENTEE, Part.MENTOR}:
            raise NotAParticipant
        self.record(
            self.SessionHeld,
            act,
            session=session,
            minutes=minutes,
            attended_by=tuple(sorted(set(attended_by))),
            confirmed_by=act.actor,
        )

    def record_absence(self, session: UUID, *, who: UUID, act: Act) -> None:
        """Record who did not come, oneself or the other; the mentor's absence releases, the mentee's uses."""
        self.require_participant(act.actor)
        self.session(session).require_over(act.at)
        absent = {Part.MENTEE: Outcome.MENTEE_ABSENT, Part.MENTOR: Outcome.MENTOR_ABSENT}
        self.record(
            self.AbsenceRecorded,
            act,
            session=session,
            who=who,
            outcome=absent[self.part_of(who)],
        )

    def confirm_attendance(self, session: UUID, act: Act) -> None:
        """Say that what the other recorded is right; from then on only a coordinator changes it."""
        self.require_participant(act.actor)
        self.session(session).require_confirmable(act.actor, act.at)
        self.record(self.AttendanceConfirmed, act, session=session, by=act.actor)

    def dispute_attendance(self, session: UUID, *, words: Sealed | None, act: Act) -> None:
        """Say within 14 days that the record is wrong; it counts as before until corrected."""
        self.require_participant(act.actor)
        self.session(session).require_disputable(act.at)
        require_sealed_for(act.actor, Compartment.PERSONAL, words)
        self.record(self.AttendanceDisputed, act, session=session, by=act.actor, words=words)

    def correct_attendance(
        self, session: UUID, *, outcome: Outcome, reason: CorrectionReason, act: Act
    ) -> None:
        """Correct the record openly; a coordinator's order, who takes no part in it."""
        self.require_outsider(act.actor)
        self.session(session).require_correctable(outcome, act.at)
        self.record(self.AttendanceCorrected, act, session=session, outcome=outcome, reason=reason)

    def settle_attendance(
        self, session: UUID, *, outcome: Outcome, agreement_ended_at: datetime | None, act: Act
    ) -> None:
        """Decide openly what nobody recorded, so that an account can be closed; the order of a coordinator outside the pair."""
        self.require_outsider(act.actor)
        self.session(session).require_left_open(agreement_ended_at, act.at)
        self.record(self.AttendanceSettled, act, session=session, outcome=outcome)

    def _require_bookable(self, plan: Plan, session: UUID | None, act: Act) -> None:
        plan.require_bookable(act.at)
        self.require_sealed_by_one_of(self.people, Compartment.CONTACT, plan.video_link)
        others = (each for each in self.sessions.values() if each.id != session)
        require_free_turn(plan.span, others, self.cadence, plan.bounds.terms)
