"""A simulated scheme is believable, the same each time, and goes on where it was killed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event

import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgres
from api.embedded_postgres.processes import wait_until
from api.enrolment import enrol
from api.records.contact import Contact
from api.simulate.line import SimulationStopped
from api.simulate.plan import NotAMonday, Plan, WrongSize
from api.simulate.simulation import HoldsOtherRecords, NotInProduction, simulation
from api.simulate.tally import Happened, Tally
from domain.values import Role
from projections.catalogue import READ_MODELS
from tests.databases import fresh_database
from tests.integration.projections.stage import Stage
from tests.simulated import A_MONDAY, SMALL, Ground, ground_on

PATIENCE_SECONDS = 600.0
KILLS = 1
SENT = "SELECT count(*) FROM record.outbox WHERE outcome = 'sent'"


@pytest.fixture(scope="module")
def ground(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    with fresh_database(postgres, template) as database:
        yield ground_on(database, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def tally(ground: Ground) -> Tally:
    """What happened in a simulation that nothing disturbed."""
    return ground.run()


def test_every_common_thing_happens_in_a_scheme_of_six(tally: Tally) -> None:
    assert tally[Happened.MENTORS] == SMALL.mentors
    assert tally[Happened.MENTEES] == SMALL.mentees
    often = (Happened.REQUESTS, Happened.PROPOSALS, Happened.MATCHES, Happened.SCHEDULED)
    assert all(tally[each] > 1 for each in often)
    once = (Happened.HELD, Happened.ENQUIRIES, Happened.ANSWERED, Happened.JOINED, Happened.RENEWED)
    assert all(tally[each] > 0 for each in once)
    assert tally[Happened.AGREEMENTS_AMENDED] == 1


@pytest.mark.usefixtures("tally")
def test_mail_goes_out_while_it_is_simulated(ground: Ground) -> None:
    with psycopg.connect(ground.database.superuser_url) as connection:
        [(sent,)] = connection.execute(SENT).fetchall()
    assert sent > SMALL.mentees


def test_hardly_any_command_is_refused(tally: Tally) -> None:
    given = sum(times for _, times in tally.lines())
    assert tally[Happened.REFUSED] <= given / 20


def test_a_simulation_that_is_killed_again_and_again_ends_with_the_same_log(
    ground: Ground, tally: Tally, postgres: EmbeddedPostgres, template: str, tmp_path: Path
) -> None:
    whole = ground.story()
    chance = Random(SMALL.seed)  # noqa: S311 - chooses moments, keeps no secret
    moments = sorted(chance.sample(range(1, ground.event_count()), KILLS))
    with fresh_database(postgres, template) as database:
        killed = ground_on(database, tmp_path)
        for moment in moments:
            kill_at(killed, moment)
        again = killed.run()
        assert list(again.lines()) == list(tally.lines())
        assert killed.story() == whole


def kill_at(killed: Ground, moment: int) -> None:
    """Run until that many events are recorded; then kill."""
    with killed.in_a_process() as process:
        wait_until(
            lambda: killed.event_count() >= moment or process.poll() is not None, PATIENCE_SECONDS
        )
    assert killed.event_count() >= moment


def test_run_again_when_it_has_ended_it_adds_nothing(ground: Ground, tally: Tally) -> None:
    before = ground.event_count()
    assert list(ground.run().lines()) == list(tally.lines())
    assert ground.event_count() == before


@pytest.mark.usefixtures("tally")
def test_its_read_models_are_what_a_rebuild_makes_of_it(ground: Ground) -> None:
    stage = Stage(ground.database, ground.files)
    with stage.worker_log() as log:
        with stage.running(log):
            newest = log.newest()
            assert wait_until(lambda: _shown(stage) >= newest, PATIENCE_SECONDS)
        live = stage.contents()
        for model in READ_MODELS:
            stage.rebuild(log, model)
        assert stage.contents() == live


def _shown(stage: Stage) -> int:
    [(position,)] = stage.as_superuser("SELECT min(position) FROM read.position")
    return int(position)


@pytest.mark.usefixtures("tally")
@pytest.mark.parametrize(
    "other",
    [
        Plan(SMALL.mentees, SMALL.mentors, SMALL.weeks, SMALL.seed + 1, A_MONDAY),
        Plan(SMALL.mentees + 1, SMALL.mentors, SMALL.weeks, SMALL.seed, A_MONDAY),
        Plan(SMALL.mentees, SMALL.mentors, SMALL.weeks, SMALL.seed, A_MONDAY + timedelta(weeks=1)),
    ],
    ids=["another seed", "another size", "another Monday"],
)
def test_another_simulation_is_refused_on_its_database(ground: Ground, other: Plan) -> None:
    before = ground.event_count()
    with pytest.raises(HoldsOtherRecords):
        ground.run(other)
    assert ground.event_count() == before


def test_records_of_real_people_are_refused(
    postgres: EmbeddedPostgres, template: str, tmp_path: Path
) -> None:
    with fresh_database(postgres, template) as database:
        ground = ground_on(database, tmp_path)
        with ground.parts() as parts:
            enrol(parts, Contact("Ada Example", "ada@example.org"), [Role.COORDINATOR])
        before = ground.event_count()
        with pytest.raises(HoldsOtherRecords):
            ground.run()
        assert ground.event_count() == before


def test_a_service_in_production_is_refused(ground: Ground) -> None:
    grounds = ground.grounds(production=True)
    with pytest.raises(NotInProduction), simulation(SMALL, grounds, Event()):
        pass


@pytest.mark.usefixtures("tally")
def test_it_stops_when_it_is_told_to(ground: Ground) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(SimulationStopped):
        ground.run(stop=stop)


@pytest.mark.parametrize(
    ("mentees", "mentors", "weeks"), [(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 521), (10**7, 1, 1)]
)
def test_a_size_that_is_none_is_refused(mentees: int, mentors: int, weeks: int) -> None:
    with pytest.raises(WrongSize):
        Plan(mentees, mentors, weeks, 1, A_MONDAY)


def test_it_begins_on_a_monday() -> None:
    with pytest.raises(NotAMonday):
        Plan(1, 1, 1, 1, A_MONDAY + timedelta(days=1))
