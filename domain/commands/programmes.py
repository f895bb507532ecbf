"""What is done with programmes."""

from uuid import UUID

from domain.commands.loading import load_subject
from domain.mentoring import Mentoring, Order, Recorded
from domain.programme import Programme, Settings


def open_programme(mentoring: Mentoring, order: Order, *, id: UUID, settings: Settings) -> Recorded:
    """Begin a programme; a coordinator's order."""
    return mentoring.commit(order, Programme.open(id, settings, order.act))


def change_settings(
    mentoring: Mentoring, order: Order, *, programme: UUID, settings: Settings
) -> Recorded:
    """Run it differently from now on; a coordinator's order."""
    subject = load_subject(mentoring, order, Programme, programme)
    subject.change_settings(settings, order.act)
    return mentoring.commit(order, subject)


def set_group_size(mentoring: Mentoring, order: Order, *, programme: UUID, most: int) -> Recorded:
    """Say how many members a group has at most from now on; a coordinator's order."""
    subject = load_subject(mentoring, order, Programme, programme)
    subject.set_group_size(most, order.act)
    return mentoring.commit(order, subject)
