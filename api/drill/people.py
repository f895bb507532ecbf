"""The made-up people of the drill, and whether what is sealed for them opens."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from api.bootstrap import Parts
from api.enrolment import enrol
from api.records.contact import Contact
from api.records.notebook_locks import locked_grant
from api.records.openings import Openings, Whose, Why
from crypto.errors import SealedRecordError
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, LocksTaken, Look, RecordKind
from domain.commands.access import record_unlocking
from domain.commands.consents import Shown, give_consent
from domain.commands.mentor_profiles import apply_to_mentor
from domain.commands.notices import publish_notice
from domain.commands.people import state_access_needs
from domain.locks import GRANT_FIELD, lock_purpose, require_locked
from domain.mentoring import Order, Recorded
from domain.notebook import Notebook
from domain.notice import Notice
from domain.person import Person
from domain.strand import Audience, Grant
from domain.values import Act, Compartment, Purpose, Role, Sealed

OWN = Why(RecordKind.WHOLE_RECORD, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
WORDS = "May we keep a record of your mentoring?"
FIELDS = (Compartment.PERSONAL, Compartment.SPECIAL)
GRANT = b"What a participant would have sealed."


@dataclass(frozen=True)
class Somebody:
    """A person who does not exist, and every sealed field of theirs."""

    id: UUID
    sealed: tuple[Sealed, ...]


def somebody(parts: Parts, number: int) -> Somebody:
    """Register one, let them consent, say what they need, offer to mentor and hold a grant under a lock."""
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
    return Somebody(person, (known.contact, words, needs, under_lock(parts, openings, person)))


def opens(parts: Parts, whom: Somebody) -> int:
    """How many of their fields open for themselves, by the one door that there is."""
    openings = Openings(parts.mentoring, parts.keyring)
    return sum(_opens(parts, openings, whom.id, each) for each in whom.sealed)


def under_lock(parts: Parts, openings: Openings, person: UUID) -> Sealed:
    """What stands for a grant of a notebook of theirs, under the lock of its reader."""
    order, place = _order(parts, person), (Audience.OWN, 1)
    notebook = Notebook.begin_for(uuid4(), order.act)
    grant = locked_grant(openings, notebook.id, place, Grant(person, GRANT))
    lock = require_locked(grant.locked_key, person, lock_purpose(notebook.id, *place), GRANT_FIELD)
    facts = {"audience": place[0], "epoch": place[1], "granter": person, "reader": person}
    notebook.record(Notebook.KeyEntrusted, order.act, **facts, locked_key=lock)
    parts.mentoring.commit(order, notebook)
    return lock


def _opens(parts: Parts, openings: Openings, person: UUID, value: Sealed) -> bool:
    try:
        if value.compartment is Compartment.LOCKS:
            return bool(openings.unlock([value], lambda: _record_unlocking(parts, person)))
        openings.open(Caller(person, Role.MENTOR), value, OWN, now=parts.clock())
    except SealedRecordError:
        return False
    return True


def _record_unlocking(parts: Parts, person: UUID) -> Recorded:
    look = Look(
        Role.MENTOR, RecordKind.NOTEBOOK_LOCK, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD
    )
    order, taken = _order(parts, person), LocksTaken(own=(1,))
    return record_unlocking(parts.mentoring, order, look=look, taken=taken, looks={})


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
