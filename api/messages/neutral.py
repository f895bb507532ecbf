"""Rule 12: nothing that outsiders see of a mail says what it is about."""

import re

from api.messages.mail import Sender
from domain.errors import DomainError

TELLING = re.compile(
    r"mentor|mentee|vouchsafe|coordinator|diversity|ethnic|identity|safeguard|amrywiaeth|ethnig",
    re.IGNORECASE,
)
"""Words from which others could learn what somebody takes part in."""


class NotNeutral(DomainError):
    """The sender's address and name and the service's address are seen by others; take ones that do not say what it is about."""


def require_neutral(sender: Sender) -> None:
    """Refuse addresses and names that tell outsiders what it is about."""
    if any(TELLING.search(each) for each in (sender.address, sender.name, sender.service_url)):
        raise NotNeutral
