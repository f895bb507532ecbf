"""What a log tells of what is somebody's alone: the pieces of their portfolio, and the uses that they object to."""

from collections import defaultdict
from typing import Any, ClassVar
from uuid import UUID

from domain.consent import ConsentLedger
from domain.objection import Use
from domain.portfolio import Portfolio
from domain.rights_request import RightsRequest
from tests.properties.scheme_desk_facts import DeskFacts

DECEMBER = 12


class OwnFacts(DeskFacts):
    """The same of portfolios and objections."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: dict[UUID, set[UUID]] = defaultdict(set)
        self.stopped: set[tuple[UUID, Use]] = set()
        self.overruled: set[tuple[UUID, Use]] = set()
        self._objects_to: dict[UUID, Use] = {}
        self._writes_in: dict[UUID, UUID] = {}

    def _portfolio_begun(self, fact: Any) -> None:
        self._writes_in[fact.originator_id] = fact.person

    def _piece_kept(self, fact: Any) -> None:
        theirs = self._pieces_of(fact)
        self.require("a piece is kept once", holds=fact.piece not in theirs)
        self._require_own_words(fact)
        theirs.add(fact.piece)

    def _piece_amended(self, fact: Any) -> None:
        is_there = fact.piece in self._pieces_of(fact)
        self.require("what is amended is there", holds=is_there)
        self._require_own_words(fact)

    def _piece_destroyed(self, fact: Any) -> None:
        theirs = self._pieces_of(fact)
        own = fact.piece in theirs and fact.person == fact.actor
        self.require("everybody destroys their own", holds=own)
        theirs.discard(fact.piece)

    def _pieces_of(self, fact: Any) -> set[UUID]:
        own = fact.actor == self._writes_in[fact.originator_id]
        self.require("everybody writes in their own portfolio", holds=own)
        return self.pieces[fact.originator_id]

    def _require_own_words(self, fact: Any) -> None:
        own_key = fact.written.purpose.endswith(str(fact.piece))
        own = fact.written.owner == fact.actor and own_key
        self.require("a piece lies under a key of its owner's, and its own", holds=own)
        day = fact.timestamp
        begun = day.year if day.month >= DECEMBER else day.year - 1
        self.require("a piece is of a year that has begun", holds=fact.year <= begun)

    def _use_named(self, fact: Any) -> None:
        self._objects_to[fact.originator_id] = fact.use

    def _use_stopped(self, fact: Any) -> None:
        use = (fact.originator_id, fact.use)
        own = fact.originator_id == ConsentLedger.id_of(fact.actor)
        self.require("everybody objects for themselves", holds=own)
        self.require("what is stopped is stopped once", holds=use not in self.stopped)
        self.stopped.add(use)
        self.overruled.discard(use)

    def _use_resumed(self, fact: Any) -> None:
        use = (fact.originator_id, fact.use)
        own = fact.originator_id == ConsentLedger.id_of(fact.actor)
        may = own or use in self.overruled
        self.require("nobody overrules an objection without an answer", holds=may)
        self.require("what begins again was stopped", holds=use in self.stopped)
        self.stopped.discard(use)
        self.overruled.discard(use)

    def _objection_refused(self, fact: Any) -> None:
        self._request_answered(fact)
        use = self._objects_to.get(fact.originator_id)
        if use is None:
            return
        ledger = ConsentLedger.id_of(self.letters[fact.originator_id].by)
        self.overruled.add((ledger, use))

    TELLING: ClassVar[dict[type, Any]] = {
        **DeskFacts.TELLING,
        Portfolio.Created: _portfolio_begun,
        Portfolio.PieceKept: _piece_kept,
        Portfolio.PieceAmended: _piece_amended,
        Portfolio.PieceDestroyed: _piece_destroyed,
        RightsRequest.UseNamed: _use_named,
        RightsRequest.Refused: _objection_refused,
        ConsentLedger.UseStopped: _use_stopped,
        ConsentLedger.UseResumed: _use_resumed,
    }
