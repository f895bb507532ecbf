"""What a log tells of the matching: who stated what under which consent, and what became of what was found."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from domain.matching_round import MatchingRound
from domain.preferences import Preferences
from domain.shortlist import Shortlist
from domain.values import Purpose
from tests.properties.scheme_facts import Facts


@dataclass
class Round:
    """One round as the log tells it: whom it found for which request, and what was proposed."""

    programme: UUID
    at: datetime
    found: dict[UUID, UUID] = field(default_factory=dict)
    proposed: set[UUID] = field(default_factory=set)
    is_closed: bool = False


@dataclass
class Choice:
    """One shortlist as the log tells it."""

    relationship: UUID
    mentee: UUID
    at: datetime
    mentors: tuple[UUID, ...] = ()


class MatchingFacts(Facts):
    """The same of rounds and shortlists."""

    def __init__(self) -> None:
        super().__init__()
        self.rounds: dict[UUID, Round] = {}
        self.shortlists: dict[UUID, Choice] = {}
        self._stated_by: dict[UUID, UUID] = {}

    def rests_on_ended_consent(self, relationship: UUID, mentor: UUID, since: datetime) -> bool:
        """Whether either of them took back what was found by."""
        people = (self.pairs[relationship].mentee, mentor)
        ends = (self.ended_at.get((each, Purpose.IDENTITY_PREFERENCE)) for each in people)
        return any(end is not None and end >= since for end in ends)

    def _begun(self, fact: Any) -> None:
        self._stated_by[fact.originator_id] = fact.person

    def _stated(self, fact: Any) -> None:
        self._require_consented(fact, fact.stated, Purpose.TAKE_PART)

    def _detail_stated(self, fact: Any) -> None:
        self._require_consented(fact, fact.detail, Purpose.IDENTITY_PREFERENCE)

    def _require_consented(self, fact: Any, words: Any, purpose: Purpose) -> None:
        person = self._stated_by[fact.originator_id]
        own = fact.actor == person == words.owner
        self.require("everybody states their own wishes", holds=own)
        consented = self.takes_part(person, fact.timestamp, purpose)
        self.require("3: what is stated rests on a live consent", holds=consented)

    def _ran(self, fact: Any) -> None:
        rounds = [each for each in self.rounds.values() if each.programme == fact.programme]
        closed = all(each.is_closed for each in rounds)
        self.require("10: one round at a time", holds=closed)
        self.rounds[fact.originator_id] = Round(fact.programme, fact.timestamp)

    def _found(self, fact: Any) -> None:
        self.rounds[fact.originator_id].found[fact.relationship] = fact.mentor

    def _proposed_from_round(self, fact: Any) -> None:
        subject = self.rounds[fact.originator_id]
        offered = self.pairs[fact.relationship].open_proposal
        is_it = offered is not None and offered.mentor == subject.found.get(fact.relationship)
        self.require("10: what is proposed is what was found", holds=is_it)
        open_for = not subject.is_closed and fact.relationship not in subject.proposed
        self.require("10: what was let go is not proposed", holds=open_for)
        if offered is not None:
            ended = self.rests_on_ended_consent(fact.relationship, offered.mentor, subject.at)
            self.require("3: nothing rests on what was taken back", holds=not ended)
        subject.proposed.add(fact.relationship)

    def _round_closed(self, fact: Any) -> None:
        self.rounds[fact.originator_id].is_closed = True

    def _shortlist_begun(self, fact: Any) -> None:
        choice = Choice(fact.relationship, fact.mentee, fact.timestamp)
        self.shortlists[fact.originator_id] = choice

    def _offered(self, fact: Any) -> None:
        choice = self.shortlists[fact.originator_id]
        waits = self.pairs[choice.relationship]
        self.require("a choice is offered to who waits", holds=waits.is_open and not waits.mentor)
        outside = fact.actor not in waits.insiders()
        self.require("nobody coordinates a relationship they are in", holds=outside)
        choice.mentors, choice.at = fact.mentors, fact.timestamp

    def _ranked(self, fact: Any) -> None:
        choice = self.shortlists[fact.originator_id]
        self.require("only the mentee ranks", holds=fact.actor == choice.mentee)
        all_of_them = sorted(fact.mentors) == sorted(choice.mentors)
        self.require("each is ranked once", holds=all_of_them)
        takes_part = self.takes_part(choice.mentee, fact.timestamp)
        self.require("1: who ranks takes part", holds=takes_part)

    TELLING: ClassVar[dict[type, Any]] = {
        **Facts.TELLING,
        Preferences.Created: _begun,
        Preferences.Stated: _stated,
        Preferences.DetailStated: _detail_stated,
        MatchingRound.Created: _ran,
        MatchingRound.PairFound: _found,
        MatchingRound.PairProposed: _proposed_from_round,
        MatchingRound.Closed: _round_closed,
        Shortlist.Created: _shortlist_begun,
        Shortlist.Offered: _offered,
        Shortlist.Ranked: _ranked,
    }
