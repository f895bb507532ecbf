"""From which day old backups open nothing of an erased person either."""

from datetime import date, datetime, timedelta

ROTATION_PERIOD = timedelta(days=30)
"""How long an epoch of keys lasts at most; its key-encryption key is destroyed when the next begins."""


def unreadable_from(carried_out_at: datetime | None) -> date | None:
    """The day after which the last epoch that the person's keys lay under has ended; None before it is carried out."""
    return carried_out_at and (carried_out_at + ROTATION_PERIOD).date() + timedelta(days=1)
