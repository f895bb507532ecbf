"""Whatever people wish, a round is the best there is by the rule, as trying every assignment finds it."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.aspects import Aspect, Importance
from domain.matching.engine import run_round
from domain.matching.pool import Mentor, Party, Pool, Request, Want
from domain.matching.reasons import meets
from tests.unit.matching.people import mentor, pool, request, want

TOKENS = ["approach:listening", "practice:adults", "themes:leading", "faith:sikh"]
WEIGHTS = {Aspect.THEMES: 3, Aspect.PRACTICE: 1, Aspect.APPROACH: 2, Aspect.BACKGROUND: 5}
Chosen = tuple[int | None, ...]

wants = st.lists(st.builds(want, st.sampled_from(TOKENS), st.sampled_from(Importance)), max_size=3)
holds = st.sets(st.sampled_from(TOKENS))


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Few enough that everything can be tried."""
    mentors = [
        mentor(n, *draw(wants), holds=draw(holds), room=draw(st.integers(0, 2)))
        for n in range(draw(st.integers(0, 4)))
    ]
    apart = st.sets(st.sampled_from([each.id for each in mentors])) if mentors else st.just(set())
    requests = [
        request(n, *draw(wants), holds=draw(holds), apart=draw(apart))
        for n in range(draw(st.integers(0, 4)))
    ]
    return pool(requests, mentors, weights={**dict.fromkeys(Aspect, 1), **WEIGHTS})


@settings(max_examples=150, deadline=None)
@given(people=pools(), seed=st.binary(min_size=1, max_size=4))
def test_no_assignment_matches_more_or_leaves_the_worst_off_or_all_together_better(
    people: Pool, seed: bytes
) -> None:
    result = run_round(people, seed)
    columns = {each.id: index for index, each in enumerate(people.mentors)}
    chosen = {each.request: columns[each.mentor] for each in result.suggestions}
    ours: Chosen = tuple(chosen.get(each.id) for each in people.requests)

    assert is_allowed(people, ours)
    assert value_of(people, ours) == max(value_of(people, each) for each in assignments(people))
    assert {each.request for each in result.left_over} | set(chosen) == ids_of(people)
    assert result == run_round(people, seed)


@settings(max_examples=60, deadline=None)
@given(people=pools())
def test_who_could_have_somebody_else_without_loss_is_counted_in_the_measures(people: Pool) -> None:
    result = run_round(people, b"seed")
    worst, total = value_of(people, as_chosen(people, result.suggestions))[1:]
    whole = len(people.requests)
    assert result.measures.share_matched == (
        1000 * len(result.suggestions) // whole if whole else 0
    )
    assert (result.measures.worst_off, result.measures.total) == (worst, total)
    assert result.measures.blocking_pairs == blocking(people, as_chosen(people, result.suggestions))


def as_chosen(people: Pool, suggestions: tuple[object, ...]) -> Chosen:
    columns = {each.id: index for index, each in enumerate(people.mentors)}
    found = {each.request: columns[each.mentor] for each in suggestions}  # type: ignore[attr-defined]  # - suggestions
    return tuple(found.get(each.id) for each in people.requests)


def assignments(people: Pool) -> Iterator[Chosen]:
    choices: list[int | None] = [None, *range(len(people.mentors))]
    for chosen in product(choices, repeat=len(people.requests)):
        if is_allowed(people, chosen):
            yield chosen


def is_allowed(people: Pool, chosen: Chosen) -> bool:
    taken = [each for each in chosen if each is not None]
    if any(taken.count(n) > each.room for n, each in enumerate(people.mentors)):
        return False
    pairs = zip(people.requests, chosen, strict=True)
    return all(may_meet(one, people.mentors[n]) for one, n in pairs if n is not None)


def may_meet(one: Request, other: Mentor) -> bool:
    needs = [(other, each) for each in one.wants] + [(one, each) for each in other.wants]
    kept = all(meets(who, each) for who, each in needs if each.is_need)
    return kept and other.id not in one.apart


def value_of(people: Pool, chosen: Chosen) -> tuple[int, int, int]:
    scores = [
        (score(one, people.mentors[n], people), score(people.mentors[n], one, people))
        for one, n in zip(people.requests, chosen, strict=True)
        if n is not None
    ]
    worst = min((min(pair) for pair in scores), default=0)
    return len(scores), worst, sum(map(sum, scores))


def score(of: Party, other: Party, people: Pool) -> int:
    counted = [each for each in of.wants if not each.is_need]

    def weight(each: Want) -> int:
        return people.weights[each.aspect] * each.importance

    whole = sum(map(weight, counted))
    met = sum(weight(each) for each in counted if meets(other, each))
    return int(Fraction(1000 * met, whole)) if whole else 1000


def blocking(people: Pool, chosen: Chosen) -> int:
    found = 0
    for row, column in product(range(len(people.requests)), range(len(people.mentors))):
        one, other = people.requests[row], people.mentors[column]
        if not may_meet(one, other):
            continue
        current = chosen[row]
        is_better = current is None or score(one, other, people) > score(
            one, people.mentors[current], people
        )
        with_them = [people.requests[r] for r, each in enumerate(chosen) if each == column]
        has_room = len(with_them) < other.room
        lowest = min((score(other, each, people) for each in with_them), default=1001)
        found += is_better and (has_room or score(other, one, people) > lowest)
    return found


def ids_of(people: Pool) -> set[UUID]:
    return {each.id for each in people.requests}
