"""Which messages follow from the events of one commit.

A message names a person, a kind and what it is about. It holds no word, no name and no address: those are put
together when it is sent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from domain.bell import Bell
from domain.consent import ConsentLedger
from domain.enquiry import Enquiry
from domain.group import Group
from domain.mentor_profile import MentorProfile
from domain.person import Person
from domain.policies.intent import command_id_of
from domain.proposal import SupersededReason
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.relationship_events import RelationshipEvents as Happened
from domain.shortlist import Shortlist
from domain.values import Purpose

REMINDED_BEFORE = timedelta(days=1)
"""Whoever cannot come can still say so in time."""
CONSENT_ENDS_SOON = timedelta(days=14)
CONSENT_ENDS_NOW = timedelta(days=3)
"""Time enough to read, to ask and to think it over; and a last word."""


class MessageKind(StrEnum):
    """What a person is told; the outbox keeps these names."""

    PROPOSAL_TO_ANSWER = "proposal_to_answer"
    MATCHED = "matched"
    SESSION_SCHEDULED = "session_scheduled"
    SESSION_MOVED = "session_moved"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_REMINDER = "session_reminder"
    ATTENDANCE_RECORDED = "attendance_recorded"
    ATTENDANCE_DISPUTED = "attendance_disputed"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    PROPOSAL_REMINDER = "proposal_reminder"
    PROPOSAL_ENDED = "proposal_ended"
    SILENCE_REMINDER = "silence_reminder"
    ENDING_OFFERED = "ending_offered"
    RELATIONSHIP_CHANGED = "relationship_changed"
    RELATIONSHIP_ENDED = "relationship_ended"
    NEXT_OFFERED = "next_offered"
    CONSENT_ASKED = "consent_asked"
    CONSENT_TO_RENEW = "consent_to_renew"
    CONSENT_EXPIRED = "consent_expired"
    CONSENT_ENDS_SOON = "consent_ends_soon"
    CONSENT_ENDS_NOW = "consent_ends_now"
    ENQUIRY_ANSWERED = "enquiry_answered"
    OFFER_DECIDED = "offer_decided"
    ADDRESS_TO_CONFIRM = "address_to_confirm"
    WORK_WAITS = "work_waits"
    WORK_IS_DUE = "work_is_due"
    SHORTLIST_TO_RANK = "shortlist_to_rank"
    RECORD_ENDS = "record_ends"


NEEDED: Mapping[MessageKind, Purpose] = MappingProxyType(
    dict.fromkeys(
        (MessageKind.SESSION_REMINDER, MessageKind.PROPOSAL_REMINDER, MessageKind.SILENCE_REMINDER),
        Purpose.REMINDERS,
    )
)
"""What may go under a live consent alone; all else is a service message."""


TO_ENQUIRERS = frozenset({MessageKind.ENQUIRY_ANSWERED})
"""What goes to who has no account here: the enquiry itself stands for whoever asked."""


TO_WHO_HANDLES_IT = frozenset({MessageKind.WORK_WAITS, MessageKind.WORK_IS_DUE})
"""What goes to people for a duty of theirs, and to nobody who has none any more."""


class Which(NamedTuple):
    """What of its subject a message is about, such as a session, and in which edition of it."""

    item: UUID | None = None
    edition: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person, not to be sent before a moment; its id is the same for good."""

    id: UUID
    to: UUID
    kind: MessageKind
    about: UUID
    which: Which
    not_before: datetime


def _whole(_subject: Any, _fact: Any) -> Which:
    return Which()


