"""How simulated people behave: every rate in one table, each with what it is meant to resemble.

A rate is a share of one; a pair of days is the shortest and the longest that something takes.
"""

from typing import Final

Days = tuple[float, float]

# Asking about it
ENQUIRIES_A_MENTEE: Final = 0.2
ENQUIRY_IS_FORGOTTEN_UNANSWERED: Final = 0.1  # of those who ask, nobody answers
ANSWER_TO_ENQUIRY_TAKES: Final[Days] = (0.2, 6)
ENQUIRER_WANTS_TO_BE_FORGOTTEN: Final = 0.2
ENQUIRER_THINKS_AGAIN_AFTER: Final[Days] = (2, 20)

# Being paid for
RENEWED_AT: Final = 0.5  # of the time: what was bought for less is renewed
HOUSE_IS_KEPT_AT: Final = 0.55
SHORT_ONES_END_AT: Final = 0.8
EXTENDED_AT: Final = 0.4
ENDED_AT: Final = 0.7  # an employer who saves
MOST_SESSIONS: Final = 3
INVOICE_IS_READ_AFTER: Final[Days] = (1, 5)
LINE_IS_QUESTIONED: Final = 0.15  # and not insisted on
PAYMENT_TAKES: Final[Days] = (5, 30)

# Coming
INVITED: Final = 0.8  # by their employer; the others wrote to a coordinator
INVITED_LATER: Final = 0.4  # of those others; the rest get a place by hand
MENTORS_THERE_FROM_THE_FIRST_WEEK: Final = 0.7  # the others are found while the scheme runs
ARRIVALS_END_AT: Final = 0.8  # of the time; whoever comes last should still be seen meeting
CONSENT_TAKES: Final[Days] = (0.1, 4)
NEVER_CONSENT: Final = 0.04  # invited, registered, and then not for them
CONSENT_TO_IDENTITY_PREFERENCE: Final = 0.35
NOT_NOW: Final = 0.15  # to reminders, or to calendars
NO: Final = 0.1
THINKS_AGAIN_AFTER: Final[Days] = (31, 40)  # the clerk asks again after thirty
REQUEST_TAKES: Final[Days] = (0.1, 3)
WEEKLY: Final = 0.25  # the others meet monthly
IN_PERSON: Final = 0.15

# Being proposed
APPROVAL_TAKES: Final[Days] = (1, 5)
PROPOSAL_TAKES: Final[Days] = (1, 4)
NOBODY_FREE_LOOK_AGAIN: Final[Days] = (2, 5)
MOST_PROPOSALS: Final = 4  # then the mentee is told that there is nobody, and the request ends
RANKS_OTHERWISE: Final = 0.3  # than the matching did
ROUND_EVERY: Final[Days] = (9, 12)
ANSWER_TAKES: Final[Days] = (0.1, 6)
MENTEE_DECLINES: Final = 0.08
MENTOR_DECLINES: Final = 0.10
NEVER_ANSWERS: Final = 0.05  # of either: the proposal runs out
DECLARES_A_CONFLICT: Final = 0.02  # of mentees, on reading who it is
AGREEMENT_TAKES: Final[Days] = (0.1, 5)

# Meeting
SESSIONS: Final = (1, 2, 3, 3, 3)  # how many a place holds that is granted by hand
PLACE_IS_EXTENDED: Final = 0.08  # by one, of those that are used up
FIRST_SESSION_AFTER: Final[Days] = (3, 10)
CONFIRMATION_TAKES: Final[Days] = (0.1, 3)
RESCHEDULED: Final = 0.10
CANCELLED_IN_TIME: Final = 0.07
CANCELLED_LATE_BY_MENTEE: Final = 0.04  # within a day of the start; it counts
CANCELLED_LATE_BY_MENTOR: Final = 0.03  # within a day of the start; it does not
MENTEE_ABSENT: Final = 0.05
MENTOR_ABSENT: Final = 0.02
NOBODY_CONFIRMS: Final = 0.03
CONFIRMED: Final = 0.5  # by the other; most let it stand
DISPUTED: Final = 0.06  # of what was confirmed
DISPUTE_TAKES: Final[Days] = (0.1, 9)
CORRECTION_TAKES: Final[Days] = (1, 6)
DISPUTE_UPHELD: Final = 0.6
LINK_CHANGES: Final = 0.08
PAUSED: Final = 0.06  # after a session
CADENCE_CHANGED: Final = 0.06  # after a session, to weekly
PAUSE_LASTS: Final[Days] = (7, 21)

# Ending
CLOSING_TAKES: Final[Days] = (1, 10)
NEVER_CLOSED: Final = 0.10  # nobody thinks of it
ENDS_EARLY: Final = 0.06  # after a session, by either, without fault
REST_IS_RETURNED: Final = 0.6  # of what is not used then
REMATCH_WANTED: Final = 0.3  # of those that end early
ASKS_AGAIN: Final = 0.5  # of mentees with sessions left
KEEPS_WORDS: Final = 0.8  # of the request before

# Saying what one wishes
STATES_WISHES: Final = 0.7
TAKES_BACKGROUND_BACK: Final = 0.15  # of those who stated something

SHOWS_THEMSELVES: Final = 0.3
CHANGES_ADDRESS: Final = 0.08
MENTOR_IS_TURNED_DOWN: Final = 0.04

# Mentoring beside the usual
OFFERS_OTHER_KINDS: Final = 0.5  # of mentors
MENTORS_IN_ONE_PROGRAMME: Final = 0.1
BESIDE_A_MENTEE: Final = 0.1  # pairs of other kinds, and groups of three
GROUPS_A_MENTEE: Final = 0.02
BESIDE_BEGINS_AT: Final = 0.15

# Looking back
GIVES_FEEDBACK: Final = 0.7  # of those who are asked
WRITES_OF_IT: Final = 0.4  # in a portfolio
WRITES_AGAIN: Final = 0.3
STORIES_A_MENTEE: Final = 0.05
SUGGESTIONS_A_MENTEE: Final = 0.06
VOICES_BEGIN_AT: Final = 0.45

# At the desks
DESKS_BEGIN_AT: Final = 0.3  # of the time: by then there is something to worry about
CONCERNS_A_MENTEE: Final = 0.08
RIGHTS_REQUESTS_A_MENTEE: Final = 0.04
OBJECTIONS_A_MENTEE: Final = 0.02  # to suggestions by a program
DISCLOSURES_A_MENTEE: Final = 0.02
ERASURES_A_MENTEE: Final = 0.03
DESK_TAKES: Final[Days] = (1, 6)

# Changing one's mind
WITHDRAWS_FROM_ALL: Final = 0.05  # of mentees, at any moment
WITHDRAWS_IDENTITY_PREFERENCE: Final = 0.15  # of those who gave it
WORDS_ARE_RENEWED_AT: Final = 0.45  # of the time: everybody is asked again
RENEWAL_TAKES: Final[Days] = (0.2, 16)
NEVER_RENEWS: Final = 0.05  # and takes part no more, three weeks later
MENTOR_PAUSES: Final = 0.15
MENTOR_PAUSES_AFTER: Final[Days] = (5, 40)
MENTOR_WITHDRAWS: Final = 0.04  # with every relationship of theirs
MENTOR_LEAVES: Final = 0.06  # says so, and the clerk closes what runs
MENTOR_LOWERS_CAPACITY: Final = 0.15
MENTOR_STAYS: Final[Days] = (20, 120)  # until one of these comes to their mind
STATES_AVAILABILITY: Final = 0.6  # of mentors; others can be asked about any hour
CAPACITIES: Final = (1, 2, 2, 3, 4)
