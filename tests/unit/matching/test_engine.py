"""What the matching finds for people whose wishes are plain enough to see by eye."""

from uuid import UUID

import pytest

from domain.matching.aspects import Aspect
from domain.matching.eligibility import Obstacle
from domain.matching.engine import draw_shortlist, run_round
from domain.matching.left_over import ALL_GIVEN, CHANGES, NO_MENTORS
from domain.matching.pool import Mentor, Pool, Request
from domain.matching.result import RoundResult
from tests.unit.matching.people import NEED, SEED, STRONG_WISH, mentor, pool, request, want

LISTENS, PLANS = "approach:listening", "approach:structured"


def pairs(result: RoundResult) -> dict[int, int]:
    return {each.request.int: each.mentor.int - 1000 for each in result.suggestions}


def words_for(result: RoundResult, number: int) -> str:
    return next(each.words for each in result.left_over if each.request.int == number)


def test_everybody_gets_whom_they_wish_where_that_is_possible() -> None:
    found = run_round(
        pool(
            [request(1, want(LISTENS)), request(2, want(PLANS))],
            [mentor(1, holds=[PLANS]), mentor(2, holds=[LISTENS])],
        ),
        SEED,
    )
    assert pairs(found) == {1: 2, 2: 1}
    assert found.measures.share_matched == found.measures.worst_off == 1000
    assert (found.measures.share_top_three, found.measures.blocking_pairs) == (1000, 0)


def test_one_more_person_matched_outweighs_any_wish() -> None:
    """Who wishes the only mentor that another can have lets go of them."""
    choosy = request(1, want(LISTENS, STRONG_WISH))
    needy = request(2, want(LISTENS, NEED))
    found = run_round(pool([choosy, needy], [mentor(1, holds=[LISTENS]), mentor(2)]), SEED)
    assert pairs(found) == {1: 2, 2: 1}
    assert found.measures.worst_off == 0
    assert found.measures.blocking_pairs == 0


def test_the_worst_off_come_before_the_total() -> None:
    """All of one and nothing of the other would be more in sum than half of each."""
    tokens = [f"practice:{each}" for each in "abcd"]
    first = request(1, *(want(token) for token in tokens))
    second = request(2, want(LISTENS, STRONG_WISH), want(PLANS))
    best = mentor(1, holds=[*tokens, LISTENS])
    other = mentor(2, holds=tokens[:2])
    found = run_round(pool([first, second], [best, other]), SEED)
    assert pairs(found) == {1: 2, 2: 1}


def test_a_mentors_wishes_count_as_much() -> None:
    wishing = mentor(1, want("practice:adults"))
    found = run_round(
        pool([request(1), request(2, holds=["practice:adults"])], [wishing]),
        SEED,
    )
    assert pairs(found) == {2: 1}


def test_a_weight_of_nothing_lets_an_aspect_count_for_nothing() -> None:
    def found(weight: int) -> RoundResult:
        requests = [request(1, want(LISTENS), want("practice:adults"))]
        mentors = [mentor(1, holds=[LISTENS]), mentor(2, holds=["practice:adults"])]
        weights = dict.fromkeys(Aspect, 1) | {Aspect.APPROACH: weight}
        return run_round(pool(requests, mentors, weights=weights), SEED)

    assert pairs(found(0)) == {1: 2}
    assert pairs(found(9)) == {1: 1}


def test_a_mentor_takes_as_many_as_they_have_room_for() -> None:
    found = run_round(pool([request(n) for n in range(5)], [mentor(1, room=3)]), SEED)
    assert len(found.suggestions) == 3
    assert len(found.left_over) == 2


BARRED = {
    "conflict": (request(1, apart=[mentor(1).id]), mentor(1), Obstacle.KEPT_APART),
    "another kind": (request(1, elsewhere=[mentor(1).id]), mentor(1), Obstacle.ELSEWHERE),
    "no room": (request(1), mentor(1, room=0), Obstacle.NO_ROOM),
    "less room than is taken": (request(1), mentor(1, room=-2), Obstacle.NO_ROOM),
    "language": (
        request(1, languages=["cy"]),
        mentor(1, languages=["en", "pl"]),
        Obstacle.LANGUAGE,
    ),
    "hours": (
        request(1, hours=bytes([1, 0, 0])),
        mentor(1, hours=bytes([0, 1, 1])),
        Obstacle.HOURS,
    ),
    "employer": (
        request(1, employer="Borough of  FERNLEY"),
        mentor(1, employer="borough of fernley"),
        Obstacle.WORKPLACE,
    ),
    "team": (
        request(1, employer="Fernley", team="Duty", same_employer_welcome=True),
        mentor(1, employer="Fernley", team="duty "),
        Obstacle.WORKPLACE,
    ),
    "the mentee's need": (request(1, want(LISTENS, NEED)), mentor(1), Obstacle.NEED),
    "the mentor's need": (request(1), mentor(1, want(LISTENS, NEED)), Obstacle.THEIR_NEED),
}


@pytest.mark.parametrize(("asking", "barred", "obstacle"), BARRED.values(), ids=list(BARRED))
def test_what_stands_in_the_way_is_masked_and_told_with_what_would_change_it(
    asking: Request, barred: Mentor, obstacle: Obstacle
) -> None:
    found = run_round(pool([asking], [barred]), SEED)
    assert found.suggestions == ()
    assert CHANGES[obstacle] in words_for(found, 1)
    assert [each for each in CHANGES.values() if each in words_for(found, 1)] == [CHANGES[obstacle]]


def test_who_said_nothing_restricts_nothing() -> None:
    asking = request(1, languages=["cy"], hours=bytes([0, 1]), employer="Fernley", team="Duty")
    assert pairs(run_round(pool([asking], [mentor(1)]), SEED)) == {1: 1}


