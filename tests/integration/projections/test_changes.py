"""Where something last changed for whom, and what is not told before it is known whose it is."""

from uuid import uuid4

from api.event_log import EventLog
from projections.my_mentoring import MY_MENTORING
from projections.participation import PARTICIPATION
from projections.pipeline import PIPELINE
from projections.reader import Changes, Reader
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage


def test_each_mentee_has_the_newest_change_of_their_own(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    first, second = history.request(), history.request()
    own = history.position
    with stage.running(log):
        reader.wait_for(MY_MENTORING.name, own, PATIENCE_SECONDS)
        found = reader.newest_changes(Changes.MY_MENTORING, [first.mentee, second.mentee, uuid4()])
        [view] = reader.my_mentoring(second.mentee)

    assert found.keys() == {first.mentee, second.mentee}
    assert found[first.mentee] < found[second.mentee] <= own
    assert f'"position":{found[second.mentee]},' in view.document


def test_a_change_is_told_to_nobody_until_it_is_known_who_takes_part(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    before, somebody = history.request(), uuid4()
    with stage.running(log):
        for model in (PIPELINE, PARTICIPATION):
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
    told = reader.newest_changes(Changes.PIPELINE, [somebody])[somebody]
    after = history.request()
    with stage.running(log, [PIPELINE]):
        reader.wait_for(PIPELINE.name, history.position, PATIENCE_SECONDS)
        early = reader.newest_changes(Changes.PIPELINE, [somebody, after.mentee])
    with stage.running(log):
        reader.wait_for(PARTICIPATION.name, history.position, PATIENCE_SECONDS)
        late = reader.newest_changes(Changes.PIPELINE, [somebody, before.mentee, after.mentee])

    assert early == {somebody: told, after.mentee: told}
    assert late[somebody] > told
    assert late[before.mentee] == late[somebody]
    assert late[after.mentee] == told
