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
