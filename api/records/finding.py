"""Runs the matching for a coordinator: gathers, lets the engine work, and seals what it says for each person.

Nothing opened leaves this module but as reasons under the key of whoever reads them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid5

from api.carrying_out import carry_out
from api.records.gathering import Gathered, Gathering
from api.records.openings import Whose
from api.records.slices import slices_of
from api.records.under_way import ROUNDS
from crypto.errors import HeadMoved
from domain.commands.loading import find_ledger
from domain.commands.matching import (
    RoundFound,
    ShortlistFound,
    offer_shortlist,
    record_round,
    require_no_open_round,
    tell_why_nobody,
)
from domain.consent import ConsentLedger
from domain.matching.result import ENGINE, LeftOver, Suggestion
from domain.matching_round import MatchingRound, NobodyWaits, RoundFacts
from domain.mentoring import Order, Recorded
from domain.objection import SuggestionsAreStopped, Use
from domain.relationship import Relationship
from domain.shortlist import Origin, Shortlist, Shortlisted
from domain.values import Compartment, Purpose, Sealed

SEED_BYTES = 32
SEED_PURPOSE = "matching"
"""The key of a seed serves no consent: whoever knew the seed could try out what people may have said."""


TOLD_AT_ONCE = 500
"""More are told in commits of their own, so that nobody else waits long for one."""


class NobodyToTell(Exception):
    """None of those who were left over takes part any more."""


@dataclass(frozen=True, slots=True)
class _LeftOver:
    """Who was left over, and why."""

    mentee: UUID
    why: LeftOver


@dataclass(frozen=True)
class Finding:
    """Works out what may be proposed; people decide."""

    gathering: Gathering

    def run_round(self, order: Order, programme: UUID) -> Recorded:
        """Run and record a round; worked out anew when a consent that it rests on changes meanwhile.

        Of very many who are left over, most are told once the round stands; if that breaks off, the next round tells them.
        """
        with ROUNDS.alone(programme):
            return self._run(order, programme)

    def _run(self, order: Order, programme: UUID) -> Recorded:
        mentoring = self.gathering.mentoring
        told_later: list[_LeftOver] = []

        def decide() -> Recorded:
            number = require_no_open_round(mentoring, programme)
            found, told_later[:] = self._round(programme, MatchingRound.id_of(programme, number))
            try:
                return record_round(mentoring, order, programme=programme, found=found)
            except HeadMoved:
                # Among thousands somebody always says something else to another question meanwhile.
                still = replace(found, read=self.gathering.unchanged(found.read))
                return record_round(mentoring, order, programme=programme, found=still)

        recorded = carry_out(decide)
        for number, some in enumerate(slices_of(told_later, TOLD_AT_ONCE)):
            own = Order(order.act, uuid5(order.command_id, f"left-over:{number}"))
            with suppress(NobodyToTell):
                carry_out(partial(self._tell, own, recorded.subject, some))
        return recorded

    def draw_shortlist(self, order: Order, relationship: UUID) -> Recorded:
        """Draw a shortlist for one request, or tell the mentee why there is nobody."""
        mentoring = self.gathering.mentoring

        def decide() -> Recorded:
            request = mentoring.load(Relationship, relationship)
            request.require_somebody_wanted()
            _require_suggestions_wanted(find_ledger(mentoring, request.mentee))
            found = self._shortlist(request)
            return offer_shortlist(mentoring, order, relationship=relationship, found=found)

        return carry_out(decide)

    def _round(self, programme: UUID, id: UUID) -> tuple[RoundFound, list[_LeftOver]]:
        from domain.matching.engine import run_round  # noqa: PLC0415 - most processes never need numpy

        gathered = self.gathering.of_programme(programme)
        if not gathered.mentees:
            raise NobodyWaits
        seed = self.gathering.new_seed(SEED_BYTES)
        result = run_round(gathered.pool, seed)
        left_over = [_LeftOver(gathered.mentees[e.request], e) for e in result.left_over]
        found = RoundFound(
            self._origin(gathered, id, seed),
            gathered.ledgers,
            RoundFacts(
                len(gathered.pool.requests),
                len(gathered.pool.mentors),
                tuple(each.request for each in result.left_over),
                result.measures,
            ),
            dict(self._pairs(gathered, result.suggestions)),
            self._nobody(left_over[:TOLD_AT_ONCE]),
        )
        return found, left_over[TOLD_AT_ONCE:]

    def _tell(self, order: Order, matching_round: UUID, left_over: Sequence[_LeftOver]) -> Recorded:
        """Tell those of them whose consent is live still."""
        live = {each.person: each for each in self.gathering.live({e.mentee for e in left_over})}
        nobody = self._nobody([each for each in left_over if each.mentee in live])
        if not nobody:
            raise NobodyToTell
        return tell_why_nobody(
            self.gathering.mentoring,
            order,
            matching_round=matching_round,
            nobody=nobody,
            read=list(live.values()),
        )

    def _shortlist(self, request: Relationship) -> ShortlistFound:
        from domain.matching.engine import draw_shortlist  # noqa: PLC0415 - see _round

        gathered = self.gathering.of_request(request)
        if not gathered.mentees:
            raise NobodyWaits
        seed = self.gathering.new_seed(SEED_BYTES)
        result = draw_shortlist(gathered.pool, seed)
        left_over = LeftOver(request.id, result.nobody) if result.nobody else None
        nobody = [_LeftOver(request.mentee, left_over)] if left_over else []
        return ShortlistFound(
            self._origin(gathered, Shortlist.id_of(request.id), seed),
            gathered.ledgers,
            [found for _, found in self._pairs(gathered, result.suggestions)],
            self._nobody(nobody).get(request.id),
        )

    def _pairs(
        self, gathered: Gathered, suggestions: Iterable[Suggestion]
    ) -> Iterator[tuple[UUID, Shortlisted]]:
        """For each request whom it is suggested, and why, for each of the two."""
        for some in slices_of(suggestions):
            mentees = [gathered.mentees[each.request] for each in some]
            for_mentees = self._sealed(
                (mentee, "reasons_for_mentee", each.reasons.for_mentee)
                for mentee, each in zip(mentees, some, strict=True)
            )
            for_mentors = self._sealed(
                (each.mentor, "reasons_for_mentor", each.reasons.for_mentor) for each in some
            )
            for each, *words in zip(some, for_mentees, for_mentors, strict=True):
                yield each.request, Shortlisted(each.mentor, *words)

    def _nobody(self, left_over: Sequence[_LeftOver]) -> dict[UUID, Sealed]:
        """For each request why nobody is suggested."""
        words = self._sealed((each.mentee, "nobody_found", each.why.words) for each in left_over)
        return dict(zip((each.why.request for each in left_over), words, strict=True))

    def _sealed(self, texts: Iterable[tuple[UUID, str, str]]) -> list[Sealed]:
        """What is said to people, each under their own key."""
        of = Compartment.PERSONAL, Purpose.TAKE_PART.value
        given = [(Whose(of[0], owner, of[1], field), text) for owner, field, text in texts]
        return self.gathering.openings.seal_all(given)

    def _origin(self, gathered: Gathered, id: UUID, seed: bytes) -> Origin:
        whose = Whose(Compartment.CONTACT, id, SEED_PURPOSE, "seed")
        return Origin(
            ENGINE,
            gathered.weights_version,
            self.gathering.openings.seal(whose, seed.hex()),
            gathered.pool.digest(seed),
        )


def _require_suggestions_wanted(ledger: ConsentLedger | None) -> None:
    if ledger is not None and Use.SUGGESTIONS in ledger.stopped:
        raise SuggestionsAreStopped
