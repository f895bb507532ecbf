from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from domain.access_register import AccessPurpose, AccessRegister, Authority, Look, RecordKind
from domain.commands.access import (
    NobodyListed,
    record_automated,
    record_exporting,
    record_listing,
    record_opening,
)
from domain.commands.consents import (
    Shown,
    expire_consent,
    give_consent,
    invalidate_consent,
    refuse_consent,
    request_consent,
    revoke_consent,
    withdraw_consent,
)
from domain.commands.notices import publish_notice, retire_notice
from domain.commands.people import (
    change_contact,
    grant_role,
    publish_public_keys,
    register_person,
    revoke_role,
    state_access_needs,
)
from domain.consent import ConsentIsNotLive, ConsentLedger
from domain.consent_terms import ConsentState, InvalidationReason, RevocationReason
from domain.mentoring import Mentoring, NotFound, Recorded, VersionIsStale
from domain.notice import Notice, NoticeIsRetired, WordsDiffer
from domain.person import Person, RolesMustStayApart
from domain.public_keys import PublicKeys
from domain.values import Act, Compartment, Purpose, Role, Sealed
from tests.unit.domain.watched import WatchedRecorder, order, watched_mentoring

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
COORDINATOR = uuid4()
TEXT = "Made-up words of a notice."
SHOWN = Shown(Notice.id_of(Purpose.TAKE_PART, 1, "en"), sha256(TEXT.encode()).digest())
LOOK = Look(Role.COORDINATOR, RecordKind.CONTACT, AccessPurpose.ARRANGING, Authority.AGREEMENT)


class Scheme:
    """A person and a published notice, and the ledger as it is stored."""

    def __init__(self) -> None:
        self.mentoring: Mentoring
        self.recorder: WatchedRecorder
        self.mentoring, self.recorder = watched_mentoring()
        self.person = uuid4()
        self.own = Act(self.person, NOON)
        self.by_coordinator = Act(COORDINATOR, NOON)
        contact = self.sealed(Compartment.CONTACT)
        register_person(
            self.mentoring,
            order(self.by_coordinator),
            id=self.person,
            contact=contact,
            roles=[Role.MENTEE],
        )
        publish_notice(
            self.mentoring,
            order(self.by_coordinator),
            purpose=Purpose.TAKE_PART,
            version=1,
            language="en",
            text=TEXT,
        )

    def sealed(self, compartment: Compartment) -> Sealed:
        purpose = "contact" if compartment is Compartment.CONTACT else Purpose.TAKE_PART
        return Sealed(compartment, self.person, purpose, "field", uuid4(), b"\x01")

    def give(self, expires_at: datetime | None = None) -> None:
        give_consent(
            self.mentoring,
            order(self.own),
            person=self.person,
            shown=SHOWN,
            expires_at=expires_at,
        )

    def state(self, at: datetime = NOON) -> ConsentState | None:
        ledger = self.mentoring.load(ConsentLedger, ConsentLedger.id_of(self.person))
        consent = ledger.standing(Purpose.TAKE_PART, at)
        return consent.state if consent else None

    def load_person(self) -> Person:
        return self.mentoring.load(Person, self.person)


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def test_a_person_is_registered_together_with_their_ledger(scheme: Scheme) -> None:
    assert scheme.load_person().roles == {Role.MENTEE}
    assert scheme.state() is None
    assert scheme.recorder.commands[0].subject == scheme.person


def test_a_person_with_roles_that_must_stay_apart_is_not_registered(scheme: Scheme) -> None:
    other = uuid4()
    contact = Sealed(Compartment.CONTACT, other, "contact", "field", uuid4(), b"\x01")
    with pytest.raises(RolesMustStayApart):
        register_person(
            scheme.mentoring,
            order(scheme.by_coordinator),
            id=other,
            contact=contact,
            roles=[Role.COORDINATOR, Role.SPONSOR_CONTACT],
        )
    with pytest.raises(NotFound):
        scheme.mentoring.load(Person, other)


def test_what_is_said_of_a_person_is_stored(scheme: Scheme) -> None:
    mentoring, person = scheme.mentoring, scheme.person
    contact, needs = scheme.sealed(Compartment.CONTACT), scheme.sealed(Compartment.SPECIAL)
    keys = PublicKeys(b"k" * 32, b"h" * 1216, b"s" * 32)
    change_contact(mentoring, order(scheme.own), person=person, contact=contact)
    state_access_needs(mentoring, order(scheme.own), person=person, access_needs=needs)
    publish_public_keys(mentoring, order(scheme.own), person=person, keys=keys)
    grant_role(mentoring, order(scheme.by_coordinator), person=person, role=Role.MENTOR)
    revoke_role(mentoring, order(scheme.by_coordinator), person=person, role=Role.MENTEE)
    stored = scheme.load_person()
    assert (stored.contact, stored.access_needs) == (contact, needs)
    assert (stored.current_key_id, stored.roles) == (keys.key_id, {Role.MENTOR})


def test_a_change_that_rests_on_a_stale_reading_is_refused(scheme: Scheme) -> None:
    stale = order(scheme.by_coordinator, expected_version=1)
    with pytest.raises(VersionIsStale):
        grant_role(scheme.mentoring, stale, person=scheme.person, role=Role.MENTOR)


