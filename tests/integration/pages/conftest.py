"""The pages over HTTP, without a browser: what a form sends and what comes back."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.embedded_postgres import EmbeddedPostgres
from tests.databases import fresh_database
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService, live_service
from tests.match import Match, propose, publish_notices
from tests.scheme import Somebody


@pytest.fixture(scope="module")
def service(postgres: EmbeddedPostgres, template: str) -> Iterator[LiveService]:
    """The service that all tests of a module share; each brings its own people."""
    with (
        fresh_database(postgres, template) as database,
        tempfile.TemporaryDirectory() as folder,
        live_service(database, Path(folder)) as running,
    ):
        publish_notices(running.scheme)
        yield running


@pytest.fixture
def proposed(service: LiveService) -> Match:
    """A request with an open proposal, to be seen on pages."""
    made = propose(service.scheme)
    service.caught_up()
    return made


@pytest.fixture
def visitor(service: LiveService) -> Iterator[Visitor]:
    with Visitor(service.url) as nobody:
        yield nobody


@pytest.fixture
def mentee(proposed: Match, visitor: Visitor) -> Visitor:
    """The mentee of the proposal, signed in."""
    return signed_in(visitor, proposed.mentee)


def signed_in(visitor: Visitor, somebody: Somebody) -> Visitor:
    visitor.sign_in(somebody.token)
    return visitor
