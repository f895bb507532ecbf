"""A clerk that is killed in the middle of an agreement's end closes and gives back everything, once each."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from api.embedded_postgres.processes import wait_until
from domain.place import Place
from domain.relationship_events import RelationshipEvents as Happened
from tests.databases import Database
from tests.faults.clerking import World, read_models_of, world
from tests.faults.test_clerk_kills import Clerks
from tests.integration.races.test_agreement_ends import Funded, funded
from tests.match import done

PATIENCE_SECONDS = 240.0


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        yield made


def test_what_rests_on_an_agreement_is_closed_once_through_kills(of: World, tmp_path: Path) -> None:
    chance = Random(0)  # noqa: S311 - chooses moments, keeps no secret
    paid_for = [funded(of) for _ in range(2)]
    with read_models_of(of):
        clerks = Clerks(of, tmp_path, 1)
        try:
            for each in paid_for:
                done(each.end())
                wait_until(lambda: False, chance.uniform(0, 1.5))
                clerks.kill_one(chance)
            assert wait_until(lambda: all(map(is_settled, paid_for)), PATIENCE_SECONDS)
        finally:
            clerks.stop()
    for each in paid_for:
        each.require_nothing_left()
    asked_for = [id for each in paid_for for id in (each.pair.relationship, each.request)]
    assert of.times(Happened.Closed.TOPIC) == dict.fromkeys(asked_for, 1)
    places = [place for each in paid_for for place in each.places]
    assert of.times(Place.SessionsReturned.TOPIC) == dict.fromkeys(places, 1)


def is_settled(paid_for: Funded) -> bool:
    """Whether everything that was allotted came back."""
    return paid_for.agreement.free == paid_for.agreement.terms.sessions
