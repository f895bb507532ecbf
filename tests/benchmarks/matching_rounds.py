"""One round of the matching as the service runs it: over HTTP on a real PostgreSQL, and where its time goes."""

import http.client
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.enrolment import enrol, issue_token
from api.event_log import EventLog
from api.records import finding
from api.records.contact import Contact
from api.records.finding import Finding
from api.records.gathering import Gathering
from api.records.openings import Openings, Whose
from api.records.slices import slices_of
from api.records.statements import seal_stated
from domain.access import Caller
from domain.aggregate import Aggregate
from domain.commands import consents, mentor_profiles, notices, people, places, preferences
from domain.commands.funding import sign_agreement
from domain.commands.matching import close_round, newest_round
from domain.commands.organisations import register_organisation
from domain.commands.programmes import open_programme
from domain.commands.relationships import request_relationship
from domain.commands.together import Together
from domain.matching import engine
from domain.matching.aspects import Aspect, Importance
from domain.matching.stated import Stated, Wish
from domain.mentoring import Order, Recorded
from domain.notice import Notice
from domain.programme import Settings
from domain.relationship import RequestFacts
from domain.relationship_events import Part
from domain.values import Act, Compartment, Purpose, Role
from projections.catalogue import READ_MODELS
from projections.reader import Reader
from projections.rebuild import prepare, rebuild
from projections.runner import connect
from tests.benchmarks.dashboard import STATIC, serving
from tests.benchmarks.matching_people import PersonRow
from tests.benchmarks.matching_people import people as made_up
from tests.benchmarks.world import World
from tests.funding import terms_of

MENTORS, SEED, WRITERS, NEW_TOGETHER = 1_000, 7, 16, 20
ASKED = {"pipeline", "participation", "my_caseload", "groups"}
"""The read models that a round asks."""

ROUND_SECONDS = 1_800


@dataclass
class Parted:
    """Seconds of one round: over HTTP, and the next one by what it was spent on."""

    waiting: int
    seconds_http: float = 0.0
    worst_live_ms: float = 0.0
    parts: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def as_json(self) -> dict[str, float | str]:
        shown = {name: round(seconds, 2) for name, seconds in self.parts.items()}
        return {
            "waiting": self.waiting,
            "seconds_http": round(self.seconds_http, 2),
            "worst_live_ms": round(self.worst_live_ms, 1),
            "unit": "seconds",
            **shown,
        }


class NewPeople(Together):
    """Several new people in one commit: what one command begins, the next one finds."""

    def commit(self, order: Order, *changed: Aggregate, read: Sequence[Aggregate] = ()) -> Recorded:
        self._loaded |= {each.id: each for each in changed}
        return super().commit(order, *changed, read=read)


@dataclass(frozen=True)
class Scheme:
    """Somebody who gives commands, and the programme they are about."""

    parts: Parts
    openings: Openings
    coordinator: UUID
    programme: UUID
    shown: consents.Shown
    agreements: Sequence[UUID]

    def do(self, command: Callable[..., Recorded], by: UUID, **what: Any) -> Recorded:
        """One command, decided anew where others came first."""
        return carry_out(lambda: command(self.parts.mentoring, _order(by), **what))

    def wait(self, numbered: tuple[int, Sequence[PersonRow]]) -> None:
        """Some more with places, who ask."""
        number, rows = numbered
        self._together(self._waits, rows, self.agreements[number % len(self.agreements)])

    def mentor(self, rows: Sequence[PersonRow]) -> None:
        """Some more with room for one each."""
        self._together(self._mentors, rows)

    def _together(self, each: Callable[..., None], rows: Sequence[PersonRow], *more: UUID) -> None:
        def decide() -> Recorded:
            new = NewPeople(self.parts.mentoring)
            for row in rows:
                each(new, row, *more)
            return new.commit_all(_order(self.coordinator))

        carry_out(decide)

    def _waits(self, new: NewPeople, row: PersonRow, agreement: UUID) -> None:
        id, place = self._person(new, row, Role.MENTEE), uuid4()
        places.grant_place(new, _order(self.coordinator), id=place, agreement=agreement)
        request_relationship(new, _order(id), facts=RequestFacts(id, place))

    def _mentors(self, new: NewPeople, row: PersonRow) -> None:
        id = self._person(new, row, Role.MENTOR)
        mentor_profiles.apply_to_mentor(new, _order(id), person=id)
        mentor_profiles.approve_mentor(new, _order(self.coordinator), person=id)
        mentor_profiles.set_capacity(new, _order(id), person=id, capacity=1)

    def _person(self, new: NewPeople, row: PersonRow, role: Role) -> UUID:
        """Somebody who takes part and said what they wish."""
        id = uuid4()
        contact = self.openings.seal(Whose(Compartment.CONTACT, id, "contact", "contact"), "{}")
        people.register_person(new, _order(id), id=id, contact=contact, roles=[role])
        consents.give_consent(new, _order(id), person=id, shown=self.shown)
        stated = seal_stated(self.openings, id, _stated(row, role))
        part = Part.MENTOR if role is Role.MENTOR else Part.MENTEE
        preferences.state_preferences(new, _order(id), part=part, stated=stated)
        return id


