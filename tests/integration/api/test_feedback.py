"""Feedback through the API: slips that lead to nobody, boxes that are emptied in lots, and who reads what of many."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.bootstrap import joined
from api.embedded_postgres import EmbeddedPostgres
from domain.feedback import SCHEME
from domain.feedback_box import FeedbackBox
from domain.values import Role
from projections.evaluation import EVALUATION
from projections.reader import Reader
from tests.databases import Database, fresh_database
from tests.feedback import ended_pair, publish_further_notices, say, slip_of
from tests.match import Match, done, give_consent, match
from tests.meeting import SetClock
from tests.scheme import Scheme, Somebody, api_settings, running_scheme, working

WORDS = "Zuckerahorn-words of how it went."
PATIENCE_SECONDS = 60.0
ABOUT_ONE, ABOUT_ALL = 5, 10
EVERYWHERE = """
SELECT format('%%I.%%I', table_schema, table_name) FROM information_schema.tables
 WHERE table_schema IN ('record', 'keys', 'access', 'read') AND table_type = 'BASE TABLE'
"""


@dataclass
class World:
    """A scheme in which one mentor's mentoring with several people has ended."""

    scheme: Scheme
    clock: SetClock
    database: Database
    pairs: list[Match]
    slips: list[str] = field(default_factory=list)

    @property
    def mentor(self) -> Somebody:
        return self.pairs[0].mentor

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database.superuser_url) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]  # - written here

    def topics(self, stream: UUID) -> list[str]:
        query = "SELECT topic FROM record.event WHERE originator_id = %s ORDER BY position"
        return [row[0] for row in self.rows(query, stream)]

    def seen_by(self, somebody: Somebody, path: str) -> Any:
        """What somebody reads of it from the next Monday on."""
        newest = self.scheme.parts.recorder.max_notification_id() or 0
        self.scheme.app.state.reader.wait_for(EVALUATION.name, newest, PATIENCE_SECONDS)
        self.clock.ahead += timedelta(days=7)
        caller = self.scheme.speaking_for(somebody.id, somebody.role)
        try:
            return done(caller.get(path))
        finally:
            self.clock.ahead -= timedelta(days=7)

    def another(self) -> Match:
        made = ended_pair(self.scheme, self.mentor)
        self.pairs.append(made)
        return made


@pytest.fixture(scope="module")
def world(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with ExitStack() as stack:
        database, clock = stack.enter_context(fresh_database(postgres, template)), SetClock()
        settings = api_settings(database, tmp_path_factory.mktemp("feedback"))
        parts = replace(stack.enter_context(joined(settings)), clock=clock)
        reader = stack.enter_context(Reader(database.reader_url))
        scheme = stack.enter_context(running_scheme(parts, reader))
        stack.enter_context(working(scheme, database))
        publish_further_notices(scheme)
        yield World(scheme, clock, database, [ended_pair(scheme)])


@pytest.fixture(scope="module")
def filled(world: World) -> World:
    """The same after five have answered about the mentor, one without words and one without a statement."""
    while len(world.pairs) < ABOUT_ONE:
        world.another()
    for number, each in enumerate(world.pairs):
        slip = slip_of(each.mentee, each)
        world.slips.append(slip)
        said = {"heard": "agree", "easy": "agree", "mentoring_words": f"{WORDS} {number}"}
        said |= {"helped": "disagree"} if number else {}
        done(say(world.scheme, slip, **said))
    return world


def refused(answer: Any) -> str:
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["type"].rpartition(":")[2])


def test_nothing_is_shown_of_four_and_five_are_shown_whole_on_the_monday_after(
    world: World, filled: World
) -> None:
    own = filled.seen_by(filled.mentor, "/me/feedback")

    assert own["responses"] == ABOUT_ONE
    counts = {each["statement"]: each["counts"] for each in own["figures"]}
    assert counts["helped"] is None, "only four have answered it"
    heard = {each["agreement"]: each["count"] for each in counts["heard"]}
    assert heard == {
        "agree": 5,
        "rather_agree": 0,
        "neither": 0,
        "rather_disagree": 0,
        "disagree": 0,
    }
    assert sorted(own["words"]) == [f"{WORDS} {number}" for number in range(ABOUT_ONE)]
    assert own["words"] == filled.seen_by(filled.mentor, "/me/feedback")["words"]
    now = done(filled.mentor.get("/me/feedback"))
    assert (now["responses"], now["words"]) == (None, []), "not before Monday"
    assert world is filled


def test_a_sixth_answer_changes_nothing_until_there_are_ten(filled: World) -> None:
    before = filled.seen_by(filled.mentor, "/me/feedback")
    for count in range(1, ABOUT_ONE + 1):
        made = filled.another()
        done(say(filled.scheme, slip_of(made.mentee, made), heard="disagree", helped="agree"))
        own = filled.seen_by(filled.mentor, "/me/feedback")
        assert (own == before) is (count < ABOUT_ONE)

    assert own["responses"] == 2 * ABOUT_ONE
    counts = {each["statement"]: each["counts"] for each in own["figures"]}
    assert {each["agreement"]: each["count"] for each in counts["heard"]}["disagree"] == ABOUT_ONE
    assert sum(each["count"] for each in counts["helped"]) == ABOUT_ONE, "of the second lot alone"


