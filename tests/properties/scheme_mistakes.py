"""Mistakes that somebody could make in the domain, to show that the rules would find them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain import concern, feedback_box, funding_invoices, relationship_sessions, rights_request
from domain.commands import (
    consents,
    feedback,
    matching,
    partners,
    preferences,
    relationships,
    rights_requests,
    seats,
    sessions,
    stories,
)
from domain.commands import proposals as proposal_commands
from domain.commands.loading import find_ledger
from domain.commands.seats import Seat
from domain.consent import ConsentLedger
from domain.disclosure import Disclosure, Telling
from domain.erasure import Erasure
from domain.feedback_box import FeedbackBox
from domain.feedback_slips import FeedbackSlips
from domain.funding_agreement import FundingAgreement
from domain.group import Group
from domain.invitation import Invitation
from domain.matching_round import MatchingRound
from domain.mentor_profile import MentorProfile
from domain.objection import Objections
from domain.place import Place
from domain.portfolio import Portfolio
from domain.proposal import Proposal
from domain.relationship_partner import RelationshipPartner
from domain.relationship_state import NothingToEnd, RelationshipState
from domain.shortlist import Shortlist
from domain.story import Story
from domain.suggestion import Suggestion
from domain.working_time import WorkingHours
from tests.properties.scheme_commands import AnybodyDoesAnything
from tests.properties.scheme_desks import DesksAreFull
from tests.properties.scheme_feedback import FeedbackIsGiven
from tests.properties.scheme_groups import GroupsAreFormed
from tests.properties.scheme_matching import MatchingIsRun
from tests.properties.scheme_money import MoneyGoesRound
from tests.properties.scheme_own import TheirsIsTheirs
from tests.properties.scheme_partners import PartnersAreFound
from tests.properties.scheme_voices import VoicesAreHeard


@dataclass(frozen=True)
class Mistake:
    """Something that is put in the place of something right."""

    name: str
    where: Any
    what: str
    instead: Any
    found_by: type[Exception] = AssertionError
    also: tuple[tuple[Any, str, Callable[..., Any]], ...] = ()
    """Where a rule is kept twice, both have to be forgotten."""
    among: type[AnybodyDoesAnything] = AnybodyDoesAnything
    """The commands among which it is looked for: among all of them it takes longer."""
    alone: bool = False
    """Whether these do without those of people who meet."""

    def plant(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for where, what, instead in ((self.where, self.what, self.instead), *self.also):
            monkeypatch.setattr(where, what, instead)


def _nothing(*_: Any, **__: Any) -> None:
    """Checks nothing."""


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _nothing_to_end(*_: Any, **__: Any) -> None:
    raise NothingToEnd


def _always_uses(place: Place, session: Any, _outcome: Any, act: Any) -> None:
    place.use(session, act)


def _leaks(*_: Any, **__: Any) -> None:
    raise KeyError("session")


def _reserve_without_end(place: Place, session: Any, act: Any) -> None:
    place.record(Place.SessionReserved, act, session=session)


def _taken_again(place: Place, relationship: Any, act: Any) -> None:
    place.record(Place.Taken, act, relationship=relationship)


def _freed_without_place(
    mentoring: Any, subject: Any, _ahead: Any, act: Any, **_: Any
) -> list[Any]:
    if subject.mentor is None:
        return []
    profile = mentoring.load(MentorProfile, MentorProfile.id_of(subject.mentor))
    profile.disengage(subject.id, act)
    return [profile]


def _whenever(mentoring: Any, _order: Any, person: Any, *_purposes: Any) -> Any:
    return find_ledger(mentoring, person)


def _one_more(mentoring: Any, programme: Any) -> int:
    newest = matching.newest_round(mentoring, programme)
    return newest.number + 1 if newest else 1


def _found_or_let_go(matching_round: MatchingRound, relationship: Any) -> Any:
    return matching_round.pair(relationship)


def _ranked_by_anybody(shortlist: Shortlist, mentors: Any, act: Any) -> None:
    shortlist.record(Shortlist.Ranked, act, mentors=mentors)


def _sorted_again(remark: concern.Concern, category: Any, desk: Any, act: Any) -> None:
    remark.record(concern.Concern.Triaged, act, category=category, desk=desk)


def _answered_again(subject: Suggestion, outcome: Any, gist: Any, answer: Any, act: Any) -> None:
    subject.record(Suggestion.Answered, act, outcome=outcome, gist=gist, answer=answer)


def _come_anyhow(pair: RelationshipPartner, link: Any, act: Any) -> None:
    pair.record(pair.PartnerCame, act, link=link, partner=act.actor)


def _joined_anyhow(pair: RelationshipPartner, act: Any) -> None:
    pair._require_partner(act.actor)
    pair.record(pair.PartnerJoined, act, partner=act.actor)


def _dropped_anyhow(box: FeedbackBox, answers: Any, act: Any) -> None:
    box.record(FeedbackBox.Dropped, act, slip=act.actor, lot=box.lot, answers=answers)


def _taken_anyhow(slips: FeedbackSlips, act: Any) -> None:
    slips.record(FeedbackSlips.Taken, act)


def _nobody(*_: Any, **__: Any) -> list[Any]:
    return []


def _the_one(_person: UUID) -> UUID:
    return UUID(int=3)


def _stopped_again(ledger: Objections, use: Any, act: Any) -> None:
    ledger.record(ledger.UseStopped, act, use=use)


def _much_later(day: Any, months: int) -> Any:
    return day + timedelta(days=40 * months)


AMONG_MEETINGS = (
    Mistake("capacity is forgotten", MentorProfile, "require_available", _nothing),
    Mistake("conflicts are forgotten", RelationshipState, "require_no_conflict", _nothing),
    Mistake("who parted for cause meets again", RelationshipState, "require_not_parted", _nothing),
    Mistake("a proposal never runs out", Proposal, "require_unexpired", _nothing),
    Mistake("hours are not looked at", WorkingHours, "contain", _yes),
    Mistake("how often is not looked at", relationship_sessions, "require_free_turn", _nothing),
    Mistake(
        "a place is taken twice",
        Place,
        "take",
        _taken_again,
        also=((proposal_commands._Needs, "obstacle", _nothing),),
    ),
    Mistake("sessions are reserved without end", Place, "reserve", _reserve_without_end),
    Mistake("every ending uses the place", sessions, "settle", _always_uses),
    Mistake("insiders coordinate", RelationshipState, "require_outsider", _nothing),
    Mistake(
        "a withdrawal ends nothing",
        relationships,
        "end_for_withdrawal",
        _nothing_to_end,
        also=((consents, "end_for_withdrawal", _nothing_to_end),),
    ),
    Mistake("an ending keeps what lay ahead", relationships, "_freed", _freed_without_place),
    Mistake("consents are taken for granted", proposal_commands, "_takes_part", _yes),
    Mistake("an error of the program gets out", Place, "release", _leaks, KeyError),
)

AMONG_MONEY = (
    Mistake("what has ended still pays", FundingAgreement, "require_in_force", _nothing),
    Mistake("an invitation lets in twice", Invitation, "_require_left", _nothing),
    Mistake("small groups are billed", funding_invoices, "FEWEST_PLACES", 0),
)

AMONG_MATCHING = (
    Mistake("wishes are kept without consent", preferences, "load_live_ledger", _whenever),
    Mistake("rounds overlap", matching, "require_no_open_round", _one_more),
    Mistake("what was let go is proposed", MatchingRound, "require_open_for", _found_or_let_go),
    Mistake("findings outlive their consent", matching, "_require_consents_kept", _nothing),
    Mistake("anybody ranks", Shortlist, "rank", _ranked_by_anybody),
)

AT_THE_DESKS = (
    Mistake("one decides alone", Disclosure, "_require_undecided", _nothing),
    Mistake("the mentee comes last", Telling, "holds_on", _yes),
    Mistake("what was passed on comes back", concern.Concern, "triage", _sorted_again),
    Mistake("answers take their time", rights_request, "months_after", _much_later),
    Mistake("people decide about themselves", Erasure, "_require_undecided", _nothing),
    Mistake("a hold holds nothing", Erasure, "require_not_held", _nothing),
    Mistake("who is erased still consents", ConsentLedger, "close", _nothing),
    Mistake("nothing is kept for its time", concern, "require_kept_for", _nothing),
)

AMONG_VOICES = (
    Mistake("a story is shown without consent", stories, "load_live_ledger", _whenever),
    Mistake("what was sent back is shown", Story, "_require_offered", _nothing),
    Mistake("a suggestion is answered twice", Suggestion, "answer", _answered_again),
)

AMONG_FEEDBACK = (
    Mistake("a slip is good twice", FeedbackBox, "drop", _dropped_anyhow),
    Mistake("few leave a box", feedback_box, "FEWEST_ABOUT_A_MENTOR", 4),
    Mistake("what is full stays in its box", feedback, "_taken_out", _nobody),
    Mistake("slips are had twice", FeedbackSlips, "take", _taken_anyhow),
    Mistake("slips are had without consent", feedback, "load_live_ledger", _whenever),
)

OF_THEIR_OWN = (
    Mistake(
        "there is one portfolio for all",
        Portfolio,
        "id_of",
        staticmethod(_the_one),
        also=((Portfolio, "_require_own", _nothing),),
    ),
    Mistake("words of a piece lie under any key", Portfolio, "_require_right", _nothing),
    Mistake("a refused objection still stops", rights_requests, "find_ledger", _nothing),
    Mistake("what is stopped is stopped again", Objections, "stop_use", _stopped_again),
)

IN_GROUPS = (
    Mistake("there is always one seat more", Group, "require_seat", _nothing),
    Mistake("conflicts in a group are forgotten", Seat, "_require_no_conflict", _nothing),
    Mistake("who ends keeps their seat", seats, "_left", _nobody),
)

AMONG_PARTNERS = (
    Mistake("a link works twice", RelationshipPartner, "let_partner_come", _come_anyhow),
    Mistake("anybody answers for a partner", RelationshipPartner, "_require_partner", _nothing),
    Mistake("partners join without consent", partners, "load_live_ledger", _whenever),
    Mistake("partners join across a conflict", RelationshipPartner, "join", _joined_anyhow),
)

MISTAKES = (
    *AMONG_MEETINGS,
    *(replace(each, among=MoneyGoesRound, alone=True) for each in AMONG_MONEY),
    *(replace(each, among=MatchingIsRun, alone=True) for each in AMONG_MATCHING),
    *(replace(each, among=DesksAreFull, alone=True) for each in AT_THE_DESKS),
    *(replace(each, among=VoicesAreHeard, alone=True) for each in AMONG_VOICES),
    *(replace(each, among=FeedbackIsGiven, alone=True) for each in AMONG_FEEDBACK),
    *(replace(each, among=TheirsIsTheirs, alone=True) for each in OF_THEIR_OWN),
    *(replace(each, among=GroupsAreFormed, alone=True) for each in IN_GROUPS),
    *(replace(each, among=PartnersAreFound, alone=True) for each in AMONG_PARTNERS),
)
