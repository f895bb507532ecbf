"""Places over HTTP."""

from domain.values import Role
from tests.funding import signed_agreement
from tests.match import done
from tests.scheme import Scheme


def test_a_coordinator_grants_a_place_and_reads_its_ledger(scheme: Scheme) -> None:
    coordinator = scheme.person(Role.COORDINATOR)

    agreement = signed_agreement(lambda path, body: done(coordinator.post(path, body)))

    granted = coordinator.post("/places", {"agreement": agreement, "sessions": 3})
    shown = coordinator.get(f"/places/{granted.json()['id']}")

    assert granted.status_code == 201
    assert shown.headers["etag"] == granted.headers["etag"] == '"1"'
    assert shown.json()["free"] == 3
