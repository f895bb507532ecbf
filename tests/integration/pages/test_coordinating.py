"""What a coordinator does on forms: approve, choose who can take somebody, correct, extend, keep apart, end."""

from typing import Any

from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService, agree_and_meet
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


def anew(service: LiveService, made: Match) -> Somebody:
    """Their coordinator, by the clock that was moved on."""
    return service.scheme.speaking_for(made.coordinator.id, Role.COORDINATOR)
