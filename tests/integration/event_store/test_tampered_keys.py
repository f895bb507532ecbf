"""Key records and sealed fields that are not what they were open nothing, each refused under its own name."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.records.openings import Openings, Whose
from crypto.errors import Absent, Erased, SealedRecordError, Tampered
from domain.values import Compartment, Sealed
from tests.event_store import Card, new_card
from tests.integration.event_store.tampering import ATTACKS, Tampering, attacks_on
from tests.integration.event_store.test_tampered_rows import histories, numbers

OTHERWISE: dict[str, type[SealedRecordError]] = {
    "key_for_another_purpose": Absent,
    "key_in_another_compartment": Absent,
    "key_of_no_epoch": Absent,
    "key_gone": Absent,
    "key_called_destroyed": Erased,
}
"""What is there under another name, and what its owner really destroyed; all else is tampered."""


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(
    history=histories,
    how=st.sampled_from([*attacks_on("key"), "key_gone"]),
    at=numbers,
    to=numbers,
)
def test_a_stream_whose_key_record_was_changed_opens_for_nobody_who_asks_anew(
    tampering: Tampering, history: list[int], how: str, at: int, to: int
) -> None:
    streams = tampering.begin(history)
    one = streams[at % len(streams)]
    other = [each for each in streams if each != one][to % (len(streams) - 1)]
    tampering.attack(how, one=one, other=other, number=to)
    touched = {one, other} if how == "keys_exchanged" else {one}
    mapper = tampering.fresh_mapper()
    for row in tampering.rows(streams).values():
        if row.originator_id in touched:
            with pytest.raises(OTHERWISE.get(how, Tampered)):
                mapper.to_domain_event(row)
        else:
            assert isinstance(mapper.to_domain_event(row), Card.Created | Card.Said)


@pytest.mark.parametrize("how", [each for each in attacks_on("branch") if each != "branch_keys"])
def test_a_changed_branch_key_opens_nothing(tampering: Tampering, how: str) -> None:
    tampering.begin([1, 1])
    kept: list[Any] = tampering.owner.execute(ATTACKS.branch_keys.sql.encode()).fetchall()
    try:
        tampering.attack(how)
        with pytest.raises(Tampered):
            tampering.fresh_keyring()
    finally:
        for name, wrapped in kept:
            tampering.attack("branch_key_restored", compartment=name, wrapped_key=wrapped)
    assert tampering.fresh_keyring().stream_keys([]) == {}


PLACES = [
    Whose(compartment, UUID(int=owner), purpose, name)
    for compartment in (Compartment.PERSONAL, Compartment.SPECIAL)
    for owner in (1, 2)
    for purpose in ("take_part", "identity_preference")
    for name in ("words", "themes")
]
NAMES = [each.name for each in fields(Sealed)]


@pytest.fixture(scope="module")
def openings(tampering: Tampering) -> Openings:
    return Openings(tampering.store.mentoring, tampering.store.keyring)


@pytest.fixture(scope="module")
def sealed(tampering: Tampering, openings: Openings) -> list[Sealed]:
    """A field in each place, its key stored."""
    values = [openings.seal(whose, f"ferrule {whose}") for whose in PLACES]
    card = new_card()
    for value in values:
        card.name_key(value.compartment, value.key_id)
    tampering.store.commit(card)
    return values


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(st.data())
def test_a_field_with_anothers_label_does_not_open(
    openings: Openings, sealed: list[Sealed], data: st.DataObject
) -> None:
    one, other = data.draw(st.sampled_from(sealed)), data.draw(st.sampled_from(sealed))
    names = data.draw(st.sets(st.sampled_from(NAMES), min_size=1))
    mixed = replace(one, **{name: getattr(other, name) for name in names})
    if mixed in sealed:
        assert openings._unsealed(mixed).startswith("ferrule")
        return
    with pytest.raises((Tampered, Absent)):
        openings._unsealed(mixed)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[:-1],
    "empty": lambda _: b"",
    "longer": lambda data: data + b"\x00",
    "another version": lambda data: b"\x02" + data[1:],
    "another commitment": lambda data: data[:1] + bytes(32) + data[33:],
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_field_is_tampered_and_an_unknown_key_absent(
    openings: Openings, sealed: list[Sealed], how: str
) -> None:
    for value in sealed:
        with pytest.raises(Tampered):
            openings._unsealed(replace(value, ciphertext=DAMAGES[how](value.ciphertext)))
        with pytest.raises(Absent):
            openings._unsealed(replace(value, key_id=uuid4()))
