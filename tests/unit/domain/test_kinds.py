"""Which kinds of mentoring can be asked for, and places in programmes that nobody has to pay for."""

from uuid import UUID, uuid4

import pytest

from domain.commands.mentor_profiles import limit_programmes, offer_kinds
from domain.commands.places import PlaceNeedsFunding, extend_place, grant_place, return_unused
from domain.commands.programmes import open_programme
from domain.commands.relationships import request_rematch
from domain.mentor_offer import (
    KindIsNotTheirs,
    NoSuchOffer,
    OfferIsTheSame,
    OwnLimits,
    ProgrammeIsNotTheirs,
)
from domain.mentoring import NotFound
from domain.place import WrongCeiling
from domain.programme import Settings
from domain.relationship_events import Kind, RematchReason
from domain.relationship_state import (
    ConflictDeclaredBefore,
    KindNotOffered,
    NotAnOutsider,
    PartedForCause,
    Stage,
)
from tests.unit.domain.builders import COORDINATOR
from tests.unit.domain.commanded import Scheme, order

REVERSE = (Kind.REVERSE,)


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def mentee(scheme: Scheme) -> UUID:
    return scheme.somebody_who_takes_part()


def test_only_what_the_programme_offers_can_be_asked_for(scheme: Scheme, mentee: UUID) -> None:
    place = scheme.place(under=scheme.programme(kinds=REVERSE))
    with pytest.raises(KindNotOffered):
        scheme.request(mentee, place)
    asked = scheme.request(mentee, place, Kind.REVERSE)
    assert scheme.relationship(asked).kind is Kind.REVERSE


def test_a_match_needs_no_funding_where_the_programme_needs_none(
    scheme: Scheme, mentee: UUID
) -> None:
    asked = scheme.request(mentee, scheme.place(under=scheme.programme()))
    scheme.accept(scheme.propose(asked), mentee, scheme.mentor)
    assert scheme.relationship(asked).stage is Stage.MATCHED
    assert scheme.place_of(asked).relationship == asked


def test_a_place_without_funding_holds_as_many_sessions_as_the_programme_allows(
    scheme: Scheme,
) -> None:
    programme = scheme.programme(ceiling=2)
    place = grant_place(scheme.mentoring, order(COORDINATOR), id=uuid4(), agreement=programme)
    assert place.version == 1
    with pytest.raises(WrongCeiling):
        scheme.place(granted=3, under=programme)


def test_a_place_that_is_paid_for_elsewhere_is_granted_under_an_agreement(scheme: Scheme) -> None:
    paid = open_programme(
        scheme.mentoring, order(COORDINATOR), id=uuid4(), settings=Settings("Paid")
    ).subject
    with pytest.raises(PlaceNeedsFunding):
        scheme.place(under=paid)
    with pytest.raises(NotFound):
        scheme.place(under=uuid4())


def test_rule_7_an_extension_without_funding_is_for_a_coordinator_outside_the_pair(
    scheme: Scheme, mentee: UUID
) -> None:
    asked = scheme.request(mentee, scheme.place(under=scheme.programme()))
    scheme.accept(scheme.propose(asked), mentee, scheme.mentor)
    place = scheme.place_of(asked).id
    with pytest.raises(NotAnOutsider):
        extend_place(scheme.mentoring, order(scheme.mentor), place=place, sessions=1)
    extend_place(scheme.mentoring, order(COORDINATOR), place=place, sessions=1)
    assert scheme.place_of(asked).free == 3
    return_unused(scheme.mentoring, order(COORDINATOR), place=place)
    assert scheme.place_of(asked).free == 0


def test_a_mentor_is_proposed_for_what_they_offer(scheme: Scheme, mentee: UUID) -> None:
    place = scheme.place(under=scheme.programme(kinds=REVERSE))
    asked = scheme.request(mentee, place, Kind.REVERSE)
    with pytest.raises(KindIsNotTheirs):
        scheme.propose(asked)
    offer_kinds(scheme.mentoring, order(scheme.mentor), person=scheme.mentor, kinds=REVERSE)
    scheme.propose(asked)
    assert scheme.relationship(asked).stage is Stage.PROPOSED
    with pytest.raises(KindIsNotTheirs):
        scheme.propose(scheme.request(scheme.somebody_who_takes_part()))


def test_a_mentor_is_proposed_where_a_coordinator_lets_them_mentor(
    scheme: Scheme, mentee: UUID
) -> None:
    here, elsewhere = scheme.programme(), scheme.programme()
    asked = scheme.request(mentee, scheme.place(under=here))
    limit = lambda by, programmes: limit_programmes(  # noqa: E731 - one line a case
        scheme.mentoring, order(by), person=scheme.mentor, programmes=programmes
    )
    limit(COORDINATOR, [elsewhere])
    with pytest.raises(ProgrammeIsNotTheirs):
        scheme.propose(asked)
    limit(COORDINATOR, [])
    scheme.propose(asked)
    with pytest.raises(OwnLimits):
        limit(scheme.mentor, [here])
    with pytest.raises(NotFound):
        limit(COORDINATOR, [uuid4()])


@pytest.mark.parametrize(
    ("kinds", "refusal"),
    [
        ((), NoSuchOffer),
        ((Kind.FORMAL, Kind.INFORMAL), NoSuchOffer),
        ((Kind.GROUP, Kind.FORMAL, Kind.FOR_DIVERSITY), OfferIsTheSame),
    ],
)
def test_what_is_no_new_offer_is_refused(
    scheme: Scheme, kinds: tuple[Kind, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        offer_kinds(scheme.mentoring, order(scheme.mentor), person=scheme.mentor, kinds=kinds)


def test_rule_9_a_conflict_declared_in_an_earlier_request_holds_for_the_next(
    scheme: Scheme, mentee: UUID
) -> None:
    place = scheme.place(under=scheme.programme())
    first = scheme.request(mentee, place)
    scheme.declare_conflict(first, mentee)
    scheme.close(first, mentee)
    with pytest.raises(ConflictDeclaredBefore):
        scheme.propose(scheme.request(mentee, place))


def test_rule_9_who_was_not_the_right_match_is_not_proposed_again_by_hand_either(
    scheme: Scheme, mentee: UUID
) -> None:
    place = scheme.place(under=scheme.programme())
    first = scheme.request(mentee, place)
    scheme.accept(scheme.propose(first), mentee, scheme.mentor)
    scheme.close(first, mentee)
    reason = RematchReason.NOT_THE_RIGHT_MATCH
    request_rematch(scheme.mentoring, order(mentee), relationship=first, reason=reason)
    with pytest.raises(PartedForCause):
        scheme.propose(scheme.request(mentee, place))
