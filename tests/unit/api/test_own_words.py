"""No sealed field of any event is forgotten in what somebody is answered about themselves."""

from datetime import UTC, datetime
from typing import get_type_hints
from uuid import uuid4

import pytest

from api.records.openings import Openings, Why
from api.records.own_words import FIELDS, LeftOut, Place
from api.records.record_jsonld import STATES
from domain import EVENT_CLASSES
from domain.access import Caller, NotYourRecord
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.consent_terms import ConsentState
from domain.values import Compartment, Role, Sealed
from projections.own_words import SEALING

NOT_THEIRS = {
    topic
    for topic, _ in FIELDS
    if topic.startswith(("feedback", "matter.", "enquiry.", "binder.", "matching_round."))
}


def sealed_fields() -> set[tuple[str, str]]:
    return {
        (topic, name)
        for topic, event in EVENT_CLASSES.items()
        for name, hint in get_type_hints(event).items()
        if Sealed.__name__ in str(hint)
    }


def test_every_sealed_field_has_a_place_or_a_reason() -> None:
    assert set(FIELDS) == sealed_fields()


def test_every_kind_of_event_with_something_sealed_is_found() -> None:
    assert {topic for topic, _ in sealed_fields()} == SEALING


def test_only_what_is_nobodys_own_and_what_says_nothing_is_left_out() -> None:
    left_out = {at: why for at, why in FIELDS.items() if isinstance(why, LeftOut)}
    others = {at for at in left_out if at[0] not in NOT_THEIRS}

    assert others == {
        ("person.address_asked", "code"),
        ("shortlist.offered", "reasons_for_mentor"),
        ("shortlist.offered", "seed"),
        ("suggestion.answered", "gist"),
        ("suggestion.answered", "answer"),
    }


@pytest.mark.parametrize(
    "field", sorted(at for at, each in FIELDS.items() if isinstance(each, Place))
)
def test_what_is_in_says_what_it_is_and_what_its_look_is_called(field: tuple[str, str]) -> None:
    place = FIELDS[field]

    assert isinstance(place, Place)
    assert place.what
    assert isinstance(place.kind, RecordKind)


def test_every_state_of_a_consent_has_a_name_of_the_vocabulary() -> None:
    assert set(STATES) == set(ConsentState)
    assert len(set(STATES.values())) == len(STATES)


@pytest.mark.parametrize("role", Role)
def test_nobody_takes_out_what_is_anothers(role: Role) -> None:
    """Refused before any key or record is touched: there are none here to touch."""
    door = Openings(None, None)  # type: ignore[arg-type]  # - whoever gets past the refusal fails on these
    owner, other = uuid4(), Caller(uuid4(), role)
    value = Sealed(Compartment.CONTACT, owner, "contact", "contact", uuid4(), b"\x01")
    why = Why(RecordKind.CONTACT, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)

    with pytest.raises(NotYourRecord):
        door.take_out(other, [(value, why)], now=datetime(2026, 3, 2, tzinfo=UTC))
