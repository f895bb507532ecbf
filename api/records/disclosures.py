"""Disclosures as a safeguarding lead handles them: who may come near one, and how its words are sealed and opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.records.openings import Openings, Whose, Why
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.circles import insiders_of
from domain.disclosure import DISCLOSURE_PURPOSE, Disclosure, DisclosureFacts, Ground
from domain.mentoring import Mentoring, NotFound
from domain.values import Compartment


@dataclass(frozen=True, slots=True)
class WrittenWords:
    """The minimum that must be told, and to whom."""

    facts: str
    recipient: str

    def __repr__(self) -> str:
        return "<sealed>"


def as_safeguarding_lead(mentoring: Mentoring, caller: Caller, id: UUID) -> Disclosure:
    """A disclosure for a safeguarding lead; to who is or was in that relationship, or its group, it is absent, whatever they call as."""
    subject = mentoring.load(Disclosure, id)
    if caller.person in insiders_of(mentoring, subject.relationship):
        raise NotFound
    return subject


def sealed_facts(
    openings: Openings, id: UUID, relationship: UUID, ground: Ground, words: WrittenWords
) -> DisclosureFacts:
    """What is written, sealed under a key of this disclosure alone."""
    facts, recipient = (
        openings.seal(Whose(Compartment.SAFEGUARDING, id, DISCLOSURE_PURPOSE, field), text)
        for field, text in (("facts", words.facts), ("recipient", words.recipient))
    )
    return DisclosureFacts(relationship, ground, facts, recipient)


def open_disclosure(
    openings: Openings, caller: Caller, subject: Disclosure, *, now: datetime
) -> WrittenWords:
    """What it says, once the look stands in the disclosure's own register: nobody is warned by it.

    Whom it is about reads of these looks from when they are told.
    """
    subject.require_kept()
    why = Why(
        RecordKind.DISCLOSURE,
        AccessPurpose.SAFEGUARDING,
        Authority.LEGAL_DUTY,
        subject.relationship,
    )
    opened = openings.open_all(caller, [subject.facts, subject.recipient], why, now=now)
    return WrittenWords(*opened)
