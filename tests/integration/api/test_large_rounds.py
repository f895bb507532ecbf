"""Rounds over many: as few questions as over few, everybody who is left over is told once, and what does not fit is said."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import get_ident
from typing import Any
from uuid import UUID

import psycopg
import pytest

from api.bootstrap import Parts, joined
from api.embedded_postgres import EmbeddedPostgres
from api.records import finding
from api.records.finding import Finding
from api.records.gathering import Gathering
from api.records.openings import Openings
from domain.access import Caller
from domain.commands import consents
from domain.commands.matching import close_round, newest_round
from domain.matching import engine
from domain.matching.pool import Pool
from domain.matching.result import RoundResult
from domain.matching_round import MatchingRound, RoundIsUnderWay
from domain.mentoring import Recorded
from domain.relationship import Relationship
from domain.shortlist import Shortlist
from domain.values import Purpose, Role, Sealed
from tests.benchmarks.matching_people import people
from tests.crowd import Crowd, begun, order_of, words_on
from tests.databases import fresh_database
from tests.scheme import Scheme, reading_scheme_on

PATIENCE_SECONDS = 60.0
SEED = 11


@pytest.fixture(scope="module")
def scheme(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    folder = tmp_path_factory.mktemp("rounds")
    with fresh_database(postgres, template) as database, reading_scheme_on(database, folder) as it:
        yield it


def crowd_of(scheme: Scheme, waiting: int, mentors: int) -> Crowd:
    """So many who wait in a programme of their own, and so many more who mentor, wherever."""
    crowd = begun(scheme.parts, agreements=1)
    asking, offering = people(max(waiting, mentors), SEED)
    crowd.wait((0, asking[:waiting]))
    if mentors:
        crowd.mentor(offering[:mentors])
    newest = scheme.parts.recorder.max_notification_id() or 0
    for name in ("pipeline", "my_caseload", "participation", "groups"):
        scheme.app.state.reader.wait_for(name, newest, PATIENCE_SECONDS)
    return crowd


def run(scheme: Scheme, crowd: Crowd, parts: Parts | None = None) -> MatchingRound:
    parts = parts or scheme.parts
    caller = Caller(crowd.coordinator, Role.COORDINATOR)
    openings = Openings(parts.mentoring, parts.keyring)
    found = Finding(
        Gathering(
            parts.mentoring,
            openings,
            scheme.app.state.reader,
            caller,
            datetime.now(UTC),
            secrets.token_bytes,
        )
    )
    recorded = found.run_round(order_of(crowd.coordinator), crowd.programme)
    return parts.mentoring.load(MatchingRound, recorded.subject)


def told(scheme: Scheme, subject: MatchingRound) -> dict[UUID, int]:
    """How often each who was left over was told why, by their request."""
    events = scheme.parts.mentoring.events
    return {
        each: sum(
            isinstance(event, Shortlist.NobodyFound) for event in events.get(Shortlist.id_of(each))
        )
        for each in subject.facts.left_over
    }


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements of this thread."""
    statements: list[str] = []
    execute: Callable[..., Any] = psycopg.Cursor.execute
    here = get_ident()

    def counting(cursor: Any, query: Any, *more: Any, **named: Any) -> Any:
        if get_ident() == here:
            statements.append(str(query)[:80])
        return execute(cursor, query, *more, **named)

    with monkeypatch.context() as patching:
        patching.setattr(psycopg.Cursor, "execute", counting)
        yield statements


