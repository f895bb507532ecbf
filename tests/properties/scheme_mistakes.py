"""Mistakes that somebody could make in the domain, to show that the rules would find them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from domain import relationship_sessions
from domain.commands import consents, relationships, sessions
from domain.commands import proposals as proposal_commands
from domain.mentor_profile import MentorProfile
from domain.place import Place
from domain.proposal import Proposal
from domain.relationship_state import NothingToEnd, RelationshipState
from domain.working_time import WorkingHours


@dataclass(frozen=True)
class Mistake:
    """Something that is put in the place of something right."""

    name: str
    where: Any
    what: str
    instead: Callable[..., Any]
    found_by: type[Exception] = AssertionError
    also: tuple[tuple[Any, str, Callable[..., Any]], ...] = ()
    """Where a rule is kept twice, both have to be forgotten."""

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


def _freed_without_place(mentoring: Any, subject: Any, _ahead: Any, act: Any) -> list[Any]:
    if subject.mentor is None:
        return []
    profile = mentoring.load(MentorProfile, MentorProfile.id_of(subject.mentor))
    profile.disengage(subject.id, act)
    return [profile]


MISTAKES = (
    Mistake("capacity is forgotten", MentorProfile, "require_available", _nothing),
    Mistake("conflicts are forgotten", RelationshipState, "require_no_conflict", _nothing),
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
