"""What pages leave out for those who are in it, and what they say of a record that was damaged."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from api.web.rendering import short_reference
from domain.values import Role
from projections.catalogue import READ_MODELS
from tests.databases import Database
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import done, match, propose, publish_notices
from tests.scheme import Scheme, Somebody, scheme_on, working

TOTAL = re.compile(r'All <span class="count">(\d+)</span>')
MATCHED = re.compile(r'Matched <span class="count">(\d+)</span>')
PATIENCE_SECONDS = 30.0
DAMAGED = "This record was damaged; what you see may be incomplete."
FLIP = """UPDATE record.event SET state = set_byte(state, 50, get_byte(state, 50) # 1)
           WHERE originator_id = %s AND originator_version = 1"""


def counted(text: str) -> tuple[int, int]:
    total, matched = TOTAL.search(text), MATCHED.search(text)
    assert total is not None
    assert matched is not None
    return int(total[1]), int(matched[1])


@pytest.mark.parametrize("part", ["mentee", "mentor"])
def test_the_pipeline_leaves_out_what_its_coordinator_is_in(
    service: LiveService, visitor: Visitor, part: str
) -> None:
    made = match(service.scheme)
    insider: Somebody = getattr(made, part)
    service.caught_up()
    visitor.sign_in(made.coordinator.token)
    seen = visitor.get("/pipeline").text
    as_coordinator = service.scheme.speaking_for(insider.id, Role.COORDINATOR)
    visitor.sign_in(as_coordinator.token)
    shown = visitor.get("/pipeline").text
    listed = done(as_coordinator.get("/pipeline?limit=200"))["relationships"]

    assert str(made.relationship) in seen
    assert str(made.relationship) not in shown
    assert str(made.relationship) not in {row["id"] for row in listed}
    assert counted(shown) == tuple(count - 1 for count in counted(seen))
    assert visitor.get(f"/pipeline/{made.relationship}").status_code == 403


def damage(database: Database, stream: UUID) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(FLIP, [stream])


@contextmanager
def read_models_of(scheme: Scheme, database: Database) -> Iterator[None]:
    """Begin to keep them only now, and have them stand at what is recorded."""
    reader, newest = scheme.app.state.reader, scheme.parts.recorder.max_notification_id()
    with reader, working(scheme, database):
        for model in READ_MODELS:
            reader.wait_for(model.name, newest, PATIENCE_SECONDS)
        yield


def shown_to(somebody: Somebody, path: str) -> str:
    answer = somebody.get(f"http://testserver{path}")
    assert answer.status_code == 200
    return str(answer.text)


def test_a_relationship_on_a_damaged_record_is_marked_wherever_it_is_shown(
    database: Database, tmp_path: Path
) -> None:
    with scheme_on(database, tmp_path) as scheme:
        publish_notices(scheme)
        whole, made = match(scheme), match(scheme)
        damage(database, made.place)
        with read_models_of(scheme, database):
            own = shown_to(made.mentee, "/my-mentoring")
            others = shown_to(whole.mentee, "/my-mentoring")
            table = shown_to(made.coordinator, "/pipeline")
            one = shown_to(made.coordinator, f"/pipeline/{made.relationship}")
            other = shown_to(made.coordinator, f"/pipeline/{whole.relationship}")

    assert f"may be incomplete: {short_reference(made.relationship)}." in table
    assert table.count('<span class="flag">damaged</span>') == 1
    assert DAMAGED in own
    assert DAMAGED in one
    assert DAMAGED not in others + other


def test_a_relationship_that_cannot_be_shown_is_said_to_be_missing(
    database: Database, tmp_path: Path
) -> None:
    with scheme_on(database, tmp_path) as scheme:
        publish_notices(scheme)
        made = propose(scheme)
        damage(database, made.relationship)
        with read_models_of(scheme, database):
            table = shown_to(made.coordinator, "/pipeline")

    assert f"{short_reference(made.relationship)} (not shown)." in table
    assert str(made.relationship) not in table
