from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from domain.aggregate import project
from domain.errors import SealedForAnotherPurpose
from domain.person import (
    APART,
    MOST_PASSKEYS,
    LastPasskey,
    NotYourself,
    PasskeyKnown,
    Person,
    PersonIsActive,
    PersonIsErased,
    PersonIsInactive,
    RoleHeld,
    RoleNotHeld,
    RolesMustStayApart,
    TooManyPasskeys,
    UnknownPasskey,
)
from domain.person_events import InactiveReason
from domain.public_keys import (
    MOST_KEY_SETS,
    KeysPublished,
    PublicKeys,
    TooManyKeys,
    WrongPublicKeys,
)
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Act, Compartment, Purpose, Role, Sealed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PERSON = uuid4()
OTHER = uuid4()
SELF = Act(PERSON, NOON)
BY_OTHER = Act(OTHER, NOON)
KEYS = PublicKeys(b"k" * 32, b"h" * 1216, b"s" * 32)


def sealed(owner: UUID = PERSON, compartment: Compartment = Compartment.CONTACT) -> Sealed:
    purpose = "contact" if compartment is Compartment.CONTACT else Purpose.TAKE_PART
    return Sealed(compartment, owner, purpose, "field", uuid4(), b"\x01")


def registered() -> Person:
    return Person.register(PERSON, sealed(), BY_OTHER)


def test_contact_is_sealed_under_the_persons_own_contact_key() -> None:
    with pytest.raises(SealedForAnother):
        Person.register(PERSON, sealed(OTHER), BY_OTHER)
    with pytest.raises(WrongCompartment):
        registered().change_contact(sealed(compartment=Compartment.PERSONAL), SELF)


def test_when_a_mentee_can_meet_is_sealed_for_taking_part_and_said_by_the_person() -> None:
    person = registered()
    said = sealed(compartment=Compartment.PERSONAL)
    person.set_availability(said, SELF)
    assert person.availability == said
    with pytest.raises(WrongCompartment):
        person.set_availability(sealed(), SELF)
    with pytest.raises(SealedForAnotherPurpose):
        person.set_availability(replace(said, purpose=Purpose.SHARE_PROFILE), SELF)
    with pytest.raises(NotYourself):
        person.set_availability(said, BY_OTHER)


def test_access_needs_are_special_and_stated_by_the_person() -> None:
    person = registered()
    needs = sealed(compartment=Compartment.SPECIAL)
    person.state_access_needs(needs, SELF)
    assert person.access_needs == needs
    with pytest.raises(WrongCompartment):
        person.state_access_needs(sealed(), SELF)
    with pytest.raises(NotYourself):
        person.state_access_needs(needs, BY_OTHER)


def test_what_is_sealed_for_a_purpose_stands_only_where_that_purpose_ends_it() -> None:
    person = registered()
    contact = Sealed(Compartment.CONTACT, PERSON, "take_part", "contact", uuid4(), b"\x01")
    needs = Sealed(Compartment.SPECIAL, PERSON, "research", "needs", uuid4(), b"\x01")
    with pytest.raises(SealedForAnotherPurpose):
        person.change_contact(contact, SELF)
    with pytest.raises(SealedForAnotherPurpose):
        person.state_access_needs(needs, SELF)


@pytest.mark.parametrize(("first", "second"), list(permutations(sorted(APART))))
def test_nobody_is_coordinator_and_sponsor_contact_together(first: Role, second: Role) -> None:
    person = registered()
    person.grant_role(first, BY_OTHER)
    with pytest.raises(RolesMustStayApart):
        person.grant_role(second, BY_OTHER)
    person.revoke_role(first, BY_OTHER)
    person.grant_role(second, BY_OTHER)
    assert person.roles == {second}


def test_a_role_is_granted_once_and_revoked_once() -> None:
    person = registered()
    person.grant_role(Role.MENTOR, BY_OTHER)
    with pytest.raises(RoleHeld):
        person.grant_role(Role.MENTOR, BY_OTHER)
    person.revoke_role(Role.MENTOR, BY_OTHER)
    with pytest.raises(RoleNotHeld):
        person.revoke_role(Role.MENTOR, BY_OTHER)


def test_a_person_publishes_so_many_sets_of_keys_and_no_more() -> None:
    person = registered()
    for number in range(MOST_KEY_SETS):
        person.publish_public_keys(PublicKeys(bytes((number,)) * 32, b"h" * 1216, b"s" * 32), SELF)
    with pytest.raises(TooManyKeys):
        person.publish_public_keys(PublicKeys(b"x" * 32, b"h" * 1216, b"s" * 32), SELF)


