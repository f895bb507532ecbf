"""Places over HTTP."""

from uuid import uuid4

from domain.values import Role
from tests.scheme import Scheme


def test_a_coordinator_grants_a_place_and_reads_its_ledger(scheme: Scheme) -> None:
    coordinator = scheme.person(Role.COORDINATOR)

    granted = coordinator.post("/places", {"agreement": str(uuid4()), "sessions": 3})
    shown = coordinator.get(f"/places/{granted.json()['id']}")

    assert granted.status_code == 201
    assert shown.headers["etag"] == granted.headers["etag"] == '"1"'
    assert shown.json()["free"] == 3
