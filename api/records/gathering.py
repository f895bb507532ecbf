"""Gathers everybody who is in one run of the matching: who waits and who mentors, with what they chose to give.

What is sealed is opened by the one door, for this run: each look is recorded before, and what rests on no
live consent is not used. What was opened is handed to the engine and kept nowhere.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

import msgspec

from api.records.openings import Openings
from api.records.relations import own_partners
from api.records.statements import Someone, Statements
from crypto.errors import SealedRecordError
from domain.access import Caller
from domain.commands.footing import footing_under
from domain.commands.loading import find_ledger
from domain.consent import ConsentLedger
from domain.matching.pool import Mentor, Pool, Request
from domain.matching.weights import as_mapping
from domain.mentor_profile import MentorProfile
from domain.mentor_profile_events import ProfileStage
from domain.mentoring import Mentoring
from domain.objection import Use
from domain.place import Place
from domain.policies.apart import kept_apart
from domain.programme import ConflictRule, Programme
from domain.relationship import Relationship
from domain.relationship_events import MATCHED_IN_ROUNDS, Kind, Part
from domain.relationship_state import Stage
from domain.values import Purpose
from projections.mentor_questions import MentorRow
from projections.mentor_questions import mentors as mentors_after
from projections.pipeline import PipelineRow
from projections.reader import Cursor, Reader

MOST_WAITING = 500
"""A round is about those who have waited longest, and the next about those after them."""
MOST_MENTORS = 1000
ROWS_AT_ONCE = 200

ROW = msgspec.json.Decoder(PipelineRow)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A pool, whose each of its requests is, and the consents that all of it rests on."""

    pool: Pool
    mentees: Mapping[UUID, UUID]
    ledgers: Sequence[ConsentLedger]
    weights_version: int


@dataclass(frozen=True, slots=True)
class _Apart:
    """For each request whom nothing brings together with it, and who does not do what it asks for."""

    people: Mapping[UUID, set[UUID]]
    elsewhere: Mapping[UUID, frozenset[UUID]]