def _at_once(fact: Any) -> datetime:
    at: datetime = fact.timestamp
    return at


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from one kind of event: who is told, of which item, and from when on."""

    kind: MessageKind
    to: Callable[[Any, Any], Iterable[UUID]]
    which: Callable[[Any, Any], Which] = _whole
    not_before: Callable[[Any], datetime | None] = _at_once

    def messages(self, subject: Any, fact: Any) -> Iterable[Message]:
        """The messages of one event; those that have no moment, or whose has passed, are not made."""
        not_before = self.not_before(fact)
        if not_before is None or not_before < fact.timestamp:
            return
        which = self.which(subject, fact)
        for person in sorted(self.to(subject, fact)):
            id = command_id_of(fact, self.kind, person)
            yield Message(id, person, self.kind, fact.originator_id, which, not_before)


def _both(subject: Relationship, _fact: Any) -> Iterable[UUID]:
    return subject.people


def _who_meet(subject: Relationship, _fact: Any) -> Iterable[UUID]:
    """The facilitator of a group is told of the hour once, not of each member's part in it."""
    return subject.people if subject.group is None else {subject.mentee}


def _who_waits(subject: Relationship, fact: Happened.SessionCancelled) -> Iterable[UUID]:
    """The facilitator, where one member of a group says that they cannot come."""
    is_theirs = subject.group is not None and fact.by is Part.MENTEE
    return {subject.mentor} if is_theirs and subject.mentor else ()


def _facilitator(subject: Group, _fact: Any) -> Iterable[UUID]:
    return {subject.facilitator}


def _other_members(subject: Group, fact: Group.MemberJoined) -> Iterable[UUID]:
    """They are told that there are more or fewer of them, and never who came or went."""
    return set(subject.members.values()) - {fact.member}


def _others(subject: Relationship, fact: Any) -> Iterable[UUID]:
    """Who did it knows of it."""
    return subject.people - {fact.actor}


def _who_ended(subject: Relationship, fact: Any) -> Iterable[UUID]:
    """Rule 19: both are offered what comes next, and the other reads of it with the news of the end."""
    is_of_the_pair = subject.mentor is not None and fact.actor in subject.people
    return {fact.actor} if is_of_the_pair else ()


def _whose(_subject: ConsentLedger, fact: Any) -> Iterable[UUID]:
    """The person whose consent it is."""
    return {fact.person}


def _themselves(subject: Enquiry | Person, _fact: Any) -> Iterable[UUID]:
    return {subject.id}


def _as_asked(_subject: Person, fact: Person.AddressAsked) -> Which:
    return Which(edition=fact.originator_version)


def _as_announced(_subject: Person, fact: Person.EndAnnounced) -> Which:
    return Which(edition=fact.ends_on.toordinal())


def _who_offered(subject: MentorProfile, _fact: Any) -> Iterable[UUID]:
    return {subject.person}


def _newly_waiting(subject: Bell, _fact: Any) -> Iterable[UUID]:
    return subject.to if subject.due_on is None else ()


def _nearly_due(subject: Bell, _fact: Any) -> Iterable[UUID]:
    return subject.to if subject.due_on is not None else ()


def _its_mentee(subject: Shortlist, _fact: Any) -> Iterable[UUID]:
    return {subject.mentee}


def _as_offered(_subject: Shortlist, fact: Shortlist.Offered) -> Which:
    return Which(edition=fact.originator_version)


def _parties(subject: Relationship, fact: Happened.MentorProposed) -> Iterable[UUID]:
    return {subject.mentee, fact.mentor}


def _unanswered(subject: Relationship, _fact: Any) -> Iterable[UUID]:
    """Those of the two who have not said yes."""
    waiting = subject.open_proposal
    return {subject.mentee, waiting.mentor} - waiting.accepted_by


def _who_waited(subject: Relationship, fact: Any) -> Iterable[UUID]:
    """Both who were asked, but for whoever did it, and unless they are told of what comes instead."""
    asked = subject.last_proposal
    if asked is None or getattr(fact, "reason", None) in TOLD_OTHERWISE:
        return ()
    return {subject.mentee, asked.mentor} - {fact.actor}


def _proposal(_subject: Relationship, fact: Happened.MentorProposed) -> Which:
    return Which(fact.proposal, fact.version)


def _session(_subject: Relationship, fact: Happened.SessionScheduled) -> Which:
    return Which(fact.session, fact.sequence)


