"""What a log tells of money: what was bought, allotted and billed, and which invitations are left."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.funding_agreement import FundingAgreement
from domain.invitation import Invitation
from domain.month import Month
from domain.place import Place
from tests.properties.scheme_ledgers import LedgerFacts

LONDON = ZoneInfo("Europe/London")
FEWEST_PLACES = 5


@dataclass
class Pool:
    """One agreement's invitations as the log tells them: the last day of each that is left."""

    places: int
    left: dict[UUID, date] = field(default_factory=dict)


class MoneyFacts(LedgerFacts):
    """The same of agreements."""

    def __init__(self) -> None:
        super().__init__()
        self.bought: dict[UUID, int] = {}
        self.allotted: dict[UUID, int] = {}
        self.pools: dict[UUID, Pool] = {}
        self.over: set[UUID] = set()
        self.invoiced: dict[UUID, list[date]] = {}
        self.used_at: dict[UUID, datetime] = {}

    def _signed(self, fact: Any) -> None:
        self.bought[fact.originator_id] = fact.terms.sessions
        self.allotted[fact.originator_id] = 0
        self.pools[fact.originator_id] = Pool(fact.terms.places)

    def _amended(self, fact: Any) -> None:
        self._require_runs(fact)
        self.bought[fact.originator_id] = fact.terms.sessions
        self.pools[fact.originator_id].places = fact.terms.places

    def _allotted(self, fact: Any) -> None:
        self._require_runs(fact)
        self.allotted[fact.originator_id] += fact.sessions

    def _returned_to_funding(self, fact: Any) -> None:
        self.allotted[fact.originator_id] -= fact.sessions

    def _agreement_over(self, fact: Any) -> None:
        self._require_runs(fact)
        self.over.add(fact.originator_id)

    def _require_runs(self, fact: Any) -> None:
        runs = fact.originator_id not in self.over
        self.require("what has ended pays for nothing more", holds=runs)

    def _issued(self, fact: Any) -> None:
        pool = self.pools[fact.agreement]
        pool.left[fact.originator_id] = fact.expires_on
        self.require("no more are invited than places", holds=len(pool.left) <= pool.places)

    def _invited(self, fact: Any) -> None:
        last_day = self._gone(fact)
        today = fact.timestamp.astimezone(LONDON).date()
        in_time = last_day is not None and today <= last_day
        self.require("an invitation is used once and in its time", holds=in_time)
        by_nobody = fact.actor == fact.originator_id
        self.require("14: nobody is told who used which invitation", holds=by_nobody)

    def _gone(self, fact: Any) -> date | None:
        pools = [each for each in self.pools.values() if fact.originator_id in each.left]
        self.require("an invitation goes once", holds=len(pools) == 1)
        return pools[0].left.pop(fact.originator_id) if pools else None

    def _used(self, fact: Any) -> None:
        super()._used(fact)
        self.used_at.setdefault(fact.session, fact.timestamp)

    def _billed(self, fact: Any) -> None:
        ended_at = Month(fact.month).ends_at("Europe/London")
        self.require("a month is over when it is billed", holds=fact.timestamp >= ended_at)
        earlier = self.invoiced.setdefault(fact.originator_id, [])
        self.require("a month is billed once", holds=all(each < fact.month for each in earlier))
        in_time = all(self.used_at[each.session] < ended_at for each in fact.lines)
        self.require("what is billed was used by then", holds=in_time)
        places = {each.place for each in fact.lines}
        many = fact.is_last or not places or len(places) >= FEWEST_PLACES
        self.require("14: what few places used waits", holds=many)
        earlier.append(fact.month)

    TELLING: ClassVar[dict[type, Any]] = {
        **LedgerFacts.TELLING,
        FundingAgreement.Created: _signed,
        FundingAgreement.Amended: _amended,
        FundingAgreement.SessionsAllotted: _allotted,
        FundingAgreement.SessionsReturned: _returned_to_funding,
        FundingAgreement.Ended: _agreement_over,
        FundingAgreement.InvoiceRaised: _billed,
        Place.SessionUsed: _used,
        Invitation.Created: _issued,
        Invitation.Used: _invited,
        Invitation.Withdrawn: _gone,
    }
