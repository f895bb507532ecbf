"""Whose place it is and which enquiries wait, as the worker shows them and as a rebuild makes them."""

from uuid import UUID, uuid4

from api.bootstrap import Parts
from api.event_log import EventLog
from api.records.openings import Openings, Whose
from domain.commands import enquiries as commands
from domain.commands.invitations import Pool, issue_invitations, join_by_invitation
from domain.enquiry import ENQUIRY_PURPOSE, AnswerMeans, EnquiryKind, ForgettingReason
from domain.invitation import Invitation
from domain.place import Place
from domain.values import Act, Compartment, Sealed
from projections.enquiries import ENQUIRIES, EnquiryStage
from projections.joining_questions import enquiries, places_of
from projections.own_places import OWN_PLACES
from projections.reader import Reader
from tests.funding import signed_by_commands
from tests.integration.projections.history import BEGINNING, History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage


def caught_up(history: History, reader: Reader) -> None:
    for model in (OWN_PLACES, ENQUIRIES):
        reader.wait_for(model.name, history.position, PATIENCE_SECONDS)


def test_a_place_is_found_by_whose_it_is_and_shows_what_holds_it(
    stage: Stage, parts: Parts, log: EventLog, reader: Reader
) -> None:
    history = History(parts)
    with stage.running(log, [OWN_PLACES, ENQUIRIES]):
        agreement, newcomer = joined(parts, history)
        history.tell(40)
        caught_up(history, reader)

    (own,) = places_of(reader, newcomer)
    assert (own.place, own.agreement) == (Place.id_of(agreement, newcomer), agreement)
    assert own.relationship is None
    rows = {row[0]: row for row in stage.contents([OWN_PLACES])["own_place"]}
    for told in history.told:
        assert rows[told.place][3] == history.place(told).relationship
    live = stage.contents([OWN_PLACES])
    stage.rebuild(log, OWN_PLACES)
    assert stage.contents([OWN_PLACES]) == live


def joined(parts: Parts, history: History) -> tuple[UUID, UUID]:
    """An agreement, and somebody who got in by an invitation of it."""
    agreement = signed_by_commands(parts.mentoring, Act(history.coordinator, BEGINNING))
    invitation, newcomer = Invitation.id_of("a token"), uuid4()
    pool = Pool(agreement, [invitation])
    history.do(issue_invitations, history.coordinator, pool=pool)
    contact = history.sealed(newcomer, Compartment.CONTACT)
    history.do(join_by_invitation, newcomer, invitation=invitation, contact=contact)
    return agreement, newcomer


def test_enquiries_stand_in_the_order_they_were_made_until_they_are_answered_or_forgotten(
    stage: Stage, parts: Parts, log: EventLog, reader: Reader
) -> None:
    history = History(parts)
    openings = Openings(parts.mentoring, parts.keyring)
    with stage.running(log, [OWN_PLACES, ENQUIRIES]):
        made = [enquired(history, openings) for _ in range(5)]
        by, means = history.coordinator, AnswerMeans.MAIL
        history.do(commands.answer_enquiry, by, enquiry=made[0], means=means)
        reason = ForgettingReason.ASKED
        history.do(commands.forget_enquiry, by, enquiry=made[2], reason=reason)
        caught_up(history, reader)

    assert [row.enquiry for row in enquiries(reader)] == [made[1], made[3], made[4]]
    (answered,) = enquiries(reader, stage=EnquiryStage.ANSWERED)
    (forgotten,) = enquiries(reader, stage=EnquiryStage.FORGOTTEN)
    assert (answered.enquiry, forgotten.enquiry) == (made[0], made[2])
    first = enquiries(reader, most=1)
    rest = enquiries(reader, after=first[-1].position)
    assert [row.enquiry for row in (*first, *rest)] == [made[1], made[3], made[4]]
    live = stage.contents([ENQUIRIES])
    stage.rebuild(log, ENQUIRIES)
    assert stage.contents([ENQUIRIES]) == live


def enquired(history: History, openings: Openings) -> UUID:
    id = uuid4()

    def sealed(field: str) -> Sealed:
        return openings.seal(Whose(Compartment.CONTACT, id, ENQUIRY_PURPOSE, field), "Zoe")

    facts = {"contact": sealed("contact"), "words": sealed("words")}
    history.do(commands.make_enquiry, id, kind=EnquiryKind.PRACTITIONER, **facts)
    return id