def test_the_scheme_is_shown_from_ten_on_in_rounded_counts(filled: World) -> None:
    coordinator = filled.pairs[0].coordinator
    lots = filled.topics(FeedbackBox.id_of(SCHEME)).count("feedback_box.emptied")
    shown = filled.seen_by(coordinator, "/evaluation")
    assert (shown["responses"] is None) is (lots == 0)
    while filled.topics(FeedbackBox.id_of(SCHEME)).count("feedback_box.emptied") == lots:
        made = filled.another()
        said = {"easy": "agree", "confidential": "agree", "scheme_words": f"{WORDS} Scheme."}
        done(say(filled.scheme, slip_of(made.mentee, made), **said))

    shown = filled.seen_by(coordinator, "/evaluation")

    assert shown["responses"] == ABOUT_ALL * (lots + 1)
    counts = {each["statement"]: each["counts"] for each in shown["figures"]}
    assert counts["suited"] is None, "nobody has answered it"
    assert {each["count"] for each in counts["easy"]} <= {None, 10, 15, 20}
    assert f"{WORDS} Scheme." in shown["words"]


def test_what_is_kept_leads_from_nobody_to_what_they_said(filled: World) -> None:
    """No id of a person or of a slip stands in a response, in its keys, or in the commit that tells of it."""
    names = (
        "SELECT owner FROM keys.data_key WHERE compartment = 'personal' AND purpose = 'response'"
    )
    owners = {row[0] for row in filled.rows(names)}
    given = filled.rows(
        "SELECT originator_id, recorded_at FROM record.event WHERE topic = 'feedback.given'"
    )
    known = {
        row[0]
        for row in filled.rows(
            "SELECT originator_id FROM record.event WHERE topic = 'person.registered'"
        )
    }

    assert owners == {row[0] for row in given}
    assert not owners & known
    of_lots: dict[Any, int] = {}
    for _, at in given:
        of_lots[at] = of_lots.get(at, 0) + 1
    assert min(of_lots.values()) >= ABOUT_ONE, "never fewer at one moment"
    taken = "SELECT command_id FROM record.event WHERE topic = 'feedback_slips.taken'"
    dropped = "SELECT command_id FROM record.event WHERE topic = 'feedback_box.dropped'"
    assert not set(filled.rows(taken)) & set(filled.rows(dropped))


def test_a_slip_stands_nowhere_in_the_database(filled: World) -> None:
    """Neither the text of it nor its random number, as bytes, in hexadecimal or in base64."""
    import base64  # noqa: PLC0415 - for this alone

    raw = base64.urlsafe_b64decode(filled.slips[0].removeprefix("slip_"))[:16]
    needles = (filled.slips[0], raw.hex(), base64.b64encode(raw).decode().rstrip("="))
    for (table,) in filled.rows(EVERYWHERE):
        for needle in needles:
            query = f"SELECT count(*) FROM {table} t WHERE strpos(t::text, %s) > 0"  # noqa: S608 - names from the catalogue
            assert filled.rows(query, needle) == [(0,)], table


def test_the_answers_of_an_emptied_box_open_for_nobody_any_more(filled: World) -> None:
    box = FeedbackBox.id_of(filled.mentor.id)
    keys = filled.rows(
        "SELECT purpose, state, wrapped_key FROM keys.data_key WHERE owner = %s AND compartment = 'personal'",
        box,
    )
    emptied = filled.topics(box).count("feedback_box.emptied")
    assert emptied >= 1
    gone = {purpose: key for purpose, state, key in keys if state == "destroyed"}
    assert gone == {f"feedback_box:{lot}": None for lot in range(1, emptied + 1)}


def test_all_answers_of_a_lot_are_of_one_length(filled: World) -> None:
    lengths = filled.rows(
        "SELECT DISTINCT length(state) FROM record.event WHERE topic IN ('feedback.given', 'feedback_box.dropped')"
    )
    assert len(lengths) <= 2, "one of each kind of event"


def test_a_slip_is_good_once_and_its_repetition_is_no_second_answer(filled: World) -> None:
    made = filled.another()
    slip, before = slip_of(made.mentee, made), filled.scheme.event_count()
    for _ in range(2):
        done(say(filled.scheme, slip, heard="neither", mentoring_words=WORDS))
    once = filled.scheme.event_count()

    assert refused(say(filled.scheme, slip, heard="agree")) == "slip-cannot-be-used"
    assert filled.scheme.event_count() == once > before
    assert (
        refused(made.mentee.post(f"/relationships/{made.relationship}/feedback-slip"))
        == "slip-was-taken"
    )


