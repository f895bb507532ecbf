"""How simulated people behave: every rate in one table, each with what it is meant to resemble.

A rate is a share of one; a pair of days is the shortest and the longest that something takes.
"""

from typing import Final

Days = tuple[float, float]

# Coming
MENTORS_THERE_FROM_THE_FIRST_WEEK: Final = 0.7  # the others are found while the scheme runs
ARRIVALS_END_AT: Final = 0.8  # of the time; whoever comes last should still be seen meeting
CONSENT_TAKES: Final[Days] = (0.1, 4)
NEVER_CONSENT: Final = 0.04  # invited, registered, and then not for them
CONSENT_TO_IDENTITY_PREFERENCE: Final = 0.35
REQUEST_TAKES: Final[Days] = (0.1, 3)
WEEKLY: Final = 0.25  # the others meet monthly
IN_PERSON: Final = 0.15

# Being proposed
APPROVAL_TAKES: Final[Days] = (1, 5)
PROPOSAL_TAKES: Final[Days] = (1, 4)
NOBODY_FREE_LOOK_AGAIN: Final[Days] = (2, 5)
MOST_PROPOSALS: Final = 4  # then the mentee is told that there is nobody, and the request ends
ANSWER_TAKES: Final[Days] = (0.1, 6)
MENTEE_DECLINES: Final = 0.08
MENTOR_DECLINES: Final = 0.10
NEVER_ANSWERS: Final = 0.05  # of either: the proposal runs out
DECLARES_A_CONFLICT: Final = 0.02  # of mentees, on reading who it is
AGREEMENT_TAKES: Final[Days] = (0.1, 5)

# Meeting
SESSIONS: Final = (1, 2, 3, 3, 3)  # how many a place holds; most agreements buy three
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
PAUSED: Final = 0.06  # after a session
CADENCE_CHANGED: Final = 0.06  # after a session, to weekly
PAUSE_LASTS: Final[Days] = (7, 21)

# Ending
CLOSING_TAKES: Final[Days] = (1, 10)
NEVER_CLOSED: Final = 0.10  # nobody thinks of it
ENDS_EARLY: Final = 0.06  # after a session, by either, without fault
REMATCH_WANTED: Final = 0.3  # of those that end early

# Changing one's mind
WITHDRAWS_FROM_ALL: Final = 0.05  # of mentees, at any moment
WITHDRAWS_IDENTITY_PREFERENCE: Final = 0.15  # of those who gave it
MENTOR_WITHDRAWS: Final = 0.04  # with every relationship of theirs
MENTOR_LEAVES: Final = 0.06  # says so, and closes one by one
MENTOR_LOWERS_CAPACITY: Final = 0.15
MENTOR_STAYS: Final[Days] = (20, 120)  # until one of these comes to their mind
STATES_AVAILABILITY: Final = 0.6  # of mentors; others can be asked about any hour
CAPACITIES: Final = (1, 2, 2, 3, 4)