@dataclass(frozen=True)
class Gathering:
    """Gathers for one coordinator, who sees neither a request nor a mentor of their own mentoring."""

    mentoring: Mentoring
    openings: Openings
    reader: Reader
    caller: Caller
    now: datetime
    new_seed: Callable[[int], bytes]
    _programmes: dict[UUID, UUID] = field(default_factory=dict)

    def waiting(self) -> Iterator[PipelineRow]:
        """The requests without an open proposal, the longest waiting first."""
        return islice(self._rows(Stage.REQUESTED), MOST_WAITING)

    def places_of_waiting(self) -> Iterator[UUID]:
        """Their places."""
        return (each.place for each in self._requests())

    def programme_of(self, place: UUID) -> UUID:
        """The programme that a place was bought for."""
        under = self.mentoring.load(Place, place).agreement
        if under not in self._programmes:
            self._programmes[under] = footing_under(self.mentoring, under).programme.id
        return self._programmes[under]

    def of_programme(self, programme: UUID) -> Gathered:
        """Everybody who waits in a programme, and every mentor."""
        found = [each for each in self._requests() if self._waits_in(each, programme)]
        return self._gathered(programme, found)

    def of_request(self, request: Relationship) -> Gathered:
        """One request, and every mentor."""
        return self._gathered(self.programme_of(request.place), [request])

    def _requests(self) -> Iterator[Relationship]:
        for row in self.waiting():
            # A damaged record of one relationship holds up no other.
            with suppress(SealedRecordError):
                request = self.mentoring.load(Relationship, row.id)
                if request.kind in MATCHED_IN_ROUNDS:
                    yield request

    def _waits_in(self, request: Relationship, programme: UUID) -> bool:
        return request.stage is Stage.REQUESTED and self.programme_of(request.place) == programme

    def _gathered(self, programme: UUID, requests: Sequence[Relationship]) -> Gathered:
        rules = self.mentoring.load(Programme, programme)
        apart = self._kept_apart(requests)
        asked = {each.id: each for each in requests if each.id in apart}
        profiles = self._profiles(programme, {each.kind for each in asked.values()})
        elsewhere = {
            each.id: frozenset(p.person for p in profiles.values() if each.kind not in p.kinds)
            for each in asked.values()
        }
        people = [
            *self._taking_part((each.mentee, each.id, Part.MENTEE) for each in asked.values()),
            *self._taking_part((person, person, Part.MENTOR) for person in profiles),
        ]
        return Gathered(
            self._pool(rules, people, _Apart(apart, elsewhere), self._room(profiles.values())),
            {one.subject: one.person for one in people if one.part is Part.MENTEE},
            list({one.ledger.id: one.ledger for one in people}.values()),
            rules.weights_version,
        )

    def _pool(
        self,
        rules: Programme,
        people: Sequence[Someone],
        apart: _Apart,
        room: Mapping[UUID, int],
    ) -> Pool:
        """Everybody with what they said; here it is opened."""
        said = Statements(self.mentoring, self.openings, self.caller, self.now).of(people)
        requests, mentors = [], []
        for one, each in zip(people, said, strict=True):
            party = each.as_party(one.subject, one.part, rules.settings, self.now)
            if one.part is Part.MENTOR:
                mentors.append(Mentor(**party, room=room[one.person]))
                continue
            welcome = each.stated.same_employer_welcome
            requests.append(
                Request(
                    **party,
                    apart=frozenset(apart.people[one.subject]),
                    elsewhere=apart.elsewhere[one.subject],
                    same_employer_welcome=welcome,
                )
            )
        keeps_apart = rules.settings.conflict_rule is ConflictRule.SAME_LINE_OR_TEAM
        return Pool(tuple(requests), tuple(mentors), as_mapping(rules.weights), keeps_apart)

    def _kept_apart(self, requests: Iterable[Relationship]) -> dict[UUID, set[UUID]]:
        """Whom nothing brings together with each; one of whom that cannot be told waits for a mended record."""
        found = {}
        for each in requests:
            with suppress(SealedRecordError):
                found[each.id] = self._kept_apart_from(each)
        return found

    def _kept_apart_from(self, request: Relationship) -> set[UUID]:
        apart = {request.mentee, self.caller.person}
        earlier = {each.relationship for each in self.reader.participation_of(request.mentee)}
        for relationship in {request.id, *earlier}:
            apart |= kept_apart(self.mentoring.events.get(relationship))
        return apart

    def _taking_part(self, people: Iterable[tuple[UUID, UUID, Part]]) -> Iterator[Someone]:
        """Those whose consent to take part is live; the others are not in it at all."""
        for person, subject, part in people:
            with suppress(SealedRecordError):
                ledger = find_ledger(self.mentoring, person)
                if ledger is not None and self._is_in(ledger):
                    yield Someone(person, subject, part, ledger)

    def _is_in(self, ledger: ConsentLedger) -> bool:
        return ledger.is_live(Purpose.TAKE_PART, self.now) and Use.SUGGESTIONS not in ledger.stopped

    def _profiles(self, programme: UUID, kinds: Collection[Kind]) -> dict[UUID, MentorProfile]:
        """Approved mentors of a programme who offer one of these kinds, with or without room."""
        offering = (
            each
            for each in (self._approved() if kinds else ())
            if any(each.offers(kind, programme) for kind in kinds)
        )
        return {each.person: each for each in islice(offering, MOST_MENTORS)}

    def _approved(self) -> Iterator[MentorProfile]:
        """Every approved mentor but those who are or were close to the coordinator."""
        own = own_partners(self.reader, self.caller.person)
        approved = (
            row.person
            for row in self._mentors()
            if row.person not in own and row.standing.stage is ProfileStage.APPROVED
        )
        for person in approved:
            # A damaged or erased record of one mentor holds up nobody else.
            with suppress(SealedRecordError):
                yield self.mentoring.load(MentorProfile, MentorProfile.id_of(person))

    def _mentors(self) -> Iterator[MentorRow]:
        after = 0
        while rows := mentors_after(self.reader, after=after, most=ROWS_AT_ONCE):
            yield from rows
            after = rows[-1].position

    def _room(self, profiles: Iterable[MentorProfile]) -> dict[UUID, int]:
        """To how many more each can be proposed: each open proposal may take a unit."""
        proposed = Counter(row.proposed_mentor for row in self._rows(Stage.PROPOSED))
        return {
            each.person: each.free - proposed[each.person]
            if each.stage is ProfileStage.APPROVED
            else 0
            for each in profiles
        }

    def _rows(self, stage: Stage) -> Iterator[PipelineRow]:
        after: Cursor | None = None
        while True:
            page = self.reader.pipeline(
                after=after, most=ROWS_AT_ONCE, stage=stage, hidden_from=self.caller.person
            )
            yield from (ROW.decode(document) for document in page.documents)
            after = page.next
            if after is None:
                return
