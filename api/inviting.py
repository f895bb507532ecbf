"""The links of a pool of invitations: made here, shown to whoever asked for them, and kept nowhere.

A sponsor contact is answered nothing that changes when an invitation is used: no version, no position, no count.
"""

import base64
import csv
import hashlib
import hmac
import io
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from api.auth.callers import InvitingCaller
from api.carrying_out import carried_out_before, carry_out
from api.dependencies import (
    MentoringPart,
    QuietOrder,
    QuietOrderPart,
    RecorderPart,
    SettingsPart,
)
from api.errors import KeyIsTooShort, KeyUsedForAnother
from crypto.event_store.recorder import LogRecorder
from domain.access import Caller
from domain.commands.invitations import (
    Pool,
    issue_as_sponsor,
    issue_invitations,
    issue_without_agreement,
)
from domain.funding_agreement import FundingAgreement
from domain.invitation import Invitation
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.organisation import NotASponsorContact, Organisation
from domain.values import Role

PREFIX = "invitation_"
"""A recognisable beginning, so that scanners for leaked secrets find one."""
TOKEN_BYTES = 16
MOST_AT_ONCE = 200
SHORTEST_KEY = 22
"""As long as 128 random bits are when they are written as text."""


IssuePool = Callable[[Mentoring, Order, Pool], Recorded]


@dataclass(frozen=True, slots=True)
class Links:
    """Links to hand out, one to each practitioner, and the last day on which they work."""

    links: Sequence[str]
    expires_on: date

    def __repr__(self) -> str:
        return "<sealed>"

    def as_csv(self) -> str:
        """The same as a table for handing out; no cell begins as a formula would."""
        table = io.StringIO()
        writer = csv.writer(table)
        writer.writerow(["invitation", "use by"])
        writer.writerows([link, self.expires_on.isoformat()] for link in self.links)
        return table.getvalue()


@dataclass(frozen=True)
class Inviting:
    """Issues pools for a coordinator, or for the sponsor contact of the agreement's organisation."""

    caller: Caller
    quiet: QuietOrder
    mentoring: Mentoring
    recorder: LogRecorder
    public_url: str

    def issue(self, agreement: UUID, count: int, expires_on: date | None) -> Links:
        """Add so many; repeated under the same key it answers the same links."""
        by_duty = self.caller.role is Role.COORDINATOR
        issue = issue_invitations if by_duty else issue_as_sponsor
        return self._issued(issue, agreement, count, expires_on)

    def issue_without_agreement(
        self, programme: UUID, count: int, expires_on: date | None
    ) -> Links:
        """The same under a programme whose places nobody has to pay for; for a coordinator alone."""
        return self._issued(issue_without_agreement, programme, count, expires_on)

    def _issued(self, issue: IssuePool, under: UUID, count: int, expires_on: date | None) -> Links:
        order = self.quiet.order
        tokens = make_tokens(count, order, self.quiet.key)
        pool = Pool(under, [Invitation.id_of(each) for each in tokens], expires_on)
        carry = lambda: carry_out(lambda: self._issue(issue, pool))  # noqa: E731 - one thought in two steps
        earlier = carried_out_before(self.recorder, order, carry)
        if earlier and not hmac.compare_digest(earlier.request_mac, order.request_mac):
            raise KeyUsedForAnother
        lasts = self.mentoring.load(Invitation, pool.invitations[0]).expires_on
        return Links([link_of(self.public_url, each) for each in tokens], lasts)

    def _issue(self, issue: IssuePool, pool: Pool) -> Recorded:
        try:
            return issue(self.mentoring, self.quiet.order, pool)
        except NotASponsorContact:
            raise NotFound from None


async def inviting_of(
    caller: InvitingCaller,
    quiet: QuietOrderPart,
    mentoring: MentoringPart,
    recorder: RecorderPart,
    settings: SettingsPart,
) -> Inviting:
    """Gather it."""
    return Inviting(caller, quiet, mentoring, recorder, settings.public_url)


InvitingPart = Annotated[Inviting, Depends(inviting_of)]


def require_looks_after(mentoring: Mentoring, caller: Caller, agreement: UUID) -> None:
    """Refuse a sponsor contact of another organisation: to them the agreement is absent."""
    funding = mentoring.load(FundingAgreement, agreement)
    if caller.role is Role.COORDINATOR:
        return
    try:
        mentoring.load(Organisation, funding.organisation).require_sponsor_contact(caller.person)
    except NotASponsorContact:
        raise NotFound from None


def make_tokens(number: int, order: Order, key: str | None) -> list[str]:
    """As many tokens of 128 bits; under a key a repetition makes the same, so that a lost answer is no loss.

    A short key could be guessed, and with it every token.
    """
    return [_token(each) for each in make_secrets(number, order, key)]


def make_secrets(number: int, order: Order, key: str | None) -> list[bytes]:
    """What the tokens are made of."""
    if key is None:
        return [secrets.token_bytes(TOKEN_BYTES) for _ in range(number)]
    if len(key) < SHORTEST_KEY:
        raise KeyIsTooShort
    return [_derived(key, order, each) for each in range(number)]


def link_of(public_url: str, token: str) -> str:
    """The token stands in the fragment, which no browser sends and no server logs."""
    return f"{public_url.rstrip('/')}/join#{token}"


def _derived(key: str, order: Order, number: int) -> bytes:
    what = b"vouchsafe/invitation/1" + order.command_id.bytes + number.to_bytes(4, "big")
    return hmac.new(key.encode(), what, hashlib.sha256).digest()[:TOKEN_BYTES]


def _token(secret: bytes) -> str:
    return PREFIX + base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
