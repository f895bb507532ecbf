import re
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import walk_packages

import pytest
from eventsourcing.utils import get_topic, resolve_topic

import domain
from domain import AGGREGATES, EVENT_CLASSES
from domain.aggregate import Aggregate

TELLING = re.compile(
    "note|goal|reflect|review|special|ident|ethnic|race|gender|sexual|disab|faith|belief|needs"
    "|health|divers|safeguard|disclos|concern|risk|harm|complain"
)


def test_every_topic_belongs_to_one_event() -> None:
    declared = [
        found.TOPIC
        for aggregate in AGGREGATES
        for _, found in getmembers(aggregate, isclass)
        if issubclass(found, Aggregate.Event) and hasattr(found, "TOPIC")
    ]
    assert len(declared) == len(set(declared)) == len(EVENT_CLASSES)


def test_stored_topics_never_change() -> None:
    assert sorted(EVENT_CLASSES) == FROZEN


@pytest.mark.parametrize(("topic", "event"), sorted(EVENT_CLASSES.items()))
def test_a_stored_topic_resolves_to_the_class_its_aggregate_uses(
    topic: str, event: type[Aggregate.Event]
) -> None:
    assert get_topic(event) == topic
    assert resolve_topic(topic) is event


@pytest.mark.parametrize("topic", sorted(EVENT_CLASSES))
def test_a_topic_tells_nothing_special_nor_of_notes_nor_of_safeguarding(topic: str) -> None:
    assert not TELLING.search(topic)


def test_a_topic_starts_with_its_aggregates() -> None:
    names = {aggregate.TOPIC for aggregate in AGGREGATES}
    assert {topic.split(".")[0] for topic in EVENT_CLASSES} == names


def test_every_aggregate_of_every_module_is_listed() -> None:
    for module in walk_packages(domain.__path__, "domain."):
        import_module(module.name)
    found = {each for each in Aggregate.__subclasses__() if each.__module__.startswith("domain.")}
    assert found == set(AGGREGATES)