def test_public_keys_are_published_by_the_person_alone_and_the_last_is_current() -> None:
    person = registered()
    person.publish_public_keys(KEYS, SELF)
    newer = PublicKeys(b"n" * 32, b"h" * 1216, b"s" * 32)
    person.publish_public_keys(newer, SELF)
    assert person.current_key_id == newer.key_id
    assert person.public_keys[KEYS.key_id] == KEYS
    with pytest.raises(KeysPublished):
        person.publish_public_keys(KEYS, SELF)
    with pytest.raises(NotYourself):
        person.publish_public_keys(PublicKeys(b"x" * 32, b"h" * 1216, b"s" * 32), BY_OTHER)


@pytest.mark.parametrize(
    "keys",
    [
        PublicKeys(b"k" * 31, b"h" * 1216, b"s" * 32),
        PublicKeys(b"k" * 32, b"h" * 32, b"s" * 32),
        PublicKeys(b"k" * 32, b"h" * 1216, b""),
    ],
)
def test_public_keys_have_the_lengths_of_the_format(keys: PublicKeys) -> None:
    with pytest.raises(WrongPublicKeys):
        registered().publish_public_keys(keys, SELF)


def test_a_passkey_is_added_by_the_person_and_revoked_once() -> None:
    person, passkey = registered(), uuid4()
    with pytest.raises(NotYourself):
        person.add_passkey(passkey, sealed(), BY_OTHER)
    person.add_passkey(passkey, sealed(), SELF)
    with pytest.raises(PasskeyKnown):
        person.add_passkey(passkey, sealed(), SELF)
    person.revoke_passkey(passkey, SELF)
    with pytest.raises(UnknownPasskey):
        person.revoke_passkey(passkey, SELF)


def test_of_passkeys_that_are_to_be_kept_one_stays() -> None:
    person, first, second, elsewhere = registered(), uuid4(), uuid4(), uuid4()
    for passkey in (first, second, elsewhere):
        person.add_passkey(passkey, sealed(), SELF)
    own = [first, second]
    person.revoke_passkey(first, SELF, keeping=own)
    with pytest.raises(LastPasskey):
        person.revoke_passkey(second, SELF, keeping=own)
    person.revoke_passkey(second, SELF)
    assert list(person.passkeys) == [elsewhere]


def test_nobody_keeps_more_passkeys_than_can_be_looked_after() -> None:
    person = registered()
    for _ in range(MOST_PASSKEYS):
        person.add_passkey(uuid4(), sealed(), SELF)
    with pytest.raises(TooManyPasskeys):
        person.add_passkey(uuid4(), sealed(), SELF)


def test_an_inactive_person_takes_no_new_role_until_reactivated() -> None:
    person = registered()
    with pytest.raises(PersonIsActive):
        person.reactivate(BY_OTHER)
    person.deactivate(InactiveReason.ON_LEAVE, BY_OTHER)
    with pytest.raises(PersonIsInactive):
        person.grant_role(Role.MENTOR, BY_OTHER)
    person.reactivate(BY_OTHER)
    person.grant_role(Role.MENTOR, BY_OTHER)
    assert person.roles == {Role.MENTOR}


@pytest.mark.parametrize(
    "attempt",
    [
        lambda person: person.change_contact(sealed(), SELF),
        lambda person: person.grant_role(Role.MENTOR, BY_OTHER),
        lambda person: person.publish_public_keys(KEYS, SELF),
        lambda person: person.reactivate(BY_OTHER),
        lambda person: person.erase(BY_OTHER),
    ],
)
def test_rule_17_nothing_is_recorded_of_an_erased_person(attempt: Callable[[Person], None]) -> None:
    person = registered()
    person.erase(BY_OTHER)
    version = person.version
    with pytest.raises(PersonIsErased):
        attempt(person)
    assert person.version == version


def test_replaying_the_events_gives_the_same_person() -> None:
    person = registered()
    person.change_contact(sealed(), SELF)
    person.state_access_needs(sealed(compartment=Compartment.SPECIAL), SELF)
    person.grant_role(Role.MENTEE, BY_OTHER)
    person.add_passkey(uuid4(), sealed(), SELF)
    person.publish_public_keys(KEYS, SELF)
    person.deactivate(InactiveReason.LEFT, BY_OTHER)
    person.reactivate(BY_OTHER)
    person.erase(BY_OTHER)
    assert project(None, person.collect_events()) == person