def _cancelled_session(subject: Relationship, fact: Happened.SessionCancelled) -> Which:
    """A calendar takes a cancellation for news if it comes after the last edition."""
    return Which(fact.session, subject.session(fact.session).sequence + 1)


def _hour(_subject: Group, fact: Any) -> Which:
    return Which(fact.hour, fact.sequence)


def _cancelled_hour(_subject: Group, fact: Group.HourCancelled) -> Which:
    return Which(fact.hour, fact.sequence + 1)


def _settled_session(_subject: Relationship, fact: Any) -> Which:
    return Which(fact.session)


def _end_of_consent(_subject: ConsentLedger, fact: Any) -> Which:
    return Which(named_end(fact.originator_id, fact.purpose, fact.expires_at))


def named_end(ledger: UUID, purpose: Purpose, ends_at: datetime | None) -> UUID | None:
    """One end of one consent: another end of it is another matter."""
    if ends_at is None:
        return None
    return uuid5(ledger, f"end:{purpose.value}:{ends_at.timestamp()}")


def _before_its_end(by: timedelta) -> Callable[[Any], datetime | None]:
    def moment(fact: Any) -> datetime | None:
        ends_at: datetime | None = fact.expires_at
        return None if ends_at is None else ends_at - by

    return moment


def _a_day_before(fact: Happened.SessionScheduled) -> datetime:
    return fact.span.starts_at - REMINDED_BEFORE


TOLD_OTHERWISE = {SupersededReason.NEW_VERSION, SupersededReason.RELATIONSHIP_CLOSED}
PROPOSAL_ENDED = Rule(MessageKind.PROPOSAL_ENDED, _who_waited)
REMINDER = Rule(MessageKind.SESSION_REMINDER, _who_meet, _session, _a_day_before)
REMINDER_OF_HOUR = Rule(MessageKind.SESSION_REMINDER, _facilitator, _hour, _a_day_before)
CHANGED = Rule(MessageKind.RELATIONSHIP_CHANGED, _others)
ATTENDANCE = Rule(MessageKind.ATTENDANCE_RECORDED, _others, _settled_session)
ENDING = tuple(
    Rule(kind, _whose, _end_of_consent, _before_its_end(by))
    for kind, by in (
        (MessageKind.CONSENT_ENDS_SOON, CONSENT_ENDS_SOON),
        (MessageKind.CONSENT_ENDS_NOW, CONSENT_ENDS_NOW),
    )
)
"""Without these somebody's mentoring would end on a day that they have forgotten: so no reminder that needs a consent."""