def matching_round(world: World, waiting: int) -> Parted:
    """So many wait for 1,000 mentors; a round is over all of them."""
    with world.parts() as parts, connect(world.url("vouchsafe_worker")) as worker:
        scheme = _begun(parts, waiting)
        _fill(scheme, waiting)
        log = EventLog(parts.recorder, parts.mapper)
        prepare(worker, log, READ_MODELS)
        for model in READ_MODELS:
            if model.name in ASKED:
                rebuild(worker, log, model)
        found = Parted(waiting)
        _over_http(world, scheme, found)
        _by_parts(world, scheme, found)
        return found


def _begun(parts: Parts, waiting: int) -> Scheme:
    mentoring, openings = parts.mentoring, Openings(parts.mentoring, parts.keyring)
    order = lambda: _order(uuid4())  # noqa: E731 - several orders, whose does not matter
    programme = open_programme(mentoring, order(), id=uuid4(), settings=Settings("Any")).subject
    buyer = register_organisation(mentoring, order(), id=uuid4(), name="Fernley").subject
    terms = terms_of(programme, places=1_000)
    agreements = [
        sign_agreement(mentoring, order(), id=uuid4(), organisation=buyer, terms=terms).subject
        for _ in range(max(WRITERS, waiting // 800))
    ]
    notice = notices.publish_notice(
        mentoring,
        order(),
        purpose=Purpose.TAKE_PART,
        version=int(time.time()),
        language="en",
        text="May we keep a record of your mentoring?",
    ).subject
    shown = consents.Shown(notice, mentoring.load(Notice, notice).words.digest)
    person = enrol(parts, Contact("Benchmark", "b@example.org"), [Role.COORDINATOR])
    return Scheme(parts, openings, person, programme, shown, agreements)


def _fill(scheme: Scheme, waiting: int) -> None:
    mentees, mentors = made_up(max(waiting, MENTORS), SEED)
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(scheme.mentor, slices_of(mentors[:MENTORS], NEW_TOGETHER)))
        list(pool.map(scheme.wait, enumerate(slices_of(mentees[:waiting], NEW_TOGETHER))))


def _order(by: UUID) -> Order:
    return Order(Act(by, datetime.now(UTC)), uuid4())


def _over_http(world: World, scheme: Scheme, found: Parted) -> None:
    """The round of the real process; meanwhile somebody asks it every now and then whether it lives."""
    token = issue_token(scheme.parts, scheme.coordinator, Role.COORDINATOR)
    with serving(world) as port, ThreadPoolExecutor(1) as pool:
        path = f"/api/v1/programmes/{scheme.programme}/matching-rounds"
        started = time.perf_counter()
        round_run = pool.submit(_sent, port, "POST", path, token)
        while not round_run.done():
            asked = time.perf_counter()
            _sent(port, "GET", STATIC, "")
            took = 1000 * (time.perf_counter() - asked)
            found.worst_live_ms = max(found.worst_live_ms, took)
            time.sleep(0.01)
        round_run.result()
        found.seconds_http = time.perf_counter() - started


def _sent(port: int, method: str, path: str, token: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ROUND_SECONDS)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    assert answer.status < http.HTTPStatus.BAD_REQUEST, said


def _by_parts(world: World, scheme: Scheme, found: Parted) -> None:
    """The next round, in this process, with a watch on each part."""
    newest = newest_round(scheme.parts.mentoring, scheme.programme)
    assert newest is not None
    scheme.do(close_round, scheme.coordinator, matching_round=newest.id)
    now = datetime.now(UTC)
    with Reader(world.url("vouchsafe_reader")) as reader:
        caller = Caller(scheme.coordinator, Role.COORDINATOR)
        gathering = Gathering(
            scheme.parts.mentoring, scheme.openings, reader, caller, now, secrets.token_bytes
        )
        order = Order(Act(scheme.coordinator, now), uuid4())
        began = time.process_time()
        with _watched(found), _timed(found, "whole"):
            Finding(gathering).run_round(order, scheme.programme)
        found.parts["processor"] = time.process_time() - began


@contextmanager
def _watched(found: Parted) -> Iterator[None]:
    def timed(name: str, part: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **facts: Any) -> Any:
            with _timed(found, name):
                return part(*args, **facts)

        return call

    with (
        patch.object(Gathering, "of_programme", timed("opening", Gathering.of_programme)),
        patch.object(engine, "run_round", timed("engine", engine.run_round)),
        patch.object(Openings, "seal_all", timed("sealing", Openings.seal_all)),
        patch.object(finding, "record_round", timed("recording", finding.record_round)),
    ):
        yield


@contextmanager
def _timed(found: Parted, name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    found.parts[name] += time.perf_counter() - started


def _stated(row: PersonRow, role: Role) -> Stated:
    """The same person as a statement; what a mentee thinks of is a wish, and an offer of a mentor."""
    about, wishes = defaultdict(set), defaultdict(set)
    for held in row["holds"]:
        aspect, _, value = held.partition(":")
        if role is Role.MENTOR or aspect == Aspect.PRACTICE.value:
            about[Aspect(aspect)].add(value)
    for wished in row["wishes"]:
        aspect, _, value = wished.partition(":")
        wishes[Aspect(aspect)].add(value)
    return Stated(
        languages=tuple(row["languages"]),
        about=tuple((aspect, tuple(values)) for aspect, values in about.items()),
        wishes=tuple(
            Wish(aspect, tuple(values), Importance.WISH) for aspect, values in wishes.items()
        ),
    )
