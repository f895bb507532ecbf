"""What people state, what a round found, and a shortlist: who may say what, and what is refused."""

from uuid import UUID, uuid4

import pytest

from domain.errors import SealedForAnotherPurpose
from domain.matching.aspects import Aspect
from domain.matching.measures import Measures
from domain.matching.weights import USUAL_WEIGHTS, WrongWeights, as_mapping, weights_of
from domain.matching_round import (
    MatchingRound,
    NotFoundInRound,
    ProposedAlready,
    RoundFacts,
    RoundIsClosed,
)
from domain.preferences import NothingToTakeBack, NotYourPreferences, Preferences
from domain.programme import Programme, Settings, SettingsAreTheSame
from domain.proposal import NoSuchProposal, SupersededReason
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import Part
from domain.sealed import SealedForAnother, WrongCompartment
from domain.shortlist import (
    NoShortlist,
    NotOnShortlist,
    NotYourShortlist,
    Origin,
    RankEachOnce,
    Shortlist,
    Shortlisted,
)
from domain.values import Compartment, Purpose, Sealed
from tests.unit.domain.builders import COORDINATOR, MONDAY, act, offer_of, sealed_for

MENTEE, MENTOR = UUID(int=11), UUID(int=12)


def special(person: UUID) -> Sealed:
    return sealed_for(person, Compartment.SPECIAL, Purpose.IDENTITY_PREFERENCE)


def origin() -> Origin:
    return Origin("engine", 1, sealed_for(uuid4(), Compartment.CONTACT, "matching"), b"digest")


def found(mentor: UUID = MENTOR) -> Shortlisted:
    return Shortlisted(mentor, sealed_for(MENTEE), sealed_for(mentor))


def preferences() -> Preferences:
    return Preferences.begin_for(MENTEE, act(MENTEE))


def test_what_is_stated_anew_replaces_what_was_stated_on_that_side() -> None:
    stated = preferences()
    first, second, other = (sealed_for(MENTEE) for _ in range(3))
    stated.state(Part.MENTEE, first, act(MENTEE))
    stated.state(Part.MENTOR, other, act(MENTEE))
    stated.state(Part.MENTEE, second, act(MENTEE))
    assert stated.stated == {Part.MENTEE: second, Part.MENTOR: other}


def test_only_the_person_says_what_they_wish_under_their_own_keys_for_it() -> None:
    stated = preferences()
    with pytest.raises(NotYourPreferences):
        Preferences.begin_for(MENTEE, act(COORDINATOR))
    with pytest.raises(NotYourPreferences):
        stated.state(Part.MENTEE, sealed_for(MENTEE), act(COORDINATOR))
    with pytest.raises(SealedForAnother):
        stated.state(Part.MENTEE, sealed_for(MENTOR), act(MENTEE))
    shared = sealed_for(MENTEE, purpose=Purpose.SHARE_PROFILE)
    with pytest.raises(SealedForAnotherPurpose):
        stated.state(Part.MENTEE, shared, act(MENTEE))
    with pytest.raises(WrongCompartment):
        stated.state_detail(Part.MENTEE, sealed_for(MENTEE), act(MENTEE))
    needs = sealed_for(MENTEE, Compartment.SPECIAL, Purpose.TAKE_PART)
    with pytest.raises(SealedForAnotherPurpose):
        stated.state_detail(Part.MENTEE, needs, act(MENTEE))


def test_what_was_said_of_backgrounds_is_taken_back_on_its_own_side() -> None:
    stated = preferences()
    stated.state_detail(Part.MENTEE, special(MENTEE), act(MENTEE))
    with pytest.raises(NothingToTakeBack):
        stated.take_detail_back(Part.MENTOR, act(MENTEE))
    stated.take_detail_back(Part.MENTEE, act(MENTEE))
    assert stated.details == {}
    assert stated.has_ever_stated_detail


def test_rule_3_a_proposal_is_taken_back_also_for_what_was_stated_beside_the_request() -> None:
    relationship = Relationship.request(uuid4(), RequestFacts(MENTEE, uuid4()), act(MENTEE))
    relationship.propose_mentor(offer_of(MENTEE, MENTOR), act(COORDINATOR))
    with pytest.raises(NoSuchProposal):
        relationship.take_back_for_preference(MONDAY, act(COORDINATOR))
    relationship.take_back_for_preference(MONDAY, act(COORDINATOR), has_stated=True)
    last = relationship.pending_events[-1]
    assert isinstance(last, Relationship.ProposalSuperseded)
    assert last.reason is SupersededReason.REASONS_OUTDATED


