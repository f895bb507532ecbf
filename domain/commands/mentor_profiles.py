"""What is done with mentors' profiles."""

from collections.abc import Collection
from uuid import UUID

from domain.commands.loading import (
    load_ledgers_of_words,
    load_live_ledger,
    load_subject,
    require_new,
)
from domain.mentor_profile import AppliedAlready, MentorProfile
from domain.mentor_profile_events import DecisionReason
from domain.mentoring import Mentoring, Order, Recorded
from domain.programme import Programme
from domain.relationship_events import Kind
from domain.values import Purpose, Sealed


def apply_to_mentor(
    mentoring: Mentoring, order: Order, *, person: UUID, words: Sealed | None = None
) -> Recorded:
    """Offer to mentor; the person's own order."""
    profile = MentorProfile.apply_to_mentor(person, words, order.act)
    require_new(mentoring, profile, AppliedAlready)
    return mentoring.commit(order, profile, read=load_ledgers_of_words(mentoring, order, words))


def approve_mentor(mentoring: Mentoring, order: Order, *, person: UUID) -> Recorded:
    """Accept an application; a coordinator's order."""
    profile = _load(mentoring, order, person)
    profile.approve(order.act)
    return mentoring.commit(order, profile)


def turn_down_mentor(
    mentoring: Mentoring, order: Order, *, person: UUID, reason: DecisionReason
) -> Recorded:
    """Decide against an application; a coordinator's order."""
    profile = _load(mentoring, order, person)
    profile.turn_down(reason, order.act)
    return mentoring.commit(order, profile)


def publish_profile(
    mentoring: Mentoring, order: Order, *, person: UUID, profile: Sealed
) -> Recorded:
    """Show the chosen name and words, under live consent; the mentor's own order."""
    subject = _load(mentoring, order, person)
    ledger = load_live_ledger(mentoring, order, person, Purpose.SHARE_PROFILE)
    subject.publish_profile(profile, order.act)
    return mentoring.commit(order, subject, read=[ledger])


def share_identity(mentoring: Mentoring, order: Order, *, person: UUID, detail: Sealed) -> Recorded:
    """Share aspects of one's background, under live consent; the mentor's own order."""
    subject = _load(mentoring, order, person)
    ledger = load_live_ledger(mentoring, order, person, Purpose.IDENTITY_PREFERENCE)
    subject.share_identity(detail, order.act)
    return mentoring.commit(order, subject, read=[ledger])


def set_capacity(mentoring: Mentoring, order: Order, *, person: UUID, capacity: int) -> Recorded:
    """Say how many relationships at once; the order of the mentor or a coordinator."""
    profile = _load(mentoring, order, person)
    profile.set_capacity(capacity, order.act)
    return mentoring.commit(order, profile)


def offer_kinds(
    mentoring: Mentoring, order: Order, *, person: UUID, kinds: Collection[Kind]
) -> Recorded:
    """Say which kinds of mentoring one offers; the mentor's own order."""
    profile = _load(mentoring, order, person)
    profile.offer_kinds(kinds, order.act)
    return mentoring.commit(order, profile)


def limit_programmes(
    mentoring: Mentoring, order: Order, *, person: UUID, programmes: Collection[UUID]
) -> Recorded:
    """Say in which programmes alone they mentor, or in all of them; a coordinator's order."""
    profile = _load(mentoring, order, person)
    read = [mentoring.load(Programme, each) for each in sorted(set(programmes))]
    profile.limit_programmes(programmes, order.act)
    return mentoring.commit(order, profile, read=read)


def set_availability(
    mentoring: Mentoring, order: Order, *, person: UUID, availability: Sealed
) -> Recorded:
    """Say when one can usually meet, under live consent; the mentor's own order."""
    profile = _load(mentoring, order, person)
    ledgers = load_ledgers_of_words(mentoring, order, availability)
    profile.set_availability(availability, order.act)
    return mentoring.commit(order, profile, read=ledgers)


def pause_mentor(mentoring: Mentoring, order: Order, *, person: UUID) -> Recorded:
    """Take no new relationships; the order of the mentor or a coordinator."""
    profile = _load(mentoring, order, person)
    profile.pause(order.act)
    return mentoring.commit(order, profile)


def resume_mentor(mentoring: Mentoring, order: Order, *, person: UUID) -> Recorded:
    """Take new relationships again; the order of the mentor or a coordinator."""
    profile = _load(mentoring, order, person)
    profile.resume(order.act)
    return mentoring.commit(order, profile)


def leave_mentoring(mentoring: Mentoring, order: Order, *, person: UUID) -> Recorded:
    """Leave the scheme; the mentor's own order."""
    profile = _load(mentoring, order, person)
    profile.leave(order.act)
    return mentoring.commit(order, profile)


def _load(mentoring: Mentoring, order: Order, person: UUID) -> MentorProfile:
    return load_subject(mentoring, order, MentorProfile, MentorProfile.id_of(person))
