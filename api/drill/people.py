"""The made-up people of the drill, and whether what is sealed for them opens."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from api.bootstrap import Parts
from api.enrolment import enrol
from api.records.contact import Contact
from api.records.openings import Openings, Whose, Why
from crypto.errors import SealedRecordError
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.consents import Shown, give_consent
from domain.commands.mentor_profiles import apply_to_mentor
from domain.commands.notices import publish_notice
from domain.commands.people import state_access_needs
from domain.mentoring import Order
from domain.notice import Notice
from domain.person import Person
from domain.values import Act, Compartment, Purpose, Role, Sealed

OWN = Why(RecordKind.WHOLE_RECORD, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
WORDS = "May we keep a record of your mentoring?"
FIELDS = (Compartment.PERSONAL, Compartment.SPECIAL)


@dataclass(frozen=True)
class Somebody:
    """A person who does not exist, and every sealed field of theirs."""

    id: UUID
    sealed: tuple[Sealed, ...]


def somebody(parts: Parts, number: int) -> Somebody:
    """Register one, let them consent, say what they need and offer to mentor."""
    contact = Contact(f"Drill Person {number}", f"drill-{number}@example.org")
    person = enrol(parts, contact, [Role.MENTOR])
    order = _order(parts, person)
    give_consent(parts.mentoring, order, person=person, shown=_shown(parts, person))
    openings = Openings(parts.mentoring, parts.keyring)
    words, needs = (
        openings.seal(Whose(each, person, Purpose.TAKE_PART.value, "words"), f"Words {number}.")
        for each in FIELDS
    )
    apply_to_mentor(parts.mentoring, _order(parts, person), person=person, words=words)
    state_access_needs(parts.mentoring, _order(parts, person), person=person, access_needs=needs)
    known = parts.mentoring.load(Person, person)
    return Somebody(person, (known.contact, words, needs))


def opens(parts: Parts, whom: Somebody) -> int:
    """How many of their fields open for themselves, by the one door that there is."""
    openings = Openings(parts.mentoring, parts.keyring)
    return sum(_opens(parts, openings, whom.id, each) for each in whom.sealed)


def _opens(parts: Parts, openings: Openings, person: UUID, value: Sealed) -> bool:
    try:
        openings.open(Caller(person, Role.MENTOR), value, OWN, now=parts.clock())
    except SealedRecordError:
        return False
    return True


def _shown(parts: Parts, actor: UUID) -> Shown:
    notice = Notice.id_of(Purpose.TAKE_PART, 1, "en")
    if not parts.recorder.select_events(notice):
        publish_notice(
            parts.mentoring,
            _order(parts, actor),
            purpose=Purpose.TAKE_PART,
            version=1,
            language="en",
            text=WORDS,
        )
    return Shown(notice, parts.mentoring.load(Notice, notice).words.digest)


def _order(parts: Parts, actor: UUID) -> Order:
    return Order(Act(actor, parts.clock()), uuid4())
