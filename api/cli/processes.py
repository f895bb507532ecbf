"""The commands that run one process each."""

import signal
from threading import Event

from api.bootstrap import joined, key_service, prepare_database, require_own_compartments
from api.erasing.journal import Journal
from api.erasing.replaying import replay
from api.event_log import EventLog
from api.logs import set_up_logs
from api.settings import CaptureSettings, ReadingSettings, Settings


def work_until_stopped() -> None:
    """Run the worker."""
    from api.worker import work  # noqa: PLC0415 - each process starts with what it needs alone

    settings = Settings()
    require_own_compartments(settings, "work")
    set_up_logs("worker", settings.log_file)
    with joined(settings) as parts:
        url = settings.database_url.get_secret_value()
        work(url, EventLog(parts.recorder, parts.mapper), stopped_by_signal())


def clerk_until_stopped() -> None:
    """Run the clerk."""
    from api.clerk import Clerk  # noqa: PLC0415 - see work_until_stopped
    from api.messages.postman import delivering  # noqa: PLC0415 - see work_until_stopped
    from projections.reader import Reader  # noqa: PLC0415 - see work_until_stopped

    settings = ReadingSettings()
    require_own_compartments(settings, "clerk")
    set_up_logs("clerk", settings.log_file)
    stop = stopped_by_signal()
    with (
        joined(settings) as parts,
        Reader(settings.reader_url.get_secret_value()) as reader,
        delivering(parts),
    ):
        Clerk(parts, EventLog(parts.recorder, parts.mapper), reader).work(stop)


def capture_until_stopped() -> None:
    """Run the mail server of a trial."""
    from api.messages.capturing import capture_mail  # noqa: PLC0415 - see work_until_stopped

    settings = CaptureSettings()
    set_up_logs("capture-mail", settings.log_file)
    capture_mail(settings)


def migrate_once() -> list[str]:
    """Bring the database up to date."""
    settings = Settings()
    url = settings.database_url.get_secret_value()
    applied = prepare_database(url, key_service(settings))
    if settings.erasure_journal is not None:
        replay(url, Journal(settings.erasure_journal))
    return applied


def stopped_by_signal() -> Event:
    """An event that SIGINT and SIGTERM set."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
