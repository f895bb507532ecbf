"""What a log tells of a scheme, read by other means than the aggregates' own, and held to the rules."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.relationship import Relationship
from domain.relationship_events import Cadence, ClosingReason, RematchReason
from domain.session import CancellationNotice, Outcome
from domain.values import TimeSpan
from tests.properties.scheme_ledgers import LedgerFacts

LONDON = ZoneInfo("Europe/London")


@dataclass
class Meeting:
    """One session as the log tells it."""

    span: TimeSpan
    planned_at: datetime
    outcome: Outcome | None = None
    waived: bool = False
    corrected: bool = False

    @property
    def takes_its_turn(self) -> bool:
        return self.outcome in {None, Outcome.HELD, Outcome.MENTEE_ABSENT}


@dataclass(frozen=True)
class Match:
    """What a match rested on at its moment."""

    at: datetime
    mentee_takes_part: bool
    mentor_takes_part: bool
    accepted_by: frozenset[UUID]
    parties: frozenset[UUID]
    expires_at: datetime
    in_conflict: bool
    is_here: bool
    engaged_before: int
    capacity: int
    place_was_free: bool


@dataclass
class Pair:
    """One relationship as the log tells it."""

    mentee: UUID
    place: UUID
    cadence: Cadence
    asked_with_identity: bool
    mentor: UUID | None = None
    proposed: set[UUID] = field(default_factory=set)
    conflicts: set[UUID] = field(default_factory=set)
    open_proposal: Relationship.MentorProposed | None = None
    accepted_by: frozenset[UUID] = frozenset()
    awaited: UUID | None = None
    offered_seat: UUID | None = None
    seat: UUID | None = None
    match: Match | None = None
    meetings: dict[UUID, Meeting] = field(default_factory=dict)
    closed: list[Relationship.Closed] = field(default_factory=list)
    is_wrong_match: bool = False

    @property
    def is_open(self) -> bool:
        return not self.closed

    def parted_from(self) -> set[UUID]:
        """Whom this mentee is never offered again."""
        for_cause = any(each.reason is ClosingReason.SAFEGUARDING for each in self.closed)
        ended = {self.mentor} if self.mentor and (for_cause or self.is_wrong_match) else set()
        return self.conflicts | ended

    def insiders(self) -> set[UUID]:
        return {self.mentee, *self.proposed} | ({self.mentor} if self.mentor else set())

    def concerns(self, person: UUID) -> bool:
        proposed = self.open_proposal.mentor if self.open_proposal else None
        return person in {self.mentee, self.mentor, proposed, self.awaited}


class Facts(LedgerFacts):
    """The same of relationships."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: dict[UUID, Pair] = {}

    def engaged(self, mentor: UUID) -> set[UUID]:
        """What takes of what a mentor can take: a group once, and nothing with who came by a link."""
        pairs = [pair for pair in self.pairs.values() if pair.is_open and pair.mentor == mentor]
        return {pair.seat for pair in pairs if pair.seat}

    def _insiders_of(self, relationship: UUID) -> set[UUID]:
        return self.pairs[relationship].insiders()

    def _requested(self, fact: Any) -> None:
        takes_part = self.takes_part(fact.mentee, fact.timestamp)
        self.require("1: who asks takes part", holds=takes_part)
        self.require("everybody asks for themselves", holds=fact.actor == fact.mentee)
        with_identity = fact.identity_preference is not None
        self.pairs[fact.originator_id] = Pair(fact.mentee, fact.place, fact.cadence, with_identity)

    def _conflict(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        pair.conflicts.add(fact.by if fact.with_person == pair.mentee else fact.with_person)

    def _proposed(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        theirs = [
            each
            for each in self.pairs.values()
            if (each.mentee, each.place) == (pair.mentee, pair.place)
        ]
        parted = set[UUID]().union(*(each.parted_from() for each in theirs))
        self.require("9: forbidden pairs are not proposed", holds=fact.mentor not in parted)
        self.require("9: nobody mentors themselves", holds=fact.mentor != pair.mentee)
        outside = fact.actor not in pair.insiders() | {fact.mentor}
        self.require("nobody coordinates a relationship they are in", holds=outside)
        self.require("8: one proposal at a time", holds=pair.open_proposal is None)
        open_for = fact.expires_at - fact.timestamp
        in_time = timedelta() < open_for <= timedelta(days=11, hours=2)
        self.require("8: a proposal is open for seven working days at most", holds=in_time)
        for person in (pair.mentee, fact.mentor):
            self.require("1: both take part", holds=self.takes_part(person, fact.timestamp))
        pair.proposed.add(fact.mentor)
        pair.open_proposal, pair.accepted_by = fact, frozenset()
        pair.offered_seat = None

    def _seat_offered(self, fact: Any) -> None:
        self.pairs[fact.originator_id].offered_seat = fact.group

    def _accepted(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        offered = pair.open_proposal
        is_it = offered is not None and (offered.proposal, offered.version) == (
            fact.proposal,
            fact.version,
        )
        self.require("1: what is accepted is what is open", holds=is_it)
        if offered is not None:
            in_time = fact.timestamp < offered.expires_at
            self.require("8: nobody accepts what has run out", holds=in_time)
            asked = fact.by == fact.actor and fact.by in {pair.mentee, offered.mentor}
            self.require("everybody answers for themselves", holds=asked)
        pair.accepted_by |= {fact.by}

    def _proposal_over(self, fact: Any) -> None:
        self.pairs[fact.originator_id].open_proposal = None

    def _matched(self, fact: Any) -> None:
        pair, offered = self.pairs[fact.originator_id], self.pairs[fact.originator_id].open_proposal
        place, engaged = self.places[pair.place], self.engaged(fact.mentor)
        seat = pair.offered_seat or fact.originator_id
        pair.match = Match(
            at=fact.timestamp,
            mentee_takes_part=self.takes_part(pair.mentee, fact.timestamp),
            mentor_takes_part=self.takes_part(fact.mentor, fact.timestamp),
            accepted_by=pair.accepted_by,
            parties=frozenset({pair.mentee, fact.mentor}),
            expires_at=offered.expires_at if offered else fact.timestamp,
            in_conflict=fact.mentor in pair.conflicts,
            is_here=fact.mentor in self.here,
            engaged_before=0 if seat in engaged else len(engaged),
            capacity=self.capacity.get(fact.mentor, 0),
            place_was_free=place.taken_by is None,
        )
        pair.mentor, pair.seat, pair.open_proposal = fact.mentor, seat, None

    def _cadence(self, fact: Any) -> None:
        self.pairs[fact.originator_id].cadence = fact.cadence

    def _scheduled(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        self._require_bookable(pair, fact)
        pair.meetings[fact.session] = Meeting(fact.span, fact.timestamp)

    def _moved(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        self._require_bookable(pair, fact)
        pair.meetings[fact.session].span = fact.span

    def _require_bookable(self, pair: Pair, fact: Any) -> None:
        self.require("6: only the pair plans", holds=fact.actor in {pair.mentee, pair.mentor})
        starts_at, ends_at = (
            each.astimezone(LONDON) for each in (fact.span.starts_at, fact.span.ends_at)
        )
        self.require("6: an hour", holds=fact.span.length == timedelta(hours=1))
        self.require("6: ahead of us", holds=fact.span.starts_at > fact.timestamp)
        in_hours = (
            starts_at.weekday() < 5
            and starts_at.hour >= 8
            and starts_at.date() == ends_at.date()
            and (ends_at.hour, ends_at.minute) <= (20, 0)
        )
        self.require("6: within the agreed hours", holds=in_hours)
        others = [
            each.span.starts_at.astimezone(LONDON)
            for id, each in pair.meetings.items()
            if id != fact.session and each.takes_its_turn
        ]
        turn = _week if pair.cadence is Cadence.WEEKLY else _month
        self.require("6: one a day", holds=starts_at.date() not in [o.date() for o in others])
        self.require("6: as often as agreed", holds=turn(starts_at) not in map(turn, others))
        both = all(
            self.takes_part(each, fact.timestamp) for each in (pair.mentee, pair.mentor) if each
        )
        self.require("2: who has withdrawn is not planned for", holds=both)

    def _cancelled(self, fact: Any) -> None:
        meeting = self.pairs[fact.originator_id].meetings[fact.session]
        meeting.outcome = fact.outcome
        meeting.waived = fact.notice is CancellationNotice.WAIVED
        late = meeting.span.starts_at - fact.timestamp < timedelta(hours=24)
        costs = fact.outcome is Outcome.CANCELLED_LATE_BY_MENTEE
        by_mentee = fact.actor == self.pairs[fact.originator_id].mentee and not meeting.waived
        self.require("5: only the mentee's late notice costs", holds=costs == (late and by_mentee))
        self.require("what is over is not cancelled", holds=fact.timestamp < meeting.span.starts_at)

    def _held(self, fact: Any) -> None:
        self._settled(fact, Outcome.HELD)

    def _absent(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        by_mentee = fact.who == pair.mentee
        self._settled(fact, Outcome.MENTEE_ABSENT if by_mentee else Outcome.MENTOR_ABSENT)

    def _settled(self, fact: Any, outcome: Outcome) -> None:
        pair = self.pairs[fact.originator_id]
        meeting = pair.meetings[fact.session]
        self.require("5: a session ends once", holds=meeting.outcome is None)
        self.require("attendance is of what is over", holds=fact.timestamp >= meeting.span.ends_at)
        self.require("5: the pair says so", holds=fact.actor in {pair.mentee, pair.mentor})
        meeting.outcome = outcome

    def _corrected(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        outside = fact.actor not in pair.insiders()
        self.require("5: a coordinator outside the pair corrects", holds=outside)
        meeting = pair.meetings[fact.session]
        attended = fact.outcome in {Outcome.HELD, Outcome.MENTEE_ABSENT, Outcome.MENTOR_ABSENT}
        is_over = fact.timestamp >= meeting.span.ends_at
        self.require("attendance is of what is over", holds=is_over or not attended)
        meeting.outcome, meeting.corrected = fact.outcome, True

    def _decided(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        outside = fact.actor not in pair.insiders()
        self.require("a coordinator outside the pair decides", holds=outside)
        meeting = pair.meetings[fact.session]
        self.require("what was said is not decided", holds=meeting.outcome is None)
        self.require("what is decided is over", holds=fact.timestamp >= meeting.span.ends_at)
        meeting.outcome = fact.outcome

    def _rematch_wanted(self, fact: Any) -> None:
        is_wrong = fact.reason is RematchReason.NOT_THE_RIGHT_MATCH
        self.pairs[fact.originator_id].is_wrong_match |= is_wrong

    def _closed(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        has_reason = isinstance(fact.reason, ClosingReason)
        self.require("19: every ending has a reason", holds=has_reason)
        pair.closed.append(fact)

    TELLING: ClassVar[dict[type, Any]] = {
        **LedgerFacts.TELLING,
        Relationship.Created: _requested,
        Relationship.ConflictDeclared: _conflict,
        Relationship.MentorProposed: _proposed,
        Relationship.SeatOffered: _seat_offered,
        Relationship.ProposalAccepted: _accepted,
        Relationship.ProposalDeclined: _proposal_over,
        Relationship.ProposalExpired: _proposal_over,
        Relationship.ProposalSuperseded: _proposal_over,
        Relationship.Matched: _matched,
        Relationship.CadenceChanged: _cadence,
        Relationship.SessionScheduled: _scheduled,
        Relationship.SessionRescheduled: _moved,
        Relationship.SessionCancelled: _cancelled,
        Relationship.SessionHeld: _held,
        Relationship.AbsenceRecorded: _absent,
        Relationship.AttendanceCorrected: _corrected,
        Relationship.AttendanceSettled: _decided,
        Relationship.RematchRequested: _rematch_wanted,
        Relationship.Closed: _closed,
    }


def _week(moment: datetime) -> tuple[int, int]:
    year, week, _ = moment.isocalendar()
    return year, week


def _month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month
