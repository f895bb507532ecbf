"""What somebody outside asks, as two sealed fields under a key of that enquiry alone."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

import msgspec

from api.bootstrap import Parts
from api.carrying_out import carried_out_before, carry_out
from api.errors import KeyUsedForAnother
from api.records.contact import Contact, contact_of
from api.records.openings import Openings, Whose, Why
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.enquiries import make_enquiry, reply_to_enquiry
from domain.enquiry import ENQUIRY_PURPOSE, Enquiry, EnquiryKind
from domain.mentoring import Order, Recorded
from domain.values import Act, Compartment, Sealed

ENQUIRIES = UUID("7c1f4f0a-9d55-5a0e-b7f2-3f1e6c2a8d90")
"""The namespace of the ids of enquiries that come with a key, which a repetition shares."""
TO_ANSWER = Why(RecordKind.ENQUIRY, AccessPurpose.ANSWERING, Authority.ASSIGNED_DUTY)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, how they are reached, and what they ask."""

    kind: EnquiryKind
    contact: Contact
    words: str

    def __repr__(self) -> str:
        return "<sealed>"


@dataclass(frozen=True)
class EnquiryDesk:
    """Takes enquiries in, and opens them for whoever answers."""

    parts: Parts
    openings: Openings

    def make(self, asked: Asked, key: str | None) -> UUID:
        """Keep what somebody asks; answer its reference, the same for a repetition under its key."""
        order = _order(asked, key, self.parts.clock())
        carry = lambda: carry_out(lambda: self._make(asked, order))  # noqa: E731 - one thought in two steps
        earlier = carried_out_before(self.parts.recorder, order, carry)
        if earlier and not hmac.compare_digest(earlier.request_mac, order.request_mac):
            raise KeyUsedForAnother
        return order.act.actor

    def open(self, caller: Caller, enquiry: Enquiry) -> Asked:
        """What was asked, for whoever answers; the looks are recorded first. Raises EnquiryIsForgotten."""
        enquiry.require_kept()
        contact, words = (self._open(caller, each) for each in (enquiry.contact, enquiry.words))
        return Asked(enquiry.kind, contact_of(contact), words)

    def reply(self, order: Order, *, enquiry: UUID, text: str) -> Recorded:
        """Answer by mail, in words that are kept no longer than the question."""
        self.parts.mentoring.load(Enquiry, enquiry).require_kept()
        words = self._seal(enquiry, "reply", text)
        return carry_out(
            lambda: reply_to_enquiry(self.parts.mentoring, order, enquiry=enquiry, words=words)
        )

    def _make(self, asked: Asked, order: Order) -> Recorded:
        id = order.act.actor
        contact = self._seal(id, "contact", msgspec.json.encode(asked.contact).decode())
        words = self._seal(id, "words", asked.words)
        return make_enquiry(self.parts.mentoring, order, asked.kind, contact=contact, words=words)

    def _seal(self, enquiry: UUID, field: str, text: str) -> Sealed:
        whose = Whose(Compartment.CONTACT, enquiry, ENQUIRY_PURPOSE, field)
        return self.openings.seal(whose, text)

    def _open(self, caller: Caller, value: Sealed) -> str:
        return self.openings.open(caller, value, TO_ANSWER, now=self.parts.clock())


def _order(asked: Asked, key: str | None, at: datetime) -> Order:
    """The enquiry's own order, under the id that it bears."""
    if key is None:
        id = uuid4()
        return Order(Act(id, at), id)
    id = uuid5(ENQUIRIES, key)
    said = msgspec.json.encode([asked.kind, asked.contact, asked.words])
    return Order(Act(id, at), id, hmac.new(key.encode(), said, hashlib.sha256).digest())