def test_a_consent_rests_on_the_words_that_were_shown(scheme: Scheme) -> None:
    changed = Shown(SHOWN.notice, sha256(b"other words").digest())
    with pytest.raises(WordsDiffer):
        give_consent(scheme.mentoring, order(scheme.own), person=scheme.person, shown=changed)
    assert scheme.state() is None


def test_a_consent_is_refused_when_the_notice_moved_while_it_was_given(scheme: Scheme) -> None:
    scheme.give()
    assert scheme.recorder.commands[-1].expected_heads == {SHOWN.notice: 1}


@pytest.mark.parametrize("command", [request_consent, give_consent, refuse_consent])
def test_a_retired_notice_is_not_consented_to(
    scheme: Scheme, command: Callable[..., Recorded]
) -> None:
    retire_notice(scheme.mentoring, order(scheme.by_coordinator), notice=SHOWN.notice)
    with pytest.raises(NoticeIsRetired):
        command(scheme.mentoring, order(scheme.own), person=scheme.person, shown=SHOWN)


def test_nobody_consents_to_a_notice_that_was_not_published(scheme: Scheme) -> None:
    unpublished = Shown(Notice.id_of(Purpose.TAKE_PART, 2, "en"), SHOWN.digest)
    with pytest.raises(NotFound):
        give_consent(scheme.mentoring, order(scheme.own), person=scheme.person, shown=unpublished)


def test_a_second_yes_renews(scheme: Scheme) -> None:
    scheme.give()
    assert scheme.state() == ConsentState.GIVEN
    scheme.give()
    assert scheme.state() == ConsentState.RENEWED


def test_asking_and_refusing_leave_nothing_live(scheme: Scheme) -> None:
    mentoring, person = scheme.mentoring, scheme.person
    request_consent(mentoring, order(scheme.by_coordinator), person=person, shown=SHOWN)
    assert scheme.state() == ConsentState.REQUESTED
    refuse_consent(mentoring, order(scheme.own), person=person, shown=SHOWN)
    assert scheme.state() == ConsentState.REFUSED


def test_rule_2_nothing_that_others_changed_stands_in_the_way_of_withdrawing(
    scheme: Scheme,
) -> None:
    scheme.give()
    retire_notice(scheme.mentoring, order(scheme.by_coordinator), notice=SHOWN.notice)
    withdrawal = order(scheme.own)
    purpose = Purpose.TAKE_PART
    withdraw_consent(scheme.mentoring, withdrawal, person=scheme.person, purpose=purpose)
    assert scheme.state() == ConsentState.WITHDRAWN
    assert scheme.recorder.commands[-1].expected_heads == {}
    with pytest.raises(ConsentIsNotLive):
        withdraw_consent(scheme.mentoring, withdrawal, person=scheme.person, purpose=purpose)


def test_others_end_a_consent_with_a_reason(scheme: Scheme) -> None:
    mentoring, person, purpose = scheme.mentoring, scheme.person, Purpose.TAKE_PART
    other = scheme.by_coordinator
    scheme.give()
    revoked = RevocationReason.PURPOSE_ENDED
    revoke_consent(mentoring, order(other), person=person, purpose=purpose, reason=revoked)
    assert scheme.state() == ConsentState.REVOKED
    scheme.give()
    court = InvalidationReason.COURT
    invalidate_consent(mentoring, order(other), person=person, purpose=purpose, reason=court)
    assert scheme.state() == ConsentState.INVALIDATED


def test_the_clerk_records_that_a_consent_expired(scheme: Scheme) -> None:
    scheme.give(expires_at=NOON + HOUR)
    later = Act(COORDINATOR, NOON + HOUR)
    purpose = Purpose.TAKE_PART
    expire_consent(scheme.mentoring, order(later), person=scheme.person, purpose=purpose)
    assert scheme.state(NOON + HOUR) == ConsentState.EXPIRED


def topics_of_register(scheme: Scheme, person: UUID) -> list[str]:
    stored = scheme.recorder.select_events(AccessRegister.id_of(person))
    return [each.topic for each in stored]


def test_rule_13_looks_are_added_in_order(scheme: Scheme) -> None:
    mentoring, person, other = scheme.mentoring, scheme.person, uuid4()
    record_opening(mentoring, order(scheme.by_coordinator), person=person, look=LOOK)
    record_listing(mentoring, order(scheme.by_coordinator), persons=[person, other], look=LOOK)
    record_exporting(mentoring, order(scheme.own), person=person, look=LOOK)
    record_automated(mentoring, order(scheme.by_coordinator), person=person, look=LOOK)
    names = ["begun", "opened", "listed", "exported", "automated"]
    assert topics_of_register(scheme, person) == [f"access_register.{name}" for name in names]
    assert topics_of_register(scheme, other) == ["access_register.begun", "access_register.listed"]


def test_adding_to_a_long_register_reads_one_record(scheme: Scheme) -> None:
    for _ in range(5):
        record_opening(
            scheme.mentoring, order(scheme.by_coordinator), person=scheme.person, look=LOOK
        )
    before = scheme.recorder.events_read
    record_opening(scheme.mentoring, order(scheme.own), person=scheme.person, look=LOOK)
    assert scheme.recorder.events_read - before == 1


def test_a_list_of_nobody_is_no_look(scheme: Scheme) -> None:
    with pytest.raises(NobodyListed):
        record_listing(scheme.mentoring, order(scheme.by_coordinator), persons=[], look=LOOK)