def test_a_colleague_is_found_only_for_who_is_glad_of_one_or_where_the_programme_lets_them() -> (
    None
):
    colleague = mentor(1, employer="Fernley", team="Hospital")
    glad = request(1, employer="Fernley", team="Duty", same_employer_welcome=True)
    other = request(1, employer="Fernley", team="Hospital")
    assert pairs(run_round(pool([glad], [colleague]), SEED)) == {1: 1}
    assert pairs(run_round(pool([other], [colleague]), SEED)) == {}
    inside = pool([other], [colleague], keeps_workplaces_apart=False)
    assert pairs(run_round(inside, SEED)) == {1: 1}


def test_an_empty_pool_is_said_kindly() -> None:
    found = run_round(pool([request(1), request(2)], []), SEED)
    assert [each.words for each in found.left_over] == [NO_MENTORS, NO_MENTORS]
    assert found.measures.share_matched == found.measures.worst_off == 0
    nobody = run_round(pool([], [mentor(1)]), SEED)
    assert (nobody.suggestions, nobody.left_over) == ((), ())


def test_a_pool_in_which_nobody_may_be_matched_tells_each_why() -> None:
    requests = [request(n, want(LISTENS, NEED)) for n in range(3)]
    found = run_round(pool(requests, [mentor(n) for n in range(4)]), SEED)
    assert found.suggestions == ()
    assert {each.words for each in found.left_over} == {words_for(found, 0)}
    assert CHANGES[Obstacle.NEED] in words_for(found, 0)


def test_one_mentor_for_a_thousand_takes_one_and_nobody_is_told_to_change_anything() -> None:
    found = run_round(pool([request(n) for n in range(1000)], [mentor(1)]), SEED)
    assert len(found.suggestions) == 1
    assert {each.words for each in found.left_over} == {ALL_GIVEN}
    assert found.measures.share_matched == 1


def test_preferences_that_contradict_match_nobody_and_say_so() -> None:
    """Both need what the other is not."""
    asking = request(1, want(LISTENS, NEED), want(PLANS, NEED))
    found = run_round(pool([asking], [mentor(1, holds=[LISTENS]), mentor(2, holds=[PLANS])]), SEED)
    assert CHANGES[Obstacle.NEED] in words_for(found, 1)


def test_what_keeps_one_mentor_away_is_not_said_of_all() -> None:
    """One speaks the language and does not listen, the other listens in another language."""
    asking = request(1, want(LISTENS, NEED), languages=["cy"])
    mentors = [mentor(1, languages=["cy"]), mentor(2, languages=["en"], holds=[LISTENS])]
    said = words_for(run_round(pool([asking], mentors), SEED), 1)
    assert [each for each in CHANGES if CHANGES[each] in said] == [Obstacle.LANGUAGE, Obstacle.NEED]
    assert "No mentor" not in said


def test_several_obstacles_together_name_what_can_be_changed() -> None:
    asking = request(1, want(LISTENS, NEED), languages=["cy"])
    found = run_round(pool([asking], [mentor(1, languages=["en"])]), SEED)
    said = words_for(found, 1)
    assert CHANGES[Obstacle.NEED] in said
    assert CHANGES[Obstacle.LANGUAGE] in said


def test_the_same_pool_and_seed_find_the_same_in_whatever_order_people_come() -> None:
    requests, mentors = [request(n) for n in range(30)], [mentor(n, room=2) for n in range(10)]
    there = run_round(pool(requests, mentors), SEED)
    back = run_round(pool(requests[::-1], mentors[::-1]), SEED)
    assert there == back
    assert pool(requests, mentors).digest(SEED) == pool(requests[::-1], mentors).digest(SEED)


def test_the_seed_chooses_among_equals() -> None:
    same = pool([request(n) for n in range(8)], [mentor(n) for n in range(3)])
    found = {frozenset(pairs(run_round(same, bytes([n]))).items()) for n in range(20)}
    assert len(found) > 1


def test_a_digest_changes_with_anything_that_somebody_said() -> None:
    def digest(asking: Request, seed: bytes = SEED) -> bytes:
        return pool([asking], [mentor(1)]).digest(seed)

    plain = digest(request(1))
    others = [request(2), request(1, want(LISTENS)), request(1, team="x"), request(1, hours=b"\1")]
    assert len({plain, digest(request(1), b"other"), *map(digest, others)}) == 6


def test_a_shortlist_is_of_the_three_that_suit_best() -> None:
    asking = request(1, want(LISTENS, STRONG_WISH), want(PLANS))
    offered = [[], [PLANS], [LISTENS], [LISTENS, PLANS], []]
    people = [mentor(n, holds=holds) for n, holds in enumerate(offered)]
    found = draw_shortlist(
        pool([asking], [*people, mentor(9, holds=[LISTENS, PLANS], room=0)]), SEED
    )
    assert [each.mentor for each in found.suggestions] == [people[n].id for n in (3, 2, 1)]
    assert found.nobody is None


def test_a_shortlist_of_nobody_says_why() -> None:
    found = draw_shortlist(pool([request(1, want(LISTENS, NEED))], [mentor(1)]), SEED)
    assert found.suggestions == ()
    assert CHANGES[Obstacle.NEED] in (found.nobody or "")


def test_what_was_opened_does_not_print() -> None:
    party = request(1, holds=["faith:sikh"])
    whole = pool([party], [mentor(1, employer="Zanzibar-quill")])
    result = run_round(whole, SEED)
    printed = f"{whole!r} {party!r} {result!r}"
    assert "sikh" not in printed
    assert "Zanzibar" not in printed
    assert "hours in the week" not in printed
    assert isinstance(whole, Pool)
    assert UUID(int=1) == party.id
