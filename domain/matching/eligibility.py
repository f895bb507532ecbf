"""Who may be proposed to whom: what stands in the way is masked out, never given a low score."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from uuid import UUID

import numpy as np
import numpy.typing as npt

from domain.matching.crowd import Crowd, Mask
from domain.matching.pool import Party, Pool
from domain.matching.workplaces import plain

UNSAID = -1


class Obstacle(StrEnum):
    """Why a mentor may not be proposed to somebody."""

    NO_ROOM = "no_room"
    KEPT_APART = "kept_apart"
    ELSEWHERE = "elsewhere"
    WORKPLACE = "workplace"
    LANGUAGE = "language"
    HOURS = "hours"
    NEED = "need"
    THEIR_NEED = "their_need"


class Eligibility:
    """Answers for one request after the other, all mentors at once, in the order of the pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._mentors = Crowd(pool.mentors)
        self._places = {mentor.id: index for index, mentor in enumerate(pool.mentors)}
        self._no_room = np.array([mentor.room < 1 for mentor in pool.mentors], dtype=np.bool_)
        self._languages = _Languages(pool.mentors)
        self._hours = _packed(pool.mentors)
        self._employers = _Names([mentor.employer for mentor in pool.mentors])
        self._teams = _Names([mentor.team for mentor in pool.mentors])
        self._refused = _refused_by_mentors(pool)

    def allowed(self) -> Mask:
        """One row for each request: whom nothing keeps from them."""
        size = len(self._pool.requests)
        rows = np.zeros((size, self._mentors.size), dtype=np.bool_)
        for index in range(size):
            rows[index] = ~np.logical_or.reduce(list(self.in_the_way(index).values()))
        return rows

    def in_the_way(self, index: int) -> dict[Obstacle, Mask]:
        """What stands between one request and each mentor."""
        request = self._pool.requests[index]
        need = np.zeros(self._mentors.size, dtype=np.bool_)
        for want in request.wants:
            if want.is_need:
                need |= ~self._mentors.meeting(want)
        return {
            Obstacle.NO_ROOM: self._no_room,
            Obstacle.KEPT_APART: self._among(request.apart),
            Obstacle.ELSEWHERE: self._among(request.elsewhere),
            Obstacle.WORKPLACE: self._same_workplace(index),
            Obstacle.LANGUAGE: ~self._languages.shared_with(request),
            Obstacle.HOURS: ~_overlapping(self._hours, request),
            Obstacle.NEED: need,
            Obstacle.THEIR_NEED: self._refused[index],
        }

    def _among(self, people: Iterable[UUID]) -> Mask:
        mask = np.zeros(self._mentors.size, dtype=np.bool_)
        mask[[self._places[each] for each in people if each in self._places]] = True
        return mask

    def _same_workplace(self, index: int) -> Mask:
        """Rule 9: the same team never; the same employer only if the mentee asks for it."""
        request = self._pool.requests[index]
        if not self._pool.keeps_workplaces_apart:
            return np.zeros(self._mentors.size, dtype=np.bool_)
        employer = self._employers.same_as(request.employer)
        if request.same_employer_welcome:
            return employer & self._teams.same_as(request.team)
        return employer


class _Names:
    """Names that people wrote, compared without regard to capitals and spaces; what is not said equals nothing."""

    def __init__(self, names: Sequence[str]) -> None:
        self._codes: dict[str, int] = {}
        self._said = np.array(
            [
                self._codes.setdefault(plain(name), len(self._codes)) if name else UNSAID
                for name in names
            ],
            dtype=np.int32,
        )

    def same_as(self, name: str) -> Mask:
        code = self._codes.get(plain(name), UNSAID) if name else UNSAID
        same: Mask = (self._said == code) & (self._said != UNSAID)
        return same


class _Languages:
    """Who speaks what, as bits; who named no language restricts nothing."""

    def __init__(self, people: Sequence[Party]) -> None:
        spoken = sorted({each for person in people for each in person.languages})
        self._bits = {language: 1 << index for index, language in enumerate(spoken)}
        self._spoken = np.array([self._of(person) for person in people], dtype=np.uint64)

    def shared_with(self, person: Party) -> Mask:
        """Who of them has a language in common with somebody."""
        if not person.languages:
            return np.ones(len(self._spoken), dtype=np.bool_)
        named = np.uint64(sum(self._bits.get(each, 0) for each in person.languages))
        shared: Mask = ((self._spoken & named) != 0) | (self._spoken == 0)
        return shared

    def _of(self, person: Party) -> int:
        return sum(self._bits[each] for each in person.languages)


def _refused_by_mentors(pool: Pool) -> Mask:
    """Where a request does not meet what a mentor needs of a mentee."""
    requests = Crowd(pool.requests)
    refused = np.zeros((len(pool.requests), len(pool.mentors)), dtype=np.bool_)
    for index, mentor in enumerate(pool.mentors):
        for want in mentor.wants:
            if want.is_need:
                refused[:, index] |= ~requests.meeting(want)
    return refused


def _packed(people: Sequence[Party]) -> npt.NDArray[np.uint8]:
    """The hours of each as bits; who said nothing at all has every one."""
    longest = max((len(person.hours) for person in people), default=0)
    rows = [_bits(person, longest) for person in people]
    return np.array(rows, dtype=np.uint8).reshape(len(people), -(-longest // 8))


def _overlapping(hours: npt.NDArray[np.uint8], person: Party) -> Mask:
    if not person.hours or not hours.size:
        return np.ones(len(hours), dtype=np.bool_)
    overlap = hours & _bits(person, len(person.hours))
    shared: Mask = np.any(overlap != 0, axis=1)
    return shared


def _bits(person: Party, length: int) -> npt.NDArray[np.uint8]:
    if not person.hours:
        return np.full(-(-length // 8), 255, dtype=np.uint8)
    return np.packbits(np.frombuffer(person.hours, dtype=np.uint8))