RULES: Mapping[str, Sequence[Rule]] = MappingProxyType(
    {
        Happened.MentorProposed.TOPIC: (Rule(MessageKind.PROPOSAL_TO_ANSWER, _parties, _proposal),),
        Happened.ProposalNudged.TOPIC: (
            Rule(MessageKind.PROPOSAL_REMINDER, _unanswered, _proposal),
        ),
        Happened.SilenceNudged.TOPIC: (Rule(MessageKind.SILENCE_REMINDER, _both),),
        Happened.EndingOffered.TOPIC: (Rule(MessageKind.ENDING_OFFERED, _both),),
        Happened.ProposalDeclined.TOPIC: (PROPOSAL_ENDED,),
        Happened.ProposalExpired.TOPIC: (PROPOSAL_ENDED,),
        Happened.ProposalSuperseded.TOPIC: (PROPOSAL_ENDED,),
        Happened.Matched.TOPIC: (Rule(MessageKind.MATCHED, _both),),
        Happened.PartnerCame.TOPIC: (CHANGED,),
        Happened.PartnerDeclined.TOPIC: (CHANGED,),
        Happened.PartnerJoined.TOPIC: (Rule(MessageKind.MATCHED, _both),),
        Happened.SessionScheduled.TOPIC: (
            Rule(MessageKind.SESSION_SCHEDULED, _who_meet, _session),
            REMINDER,
        ),
        Happened.SessionRescheduled.TOPIC: (
            Rule(MessageKind.SESSION_MOVED, _who_meet, _session),
            REMINDER,
        ),
        Happened.SessionCancelled.TOPIC: (
            Rule(MessageKind.SESSION_CANCELLED, _who_meet, _cancelled_session),
            Rule(MessageKind.RELATIONSHIP_CHANGED, _who_waits),
        ),
        Happened.SessionHeld.TOPIC: (ATTENDANCE,),
        Happened.AbsenceRecorded.TOPIC: (ATTENDANCE,),
        Happened.AttendanceSettled.TOPIC: (
            Rule(MessageKind.ATTENDANCE_RECORDED, _both, _settled_session),
        ),
        Happened.AttendanceDisputed.TOPIC: (
            Rule(MessageKind.ATTENDANCE_DISPUTED, _others, _settled_session),
        ),
        Happened.AttendanceCorrected.TOPIC: (
            Rule(MessageKind.ATTENDANCE_CORRECTED, _both, _settled_session),
        ),
        Happened.CadenceChanged.TOPIC: (CHANGED,),
        Happened.Paused.TOPIC: (CHANGED,),
        Happened.Resumed.TOPIC: (CHANGED,),
        Happened.Closed.TOPIC: (
            Rule(MessageKind.RELATIONSHIP_ENDED, _others),
            Rule(MessageKind.NEXT_OFFERED, _who_ended),
        ),
        Group.MemberJoined.TOPIC: (Rule(MessageKind.RELATIONSHIP_CHANGED, _other_members),),
        Group.MemberLeft.TOPIC: (Rule(MessageKind.RELATIONSHIP_CHANGED, _other_members),),
        Group.HourPlanned.TOPIC: (
            Rule(MessageKind.SESSION_SCHEDULED, _facilitator, _hour),
            REMINDER_OF_HOUR,
        ),
        Group.HourMoved.TOPIC: (
            Rule(MessageKind.SESSION_MOVED, _facilitator, _hour),
            REMINDER_OF_HOUR,
        ),
        Group.HourCancelled.TOPIC: (
            Rule(MessageKind.SESSION_CANCELLED, _facilitator, _cancelled_hour),
        ),
        ConsentLedger.Requested.TOPIC: (Rule(MessageKind.CONSENT_ASKED, _whose),),
        ConsentLedger.Given.TOPIC: ENDING,
        ConsentLedger.Renewed.TOPIC: ENDING,
        ConsentLedger.RenewalAsked.TOPIC: (Rule(MessageKind.CONSENT_TO_RENEW, _whose), *ENDING),
        ConsentLedger.Expired.TOPIC: (Rule(MessageKind.CONSENT_EXPIRED, _whose),),
        Person.AddressAsked.TOPIC: (Rule(MessageKind.ADDRESS_TO_CONFIRM, _themselves, _as_asked),),
        Person.EndAnnounced.TOPIC: (Rule(MessageKind.RECORD_ENDS, _themselves, _as_announced),),
        MentorProfile.NotApproved.TOPIC: (Rule(MessageKind.OFFER_DECIDED, _who_offered),),
        Bell.Created.TOPIC: (
            Rule(MessageKind.WORK_WAITS, _newly_waiting),
            Rule(MessageKind.WORK_IS_DUE, _nearly_due),
        ),
        Shortlist.Offered.TOPIC: (Rule(MessageKind.SHORTLIST_TO_RANK, _its_mentee, _as_offered),),
        Enquiry.Replied.TOPIC: (Rule(MessageKind.ENQUIRY_ANSWERED, _themselves),),
    }
)
"""What follows from which event, by its topic; whatever is not here is told to nobody."""


def messages_of(made: Iterable[tuple[object, object]]) -> tuple[Message, ...]:
    """The messages that follow from the events of one commit, each with the aggregate after it."""
    return tuple(
        message
        for subject, fact in made
        for rule in RULES.get(getattr(fact, "TOPIC", ""), ())
        for message in rule.messages(subject, fact)
    )
