"""What is done about silence: rule 8; all of it the clerk's orders."""

from uuid import UUID

from domain.commands.proposals import Answer
from domain.mentoring import Mentoring, Order, Recorded
from domain.relationship import Relationship


def nudge_or_expire(mentoring: Mentoring, order: Order, *, answer: Answer) -> Recorded:
    """Remind those who have not answered, or end what nobody can answer any more.

    Raises NoSuchProposal or NotQuietEnough when there is nothing to do.
    """
    subject = mentoring.load(Relationship, answer.relationship)
    if subject.open_proposal.is_expired(order.act.at):
        subject.expire_proposal(answer.proposal, answer.version, order.act)
    else:
        subject.nudge_proposal(answer.proposal, answer.version, order.act)
    return mentoring.commit(order, subject)


def break_silence(mentoring: Mentoring, order: Order, *, relationship: UUID) -> Recorded:
    """Remind a pair of each other, or offer them an ending; raises NotQuietEnough when neither is due."""
    subject = mentoring.load(Relationship, relationship)
    subject.break_silence(order.act)
    return mentoring.commit(order, subject)
