"""Matches people with mentor-match, in an environment of its own: rows come in as JSON, pairs and seconds go out."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from matching.mentee import Mentee  # type: ignore[import-not-found]  # - in the environment of this program
from matching.mentor import Mentor  # type: ignore[import-not-found]  # - see above
from matching.process import process_data  # type: ignore[import-not-found]  # - see above
from matching.rules.rule import Disqualify, Generic  # type: ignore[import-not-found]  # - see above

WEIGHTS = {"themes": 5, "practice": 3, "approach": 3}


def main() -> None:
    given = json.load(sys.stdin)
    mentees = [_person(Mentee, row) for row in given["mentees"]]
    mentors = [_person(Mentor, row) for row in given["mentors"]]
    started = time.perf_counter()
    process_data(mentors, mentees, [_rules()])
    seconds = time.perf_counter() - started
    pairs = [
        (each.row["number"], each.mentors[0].row["number"]) for each in mentees if each.mentors
    ]
    json.dump({"seconds": seconds, "pairs": pairs}, sys.stdout)


def _person(kind: Any, row: dict[str, Any]) -> Any:
    person = kind(grade=1, email=f"{kind.__name__}-{row['number']}")
    person.row = {
        **row,
        "holds": set(row["holds"]),
        "languages": set(row["languages"]),
        "apart": set(row["apart"]),
    }
    return person


def _rules() -> list[Any]:
    """The hard ones disqualify; each wish that is met counts what we count, from both sides."""
    return [
        *(
            Generic({True: weight * n, False: 0}, _meets(aspect, n))
            for aspect, weight in WEIGHTS.items()
            for n in (1, 2)
        ),
        Generic({True: WEIGHTS["practice"], False: 0}, _suits_mentor),
        Disqualify(lambda match: not match.mentor.row["languages"] & match.mentee.row["languages"]),
        Disqualify(lambda match: match.mentor.row["number"] in match.mentee.row["apart"]),
    ]


def _meets(aspect: str, times: int) -> Callable[[Any], bool]:
    def met(match: Any) -> bool:
        holds = match.mentor.row["holds"]
        wishes = match.mentee.row["wishes"]
        return sum(each.startswith(aspect) and each in holds for each in wishes) == times

    return met


def _suits_mentor(match: Any) -> bool:
    return all(each in match.mentee.row["holds"] for each in match.mentor.row["wishes"])


main()
