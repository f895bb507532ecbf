"""Who was heard of when, who has which duty, and of what nobody was told, as the worker shows it and as a rebuild makes it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from api.bootstrap import Parts
from api.event_log import EventLog
from api.records.letters import seal_letter
from api.records.openings import Openings
from domain.bell import Waiting
from domain.commands import bells, concerns, keeping, people, relationships
from domain.concern import Concern, ConcernCategory, Desk
from domain.policies.keeping import day_of
from domain.relationship_events import ClosingReason
from domain.values import Role
from projections.desk_questions import holders, unrung
from projections.desks import DESKS
from projections.duties import DUTIES
from projections.keeping import KEEPING
from projections.keeping_questions import ending, heard_since, silent
from projections.own_places import OWN_PLACES
from projections.participation import PARTICIPATION
from projections.reader import Reader
from tests.integration.projections.history import BEGINNING, History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

MODELS = [KEEPING, DUTIES, DESKS, PARTICIPATION, OWN_PLACES]
LATER = BEGINNING + timedelta(days=10_000)
NEVER = date(1999, 1, 1)


def test_who_is_silent_and_whose_end_has_come(
    stage: Stage, parts: Parts, log: EventLog, reader: Reader
) -> None:
    history = History(parts)
    with stage.running(log, MODELS):
        running, over = history.request(), history.request()
        history.do(
            relationships.close_relationship,
            over.mentee,
            relationship=over.id,
            reason=ClosingReason.NO_FAULT,
        )
        ends_on = day_of(BEGINNING) + timedelta(days=40)
        seen(reader, history)
        found = {each.person: each for each in silent(reader, LATER, LATER)}
        assert over.mentee in found
        assert running.mentee not in found
        closed_at = found[over.mentee].closed_at
        assert closed_at is not None
        assert over.mentee not in {each.person for each in silent(reader, LATER, BEGINNING)}
        assert silent(reader, BEGINNING - timedelta(days=1), LATER) == []

        history.do(keeping.announce_end, uuid4(), person=over.mentee, ends_on=ends_on)
        seen(reader, history)
        assert over.mentee not in {each.person for each in silent(reader, LATER, LATER)}
        assert ending(reader, ends_on - timedelta(days=1)) == []
        assert [each.person for each in ending(reader, ends_on)] == [over.mentee]
        assert heard_since(reader) == []
        worried(history, Openings(parts.mentoring, parts.keyring), over.mentee)
        seen(reader, history)
        assert [each.person for each in heard_since(reader)] == [over.mentee]
        assert ending(reader, ends_on) == []
        history.do(keeping.put_off_end, uuid4(), person=over.mentee)
        seen(reader, history)
        assert heard_since(reader) == []
    as_rebuilt(stage, log)


def test_of_what_nobody_was_told_and_who_is_to_be(
    stage: Stage, parts: Parts, log: EventLog, reader: Reader
) -> None:
    history, openings = History(parts), Openings(parts.mentoring, parts.keyring)
    taken = history.request()
    lead, resting = (history.person(Role.SAFEGUARDING_LEAD) for _ in range(2))
    with stage.running(log, MODELS):
        history.do(people.revoke_role, lead, person=resting, role=Role.SAFEGUARDING_LEAD)
        concern = worried(history, openings, taken.mentee)
        seen(reader, history)
        assert holders(reader, Role.SAFEGUARDING_LEAD) == [lead]
        assert waiting(reader) == [(concern, None)]
        told = Waiting(concern, Role.SAFEGUARDING_LEAD)
        history.do(bells.ring, uuid4(), waiting=told, holders=[lead])
        seen(reader, history)
        assert waiting(reader) == []
        history.do(concerns.take_concern, lead, concern=concern)
        seen(reader, history)
        assert waiting(reader) == []
        history.do(concerns.hand_over_concern, lead, concern=concern, to=resting)
        seen(reader, history)
        assert waiting(reader) == [(concern, resting)]
    as_rebuilt(stage, log)


def seen(reader: Reader, history: History) -> None:
    for model in MODELS:
        reader.wait_for(model.name, history.position, PATIENCE_SECONDS)


def waiting(reader: Reader) -> list[tuple[UUID, UUID | None]]:
    return [(each.record, each.handler) for each in unrung(reader, NEVER)]


def worried(history: History, openings: Openings, person: UUID) -> UUID:
    id = uuid4()
    words = seal_letter(openings, person, Concern.purpose_of(id), "words", "Zoe")
    what = {"category": ConcernCategory.OTHER, "desk": Desk.SAFEGUARDING_LEAD, "words": words}
    history.do(concerns.raise_concern, person, id=id, **what)
    return id


def as_rebuilt(stage: Stage, log: EventLog) -> None:
    live = stage.contents([KEEPING, DUTIES, DESKS])
    for model in (KEEPING, DUTIES, DESKS):
        stage.rebuild(log, model)
    assert stage.contents([KEEPING, DUTIES, DESKS]) == live
