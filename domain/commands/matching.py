"""What is done with what the matching found: recorded, ranked, proposed; a coordinator's orders but for the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.aggregate import Aggregate
from domain.commands.loading import load_live_ledger, load_subject
from domain.commands.proposals import propose_mentor
from domain.commands.together import Together
from domain.consent import ConsentLedger
from domain.errors import DomainError
from domain.matching.aspects import Aspect
from domain.matching.weights import weights_of
from domain.matching_round import MatchingRound, RoundFacts, RoundIsOpen
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.policies.withdrawal import preference_ended_since
from domain.programme import Programme
from domain.proposal import Offer
from domain.relationship import Relationship
from domain.shortlist import NoShortlist, Origin, Shortlist, Shortlisted
from domain.values import Purpose, Sealed


class ConsentEndedSince(DomainError):
    """A consent that this rests on ended after it was worked out, so it is not proposed; work it out anew."""


@dataclass(frozen=True)
class Found:
    """What was worked out, from what, and the consents that it rests on: if one moves, nothing is recorded."""

    origin: Origin
    read: Sequence[ConsentLedger]


@dataclass(frozen=True)
class RoundFound(Found):
    """For each request a mentor with sealed reasons, or sealed words on why there is nobody."""

    facts: RoundFacts
    pairs: Mapping[UUID, Shortlisted]
    nobody: Mapping[UUID, Sealed]


@dataclass(frozen=True)
class ShortlistFound(Found):
    """The mentors who suit one request best, the best first, or sealed words on why there is nobody."""

    offered: Sequence[Shortlisted]
    nobody: Sealed | None


def set_weights(
    mentoring: Mentoring, order: Order, *, programme: UUID, weights: Mapping[Aspect, int]
) -> Recorded:
    """Say how much each aspect counts from now on."""
    subject = load_subject(mentoring, order, Programme, programme)
    subject.set_weights(weights_of(weights), order.act)
    return mentoring.commit(order, subject)


def newest_round(mentoring: Mentoring, programme: UUID) -> MatchingRound | None:
    """The last round of a programme, if there was one."""
    number = _count_rounds(mentoring, programme)
    return mentoring.load(MatchingRound, MatchingRound.id_of(programme, number)) if number else None


def require_no_open_round(mentoring: Mentoring, programme: UUID) -> int:
    """The number of the round that may be run next."""
    newest = newest_round(mentoring, programme)
    if newest is not None and not newest.is_closed:
        raise RoundIsOpen
    return newest.number + 1 if newest else 1


def record_round(
    mentoring: Mentoring, order: Order, *, programme: UUID, found: RoundFound
) -> Recorded:
    """Record a round with what it found, and tell these who were left over why; all of it or nothing."""
    number = require_no_open_round(mentoring, programme)
    subject = MatchingRound.run(programme, number, found.origin, found.facts, order.act)
    for relationship, pair in found.pairs.items():
        subject.add_pair(relationship, pair.reasons_for_mentee.owner, pair, order.act)
    told = _told(mentoring, order, subject.id, found.nobody)
    return mentoring.commit(order, subject, *told, read=found.read)


def tell_why_nobody(
    mentoring: Mentoring,
    order: Order,
    *,
    matching_round: UUID,
    nobody: Mapping[UUID, Sealed],
    read: Sequence[Aggregate],
) -> Recorded:
    """Tell more of those who were left over in a round; `read` are their consents. All of them or none."""
    told = _told(mentoring, order, matching_round, nobody)
    return mentoring.commit(order, *told, read=read)


def close_round(mentoring: Mentoring, order: Order, *, matching_round: UUID) -> Recorded:
    """Let go what a round found and nobody proposed."""
    subject = load_subject(mentoring, order, MatchingRound, matching_round)
    subject.close(order.act)
    return mentoring.commit(order, subject)


def propose_pair(
    mentoring: Mentoring, order: Order, *, matching_round: UUID, relationship: UUID
) -> Recorded:
    """Make a proposal of what a round found for one request, as if somebody had written it."""
    together = Together(mentoring)
    subject = together.load(MatchingRound, matching_round)
    found = subject.require_open_for(relationship)
    _propose(together, order, relationship, found)
    _require_consents_kept(mentoring, found, subject.ran_at)
    subject.note_proposed(relationship, order.command_id, order.act)
    together.commit(order, subject)
    return together.commit_all(order)


def offer_shortlist(
    mentoring: Mentoring, order: Order, *, relationship: UUID, found: ShortlistFound
) -> Recorded:
    """Offer a mentee some mentors to choose among, or tell them why there is nobody."""
    request = load_subject(mentoring, order, Relationship, relationship)
    request.require_somebody_wanted()
    request.require_outsider(order.act.actor)
    subject = _find_or_begin(mentoring, order, relationship, request.mentee)
    if found.nobody is None:
        subject.offer(found.offered, found.origin, order.act)
    else:
        subject.say_why_nobody(None, found.nobody, order.act)
    return mentoring.commit(order, subject, read=(request, *found.read))


def rank_shortlist(
    mentoring: Mentoring, order: Order, *, relationship: UUID, mentors: tuple[UUID, ...]
) -> Recorded:
    """Say whom one would rather have; the mentee's own order, while nothing is decided."""
    request = mentoring.load(Relationship, relationship)
    request.require_unmatched()
    subject = find_shortlist(mentoring, relationship)
    if subject is None:
        raise NoShortlist
    order.require_version(subject)
    ledger = load_live_ledger(mentoring, order, order.act.actor, Purpose.TAKE_PART)
    subject.rank(mentors, order.act)
    return mentoring.commit(order, subject, read=(request, ledger))


