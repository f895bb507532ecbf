"""What is done with feedback: a slip taken after an ending, answers dropped by it, a lot taken out, and forgetting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.aggregate import Aggregate
from domain.commands.loading import load_live_ledger
from domain.feedback import SCHEME, Feedback
from domain.feedback_box import FeedbackBox
from domain.feedback_slips import (
    STAMP,
    FeedbackSlips,
    FeedbackStamp,
    NothingHasEnded,
    SlipWasTaken,
)
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.person import Person
from domain.relationship import Relationship
from domain.values import Purpose, Sealed


@dataclass(frozen=True)
class Answers:
    """What somebody says about a mentor or the scheme; `seal` puts it under the key of a box for one purpose."""

    about: UUID
    seal: Callable[[UUID, str], Sealed]


@dataclass(frozen=True, slots=True)
class Response:
    """Answers under a new id and its own key, in the order that chance gave them."""

    id: UUID
    answers: Sealed


Mix = Callable[[Sequence[Sealed]], Sequence[Response]]


def take_slip(mentoring: Mentoring, order: Order, *, relationship: UUID) -> Recorded:
    """Have a slip after an ending; a participant's own order, under live consent. The slip is recorded nowhere."""
    person = order.act.actor
    subject = mentoring.load(Relationship, relationship)
    subject.require_participant(person)
    if subject.closed_for is None or subject.mentor is None:
        raise NothingHasEnded
    ledger = load_live_ledger(mentoring, order, person, Purpose.FEEDBACK)
    slips = find_slips(mentoring, relationship) or FeedbackSlips.offer(relationship, order.act)
    slips.take(order.act)
    return mentoring.commit(order, slips, read=(subject, ledger))


def find_slips(mentoring: Mentoring, relationship: UUID) -> FeedbackSlips | None:
    """Who has had a slip after an ending; None where nobody has."""
    try:
        return mentoring.load(FeedbackSlips, FeedbackSlips.id_of(relationship))
    except NotFound:
        return None


def require_no_slip_yet(mentoring: Mentoring, relationship: UUID, person: UUID) -> None:
    """Refuse somebody who has had theirs."""
    slips = find_slips(mentoring, relationship)
    if slips is not None and person in slips.taken_by:
        raise SlipWasTaken


def give_feedback(
    mentoring: Mentoring, order: Order, *, given: Sequence[Answers], mix: Mix
) -> Recorded:
    """Drop answers into the boxes they are for, and take out what is a whole lot; the slip's own order.

    `mix` hands what lay in a box back under new ids and keys, in an order that chance decides.
    """
    changed: list[Aggregate] = []
    for each in given:
        box = _box_about(mentoring, each.about, order)
        box.drop(each.seal(box.id, box.key_purpose), order.act)
        changed.append(box)
        if box.is_full:
            changed += _taken_out(box, order, mix)
    return mentoring.commit(order, *changed)


def make_stamp(mentoring: Mentoring, order: Order, *, secret: Sealed) -> Recorded:
    """Make the stamp of the service; whoever comes second finds that of the first."""
    return mentoring.commit(order, FeedbackStamp.make(secret, order.act))


def find_stamp(mentoring: Mentoring) -> FeedbackStamp | None:
    """The stamp, once it was made."""
    try:
        return mentoring.load(FeedbackStamp, STAMP)
    except NotFound:
        return None


def forget_feedback_when_due(
    mentoring: Mentoring, order: Order, *, record: UUID, period: timedelta
) -> Recorded:
    """Destroy what has been kept for long enough; the clerk's order."""
    subject = mentoring.load(Feedback, record)
    subject.forget_when_due(period, order.act)
    return mentoring.commit(order, subject)


def forget_with_its_mentor(mentoring: Mentoring, order: Order, *, record: UUID) -> Recorded:
    """Destroy what is about somebody who was erased; the clerk's order."""
    subject = mentoring.load(Feedback, record)
    subject.forget_with_its_mentor(order.act)
    return mentoring.commit(order, subject)


def _box_about(mentoring: Mentoring, about: UUID, order: Order) -> FeedbackBox:
    """Raises Erased where nobody is left to be told."""
    if about != SCHEME:
        mentoring.load(Person, about)
    try:
        return mentoring.load(FeedbackBox, FeedbackBox.id_of(about))
    except NotFound:
        return FeedbackBox.put_up(about, order.act)


def _taken_out(box: FeedbackBox, order: Order, mix: Mix) -> list[Feedback]:
    lot, mixed = box.lot, mix(box.lying)
    box.empty(order.act)
    return [
        Feedback.give(each.id, about=box.about, lot=lot, answers=each.answers, at=order.act.at)
        for each in mixed
    ]
