"""Gathers everybody who is in one run of the matching: who waits and who mentors, with what they chose to give.

What is sealed is opened by the one door, for this run: each look is recorded before, and what rests on no
live consent is not used. What was opened is handed to the engine and kept nowhere.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from api.records.openings import Openings
from api.records.relations import own_partners
from api.records.slices import AT_ONCE, slices_of
from api.records.statements import Someone, Statements
from api.records.who_waits import WhoWaits
from crypto.errors import HeadMoved, SealedRecordError
from domain.access import Caller
from domain.commands.loading import find_ledger
from domain.consent import ConsentLedger
from domain.matching.pool import Mentor, Pool, Request
from domain.matching.weights import as_mapping
from domain.mentor_profile import MentorProfile
from domain.mentor_profile_events import ProfileStage
from domain.mentoring import Mentoring
from domain.objection import Use
from domain.programme import ConflictRule, Programme
from domain.relationship import Relationship
from domain.relationship_events import Kind, Part
from domain.relationship_state import Stage
from domain.values import Purpose
from projections.mentor_questions import MentorRow
from projections.mentor_questions import mentors as mentors_after
from projections.reader import Reader

MOST_WAITING = 10_000
MOST_MENTORS = 10_000
MOST_PAIRINGS = 20_000_000
"""So many requests times the mentors' units of room: the tables of a round then take some 0.8 GB."""


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

    @property
    def who_waits(self) -> WhoWaits:
        """The requests that there are now."""
        return WhoWaits(self.mentoring, self.reader, self.caller)

    def of_programme(self, programme: UUID) -> Gathered:
        """Everybody who waits in a programme, and every mentor."""
        waiting = (each for each, of in self.who_waits.with_programmes() if of == programme)
        return self._gathered(programme, list(islice(waiting, MOST_WAITING)))

    def of_request(self, request: Relationship) -> Gathered:
        """One request, and every mentor."""
        return self._gathered(self.who_waits.programme_of(request.place), [request])

    def live(self, people: Iterable[UUID]) -> Iterator[ConsentLedger]:
        """The consents of those who take part, as they stand now."""
        return (
            one.ledger for one in self._taking_part((each, each, Part.MENTEE) for each in people)
        )

    def unchanged(self, ledgers: Sequence[ConsentLedger]) -> list[ConsentLedger]:
        """The same as they stand now; raises HeadMoved where one changed in what a run rests on."""
        now = list(self._as_they_stand(each.id for each in ledgers))
        if [_rested_on(each) for each in now] != [_rested_on(each) for each in ledgers]:
            raise HeadMoved
        return now

    def _as_they_stand(self, ids: Iterable[UUID]) -> Iterator[ConsentLedger]:
        for some in slices_of(ids):
            there = self.mentoring.ahead(some)
            for id in some:
                with suppress(SealedRecordError):
                    yield there.load(ConsentLedger, id)

    def _gathered(self, programme: UUID, waiting: Sequence[Relationship]) -> Gathered:
        rules = self.mentoring.load(Programme, programme)
        profiles = self._profiles(programme, {each.kind for each in waiting})
        room = self._room(profiles.values())
        requests = waiting[: _most_with(room.values())]
        apart = self.who_waits.kept_apart(requests)
        asked = [each for each in requests if each.id in apart]
        not_doing = {kind: _not_doing(kind, profiles) for kind in {each.kind for each in asked}}
        elsewhere = {each.id: not_doing[each.kind] for each in asked}
        people = [
            *self._taking_part((each.mentee, each.id, Part.MENTEE) for each in asked),
            *self._taking_part((person, person, Part.MENTOR) for person in profiles),
        ]
        return Gathered(
            self._pool(rules, people, _Apart(apart, elsewhere), room),
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

    def _taking_part(self, people: Iterable[tuple[UUID, UUID, Part]]) -> Iterator[Someone]:
        """Those whose consent to take part is live; the others are not in it at all."""
        for some in slices_of(people):
            there = self.mentoring.ahead([ConsentLedger.id_of(person) for person, _, _ in some])
            for person, subject, part in some:
                with suppress(SealedRecordError):
                    ledger = find_ledger(there, person)
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
            MentorProfile.id_of(row.person)
            for row in self._mentors()
            if row.person not in own and row.standing.stage is ProfileStage.APPROVED
        )
        for some in slices_of(approved):
            there = self.mentoring.ahead(some)
            for id in some:
                # A damaged or erased record of one mentor holds up nobody else.
                with suppress(SealedRecordError):
                    yield there.load(MentorProfile, id)

    def _mentors(self) -> Iterator[MentorRow]:
        after = 0
        while rows := mentors_after(self.reader, after=after, most=AT_ONCE):
            yield from rows
            after = rows[-1].position

    def _room(self, profiles: Iterable[MentorProfile]) -> dict[UUID, int]:
        """To how many more each can be proposed: each open proposal may take a unit."""
        proposed = Counter(row.proposed_mentor for row in self.who_waits.rows(Stage.PROPOSED))
        return {
            each.person: each.free - proposed[each.person]
            if each.stage is ProfileStage.APPROVED
            else 0
            for each in profiles
        }


def _rested_on(ledger: ConsentLedger) -> tuple[object, ...]:
    rested_on = Purpose.TAKE_PART, Purpose.IDENTITY_PREFERENCE
    return (
        ledger.id,
        ledger.stopped,
        ledger.is_closed,
        *(ledger.changes.get(each) for each in rested_on),
    )


def _not_doing(kind: Kind, profiles: Mapping[UUID, MentorProfile]) -> frozenset[UUID]:
    return frozenset(person for person, each in profiles.items() if kind not in each.kinds)


def _most_with(room: Collection[int]) -> int:
    """For how many requests the tables of a round can be laid out."""
    units = sum(max(each, 1) for each in room)
    return MOST_PAIRINGS // max(units, 1)
