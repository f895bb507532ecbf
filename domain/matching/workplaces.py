"""Rule 9: who works too close to somebody to be brought together with them, as far as both said where they work."""

from domain.matching.stated import Stated


def plain(name: str) -> str:
    """A name that people wrote, without regard to capitals and spaces."""
    return " ".join(name.casefold().split())


def work_too_close(mentee: Stated, mentor: Stated) -> bool:
    """The same team never; the same employer only if the mentee asks for it. What is not said is no obstacle."""
    is_same_employer = _is_same(mentee.employer, mentor.employer)
    if mentee.same_employer_welcome:
        return is_same_employer and _is_same(mentee.team, mentor.team)
    return is_same_employer


def _is_same(one: str, other: str) -> bool:
    return bool(plain(one)) and plain(one) == plain(other)
