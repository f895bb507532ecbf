"""From which day old backups open nothing of an erased person either."""

from datetime import date, datetime, timedelta


def unreadable_from(carried_out_at: datetime | None, *, rotation_days: int) -> date | None:
    """The day by which every epoch that the person's keys lay under has ended; None before it is carried out.

    A key service that destroys after a waiting time of its own comes that much later.
    """
    return carried_out_at and (carried_out_at + timedelta(days=rotation_days + 1)).date()
