"""What a log tells of feedback: who had a slip, what lies in which box, and what left it with how many others."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from domain.feedback import SCHEME, Feedback
from domain.feedback_box import FeedbackBox
from domain.feedback_slips import FeedbackSlips
from domain.values import Purpose
from tests.properties.scheme_facts import Facts

A_LOT_ABOUT_A_MENTOR, A_LOT_ABOUT_THE_SCHEME = 5, 10


@dataclass
class Box:
    """One box as the log tells it."""

    about: UUID
    lot: int = 1
    lying: int = 0
    slips: set[UUID] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        about_all = self.about == SCHEME
        return self.lying >= (A_LOT_ABOUT_THE_SCHEME if about_all else A_LOT_ABOUT_A_MENTOR)


class FeedbackFacts(Facts):
    """The same of slips and boxes."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[UUID, Box] = {}
        self.left: Counter[tuple[UUID, int]] = Counter()
        self.taken_out: dict[tuple[UUID, int], int] = {}
        self._slips_for: dict[UUID, UUID] = {}
        self._had_slip: set[tuple[UUID, UUID]] = set()

    def _slips_offered(self, fact: Any) -> None:
        self._slips_for[fact.originator_id] = fact.relationship

    def _slip_taken(self, fact: Any) -> None:
        pair = self.pairs[self._slips_for[fact.originator_id]]
        have_met = pair.closed and fact.actor in {pair.mentee, pair.mentor}
        self.require("15: who took part in what has ended has a slip", holds=bool(have_met))
        consented = self.takes_part(fact.actor, fact.timestamp, Purpose.FEEDBACK)
        self.require("15: a slip rests on a consent of its own", holds=consented)
        had = (fact.originator_id, fact.actor)
        self.require("15: one slip for each after an ending", holds=had not in self._had_slip)
        self._had_slip.add(had)

    def _box_put_up(self, fact: Any) -> None:
        self.boxes[fact.originator_id] = Box(fact.about)

    def _dropped(self, fact: Any) -> None:
        box = self.boxes[fact.originator_id]
        self.require("15: a slip is good once", holds=fact.slip not in box.slips)
        box.slips.add(fact.slip)
        self.require("15: what is full is emptied first", holds=not box.is_full)
        box.lying += 1

    def _emptied(self, fact: Any) -> None:
        box = self.boxes[fact.originator_id]
        self.require("15: no few leave a box", holds=box.is_full)
        from_nobody = fact.actor == fact.originator_id
        self.require("15: nobody is told who came last", holds=from_nobody)
        self.taken_out[box.about, box.lot] = box.lying
        box.lot, box.lying = box.lot + 1, 0

    def _response_left(self, fact: Any) -> None:
        from_nobody = fact.actor == fact.originator_id == fact.answers.owner
        self.require("15: a response leads to nobody", holds=from_nobody)
        self.left[fact.about, fact.lot] += 1

    TELLING: ClassVar[dict[type, Any]] = {
        **Facts.TELLING,
        FeedbackSlips.Created: _slips_offered,
        FeedbackSlips.Taken: _slip_taken,
        FeedbackBox.Created: _box_put_up,
        FeedbackBox.Dropped: _dropped,
        FeedbackBox.Emptied: _emptied,
        Feedback.Created: _response_left,
    }
