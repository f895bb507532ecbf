"""A record that was tampered with takes nothing from others, and whom it concerns is told."""

import psycopg

from projections.catalogue import READ_MODELS
from tests.databases import Database
from tests.match import done, propose, publish_notices
from tests.scheme import Scheme, working

PATIENCE_SECONDS = 30.0
FLIP = """UPDATE record.event SET state = set_byte(state, 50, get_byte(state, 50) # 1)
           WHERE originator_id = %s AND originator_version = 2"""


def test_whom_a_damaged_record_concerns_is_told_and_others_see_what_is_theirs(
    scheme: Scheme, database: Database
) -> None:
    publish_notices(scheme)
    damaged, whole = propose(scheme), propose(scheme)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(FLIP, [damaged.relationship])
    with scheme.app.state.reader, working(scheme, database):
        for model in READ_MODELS:
            position = scheme.parts.recorder.max_notification_id()
            scheme.app.state.reader.wait_for(model.name, position, PATIENCE_SECONDS)
        pipeline = done(whole.coordinator.get("/pipeline"))
        of_damaged = done(damaged.mentee.get("/my-mentoring"))
        of_whole = done(whole.mentee.get("/my-mentoring"))
        ready = done(scheme.anybody.get("/health/ready"))
    damaged_id, whole_id = str(damaged.relationship), str(whole.relationship)
    assert {row["id"]: row["stage"] for row in pipeline["relationships"]} == {
        damaged_id: "requested",
        whole_id: "proposed",
    }
    assert pipeline["set_aside"] == of_damaged["set_aside"] == [damaged_id]
    assert [row["id"] for row in of_damaged["relationships"]] == [damaged_id]
    assert [row["id"] for row in of_whole["relationships"]] == [whole_id]
    assert of_whole["set_aside"] == []
    assert (ready["stopped_read_models"], ready["set_aside_streams"]) == (0, 1)
    refused = damaged.coordinator.get(f"/relationships/{damaged_id}")
    assert refused.status_code == 500
    assert refused.json()["type"].endswith(":tampered")
    assert refused.json()["record"] == f"event {damaged_id} version 2"
    done(whole.coordinator.get(f"/relationships/{whole_id}"))
