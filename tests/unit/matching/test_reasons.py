"""Reasons say what fits and what does not, and to each only what is theirs to know."""

from domain.matching.reasons import BACKGROUND_MET, BACKGROUND_UNMET, HOURS, reasons_of
from tests.unit.matching.people import mentor, request, want

LEADING, ADULTS, SIKH = "themes:leading", "practice:adults", "faith:sikh"


def test_each_reads_what_fits_them() -> None:
    asking = request(
        1, want(LEADING), want(ADULTS), holds=[LEADING, ADULTS], languages=["cy", "en"]
    )
    offering = mentor(1, want(ADULTS), holds=[LEADING], languages=["cy"])
    reasons = reasons_of(asking, offering)

    assert reasons.for_mentee.splitlines() == [
        "They can think with you about leading others.",
        HOURS,
        "You can meet in Welsh.",
        "You also asked for adults; that does not fit here.",
    ]
    assert reasons.for_mentor.splitlines() == [
        "They would like to think about what you offered: leading others.",
        "They work where you wished: adults.",
        HOURS,
        "You can meet in Welsh.",
    ]


def test_of_a_background_a_mentor_reads_nothing_and_a_mentee_only_that_it_fits() -> None:
    asking = request(1, want(SIKH), holds=[SIKH])
    fits, does_not = (reasons_of(asking, mentor(1, holds=holds)) for holds in ([SIKH], []))

    assert BACKGROUND_MET in fits.for_mentee
    assert BACKGROUND_UNMET in does_not.for_mentee
    assert fits.for_mentor == does_not.for_mentor == HOURS
    assert "sikh" not in (fits.for_mentee + does_not.for_mentee).casefold()


def test_somebody_who_wishes_nothing_reads_that_they_can_meet() -> None:
    assert reasons_of(request(1), mentor(1)).for_mentee == HOURS
