"""What is done with erasures; deciding for one ends the person's consents and closes their record at once."""

from datetime import date
from uuid import UUID

from domain.commands.loading import find_ledger, load_subject
from domain.erasure import (
    DECIDED_AGAINST,
    Erasure,
    ErasureIsAsked,
    HoldReason,
    RefusalReason,
)
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.person import Person


def request_erasure(mentoring: Mentoring, order: Order, *, person: UUID, receipt: UUID) -> Recorded:
    """Ask to be erased; the person's own order, one at a time."""
    known = mentoring.load(Person, person)
    known.require_not_erased()
    last = find_erasure(mentoring, person)
    if last is not None and last.stage not in DECIDED_AGAINST:
        raise ErasureIsAsked
    id = Erasure.id_of(person, number_after(mentoring, person))
    asked = Erasure.ask(id, person=person, receipt=receipt, act=order.act)
    return mentoring.commit(order, asked, read=(known,))


def take_back_erasure(mentoring: Mentoring, order: Order, *, erasure: UUID) -> Recorded:
    """Rather stay; the person's own order, until it is decided."""
    subject = load_subject(mentoring, order, Erasure, erasure)
    subject.take_back(order.act)
    return mentoring.commit(order, subject)


def hold_erasure(
    mentoring: Mentoring, order: Order, *, erasure: UUID, reason: HoldReason, review_on: date
) -> Recorded:
    """Let it wait, visibly to the person."""
    subject = load_subject(mentoring, order, Erasure, erasure)
    subject.hold_back(reason, review_on, order.act)
    return mentoring.commit(order, subject)


def lift_hold(mentoring: Mentoring, order: Order, *, erasure: UUID) -> Recorded:
    """End the wait."""
    subject = load_subject(mentoring, order, Erasure, erasure)
    subject.lift_hold(order.act)
    return mentoring.commit(order, subject)


def refuse_erasure(
    mentoring: Mentoring, order: Order, *, erasure: UUID, reason: RefusalReason
) -> Recorded:
    """Decide against it."""
    subject = load_subject(mentoring, order, Erasure, erasure)
    subject.refuse(reason, order.act)
    return mentoring.commit(order, subject)


def grant_erasure(mentoring: Mentoring, order: Order, *, erasure: UUID) -> Recorded:
    """Decide for it: at once no consent lives and nothing more is recorded of the person.

    The clerk then ends what is open and destroys the keys.
    """
    subject = load_subject(mentoring, order, Erasure, erasure)
    person = mentoring.load(Person, subject.person)
    subject.grant(tuple(person.public_keys.values()), order.act)
    person.erase(order.act)
    ledger = find_ledger(mentoring, subject.person)
    if ledger is None:
        return mentoring.commit(order, subject, person)
    ledger.close(order.act)
    return mentoring.commit(order, subject, person, ledger)


def note_carried_out(
    mentoring: Mentoring,
    order: Order,
    *,
    erasure: UUID,
    streams: tuple[UUID, ...],
    positions: tuple[int, ...],
) -> Recorded:
    """Note what was destroyed and deleted; the clerk's order."""
    subject = mentoring.load(Erasure, erasure)
    subject.carried_out(streams, positions, order.act)
    return mentoring.commit(order, subject)


def complete_erasure(mentoring: Mentoring, order: Order, *, erasure: UUID) -> Recorded:
    """Note that the key service has confirmed the end of every key-encryption key; the clerk's order."""
    subject = mentoring.load(Erasure, erasure)
    subject.complete(order.act)
    return mentoring.commit(order, subject)


def find_erasure(mentoring: Mentoring, person: UUID) -> Erasure | None:
    """A person's last request, or None for who never asked."""
    last = number_after(mentoring, person) - 1
    return mentoring.load(Erasure, Erasure.id_of(person, last)) if last else None


def require_not_held(mentoring: Mentoring, person: UUID) -> tuple[Erasure, ...]:
    """What lets something of a person's be destroyed by the calendar, to be handed to the commit as read.

    A hold on their erasure is a reason to keep all of it; raises ErasureIsHeld.
    """
    last = find_erasure(mentoring, person)
    if last is None:
        return ()
    last.require_not_held()
    return (last,)


def number_after(mentoring: Mentoring, person: UUID) -> int:
    """Which of somebody's requests their next one would be."""
    number = 1
    while _is_there(mentoring, Erasure.id_of(person, number)):
        number += 1
    return number


def _is_there(mentoring: Mentoring, erasure: UUID) -> bool:
    try:
        mentoring.load(Erasure, erasure)
    except NotFound:
        return False
    return True
