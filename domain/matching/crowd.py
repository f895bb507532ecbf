"""The people of one side, asked who of them meets a want; each question is worked out once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from domain.matching.pool import Part, Party, Want

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.int16]


class Crowd:
    """Answers with one bit for each person, in their order."""

    def __init__(self, people: Sequence[Party]) -> None:
        self.size = len(people)
        holders: dict[str, list[int]] = defaultdict(list)
        for index, person in enumerate(people):
            for token in person.holds:
                holders[token].append(index)
        self._holders = {token: self._mask_of(found) for token, found in holders.items()}
        self._met: dict[tuple[Part, ...], Mask] = {}

    def meeting(self, want: Want) -> Mask:
        """Who meets all parts of a want."""
        known = self._met.get(want.parts)
        if known is None:
            known = np.ones(self.size, dtype=np.bool_)
            for part in want.parts:
                known &= self._holding(part.any_of) & ~self._holding(part.none_of)
            self._met[want.parts] = known
        return known

    def _holding(self, tokens: Iterable[str]) -> Mask:
        found = np.zeros(self.size, dtype=np.bool_)
        for token in tokens:
            if token in self._holders:
                found |= self._holders[token]
        return found

    def _mask_of(self, indexes: Sequence[int]) -> Mask:
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[indexes] = True
        return mask
