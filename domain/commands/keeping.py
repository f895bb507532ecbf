"""What is done with a record that nobody has used for long: its end is announced, put off, and carried out."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from domain.commands.erasures import find_erasure, number_after, require_not_held
from domain.commands.loading import find_ledger
from domain.erasure import UNDECIDED, Erasure, ErasureIsAsked
from domain.errors import DomainError
from domain.mentoring import Mentoring, Order, Recorded
from domain.person import Person
from domain.relationship import Relationship


class StillTakesPart(DomainError):
    """This person takes part in something that is open, so nothing of theirs ends."""


def announce_end(mentoring: Mentoring, order: Order, *, person: UUID, ends_on: date) -> Recorded:
    """Say on which day somebody's record comes to its end; the clerk's order, a month before."""
    subject = mentoring.load(Person, person)
    subject.announce_end(ends_on, order.act)
    return mentoring.commit(order, subject)


def put_off_end(mentoring: Mentoring, order: Order, *, person: UUID) -> Recorded:
    """Keep the record: the person's own order, or the clerk's once they were heard of."""
    subject = mentoring.load(Person, person)
    subject.put_off_end(order.act)
    return mentoring.commit(order, subject)


def next_erasure(mentoring: Mentoring, person: UUID) -> UUID:
    """Under which id somebody's next erasure is ordered."""
    return Erasure.id_of(person, number_after(mentoring, person))


def end_record(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    receipt: UUID,
    relationships: Collection[UUID] = (),
) -> Recorded:
    """Grant the erasure of somebody whose announced day has come; the clerk's order.

    `relationships` are all they had a part in; if one is open, or an erasure of theirs is held or undecided, nothing
    is done.
    """
    subject = mentoring.load(Person, person)
    subject.require_end_has_come(order.act)
    rests_on = [*require_not_asked(mentoring, person), *_closed(mentoring, relationships)]
    erasure = Erasure.by_calendar(
        next_erasure(mentoring, person), person=person, receipt=receipt, act=order.act
    )
    erasure.grant(tuple(subject.public_keys.values()), order.act)
    subject.erase(order.act)
    ledger = find_ledger(mentoring, person)
    if ledger is None:
        return mentoring.commit(order, erasure, subject, read=rests_on)
    ledger.close(order.act)
    return mentoring.commit(order, erasure, subject, ledger, read=rests_on)


def require_not_asked(mentoring: Mentoring, person: UUID) -> tuple[Erasure, ...]:
    """Refuse while a hold stands, and while somebody decides about a wish of theirs to be erased."""
    free = require_not_held(mentoring, person)
    last = find_erasure(mentoring, person)
    if last is not None and last.stage in UNDECIDED:
        raise ErasureIsAsked
    return free


def _closed(mentoring: Mentoring, relationships: Collection[UUID]) -> list[Relationship]:
    loaded = [mentoring.load(Relationship, id) for id in relationships]
    if any(each.closed_for is None for each in loaded):
        raise StillTakesPart
    return loaded
