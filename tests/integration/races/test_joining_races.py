"""An invitation and a last free place let one person in, however many come at the same moment."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from api.bootstrap import joined
from api.embedded_postgres import EmbeddedPostgres
from api.joining import InvitationCannotBeUsed, use_for_oneself
from api.tries import Tries
from domain.mentoring import Order
from domain.values import Act, Role
from projections.reader import Reader
from tests.databases import Database, fresh_database
from tests.invitations import Funded, funded, is_used, join, newcomer
from tests.match import done
from tests.scheme import Scheme, api_settings, running_scheme, scheme_on
from tests.unreliable_line import Cut, unreliable_line

AT_ONCE = 4
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def scheme(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    folder = tmp_path_factory.mktemp("joining-races")
    with fresh_database(postgres, template) as database, scheme_on(database, folder) as running:
        yield running


@pytest.fixture
def of(scheme: Scheme) -> Funded:
    scheme.app.state.guarded_invitations.tries = Tries(of_one=1000, of_all=1000)
    return funded(scheme, places=10)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make calls at the same moment, each in a thread of its own."""
    start = Barrier(len(calls), timeout=PATIENCE_SECONDS)

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def joining(of: Funded, token: str, key: str | None = None) -> Callable[[], Any]:
    body = newcomer(token)
    return lambda: join(of.scheme, body, key)


def statuses(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


@pytest.mark.parametrize("_round", range(3))
def test_one_invitation_lets_one_of_several_in(of: Funded, _round: int) -> None:
    (token,) = of.issue()

    answers = at_once(*(joining(of, token) for _ in range(AT_ONCE)))

    assert statuses(answers) == [201, *[409] * (AT_ONCE - 1)]
    assert of.shown()["places_granted"] == 1


@pytest.mark.parametrize("_round", range(3))
def test_the_last_free_place_goes_to_one(scheme: Scheme, _round: int) -> None:
    of = funded(scheme, places=AT_ONCE)
    tokens = of.issue(AT_ONCE)
    terms = {**of.shown()["terms"], "places": 1}
    done(of.coordinator.put(f"/agreements/{of.agreement}/terms", terms))

    answers = at_once(*(joining(of, token) for token in tokens))

    assert statuses(answers) == [201, *[409] * (AT_ONCE - 1)]
    assert (of.shown()["places_granted"], of.shown()["sessions_free"]) == (1, 0)
    assert [is_used(scheme, token) for token in tokens].count(True) == 1


def test_a_double_click_lets_one_person_in_and_signs_each_click_in(of: Funded) -> None:
    (token,) = of.issue()
    click = joining(of, token, uuid4().hex)

    answers = at_once(*[click] * AT_ONCE)

    assert statuses(answers) == [201] * AT_ONCE
    assert len({answer.json()["person"] for answer in answers}) == 1
    for answer in answers:
        known = of.scheme.client(answer.json()["token"])
        assert known.get(f"/people/{answer.json()['person']}/contact").status_code == 200
    assert of.shown()["places_granted"] == 1


def test_all_who_were_invited_get_in_when_all_come_at_once(of: Funded) -> None:
    tokens = of.issue(8)

    assert statuses(at_once(*(joining(of, token) for token in tokens))) == [201] * 8
    assert of.shown()["places_granted"] == 8


def test_one_person_gets_one_place_of_two_invitations(of: Funded) -> None:
    mentee, tokens = of.scheme.person(Role.MENTEE), of.issue(2)

    def use(token: str) -> bool:
        order = Order(Act(mentee.id, of.scheme.now()), uuid4())
        mentoring = of.scheme.parts.mentoring
        try:
            use_for_oneself(mentoring, order, token=token, has_places_of=())
        except InvitationCannotBeUsed:
            return False
        return True

    outcomes = at_once(*(partial(use, token) for token in tokens))

    assert sorted(outcomes) == [False, True]
    assert [is_used(of.scheme, token) for token in tokens].count(True) == 1
    assert of.shown()["places_granted"] == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_withdrawal_and_a_use_at_once_end_as_one_of_them(of: Funded, _round: int) -> None:
    token, other = of.issue(2)

    joined_, withdrawn = at_once(
        joining(of, token), lambda: of.coordinator.post(f"{of.path}/withdrawal")
    )

    assert withdrawn.status_code == 200
    assert is_used(of.scheme, token) == (joined_.status_code == 201)
    assert of.shown()["places_granted"] == int(is_used(of.scheme, token))
    assert join(of.scheme, newcomer(other)).status_code == 409


def test_a_double_click_shows_the_same_links_to_both(of: Funded) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    clients = [of.scheme.as_before(of.sponsor) for _ in range(AT_ONCE)]

    answers = at_once(
        *(partial(client.post, of.path, {"count": 3}, headers=headers) for client in clients)
    )

    assert statuses(answers) == [201] * AT_ONCE
    assert len({answer.text for answer in answers}) == 1
    assert of.shown()["invitations_issued"] == 3


def test_who_lost_the_answer_of_the_database_is_let_in_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = conninfo_to_dict(database.api_url)
    real = Path(str(given["host"])) / f".s.PGSQL.{given.get('port') or 5432}"
    with (
        tempfile.TemporaryDirectory() as folder,
        unreliable_line(real, Path(folder)) as line,
        over(database, tmp_path, folder) as scheme,
    ):
        of = funded(scheme)
        (token,) = of.issue()
        recorder = scheme.parts.recorder
        append = recorder.insert_events

        def cut_once(*args: Any, **kwargs: Any) -> Any:
            if line.cuts == 0:
                line.next_cut = Cut.BEFORE_THE_ANSWER
            return append(*args, **kwargs)

        monkeypatch.setattr(recorder, "insert_events", cut_once)
        body, key = newcomer(token), uuid4().hex
        first = join(scheme, body, key)
        again = join(scheme, body, key)

    assert line.cuts == 1
    assert done(first)["person"] == done(again)["person"]


@contextmanager
def over(database: Database, folder: Path, host: str) -> Iterator[Scheme]:
    """A scheme whose API reaches the database over a line that can be cut."""
    url = SecretStr(make_conninfo(database.api_url, host=host))
    settings = api_settings(database, folder).model_copy(update={"database_url": url})
    with (
        joined(settings) as parts,
        running_scheme(parts, Reader(database.reader_url)) as running,
    ):
        yield running
