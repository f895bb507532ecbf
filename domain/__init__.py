"""What mentoring is: aggregates, their events and rules, without input, output or keys."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from domain.access_register import AccessRegister
from domain.aggregate import Aggregate
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

AGGREGATES: tuple[type[Aggregate], ...] = (
    AccessRegister,
    Bell,
    Concern,
    ConsentLedger,
    Disclosure,
    Enquiry,
    Erasure,
    Feedback,
    FeedbackBox,
    FeedbackSlips,
    FeedbackStamp,
    FundingAgreement,
    Group,
    Invitation,
    MatchingRound,
    MentorProfile,
    Notebook,
    Notice,
    Organisation,
    Person,
    Place,
    Portfolio,
    Preferences,
    Programme,
    Relationship,
    RightsRequest,
    Shortlist,
    Story,
    Suggestion,
    Vault,
)


def _events_of(aggregate: type[Aggregate]) -> Iterable[tuple[str, type[Aggregate.Event]]]:
    """The library replaces the classes an aggregate declares; those it then has are the stored ones."""
    for name in dir(aggregate):
        found = getattr(aggregate, name)
        if isinstance(found, type) and issubclass(found, Aggregate.Event):
            topic = getattr(found, "TOPIC", None)
            if topic is not None:
                yield topic, found


EVENT_CLASSES: Mapping[str, type[Aggregate.Event]] = MappingProxyType(
    {topic: found for each in AGGREGATES for topic, found in _events_of(each)}
)
"""Every event by its topic: what may be stored, and the only classes that stored bytes may become."""