def test_a_round_over_sixty_asks_the_database_as_often_as_one_over_twenty(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowds = {20: crowd_of(scheme, 20, mentors=15), 60: crowd_of(scheme, 60, mentors=0)}
    asked = []
    for waiting, crowd in crowds.items():
        with joined(scheme.parts.settings) as parts, counted(monkeypatch) as statements:
            subject = run(scheme, crowd, parts)
        assert subject.facts.requests == waiting
        assert set(told(scheme, subject).values()) == {1}
        asked.append(statements)

    assert len(asked[0]) == len(asked[1]), Counter(asked[1]) - Counter(asked[0])


def test_more_than_fit_into_one_commit_are_told_each_once(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "TOLD_AT_ONCE", 3)
    crowd = crowd_of(scheme, 8, mentors=0)
    without_room(monkeypatch)

    subject = run(scheme, crowd)

    assert list(told(scheme, subject).values()) == [1] * 8


def test_what_breaks_off_while_they_are_told_is_made_good_by_the_next_round(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "TOLD_AT_ONCE", 3)
    crowd = crowd_of(scheme, 8, mentors=0)
    without_room(monkeypatch)
    with monkeypatch.context() as breaking:
        breaking.setattr(finding, "tell_why_nobody", breaks_off)
        with pytest.raises(ZeroDivisionError):
            run(scheme, crowd)
    newest = newest_round(scheme.parts.mentoring, crowd.programme)
    assert newest is not None
    assert sorted(told(scheme, newest).values()) == [0] * 5 + [1] * 3

    crowd.do(close_round, crowd.coordinator, matching_round=newest.id)
    again = run(scheme, crowd)

    assert sorted(told(scheme, again).values()) == [1] * 5 + [2] * 3


def test_who_withdraws_before_they_are_told_is_told_nothing_and_holds_up_nobody(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "TOLD_AT_ONCE", 3)
    crowd = crowd_of(scheme, 8, mentors=0)
    without_room(monkeypatch)
    tell, left = finding.tell_why_nobody, list[UUID]()

    def withdraw_and_tell(*given: Any, nobody: dict[UUID, Sealed], **facts: Any) -> Recorded:
        if not left:
            relationship, words = next(iter(nobody.items()))
            left.append(relationship)
            person, purpose = words.owner, Purpose.TAKE_PART
            crowd.do(consents.withdraw_consent, person, person=person, purpose=purpose)
        return tell(*given, nobody=nobody, **facts)

    monkeypatch.setattr(finding, "tell_why_nobody", withdraw_and_tell)
    subject = run(scheme, crowd)

    found = told(scheme, subject)
    assert found.pop(left[0]) == 0
    assert list(found.values()) == [1] * 7


def test_an_answer_to_another_question_meanwhile_costs_no_second_working_out(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = crowd_of(scheme, 3, mentors=2)
    run_round, ran = engine.run_round, list[RoundResult]()

    def run_and_say(pool: Pool, seed: bytes) -> RoundResult:
        ran.append(run_round(pool, seed))
        request = scheme.parts.mentoring.load(Relationship, pool.requests[0].id)
        shown = words_on(scheme.parts, Purpose.REMINDERS)
        crowd.do(consents.give_consent, request.mentee, person=request.mentee, shown=shown)
        return ran[-1]

    monkeypatch.setattr(engine, "run_round", run_and_say)
    subject = run(scheme, crowd)

    assert len(ran) == 1
    assert subject.facts.requests == 3


def test_a_round_that_is_asked_for_while_one_is_worked_out_is_refused(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd, other = crowd_of(scheme, 2, mentors=1), crowd_of(scheme, 2, mentors=0)
    run_round, refused = engine.run_round, list[UUID]()

    def run_and_ask_again(pool: Pool, seed: bytes) -> RoundResult:
        if not refused:
            with pytest.raises(RoundIsUnderWay):
                run(scheme, crowd)
            refused.append(crowd.programme)
            run(scheme, other)
        return run_round(pool, seed)

    monkeypatch.setattr(engine, "run_round", run_and_ask_again)
    first = run(scheme, crowd)
    crowd.do(close_round, crowd.coordinator, matching_round=first.id)

    assert refused == [crowd.programme]
    assert (first.number, run(scheme, crowd).number) == (1, 2)


def without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mentors of other tests are not found here."""
    monkeypatch.setattr(Gathering, "_approved", lambda _: iter(()))


def breaks_off(*_given: Any, **_facts: Any) -> Recorded:
    raise ZeroDivisionError