def propose_shortlisted(
    mentoring: Mentoring, order: Order, *, relationship: UUID, mentor: UUID
) -> Recorded:
    """Propose one mentor of a shortlist with the reasons that were worked out."""
    together = Together(mentoring)
    shortlist = find_shortlist(together, relationship)
    if shortlist is None or shortlist.found_at is None:
        raise NoShortlist
    found, rank = shortlist.of(mentor), shortlist.in_order.index(mentor) + 1
    _propose(together, order, relationship, found, rank=rank)
    _require_consents_kept(mentoring, found, shortlist.found_at)
    return together.commit_all(order)


def find_shortlist(mentoring: Mentoring, relationship: UUID) -> Shortlist | None:
    """What the matching found for one request, if anybody looked."""
    try:
        return mentoring.load(Shortlist, Shortlist.id_of(relationship))
    except NotFound:
        return None


def is_outdated(mentoring: Mentoring, shortlist: Shortlist) -> bool:
    """Whether it may rest on a consent that ended since."""
    people = (shortlist.mentee, *(each.mentor for each in shortlist.offered))
    found_at = shortlist.found_at
    return found_at is not None and any(
        preference_ended_since(mentoring.events.get(ConsentLedger.id_of(person)), found_at)
        for person in people
    )


def _propose(
    together: Together, order: Order, relationship: UUID, found: Shortlisted, *, rank: int = 1
) -> None:
    offer = Offer(
        order.command_id, found.mentor, rank, found.reasons_for_mentee, found.reasons_for_mentor
    )
    propose_mentor(together, order, relationship=relationship, offer=offer)


def _require_consents_kept(mentoring: Mentoring, found: Shortlisted, since: datetime) -> None:
    """Rule 3; read after the ledgers that the proposal rests on, so that nothing falls between."""
    for person in (found.reasons_for_mentee.owner, found.mentor):
        if preference_ended_since(mentoring.events.get(ConsentLedger.id_of(person)), since):
            raise ConsentEndedSince


def _told(
    mentoring: Mentoring, order: Order, matching_round: UUID, nobody: Mapping[UUID, Sealed]
) -> list[Shortlist]:
    there = mentoring.ahead([Shortlist.id_of(each) for each in nobody])
    told = []
    for relationship, words in nobody.items():
        subject = _find_or_begin(there, order, relationship, words.owner)
        subject.say_why_nobody(matching_round, words, order.act)
        told.append(subject)
    return told


def _find_or_begin(
    mentoring: Mentoring, order: Order, relationship: UUID, mentee: UUID
) -> Shortlist:
    found = find_shortlist(mentoring, relationship)
    return found or Shortlist.begin_for(relationship, mentee, order.act)


def _count_rounds(mentoring: Mentoring, programme: UUID) -> int:
    """Rounds are numbered without gaps, so their number is found by halving."""
    first, beyond = 0, 1
    while _is_run(mentoring, programme, beyond):
        first, beyond = beyond, 2 * beyond
    while beyond - first > 1:
        middle = (first + beyond) // 2
        first, beyond = (
            (middle, beyond) if _is_run(mentoring, programme, middle) else (first, middle)
        )
    return first


def _is_run(mentoring: Mentoring, programme: UUID, number: int) -> bool:
    events = mentoring.events.get(MatchingRound.id_of(programme, number), limit=1)
    return next(iter(events), None) is not None
