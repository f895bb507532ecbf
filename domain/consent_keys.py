"""Which data keys an event ends: with a consent those that served its purpose, with what is forgotten its own.

In a notebook: with an entry the key of that entry, with somebody's reading the keys of their locks.
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from domain.concern import Concern
from domain.consent import ConsentLedger
from domain.disclosure import DISCLOSURE_PURPOSE, Disclosure
from domain.enquiry import ENQUIRY_PURPOSE, Enquiry
from domain.feedback import RESPONSE_PURPOSE, Feedback
from domain.feedback_box import FeedbackBox
from domain.locks import ENTRY_PURPOSE, lock_purpose
from domain.notebook import Notebook
from domain.portfolio import Portfolio
from domain.rights_request import RightsRequest
from domain.story import Story
from domain.suggestion import Suggestion
from domain.values import Compartment, Purpose


class EndedKey(NamedTuple):
    """The keys of one person and purpose in one compartment that must be destroyed."""

    compartment: str
    owner: UUID
    purpose: str


ENDINGS = (
    ConsentLedger.Refused,
    ConsentLedger.Withdrawn,
    ConsentLedger.Revoked,
    ConsentLedger.Invalidated,
)

UnderItsPerson = Concern.Forgotten | RightsRequest.Forgotten | Suggestion.Forgotten
UNDER_ITS_PERSON = (Concern.Forgotten, RightsRequest.Forgotten, Suggestion.Forgotten)
Forgetting = Enquiry.Forgotten | Disclosure.Forgotten | UnderItsPerson
FORGETTINGS = (Enquiry.Forgotten, Disclosure.Forgotten, *UNDER_ITS_PERSON)

TakenOut = FeedbackBox.Emptied | Feedback.Forgotten | Story.Withdrawn | Portfolio.PieceDestroyed
TAKEN_OUT = (FeedbackBox.Emptied, Feedback.Forgotten, Story.Withdrawn, Portfolio.PieceDestroyed)


def keys_ended_by(fact: object) -> tuple[EndedKey, ...]:
    """Which keys a fact brings to their end: those that served the purpose of an ended consent.

    Those of what is forgotten or destroyed end too: of an enquiry, a concern, a request, a disclosure, a piece. A person's contact keys belong to no purpose and stay. An expired consent may still be renewed, so its
    keys last until the person refuses or withdraws.
    """
    if isinstance(fact, TAKEN_OUT):
        return (_key_of_taken_out(fact),)
    if isinstance(fact, FORGETTINGS):
        return (_key_of_forgotten(fact),)
    if isinstance(fact, Notebook.EntryDestroyed):
        return (EndedKey(Compartment.LOCKS.value, fact.entry, ENTRY_PURPOSE),)
    if isinstance(fact, Notebook.ReaderLeft):
        return tuple(_locks_of(fact))
    if not isinstance(fact, ENDINGS):
        return ()
    ended = (Compartment.PERSONAL, Compartment.SPECIAL)
    return tuple(EndedKey(each.value, fact.person, fact.purpose.value) for each in ended)


def _key_of_forgotten(fact: Forgetting) -> EndedKey:
    """Each of these has a key of its own, under its own name or under its person's."""
    id = fact.originator_id
    if isinstance(fact, Enquiry.Forgotten):
        return EndedKey(Compartment.CONTACT.value, id, ENQUIRY_PURPOSE)
    if isinstance(fact, Disclosure.Forgotten):
        return EndedKey(Compartment.SAFEGUARDING.value, id, DISCLOSURE_PURPOSE)
    return EndedKey(Compartment.PERSONAL.value, fact.person, _purpose_of(fact, id))


def _purpose_of(fact: UnderItsPerson, id: UUID) -> str:
    match fact:
        case Concern.Forgotten():
            return Concern.purpose_of(id)
        case RightsRequest.Forgotten():
            return RightsRequest.purpose_of(id)
    return Suggestion.purpose_of(id)


def _key_of_taken_out(fact: TakenOut) -> EndedKey:
    """Of a piece, of answers whose box was emptied or that were forgotten, and of a story that is shown no more."""
    personal, id = Compartment.PERSONAL.value, fact.originator_id
    if isinstance(fact, FeedbackBox.Emptied):
        return EndedKey(personal, id, FeedbackBox.purpose_of(fact.lot))
    if isinstance(fact, Feedback.Forgotten):
        return EndedKey(personal, id, RESPONSE_PURPOSE)
    if isinstance(fact, Portfolio.PieceDestroyed):
        return EndedKey(personal, fact.person, Portfolio.purpose_of(fact.piece))
    return EndedKey(personal, fact.person, Purpose.PUBLISH_STORY.value)


def _locks_of(left: Notebook.ReaderLeft) -> Iterator[EndedKey]:
    for epoch in left.epochs:
        purpose = lock_purpose(left.originator_id, left.audience, epoch)
        yield EndedKey(Compartment.LOCKS.value, left.reader, purpose)
