"""One scheme for all tests of messages, with a mail server that they can upset."""

from collections.abc import Iterator

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from tests.databases import fresh_database
from tests.faults.clerking import World, world
from tests.match import done
from tests.messages import Mail
from tests.post import post


@pytest.fixture(scope="module")
def of(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("messages")
    with fresh_database(postgres, template) as database, world(database, folder) as made:
        lead = made.now.person(Role.DATA_PROTECTION_LEAD)
        for purpose in ("reminders", "calendar"):
            words = {"purpose": purpose, "version": 1, "language": "en", "text": "Yes or no."}
            done(lead.post("/notices", words))
        yield made


@pytest.fixture
def mail(of: World) -> Iterator[Mail]:
    with post() as server, Mail.round(of, server) as made:
        # What other tests left is none of this one's.
        made.deliver()
        server.mails.clear()
        yield made
