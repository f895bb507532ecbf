"""All that a log tells of a scheme, held to the rules."""

from typing import Any, ClassVar

from tests.properties.scheme_feedback_facts import FeedbackFacts
from tests.properties.scheme_groups_facts import GroupFacts
from tests.properties.scheme_matching_facts import MatchingFacts
from tests.properties.scheme_money_facts import MoneyFacts
from tests.properties.scheme_own_facts import OwnFacts
from tests.properties.scheme_partners_facts import PartnerFacts
from tests.properties.scheme_voices_facts import VoicesFacts


class Everything(
    OwnFacts, FeedbackFacts, GroupFacts, MatchingFacts, MoneyFacts, PartnerFacts, VoicesFacts
):
    """Each part reads what concerns it."""

    TELLING: ClassVar[dict[type, Any]] = {
        **OwnFacts.TELLING,
        **FeedbackFacts.TELLING,
        **GroupFacts.TELLING,
        **MatchingFacts.TELLING,
        **PartnerFacts.TELLING,
        **VoicesFacts.TELLING,
        # Last: it reads more of a used session than the others do.
        **MoneyFacts.TELLING,
    }
