"""What is done with what people state for the matching; always their own order."""

from uuid import UUID

from domain.commands.loading import load_ledgers_of_words, load_live_ledger
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.preferences import NothingToTakeBack, Preferences
from domain.relationship_events import Part
from domain.values import Purpose, Sealed


def state_preferences(
    mentoring: Mentoring, order: Order, *, part: Part, stated: Sealed
) -> Recorded:
    """Say what one wishes, under a live consent to take part."""
    subject = _find_or_begin(mentoring, order)
    subject.state(part, stated, order.act)
    return mentoring.commit(order, subject, read=load_ledgers_of_words(mentoring, order, stated))


def state_detail(mentoring: Mentoring, order: Order, *, part: Part, detail: Sealed) -> Recorded:
    """Say something of backgrounds, under a live consent to that."""
    subject = _find_or_begin(mentoring, order)
    person, purpose = order.act.actor, Purpose.IDENTITY_PREFERENCE
    ledger = load_live_ledger(mentoring, order, person, purpose)
    subject.state_detail(part, detail, order.act)
    return mentoring.commit(order, subject, read=[ledger])


def take_detail_back(mentoring: Mentoring, order: Order, *, part: Part) -> Recorded:
    """Let it count for nothing; needs no consent."""
    subject = find_preferences(mentoring, order.act.actor)
    if subject is None:
        raise NothingToTakeBack
    order.require_version(subject)
    subject.take_detail_back(part, order.act)
    return mentoring.commit(order, subject)


def find_preferences(mentoring: Mentoring, person: UUID) -> Preferences | None:
    """What somebody stated, or None if they never did."""
    try:
        return mentoring.load(Preferences, Preferences.id_of(person))
    except NotFound:
        return None


def has_stated_detail(mentoring: Mentoring, person: UUID) -> bool:
    """Whether somebody ever stated something of backgrounds, taken back or not: what was found may rest on it."""
    found = find_preferences(mentoring, person)
    return found is not None and found.has_ever_stated_detail


def _find_or_begin(mentoring: Mentoring, order: Order) -> Preferences:
    found = find_preferences(mentoring, order.act.actor)
    if found is None:
        return Preferences.begin_for(order.act.actor, order.act)
    order.require_version(found)
    return found
