"""Waiting until a running service has seen everything; what has not says where it stands, and why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.scheme_record import as_superuser
from tests.faults.service import Service

NEWEST = "SELECT coalesce(max(position), 0) FROM record.event"
SHOWN = (
    "SELECT name, position, stopped_position, stopped_reason FROM read.position ORDER BY position"
)
FOLLOWED = "SELECT policy, position FROM record.policy_position"


def wait_for_read_models(service: Service) -> None:
    """Until each shows all that is in the log at this moment; a few events more may come meanwhile."""
    _wait_for(service, SHOWN)


def wait_for_clerk(service: Service) -> None:
    """Until the clerk has followed all that is in the log at this moment."""
    _wait_for(service, FOLLOWED)


def _wait_for(service: Service, standings: str) -> None:
    folder = service.folder
    newest: int = as_superuser(folder, NEWEST)[0][0]
    try:
        service.wait_for(_have_passed(folder, standings, newest))
    except AssertionError:
        stand = as_superuser(folder, standings)
        raise AssertionError(f"{newest} is the newest, these stand at {stand}") from None


def _have_passed(folder: Path, standings: str, newest: int) -> Callable[[], bool]:
    def have_passed() -> bool:
        found: list[Any] = as_superuser(folder, standings)
        return bool(found) and all(position >= newest for _, position, *_ in found)

    return have_passed
