"""The desk of feedback: hands out slips, takes answers in under a slip alone, and empties a box that is full.

Nothing of it knows both who took a slip and what was said by it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4, uuid5

import msgspec

from api.bootstrap import Parts
from api.carrying_out import carried_out_before, carry_out
from api.errors import KeyUsedForAnother
from api.records.openings import Openings, Whose
from api.records.relations import as_participant
from api.slips import SlipCannotBeUsed, new_slip, read_slip
from crypto.errors import Erased
from domain.access import Caller
from domain.commands.feedback import (
    Answers,
    Response,
    find_stamp,
    give_feedback,
    make_stamp,
    require_no_slip_yet,
    take_slip,
)
from domain.errors import DomainError
from domain.feedback import RESPONSE_PURPOSE, SCHEME, Agreement, Statement
from domain.feedback_box import SlipIsUsed
from domain.feedback_slips import SLIPS, STAMP, STAMP_PURPOSE
from domain.mentoring import Order, Recorded
from domain.values import Act, Compartment, Role, Sealed

LONGEST_WORDS = 1_000
LENGTH_OF_ANSWERS = 7_000
"""All answers are as long as the longest, so that nothing tells by its length which of a lot it was."""
STAMP_BYTES = 32
CHANCE = secrets.SystemRandom()


class NothingSaid(DomainError):
    """Nothing was said here; answer something first, or leave it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says about one thing: how far they agree, and their words."""

    agreed: Mapping[Statement, Agreement] = field(default_factory=dict)
    words: str | None = None

    def __repr__(self) -> str:
        return "<sealed>"

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was answered."""
        return not self.agreed and not self.words

    def as_text(self) -> str:
        """The same at the one length that all have."""
        text = msgspec.json.encode({"agreed": self.agreed, "words": self.words})
        return text.ljust(LENGTH_OF_ANSWERS).decode()


SAID = msgspec.json.Decoder(Said)


@dataclass(frozen=True)
class FeedbackDesk:
    """Takes answers in, whoever gives them."""

    parts: Parts
    openings: Openings

    def hand_out(self, caller: Caller, order: Order, key: str | None, relationship: UUID) -> str:
        """A slip for somebody whose mentoring has ended; repeated under its key it answers the same.

        A mentee's is about the mentoring and the scheme, a mentor's about the scheme alone.
        """
        mentoring = self.parts.mentoring
        subject = as_participant(mentoring, caller, relationship)
        take = partial(take_slip, mentoring, order, relationship=relationship)
        earlier = carried_out_before(self.parts.recorder, order, lambda: carry_out(take))
        if earlier and not hmac.compare_digest(earlier.request_mac, order.request_mac):
            raise KeyUsedForAnother
        is_mentee = caller.role is Role.MENTEE and subject.mentor is not None
        about = subject.mentor if is_mentee and subject.mentor else SCHEME
        slip = new_slip(about, order.act.at, command_id=order.command_id, key=key)
        return slip.token(self._stamp())

    def require_can_be_handed(self, caller: Caller, relationship: UUID) -> None:
        """Refuse somebody who has had theirs, before they are shown the offer again."""
        require_no_slip_yet(self.parts.mentoring, relationship, caller.person)

    def take_in(self, token: str, mentoring: Said, scheme: Said) -> None:
        """Keep what is said by a slip; repeated with the same words it was kept once."""
        now = self.parts.clock()
        slip = read_slip(token, self._stamp(), now)
        said = {SCHEME: scheme}
        if slip.about != SCHEME:
            said[slip.about] = mentoring
        elif not mentoring.is_nothing:
            raise SlipCannotBeUsed
        said = {about: each for about, each in said.items() if not each.is_nothing}
        if not said:
            raise NothingSaid
        order = _order_of(slip.id, token, said, now)
        self._carry(order, said)

    def _carry(self, order: Order, said: Mapping[UUID, Said]) -> None:
        given = [Answers(about, partial(self._sealed, each)) for about, each in said.items()]
        give = partial(give_feedback, self.parts.mentoring, order, given=given, mix=self._mixed)
        try:
            earlier = carried_out_before(self.parts.recorder, order, lambda: carry_out(give))
        except (SlipIsUsed, Erased):
            raise SlipCannotBeUsed from None
        if earlier and not hmac.compare_digest(earlier.request_mac, order.request_mac):
            raise SlipCannotBeUsed

    def _sealed(self, said: Said, box: UUID, purpose: str) -> Sealed:
        whose = Whose(Compartment.PERSONAL, box, purpose, "answers")
        return self.openings.seal(whose, said.as_text())

    def _mixed(self, values: Sequence[Sealed]) -> list[Response]:
        """The same answers in an order that chance decides, each under a new id and a key of its own."""
        texts = self.openings.open_unseen(values)
        CHANCE.shuffle(texts)
        return [self._response(text) for text in texts]

    def _response(self, text: str) -> Response:
        id = uuid4()
        whose = Whose(Compartment.PERSONAL, id, RESPONSE_PURPOSE, "answers")
        return Response(id, self.openings.seal(whose, text))

    def _stamp(self) -> bytes:
        """The secret of the service's stamp; whoever comes first makes it."""
        mentoring = self.parts.mentoring
        found = find_stamp(mentoring)
        if found is None:
            carry_out(self._make_stamp)
            found = find_stamp(mentoring)
        if found is None:
            raise SlipCannotBeUsed
        (secret,) = self.openings.open_unseen([found.secret])
        return bytes.fromhex(secret)

    def _make_stamp(self) -> Recorded:
        found = find_stamp(self.parts.mentoring)
        if found is not None:
            return Recorded(0, found.id, found.version)
        whose = Whose(Compartment.PERSONAL, STAMP, STAMP_PURPOSE, "secret")
        secret = self.openings.seal(whose, secrets.token_hex(STAMP_BYTES))
        order = Order(Act(STAMP, self.parts.clock()), uuid4())
        return make_stamp(self.parts.mentoring, order, secret=secret)


def said_in(text: str) -> Said:
    """What was said, from the text that was sealed."""
    return SAID.decode(text.strip())


def _order_of(id: UUID, token: str, said: Mapping[UUID, Said], now: datetime) -> Order:
    """The slip's own order, under an id that a repetition shares."""
    words = b"".join(each.as_text().encode() for each in said.values())
    mac = hmac.new(token.encode(), words, hashlib.sha256).digest()
    return Order(Act(id, now), uuid5(SLIPS, f"use:{id}"), mac)
