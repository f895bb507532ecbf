"""Rule 17: what an erasure deletes and what it leaves, as docs/specs/erasure.md tells it.

What belongs to one person alone goes whole. What is another's record too stays, and the person's own sealed
fields in it stay as bytes that nobody can open.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from domain.access_register import AccessRegister
from domain.bell import Bell
from domain.concern import Concern
from domain.consent import ConsentLedger
from domain.disclosure import Disclosure
from domain.enquiry import Enquiry
from domain.erasure import Erasure
from domain.feedback import Feedback
from domain.feedback_box import FeedbackBox
from domain.feedback_slips import FeedbackSlips, FeedbackStamp
from domain.funding_agreement import FundingAgreement
from domain.group import Group
from domain.invitation import Invitation
from domain.matching_round import MatchingRound
from domain.mentor_profile import MentorProfile
from domain.notebook import Notebook
from domain.notice import Notice
from domain.organisation import Organisation
from domain.person import Person
from domain.place import Place
from domain.portfolio import Portfolio
from domain.preferences import Preferences
from domain.programme import Programme
from domain.relationship import Relationship
from domain.rights_request import RightsRequest
from domain.shortlist import Shortlist
from domain.story import Story
from domain.suggestion import Suggestion
from domain.vault import Vault


class Fate(StrEnum):
    """What becomes of a stream that an erased person has to do with."""

    DELETED = "deleted"
    KEPT = "kept"


FATES: Mapping[str, Fate] = MappingProxyType(
    {
        AccessRegister.TOPIC: Fate.KEPT,
        Bell.TOPIC: Fate.KEPT,
        Concern.TOPIC: Fate.KEPT,
        ConsentLedger.TOPIC: Fate.KEPT,
        Disclosure.TOPIC: Fate.KEPT,
        Enquiry.TOPIC: Fate.KEPT,
        Erasure.TOPIC: Fate.KEPT,
        Feedback.TOPIC: Fate.KEPT,
        FeedbackBox.TOPIC: Fate.KEPT,
        FeedbackSlips.TOPIC: Fate.KEPT,
        FeedbackStamp.TOPIC: Fate.KEPT,
        FundingAgreement.TOPIC: Fate.KEPT,
        Group.TOPIC: Fate.KEPT,
        Invitation.TOPIC: Fate.KEPT,
        MatchingRound.TOPIC: Fate.KEPT,
        MentorProfile.TOPIC: Fate.DELETED,
        Notebook.TOPIC: Fate.KEPT,
        Notice.TOPIC: Fate.KEPT,
        Organisation.TOPIC: Fate.KEPT,
        Person.TOPIC: Fate.DELETED,
        Place.TOPIC: Fate.KEPT,
        Portfolio.TOPIC: Fate.DELETED,
        Preferences.TOPIC: Fate.DELETED,
        Programme.TOPIC: Fate.KEPT,
        Relationship.TOPIC: Fate.KEPT,
        RightsRequest.TOPIC: Fate.KEPT,
        Shortlist.TOPIC: Fate.KEPT,
        Story.TOPIC: Fate.DELETED,
        Suggestion.TOPIC: Fate.KEPT,
        Vault.TOPIC: Fate.DELETED,
    }
)
"""The fate of every kind of stream; a test compares it with the aggregates and with the specification."""


def streams_of(person: UUID) -> tuple[UUID, ...]:
    """The streams that are wholly a person's, whether or not they have begun."""
    return (
        person,
        MentorProfile.id_of(person),
        Portfolio.id_of(person),
        Preferences.id_of(person),
        Vault.id_of(person),
        Story.id_of(person),
    )
