from uuid import UUID, uuid4

import pytest

from domain.access import (
    Caller,
    NotYourRecord,
    NotYoursToOpen,
    PurposeUnknown,
    RoleMayNot,
    consent_needed,
    may_open,
    may_read_consents,
    require_may_open,
    require_may_read_consents,
    require_own,
    require_role,
)
from domain.values import Compartment, Purpose, Role, Sealed

OWNER = uuid4()
OTHER = uuid4()
PARTIES = {Role.MENTEE, Role.MENTOR}
IDENTITY = (Compartment.SPECIAL, Purpose.IDENTITY_PREFERENCE)


@pytest.mark.parametrize(
    ("compartment", "purpose", "allowed"),
    [
        (Compartment.OPERATIONAL, "", set()),
        (Compartment.CONTACT, "contact", {Role.COORDINATOR}),
        (Compartment.PERSONAL, Purpose.TAKE_PART, {Role.COORDINATOR}),
        (Compartment.PERSONAL, Purpose.SHARE_PROFILE, {Role.COORDINATOR}),
        (*IDENTITY, {Role.COORDINATOR}),
        (Compartment.SPECIAL, Purpose.TAKE_PART, set()),
        (Compartment.SPECIAL, Purpose.SHARE_PROFILE, set()),
        (Compartment.SAFEGUARDING, "disclosure", {Role.SAFEGUARDING_LEAD}),
    ],
)
def test_other_peoples_values_open_by_duty_only(
    compartment: Compartment, purpose: str, allowed: set[Role]
) -> None:
    opening = {role for role in Role if may_open(Caller(OTHER, role), compartment, OWNER, purpose)}
    assert opening == allowed


@pytest.mark.parametrize(
    "compartment", [Compartment.CONTACT, Compartment.PERSONAL, Compartment.SPECIAL]
)
def test_people_open_their_own_and_what_was_shown_to_them(compartment: Compartment) -> None:
    for role in PARTIES:
        assert may_open(Caller(OWNER, role), compartment, OWNER, "take_part")
        assert may_open(Caller(OTHER, role), compartment, OWNER, "take_part", shown_to=[OTHER])
        assert not may_open(Caller(OTHER, role), compartment, OWNER, "take_part", shown_to=[OWNER])


@pytest.mark.parametrize("role", Role)
def test_how_one_is_reached_and_signs_in_is_ones_own_in_every_role(role: Role) -> None:
    assert may_open(Caller(OWNER, role), Compartment.CONTACT, OWNER, "contact")
    others = (each for each in Compartment if each is not Compartment.CONTACT)
    if role not in PARTIES | {Role.COORDINATOR, Role.SAFEGUARDING_LEAD}:
        assert not any(may_open(Caller(OWNER, role), each, OWNER, "take_part") for each in others)


@pytest.mark.parametrize("role", sorted(set(Role) - PARTIES - {Role.COORDINATOR}))
def test_showing_something_to_a_person_shows_nothing_to_their_other_roles(role: Role) -> None:
    caller = Caller(OTHER, role)
    assert not may_open(caller, Compartment.PERSONAL, OWNER, "take_part", shown_to=[OTHER])


@pytest.mark.parametrize("compartment", [Compartment.SAFEGUARDING, Compartment.OPERATIONAL])
def test_safeguarding_and_operational_values_cannot_be_shown(compartment: Compartment) -> None:
    for role in PARTIES:
        caller = Caller(OWNER, role)
        assert not may_open(caller, compartment, OWNER, "take_part", shown_to=[OWNER])


def test_what_is_not_yours_to_open_is_refused() -> None:
    value = Sealed(Compartment.CONTACT, OWNER, "contact", "contact", uuid4(), b"\x01")
    require_may_open(Caller(OTHER, Role.COORDINATOR), value)
    with pytest.raises(NotYoursToOpen):
        require_may_open(Caller(OTHER, Role.SPONSOR_CONTACT), value)


@pytest.mark.parametrize("role", Role)
def test_consents_are_read_by_the_person_the_data_protection_lead_and_the_auditor(
    role: Role,
) -> None:
    by_duty = role in {Role.DATA_PROTECTION_LEAD, Role.AUDITOR}
    assert may_read_consents(Caller(OTHER, role), OWNER) == by_duty
    assert may_read_consents(Caller(OWNER, role), OWNER) == (by_duty or role in PARTIES)


def test_other_peoples_consents_are_refused() -> None:
    with pytest.raises(NotYourRecord):
        require_may_read_consents(Caller(OTHER, Role.COORDINATOR), OWNER)


def test_a_caller_acts_in_one_role() -> None:
    require_role(Caller(OTHER, Role.COORDINATOR), Role.COORDINATOR, Role.AUDITOR)
    with pytest.raises(RoleMayNot):
        require_role(Caller(OTHER, Role.MENTEE), Role.COORDINATOR, Role.AUDITOR)


@pytest.mark.parametrize(
    ("person", "role"), [(OTHER, Role.MENTEE), (OWNER, Role.OPERATOR), (OTHER, Role.COORDINATOR)]
)
def test_own_means_the_person_as_a_party(person: UUID, role: Role) -> None:
    require_own(Caller(OWNER, Role.MENTEE), OWNER)
    with pytest.raises(NotYourRecord):
        require_own(Caller(person, role), OWNER)


@pytest.mark.parametrize(
    ("compartment", "purpose", "needed"),
    [
        (Compartment.CONTACT, "contact", None),
        (Compartment.SAFEGUARDING, "disclosure", None),
        (*IDENTITY, Purpose.IDENTITY_PREFERENCE),
        (Compartment.SPECIAL, "take_part", Purpose.TAKE_PART),
        (Compartment.PERSONAL, "share_profile", Purpose.SHARE_PROFILE),
        (Compartment.PERSONAL, "take_part", Purpose.TAKE_PART),
    ],
)
def test_each_compartment_and_purpose_names_the_consent_it_needs(
    compartment: Compartment, purpose: str, needed: Purpose | None
) -> None:
    assert consent_needed(compartment, purpose) is needed


@pytest.mark.parametrize("compartment", [Compartment.PERSONAL, Compartment.SPECIAL])
def test_nothing_opens_for_a_purpose_nobody_can_consent_to(compartment: Compartment) -> None:
    with pytest.raises(PurposeUnknown):
        consent_needed(compartment, "curiosity")