def test_a_lost_slip_is_handed_out_again_under_its_key_alone(filled: World) -> None:
    made, key = filled.another(), {"Idempotency-Key": uuid4().hex}
    path = f"/relationships/{made.relationship}/feedback-slip"
    first, again = (done(made.mentee.post(path, headers=key))["slip"] for _ in range(2))

    assert first == again
    assert (
        refused(made.mentee.post(path, headers={"Idempotency-Key": uuid4().hex}))
        == "slip-was-taken"
    )
    short = {"Idempotency-Key": "too-short"}
    assert refused(filled.another().mentee.post(path, headers=short)) in {
        "not-found",
        "key-is-too-short",
    }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda slip: slip[:-4],
        lambda slip: slip.replace("slip_", "slip-"),
        lambda slip: slip[:10] + ("A" if slip[10] != "A" else "B") + slip[11:],
        lambda slip: slip[:40] + ("A" if slip[40] != "A" else "B") + slip[41:],
        lambda _: "slip_Ä",
        lambda _: "slip_" + "A" * 72,
    ],
)
def test_whatever_is_wrong_with_a_slip_is_said_alike(
    filled: World, spoil: Callable[[str], str]
) -> None:
    made = filled.another()
    slip = slip_of(made.mentee, made)
    before = filled.scheme.event_count()

    assert refused(say(filled.scheme, spoil(slip), heard="agree")) == "slip-cannot-be-used"
    assert filled.scheme.event_count() == before


def test_a_slip_ends_after_its_time(filled: World) -> None:
    made = filled.another()
    slip = slip_of(made.mentee, made)
    filled.clock.ahead += timedelta(days=61)
    try:
        assert refused(say(filled.scheme, slip, heard="agree")) == "slip-cannot-be-used"
    finally:
        filled.clock.ahead -= timedelta(days=61)
    assert refused(say(filled.scheme, slip)) == "nothing-said"
    done(say(filled.scheme, slip, recommend="agree"))


def test_a_mentors_slip_is_about_the_scheme_and_rates_no_mentee(filled: World) -> None:
    made = filled.pairs[0]
    slip = slip_of(made.mentor, made)

    assert refused(say(filled.scheme, slip, heard="agree")) == "slip-cannot-be-used"
    before = filled.topics(FeedbackBox.id_of(SCHEME)).count("feedback_box.dropped")
    done(say(filled.scheme, slip, recommend="agree"))
    assert filled.topics(FeedbackBox.id_of(SCHEME)).count("feedback_box.dropped") == before + 1


def test_who_is_signed_in_leaves_no_trace_of_it_when_they_answer(filled: World) -> None:
    """A browser sends its cookie along; nothing looks at it, and nothing of its session changes."""
    made = filled.another()
    slip = slip_of(made.mentee, made)
    browser = filled.scheme.client()
    done(browser.post("/session", json={"token": made.mentee.token}))
    query = "SELECT s::text FROM access.session s ORDER BY 1"
    before = filled.rows(query)

    done(browser.post("/feedback", json={"slip": slip, "heard": "agree"}))

    assert filled.rows(query) == before


def test_nobody_is_asked_before_the_end_or_without_their_yes(filled: World) -> None:
    scheme, running = filled.scheme, match(filled.scheme, mentor=filled.mentor)
    path = f"/relationships/{running.relationship}/feedback-slip"
    assert refused(running.mentee.post(path)) == "nothing-has-ended"
    done(
        running.mentee.post(
            f"/relationships/{running.relationship}/closing", {"reason": "no_fault"}
        )
    )
    assert refused(running.mentee.post(path)) == "consent-is-not-live"
    give_consent(running.mentee, "feedback")
    assert slip_of(running.mentee, running).startswith("slip_")
    assert scheme.person(Role.MENTEE).post(path).status_code == 404


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
def test_what_was_said_of_a_mentor_is_read_by_them_and_by_coordinators_alone(
    filled: World, role: Role
) -> None:
    other = filled.scheme.person(role)
    of_mentor = other.get(f"/mentor-profiles/{filled.mentor.id}/feedback")
    assert (of_mentor.status_code, other.get("/evaluation").status_code) == (403, 403)
    own = other.get("/me/feedback")
    assert WORDS not in own.text
    assert own.status_code == (200 if role is Role.MENTOR else 403)


def test_a_mentor_reads_that_a_coordinator_looked(filled: World) -> None:
    coordinator = filled.pairs[0].coordinator
    shown = filled.seen_by(coordinator, f"/mentor-profiles/{filled.mentor.id}/feedback")
    assert shown["responses"] >= ABOUT_ONE

    looks = done(
        filled.scheme.speaking_for(filled.mentor.id, Role.MENTOR).get("/me/access-records")
    )["looks"]

    found = [
        each for each in looks if each["kind"] == "feedback" and each["who"] == str(coordinator.id)
    ]
    assert {each["purpose"] for each in found} == {"evaluating"}
