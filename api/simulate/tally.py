"""What happened in a simulation, as counts alone."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum


class Happened(StrEnum):
    """What is counted, in the order in which it is told."""

    ENQUIRIES = "enquiries"
    ANSWERED = "enquiries answered"
    FORGOTTEN = "enquiries forgotten"
    MENTORS = "mentors welcomed"
    MENTEES = "mentees who got in"
    JOINED = "of them by an invitation"
    INVITED_LATER = "places by an invitation that came later"
    DEFERRED = "consents put off"
    NOES = "consents refused"
    RENEWED = "consents renewed under newer words"
    LAPSED = "consents never renewed"
    NEVER_BEGAN = "mentees who never consented"
    REQUESTS = "requests"
    SHORTLISTS = "shortlists drawn"
    RANKED = "of them ranked"
    ROUNDS = "matching rounds"
    PROPOSALS = "proposals"
    DECLINED = "proposals declined"
    EXPIRED = "proposals that ran out"
    CONFLICTS = "conflicts declared"
    MATCHES = "matches"
    SCHEDULED = "sessions planned"
    RESCHEDULED = "sessions moved"
    CANCELLED = "sessions cancelled"
    HELD = "sessions held"
    MISSED = "sessions missed"
    CONFIRMED = "attendance confirmed by the other"
    DISPUTES = "disputes"
    CORRECTIONS = "corrections"
    CADENCES = "changes to weekly"
    PAUSES = "pauses"
    MENTORS_PAUSED = "mentors who paused"
    PLACES_EXTENDED = "places extended"
    RETURNED = "places given back in part"
    IDENTITY_WITHDRAWN = "identity preferences withdrawn"
    WITHDRAWALS = "withdrawals from all of it"
    MENTORS_GONE = "mentors who left"
    REMATCHES = "other partners asked for"
    CLOSINGS = "relationships closed by those in them"
    ASKED_AGAIN = "next requests after an ending"
    WISHES = "statements for the matching"
    BACKGROUNDS = "statements of backgrounds"
    BESIDE = "pairs of other kinds"
    GROUPS = "groups"
    GROUP_HOURS = "hours of groups"
    FEEDBACK = "slips by which somebody said how it went"
    PIECES = "pieces in portfolios"
    STORIES = "stories offered"
    SUGGESTIONS = "suggestions"
    CONCERNS = "concerns"
    CONCERNS_ANSWERED = "concerns answered"
    RIGHTS_REQUESTS = "requests about one's record"
    RIGHTS_ANSWERED = "of them answered or refused"
    DISCLOSURES = "disclosures written"
    ERASURES_ASKED = "wishes to be erased"
    ERASED = "people erased"
    INVOICES = "invoices"
    CARRIED_OVER = "months carried over"
    CREDITS = "lines credited"
    PAYMENTS = "invoices paid"
    AGREEMENTS_AMENDED = "agreements renewed or made larger"
    AGREEMENTS_OVER = "agreements that ended"
    REFUSED = "commands that a rule refused"


class Tally:
    """Counts as things happen; nothing else of them is kept."""

    def __init__(self) -> None:
        self._counts: Counter[Happened] = Counter()

    def note(self, what: Happened) -> None:
        """It happened once more."""
        self._counts[what] += 1

    def __getitem__(self, what: Happened) -> int:
        """How often it happened."""
        return self._counts[what]

    def lines(self) -> Iterator[tuple[str, int]]:
        """What happened and how often, nothing left out."""
        yield from ((what.value, self._counts[what]) for what in Happened)
