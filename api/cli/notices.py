"""The command that publishes the scheme's own notices."""

from datetime import datetime

from rich.console import Console

from api.bootstrap import joined
from api.cli.here import settings_here
from api.records.written_notices import publish_written, written_notices


def publish_notices(console: Console, renew_by: datetime | None) -> None:
    """Publish whatever is new or was changed in its file, and say so."""
    with joined(settings_here()) as parts:
        published = publish_written(parts, written_notices(), renew_by=renew_by)
    for notice in published:
        console.print(f"published {notice.purpose} ({notice.language})")
    if not published:
        console.print("Every notice is published as it stands in its file.")