FROZEN = [
    "access_register.automated",
    "access_register.begun",
    "access_register.exported",
    "access_register.listed",
    "access_register.opened",
    "access_register.unlocked",
    "bell.rung",
    "binder.begun",
    "binder.item_added",
    "binder.item_kept",
    "binder.item_passed_on",
    "binder.item_removed",
    "binder.reader_left",
    "binder.set_entrusted",
    "binder.set_handed_over",
    "binder.set_opened",
    "binder.set_passed_on",
    "consent_ledger.closed",
    "consent_ledger.deferred",
    "consent_ledger.expired",
    "consent_ledger.given",
    "consent_ledger.invalidated",
    "consent_ledger.opened",
    "consent_ledger.refused",
    "consent_ledger.renewal_asked",
    "consent_ledger.renewed",
    "consent_ledger.requested",
    "consent_ledger.revoked",
    "consent_ledger.use_resumed",
    "consent_ledger.use_stopped",
    "consent_ledger.withdrawn",
    "enquiry.answered",
    "enquiry.forgotten",
    "enquiry.made",
    "enquiry.replied",
    "erasure.carried_out",
    "erasure.completed",
    "erasure.granted",
    "erasure.held",
    "erasure.hold_lifted",
    "erasure.refused",
    "erasure.requested",
    "erasure.taken_back",
    "feedback.forgotten",
    "feedback.given",
    "feedback_box.dropped",
    "feedback_box.emptied",
    "feedback_box.put_up",
    "feedback_slips.offered",
    "feedback_slips.taken",
    "feedback_stamp.made",
    "funding_agreement.amended",
    "funding_agreement.ended",
    "funding_agreement.exhausted",
    "funding_agreement.invitation_issued",
    "funding_agreement.invitation_retired",
    "funding_agreement.invoice_credited",
    "funding_agreement.invoice_paid",
    "funding_agreement.invoice_raised",
    "funding_agreement.sessions_allotted",
    "funding_agreement.sessions_returned",
    "funding_agreement.signed",
    "group.cadence_changed",
    "group.closed",
    "group.formed",
    "group.hour_cancelled",
    "group.hour_moved",
    "group.hour_planned",
    "group.hour_recorded",
    "group.member_joined",
    "group.member_left",
    "group.members_expected",
    "invitation.issued",
    "invitation.used",
    "invitation.withdrawn",
    "locker.begun",
    "locker.begun_anew",
    "locker.content_replaced",
    "locker.way_added",
    "locker.way_removed",
    "matching_round.closed",
    "matching_round.pair_found",
    "matching_round.pair_proposed",
    "matching_round.run",
    "matter.agreed",
    "matter.declined",
    "matter.forgotten",
    "matter.looked_at_again",
    "matter.opened",
    "matter.passed_on",
    "matter.person_told",
    "matter.telling_put_off",
    "mentor_profile.applied",
    "mentor_profile.approved",
    "mentor_profile.availability_set",
    "mentor_profile.capacity_freed",
    "mentor_profile.capacity_set",
    "mentor_profile.capacity_taken",
    "mentor_profile.detail_shared",
    "mentor_profile.kinds_offered",
    "mentor_profile.left",
    "mentor_profile.not_approved",
    "mentor_profile.paused",
    "mentor_profile.profile_published",
    "mentor_profile.programmes_limited",
    "mentor_profile.resumed",
    "notice.published",
    "notice.retired",
    "notice.superseded",
    "organisation.registered",
    "organisation.sponsor_contact_ended",
    "organisation.sponsor_contact_named",
    "person.address_asked",
    "person.address_confirmed",
    "person.availability_set",
    "person.contact_changed",
    "person.deactivated",
    "person.detail_stated",
    "person.end_announced",
    "person.end_put_off",
    "person.erased",
    "person.passkey_added",
    "person.passkey_revoked",
    "person.profile_shared",
    "person.public_keys_published",
    "person.reactivated",
    "person.registered",
    "person.role_granted",
    "person.role_revoked",
    "place.assigned",
    "place.extended",
    "place.granted",
    "place.session_released",
    "place.session_reserved",
    "place.session_used",
    "place.sessions_returned",
    "place.taken",
    "place.vacated",
    "portfolio.begun",
    "portfolio.piece_amended",
    "portfolio.piece_destroyed",
    "portfolio.piece_kept",
    "preferences.begun",
    "preferences.detail_stated",
    "preferences.detail_taken_back",
    "preferences.stated",
    "programme.group_size_set",
    "programme.invitations_withdrawn",
    "programme.opened",
    "programme.settings_changed",
    "programme.weights_set",
    "relationship.absence_recorded",
    "relationship.agreement_accepted",
    "relationship.attendance_confirmed",
    "relationship.attendance_corrected",
    "relationship.attendance_disputed",
    "relationship.attendance_settled",
    "relationship.cadence_changed",
    "relationship.closed",
    "relationship.conflict_declared",
    "relationship.ending_offered",
    "relationship.link_withdrawn",
    "relationship.matched",
    "relationship.mentor_proposed",
    "relationship.partner_came",
    "relationship.partner_declined",
    "relationship.partner_invited",
    "relationship.partner_joined",
    "relationship.paused",
    "relationship.proposal_accepted",
    "relationship.proposal_declined",
    "relationship.proposal_expired",
    "relationship.proposal_nudged",
    "relationship.proposal_superseded",
    "relationship.rematch_requested",
    "relationship.requested",
    "relationship.resumed",
    "relationship.seat_offered",
    "relationship.session_cancelled",
    "relationship.session_held",
    "relationship.session_link_set",
    "relationship.session_rescheduled",
    "relationship.session_scheduled",
    "relationship.silence_nudged",
    "remark.answered",
    "remark.assigned",
    "remark.forgotten",
    "remark.made",
    "remark.sorted",
    "rights_request.answered",
    "rights_request.extended",
    "rights_request.forgotten",
    "rights_request.made",
    "rights_request.refused",
    "rights_request.use_named",
    "shortlist.begun",
    "shortlist.nobody_found",
    "shortlist.offered",
    "shortlist.ranked",
    "story.offered",
    "story.offered_anew",
    "story.published",
    "story.sent_back",
    "story.withdrawn",
    "suggestion.answered",
    "suggestion.forgotten",
    "suggestion.made",
]
