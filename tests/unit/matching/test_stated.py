"""What people state: read back as it was said, refused where it is not from the lists."""

from datetime import date, time

import pytest

from domain.availability import Availability, DaysAway, Window
from domain.matching.aspects import Alike, Aspect, Dimension, Importance
from domain.matching.hours import HALVES_A_DAY, HALVES_A_WEEK, hours_of
from domain.matching.pool import holds_of, wants_of
from domain.matching.stated import (
    Background,
    NotAChoice,
    NotAStatement,
    SayYourOwnFirst,
    Stated,
    Wish,
    WishesContradict,
)
from domain.working_time import WorkingHours

STATED = Stated(
    ("en", "cy"),
    ((Aspect.PRACTICE, ("adults",)), (Aspect.CAREER, ())),
    (Wish(Aspect.THEMES, ("leading", "balance"), Importance.STRONG_WISH),),
    "Borough of Fernley",
    "Duty",
    same_employer_welcome=True,
)
BACKGROUND = Background(
    ((Dimension.GENDER, ("woman",)), (Dimension.FAITH, ("sikh", "hindu"))),
    ((Dimension.GENDER, Alike.SHARED), (Dimension.FAITH, Alike.DIFFERENT)),
    Importance.NEED,
    together=True,
)
WINTER = date(2026, 1, 12)


def test_a_statement_is_read_back_as_it_was_said() -> None:
    assert Stated.decode(STATED.encode()) == STATED
    assert Background.decode(BACKGROUND.encode()) == BACKGROUND
    assert STATED.about == ((Aspect.PRACTICE, ("adults",)),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        STATED.encode() + " ",
        STATED.encode().replace('"version":1', '"version":2'),
        STATED.encode().replace("adults", "dragons"),
        STATED.encode().replace('"leading"', '"leading","leading"'),
        STATED.encode().replace(",2]]", ",7]]"),
    ],
)
def test_anything_else_is_no_statement(text: str) -> None:
    with pytest.raises(NotAStatement):
        Stated.decode(text)


def test_what_is_on_no_list_is_refused() -> None:
    with pytest.raises(NotAChoice):
        Wish(Aspect.APPROACH, ("shouting",))
    with pytest.raises(NotAChoice):
        Wish(Aspect.BACKGROUND, ("black",))
    with pytest.raises(NotAChoice):
        Stated(languages=("tlh",))
    with pytest.raises(NotAChoice):
        Stated(team="x" * 121)


def test_two_wishes_about_one_thing_contradict() -> None:
    listening, plans = (Wish(Aspect.APPROACH, (each,)) for each in ("listening", "structured"))
    with pytest.raises(WishesContradict):
        Stated(wishes=(listening, plans))
    with pytest.raises(WishesContradict):
        Background(
            ((Dimension.GENDER, ("man",)),),
            ((Dimension.GENDER, Alike.SHARED), (Dimension.GENDER, Alike.DIFFERENT)),
        )


def test_a_wish_about_a_background_needs_ones_own() -> None:
    with pytest.raises(SayYourOwnFirst):
        Background(wishes=((Dimension.FAITH, Alike.SHARED),))


def test_themes_count_one_by_one_unless_one_of_them_is_needed() -> None:
    assert len(wants_of(STATED, None)) == 2
    needed = Stated(wishes=(Wish(Aspect.THEMES, ("leading", "balance"), Importance.NEED),))
    assert len(wants_of(needed, None)) == 1
    assert {"themes:leading", "themes:balance"} <= holds_of(STATED, None)


def test_several_parts_of_a_background_count_together_only_if_somebody_says_so() -> None:
    (together,) = wants_of(Stated(), BACKGROUND)
    assert len(together.parts) == 2
    apart = Background(BACKGROUND.own, BACKGROUND.wishes)
    assert [len(each.parts) for each in wants_of(Stated(), apart)] == [1, 1]


def test_who_said_nothing_of_theirs_neither_shares_a_background_nor_differs() -> None:
    (want,) = wants_of(
        Stated(), Background(((Dimension.FAITH, ("sikh",)),), ((Dimension.FAITH, Alike.DIFFERENT),))
    )
    (part,) = want.parts
    assert "faith:sikh" in part.none_of
    assert part.any_of
    assert not part.any_of & part.none_of


def starts(said: Availability | None, working: WorkingHours | None = None) -> list[tuple[int, int]]:
    bits = hours_of(said, working or WorkingHours(time(9), time(12)), "Europe/London", WINTER)
    assert len(bits) == HALVES_A_WEEK
    return [divmod(n, HALVES_A_DAY) for n, bit in enumerate(bits) if bit]


def test_a_session_begins_where_a_whole_hour_is_left() -> None:
    said = Availability(
        "Europe/London", (Window(0, time(8), time(10)), Window(1, time(9, 40), time(11)))
    )
    assert starts(said) == [(0, 18), (1, 20)]


def test_who_named_no_hours_can_begin_at_any_of_the_working_hours() -> None:
    away = Availability("Europe/London", (), (DaysAway(WINTER, WINTER),))
    every = [(day, half) for day in range(5) for half in range(18, 23)]
    assert starts(None) == starts(away) == every


def test_hours_of_another_zone_are_seen_by_the_programmes_clock() -> None:
    said = Availability("Europe/Paris", (Window(2, time(10), time(11)),))
    assert starts(said) == [(2, 18)]


def test_an_hour_that_is_too_short_suits_nobody() -> None:
    assert starts(Availability("Europe/London", (Window(2, time(10), time(10, 50)),))) == []