def run() -> MatchingRound:
    facts = RoundFacts(2, 1, (uuid4(),), Measures(500, 0, 1000, 1000, 0))
    return MatchingRound.run(uuid4(), 1, origin(), facts, act(COORDINATOR))


def test_a_pair_of_a_round_is_proposed_once_and_only_while_the_round_is_open() -> None:
    subject, relationship, other = run(), uuid4(), uuid4()
    for each in (relationship, other):
        subject.add_pair(each, MENTEE, found(), act(COORDINATOR))
    subject.note_proposed(relationship, uuid4(), act(COORDINATOR))
    with pytest.raises(ProposedAlready):
        subject.note_proposed(relationship, uuid4(), act(COORDINATOR))
    with pytest.raises(NotFoundInRound):
        subject.note_proposed(uuid4(), uuid4(), act(COORDINATOR))
    subject.close(act(COORDINATOR))
    with pytest.raises(RoundIsClosed):
        subject.note_proposed(other, uuid4(), act(COORDINATOR))
    with pytest.raises(RoundIsClosed):
        subject.close(act(COORDINATOR))


def test_reasons_are_sealed_for_whoever_reads_them() -> None:
    wrong = Shortlisted(MENTOR, sealed_for(MENTOR), sealed_for(MENTOR))
    with pytest.raises(SealedForAnother):
        run().add_pair(uuid4(), MENTEE, wrong, act(COORDINATOR))
    with pytest.raises(SealedForAnother):
        shortlist().offer([wrong], origin(), act(COORDINATOR))
    with pytest.raises(SealedForAnother):
        shortlist().say_why_nobody(None, sealed_for(MENTOR), act(COORDINATOR))


def shortlist() -> Shortlist:
    return Shortlist.begin_for(uuid4(), MENTEE, act(COORDINATOR))


def test_a_mentee_ranks_everybody_on_their_shortlist_once() -> None:
    subject, other = shortlist(), uuid4()
    with pytest.raises(NoShortlist):
        subject.rank((MENTOR,), act(MENTEE))
    subject.offer([found(), found(other)], origin(), act(COORDINATOR))
    with pytest.raises(NotYourShortlist):
        subject.rank((MENTOR, other), act(COORDINATOR))
    for wrong in ((MENTOR,), (MENTOR, MENTOR), (MENTOR, uuid4()), (MENTOR, other, other)):
        with pytest.raises(RankEachOnce):
            subject.rank(wrong, act(MENTEE))
    assert subject.in_order == (MENTOR, other)
    subject.rank((other, MENTOR), act(MENTEE))
    assert subject.in_order == (other, MENTOR)
    assert subject.of(other).mentor == other
    with pytest.raises(NotOnShortlist):
        subject.of(uuid4())


def test_the_newest_finding_stands_for_all_before_it() -> None:
    subject = shortlist()
    subject.offer([found()], origin(), act(COORDINATOR))
    subject.rank((MENTOR,), act(MENTEE))
    words = sealed_for(MENTEE)
    subject.say_why_nobody(uuid4(), words, act(COORDINATOR))
    assert (subject.offered, subject.ranking, subject.nobody) == ((), (), words)
    subject.offer([found()], origin(), act(COORDINATOR))
    assert (subject.ranking, subject.nobody) == ((), None)


def test_weights_are_whole_and_each_set_is_a_version() -> None:
    programme = Programme.open(uuid4(), Settings("Any"), act(COORDINATOR))
    assert (programme.weights, programme.weights_version) == (USUAL_WEIGHTS, 0)
    programme.set_weights(weights_of({Aspect.THEMES: 9}), act(COORDINATOR))
    assert programme.weights_version == 1
    assert as_mapping(programme.weights)[Aspect.THEMES] == 9
    with pytest.raises(SettingsAreTheSame):
        programme.set_weights(weights_of({Aspect.THEMES: 9}), act(COORDINATOR))
    with pytest.raises(WrongWeights):
        weights_of({Aspect.THEMES: 11})


def test_an_aspect_that_stored_weights_do_not_know_counts_as_usual() -> None:
    assert as_mapping(()) == as_mapping(USUAL_WEIGHTS)
