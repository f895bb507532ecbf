"""What a coordinator does on forms: approve, choose who can take somebody, correct, extend, keep apart, end."""

from datetime import timedelta
from typing import Any

from domain.place import Place
from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.live_service import PATIENCE_SECONDS, LiveService, agree_and_meet
from tests.match import Match, done, give_consent, match, propose
from tests.scheme import Somebody


def send(visitor: Visitor, page: str, form: str, **typed: str) -> Any:
    """Fill in one form of a page, and see where it leads."""
    answer = visitor.post(f"{page}/{form}", visitor.form(page, f"/{form}") | typed)
    return visitor.get(answer.headers["location"]) if answer.is_redirect else answer


def test_an_application_is_opened_and_approved(service: LiveService, visitor: Visitor) -> None:
    coordinator, mentor = map(service.scheme.person, (Role.COORDINATOR, Role.MENTOR))
    give_consent(mentor, "take_part")
    done(mentor.post("/me/mentor-profile", {"words": "Zanzibar-quill."}))
    service.caught_up()
    visitor.sign_in(coordinator.token)
    listed = visitor.get("/mentors").text
    before = service.event_count("access_register.opened")
    page = f"/mentors/{mentor.id}"
    opened = visitor.get(page).text

    assert str(mentor.id) in listed
    assert "Zanzibar-quill." not in listed
    assert "Zanzibar-quill." in opened
    assert service.event_count("access_register.opened") == before + 1
    assert "Approved" in send(visitor, page, "approval").text
    done(mentor.put("/me/mentor-profile/capacity", {"capacity": 2}))
    assert "Approve this mentor" not in visitor.get(page).text


def test_an_application_is_turned_down_and_who_applied_is_told_that_and_never_why(
    service: LiveService, visitor: Visitor
) -> None:
    coordinator, mentor = map(service.scheme.person, (Role.COORDINATOR, Role.MENTOR))
    give_consent(mentor, "take_part")
    done(mentor.post("/me/mentor-profile", {"words": "Zanzibar-quill."}))
    service.caught_up()
    visitor.sign_in(coordinator.token)
    page = f"/mentors/{mentor.id}"

    send(visitor, page, "refusal", reason="experience_needed")
    decided = visitor.get(page).text
    assert "Not approved" in decided
    assert "Approve this mentor" not in decided
    with Visitor(service.url) as applicant:
        applicant.sign_in(mentor.token)
        told = applicant.get("/my-caseload/profile").text
    assert "We cannot take up your offer now." in told
    assert "experience" not in told.casefold()
    assert service.told(mentor.id) == ["offer_decided"]


def test_mentors_with_capacity_are_offered_but_none_in_a_conflict(
    service: LiveService, visitor: Visitor
) -> None:
    free, kept_apart, asked = (propose(service.scheme) for _ in range(3))
    service.caught_up()
    visitor.sign_in(asked.coordinator.token)
    page = f"/pipeline/{asked.relationship}"
    offered = f'<option value="{kept_apart.mentor.id}">'

    assert offered in visitor.get(page).text
    shown = send(visitor, page, "conflicts", with_person=str(kept_apart.mentor.id)).text
    assert offered not in shown
    assert f'<option value="{free.mentor.id}">' in shown


def test_nobody_is_shown_their_own_partner_among_the_mentors(
    service: LiveService, visitor: Visitor
) -> None:
    made = match(service.scheme)
    service.caught_up()
    insider = service.scheme.speaking_for(made.mentee.id, Role.COORDINATOR)
    visitor.sign_in(insider.token)

    assert str(made.mentor.id) not in visitor.get("/mentors").text
    assert visitor.get(f"/mentors/{made.mentor.id}").status_code == 403


def test_attendance_is_corrected_the_place_extended_and_the_pair_ended(
    service: LiveService, visitor: Visitor
) -> None:
    made = match(service.scheme)
    agree_and_meet(service, made)
    service.caught_up()
    coordinator = anew(service, made)
    visitor.sign_in(coordinator.token)
    page = f"/pipeline/{made.relationship}"
    relationship = done(coordinator.get(f"/relationships/{made.relationship}"))
    held = next(each["id"] for each in relationship["sessions"] if each["outcome"])
    unsaid = send(visitor, page, "correction", session=held)
    said = {"session": held, "outcome": "mentor_absent", "reason": "recorded_in_error"}
    corrected = send(visitor, page, "correction", **said)
    extended = send(visitor, page, "extension", sessions="1")
    ended = send(visitor, page, "closing", reason="no_fault")

    assert "Choose what the record should say." in unsaid.text
    assert "0 of 3 sessions used, 1 planned" in corrected.text
    assert "0 of 4 sessions used, 1 planned" in extended.text
    assert "Ended" in ended.text


def test_why_somebody_declined_is_typed_on_their_page_and_read_on_the_coordinators(
    service: LiveService, proposed: Match, mentee: Visitor
) -> None:
    offered = f"/my-mentoring/{proposed.relationship}/proposal"
    page = f"/pipeline/{proposed.relationship}"
    typed = mentee.form(offered, "/refusal") | {"reason": "conflict", "words": "Zanzibar-no."}
    too_long = mentee.post(offered.replace("proposal", "refusal"), typed | {"words": "x" * 4001})
    said = mentee.post(offered.replace("proposal", "refusal"), typed)

    assert too_long.status_code == 422
    assert "Write at most 4,000 characters." in too_long.text
    assert said.is_redirect
    service.caught_up()
    with Visitor(service.url) as coordinator:
        coordinator.sign_in(proposed.coordinator.token)
        assert "Zanzibar-no." not in coordinator.get(page).text
        before = service.event_count("access_register.opened")
        assert "Zanzibar-no." in coordinator.get(f"{page}/said-words").text
    assert service.event_count("access_register.opened") == before + 1


def test_a_session_of_which_nobody_said_anything_is_decided_once_its_agreement_has_ended(
    service: LiveService, visitor: Visitor
) -> None:
    service.clock.ahead = timedelta()
    made = match(service.scheme)
    agree_and_meet(service, made)
    mentoring = service.parts.mentoring
    path = f"/relationships/{made.relationship}"
    (session,) = mentoring.load(Place, made.place).reserved
    agreement = mentoring.load(Place, made.place).agreement
    service.clock.ahead = timedelta(days=60)
    done(anew(service, made).post(f"/agreements/{agreement}/ending"))
    done(anew(service, made).post(f"{path}/closing", {"reason": "agreement_ended"}))
    service.caught_up()
    visitor.sign_in(anew(service, made).token)
    page, ledger = f"/pipeline/{made.relationship}", f"/places-and-money/{agreement}"
    decided = {"session": str(session), "outcome": "cancelled"}

    assert page in visitor.get(ledger).text
    assert "to record until 14 days after" in send(visitor, page, "settlement", **decided).text
    service.clock.ahead += timedelta(days=15)
    visitor.sign_in(anew(service, made).token)
    settled = send(visitor, page, "settlement", **decided).text
    assert "Sessions of which nobody said anything" not in settled
    assert mentoring.load(Place, made.place).reserved == set()
    newest = service.parts.recorder.max_notification_id() or 0
    service.reader.wait_for("places_and_money", newest, PATIENCE_SECONDS)
    assert page not in visitor.get(ledger).text


def anew(service: LiveService, made: Match) -> Somebody:
    """Their coordinator, by the clock that was moved on."""
    return service.scheme.speaking_for(made.coordinator.id, Role.COORDINATOR)
