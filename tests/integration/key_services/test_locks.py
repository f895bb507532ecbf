"""Locks over each key service: what it makes of a lock key has its own form and length, and a rotation knows how to put it under the next epoch."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pydantic import SecretStr

from api.bootstrap import Parts, joined, keeper, key_service, prepare_database
from api.drill.people import GRANT, under_lock
from api.records.openings import Openings
from api.settings import Settings
from crypto.branch_keys import key_place
from crypto.errors import Erased
from domain.access_register import AccessPurpose, Authority, LocksTaken, Look, RecordKind
from domain.commands.access import record_unlocking
from domain.mentoring import Order, Recorded
from domain.values import Act, Role, Sealed
from tests.integration.key_services.conftest import ALL, Chosen

LOCK = "SELECT owner, purpose, epoch, wrapped_key FROM keys.data_key_locks WHERE key_id = %s"
LOOK = Look(Role.MENTOR, RecordKind.NOTEBOOK_LOCK, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)


def unlocked(parts: Parts, lock: Sealed) -> bytes:
    order = Order(Act(lock.owner, parts.clock()), uuid4())

    def record() -> Recorded:
        taken = LocksTaken(own=(1,))
        return record_unlocking(parts.mentoring, order, look=LOOK, taken=taken, looks={})

    openings = Openings(parts.mentoring, parts.keyring)
    return openings.unlock([lock], record)[lock.key_id]


def rotate(chosen: Chosen) -> None:
    url = SecretStr(chosen.database.keeper_url)
    settings = Settings(database_url=url, **chosen.told(ALL))
    with keeper(settings, progress=lambda *_: None, go_on=lambda: True) as made:
        made.carry_out(ask=True)


def row(chosen: Chosen, key_id: UUID) -> Any:
    with psycopg.connect(chosen.database.owner_url) as owner:
        return owner.execute(LOCK, [key_id]).fetchone()


def test_a_lock_comes_off_before_and_after_a_rotation_and_a_copied_one_no_more(
    chosen: Chosen,
) -> None:
    prepare_database(chosen.database.owner_url, key_service(chosen.of_the_owner()))
    person = uuid4()
    with joined(chosen.settings("serve")) as parts:
        lock = under_lock(parts, Openings(parts.mentoring, parts.keyring), person)
        assert unlocked(parts, lock) == GRANT
        before = row(chosen, lock.key_id)
        rotate(chosen)
        assert unlocked(parts, lock) == GRANT
        after = row(chosen, lock.key_id)
    assert (before[:3], after[:3]) == ((person, lock.purpose, 1), (person, lock.purpose, 2))
    where = key_place("locks", lock.key_id, person, lock.purpose, 1)
    service = key_service(chosen.of_the_owner())
    with pytest.raises(Erased):
        service.unwrap("locks", 1, before[3], where)
