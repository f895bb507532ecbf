"""What lies on whose desk, as the worker shows it and as a rebuild makes it."""

from datetime import timedelta
from uuid import UUID, uuid4

from api.bootstrap import Parts
from api.event_log import EventLog
from api.records.disclosures import WrittenWords, sealed_facts
from api.records.letters import seal_letter
from api.records.openings import Openings
from domain.commands import concerns, disclosures, rights_requests
from domain.concern import Concern, ConcernCategory, Desk
from domain.disclosure import NOT_TOLD, Ground
from domain.rights_request import ExtensionReason, RightsKind, RightsRequest
from projections.desk_questions import desk, over_before, own_items
from projections.desks import DESKS, DeskKind
from projections.reader import Reader
from tests.integration.projections.history import BEGINNING, History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

LATER = BEGINNING + timedelta(days=10_000)


def test_each_lies_where_its_events_put_it_and_a_rebuild_agrees(
    stage: Stage, parts: Parts, log: EventLog, reader: Reader
) -> None:
    history, openings = History(parts), Openings(parts.mentoring, parts.keyring)
    told, lead = history.request(), uuid4()
    with stage.running(log, [DESKS]):
        untold, known = (written(history, openings, told.id) for _ in range(2))
        history.do(disclosures.tell_mentee, lead, disclosure=known)
        history.do(disclosures.decline_disclosure, lead, disclosure=known)
        raised = [concern(history, openings, told.mentee) for _ in range(2)]
        answered(history, openings, raised[0], told.mentee)
        asked = request(history, openings, told.mentee)
        reader.wait_for(DESKS.name, history.position, PATIENCE_SECONDS)

    (open_one,) = desk(reader, DeskKind.DISCLOSURE)
    assert (open_one.record, open_one.person) == (untold, None)
    assert [each.record for each in own_items(reader, DeskKind.DISCLOSURE, told.mentee)] == [known]
    assert [each.record for each in over_before(reader, DeskKind.DISCLOSURE, LATER)] == [known]
    assert [each.record for each in desk(reader, DeskKind.CONCERN)] == [raised[1]]
    assert [each.record for each in desk(reader, DeskKind.CONCERN, is_over=True)] == [raised[0]]
    (due,) = own_items(reader, DeskKind.RIGHTS_REQUEST, told.mentee)
    assert (due.record, due.holder) == (asked, "data_protection_lead")
    assert due.due_on == parts.mentoring.load(RightsRequest, asked).due_on
    assert over_before(reader, DeskKind.CONCERN, BEGINNING - timedelta(days=1)) == []
    live = stage.contents([DESKS])
    stage.rebuild(log, DESKS)
    assert stage.contents([DESKS]) == live


def written(history: History, openings: Openings, relationship: UUID) -> UUID:
    id = uuid4()
    facts = sealed_facts(openings, id, relationship, Ground.LEGAL_DUTY, WrittenWords("Zoe", "Zoe"))
    history.do(disclosures.write_disclosure, uuid4(), id=id, written=facts, telling=NOT_TOLD)
    return id


def concern(history: History, openings: Openings, person: UUID) -> UUID:
    id = uuid4()
    words = seal_letter(openings, person, Concern.purpose_of(id), "words", "Zoe")
    what = {"category": ConcernCategory.OTHER, "desk": Desk.COORDINATOR, "words": words}
    history.do(concerns.raise_concern, person, id=id, **what)
    return id


def answered(history: History, openings: Openings, id: UUID, person: UUID) -> None:
    passed_on = {"category": ConcernCategory.SAFETY, "desk": Desk.SAFEGUARDING_LEAD}
    history.do(concerns.triage_concern, history.coordinator, concern=id, **passed_on)
    words, lead = seal_letter(openings, person, Concern.purpose_of(id), "answer", "Zoe"), uuid4()
    history.do(concerns.take_concern, lead, concern=id)
    history.do(concerns.close_concern, lead, concern=id, words=words)


def request(history: History, openings: Openings, person: UUID) -> UUID:
    id = uuid4()
    words = seal_letter(openings, person, RightsRequest.purpose_of(id), "words", "Zoe")
    history.do(
        rights_requests.make_rights_request, person, id=id, kind=RightsKind.ACCESS, words=words
    )
    reason = ExtensionReason.COMPLEX
    history.do(rights_requests.extend_rights_request, uuid4(), request=id, reason=reason)
    return id
