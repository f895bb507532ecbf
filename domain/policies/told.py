"""Who is told what of which event: one table, and the messages that follow from the events of one commit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain.bell import Bell
from domain.consent import ConsentLedger
from domain.enquiry import Enquiry
from domain.group import Group
from domain.mentor_profile import MentorProfile
from domain.person import Person
from domain.policies.messages import Message, MessageKind, Rule, Which, named_end
from domain.proposal import SupersededReason
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.relationship_events import RelationshipEvents as Happened
from domain.shortlist import Shortlist

REMINDED_BEFORE = timedelta(days=1)
"""Whoever cannot come can still say so in time."""
CONSENT_ENDS_SOON = timedelta(days=14)
CONSENT_ENDS_NOW = timedelta(days=3)
"""Time enough to read, to ask and to think it over; and a last word."""


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
