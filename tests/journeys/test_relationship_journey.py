"""One mentoring relationship followed from the request to its close, over HTTP, with a real database and worker."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.bootstrap import joined
from api.settings import Settings
from crypto.sealing import Audience, Kind
from domain.values import Role
from projections.reader import Reader
from tests.databases import Database
from tests.journeys.company import Company, done
from tests.scheme import Somebody, running_scheme

OWN_WORDS = "Marmalade-gantry: what I would not say to anybody yet."
SHARED_WORDS = "Cobalt-thicket: what I would like us to think through."


def stage(company: Company, relationship: UUID) -> str:
    return str(done(company.mentee.get(f"/relationships/{relationship}"))["stage"])


def position(answer: Any) -> dict[str, str]:
    return {"at_least": answer.headers["Vouchsafe-Position"]}


def require_absent_for(stranger: Somebody, relationship: UUID) -> None:
    """To a stranger it is as absent as one that never was."""
    for part in ("", "/proposal", "/notebook"):
        real = stranger.get(f"/relationships/{relationship}{part}")
        never = stranger.get(f"/relationships/{UUID(int=7)}{part}")
        assert real.status_code == never.status_code == 404
        assert real.json() == never.json()


def test_a_relationship_goes_from_request_to_close(company: Company) -> None:
    mentee, mentor, coordinator = company.mentee, company.mentor, company.coordinator
    relationship = company.request(themes="Umber-lattice", preferences="Mornings")
    path = f"/relationships/{relationship}"

    asked = done(coordinator.get(f"{path}/requested-words"))
    assert asked["themes"] == {"state": "open", "text": "Umber-lattice"}
    assert asked["identity_preference"] == {"state": "not_given", "text": None}

    proposal = company.propose(relationship)
    for person, part in ((mentee, "mentee"), (mentor, "mentor")):
        shown = done(person.get(f"{path}/proposal"))
        assert shown["reasons"] == {"state": "open", "text": f"Quixotic-reason for the {part}"}
    done(company.accept(mentee, relationship, proposal))
    assert stage(company, relationship) == "proposed"
    done(company.accept(mentor, relationship, proposal))
    assert stage(company, relationship) == "matched"

    company.agree(relationship)
    session = company.plan(relationship)
    assert company.plan(relationship) == session
    require_absent_for(company.registered(Role.MENTOR), relationship)
    link = done(mentor.get(f"{path}/sessions/{session}/video-link"))["video_link"]
    assert link == {"state": "open", "text": "https://meet.example/vermilion-quay"}

    planned = done(mentee.get(path))["sessions"][0]
    company.clock.ahead += timedelta(days=15)
    assert planned["outcome"] is None
    done(mentor.post(f"{path}/sessions/{session}/attendance", {"minutes": 60}))
    place = done(coordinator.get(f"/places/{done(mentee.get(path))['place']}"))
    assert (place["used"], place["reserved"], place["free"]) == (1, 0, 1)

    closed = mentee.post(f"{path}/closing", {"reason": "goals_met", "words": "Thank you."})
    done(closed)
    ended = done(mentor.get(path))
    assert (ended["stage"], ended["closed_for"]) == ("closed", "goals_met")

    row = done(coordinator.get("/pipeline", params=position(closed)))["relationships"][0]
    own = done(mentee.get("/my-mentoring", params=position(closed)))["relationships"][0]
    assert row["id"] == own["id"] == str(relationship)
    assert row["stage"] == own["stage"] == "closed"
    assert row["sessions"]["held"] == 1


def test_an_own_entry_becomes_the_pairs_once_its_author_shares_it(company: Company) -> None:
    mentees, mentors = company.participant(company.mentee), company.participant(company.mentor)
    mentees.make_keys()
    relationship = company.request()
    own = mentees.write(relationship, OWN_WORDS)
    proposal = company.propose(relationship)
    for person in (company.mentee, company.mentor):
        done(company.accept(person, relationship, proposal))
    mentors.make_keys()
    assert mentors.read(relationship) == []

    shared = mentees.share(relationship, own)

    assert [(each.id, each.text) for each in mentors.read(relationship)] == [(shared, OWN_WORDS)]
    mentees.destroy(relationship, shared)
    assert [(each.id, each.text) for each in mentors.read(relationship)] == [(shared, None)]
    assert [each.text for each in mentees.read(relationship)] == [OWN_WORDS, None]


def test_a_withdrawal_before_the_second_yes_ends_the_request_unmatched(company: Company) -> None:
    relationship = company.request()
    proposal = company.propose(relationship)
    done(company.accept(company.mentee, relationship, proposal))
    company.withdraw(company.mentee, "take_part")

    late = company.accept(company.mentor, relationship, proposal)

    assert late.status_code == 404
    assert stage(company, relationship) == "closed"
    assert done(company.mentee.get(f"/relationships/{relationship}"))["participants"] == [
        {"person": str(company.mentee.id), "part": "mentee"}
    ]


def test_nobody_coordinates_a_relationship_they_are_in(company: Company) -> None:
    relationship = company.matched()
    company.make_coordinator(company.mentee)
    both = company.scheme.speaking_for(company.mentee.id, Role.COORDINATOR)
    newest = company.scheme.parts.recorder.max_notification_id()
    shown = both.get("/pipeline", params={"at_least": newest})

    refused = both.get(f"/relationships/{relationship}/requested-words")

    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:vouchsafe:problem:not-an-outsider"
    assert str(relationship) not in shown.text


def test_notes_are_written_and_read_by_the_pair_alone_also_after_a_restart(
    company: Company, settings: Settings, database: Database
) -> None:
    mentees, mentors = company.participant(company.mentee), company.participant(company.mentor)
    words = {mentees.make_keys(), mentors.make_keys()}
    relationship = company.matched()

    mentees.write(relationship, OWN_WORDS, kind=Kind.REFLECTION)
    shared = mentees.write(relationship, SHARED_WORDS, kind=Kind.GOAL, audience=Audience.SHARED)
    mentors.write(relationship, "An answer.", audience=Audience.SHARED)

    seen_by_mentor = mentors.read(relationship)
    assert [each.text for each in seen_by_mentor] == [SHARED_WORDS, "An answer."]
    assert (seen_by_mentor[0].id, seen_by_mentor[0].is_mine) == (shared, False)
    assert {mentors.my_words(), *mentors.others_words(relationship)} == words
    looks = done(company.mentee.get("/me/access-records"))["looks"]
    assert (str(company.mentor.id), "notebook_lock") in {
        (each["who"], each["kind"]) for each in looks
    }

    with (
        joined(settings) as parts,
        Reader(database.reader_url) as reader,
        running_scheme(parts, reader) as restarted,
    ):
        mentee = restarted.speaking_for(company.mentee.id, Role.MENTEE)
        texts = [each.text for each in company.participant(mentee).read(relationship)]
    assert texts == [OWN_WORDS, SHARED_WORDS, "An answer."]


def test_a_withdrawal_closes_the_words_and_the_relationship_at_once(
    company: Company, clerk: Callable[[], None]
) -> None:
    company.consent(company.mentee, "identity_preference")
    waiting = company.request(themes="Umber-lattice", identity_preference="Ochre-lantern")
    words = f"/relationships/{waiting}/requested-words"
    relationship = company.matched()
    path = f"/relationships/{relationship}"
    company.agree(relationship)
    session = company.plan(relationship)

    company.withdraw(company.mentee, "identity_preference")
    asked = done(company.coordinator.get(words))
    assert asked["themes"]["state"] == "open"
    assert asked["identity_preference"] == {"state": "consent_not_live", "text": None}

    company.withdraw(company.mentee, "take_part")
    refused = company.coordinator.get(words)
    assert refused.json()["type"] == "urn:vouchsafe:problem:already-closed"
    refused = company.mentor.post(f"{path}/sessions", company.session(weeks_ahead=2))
    assert refused.status_code == 409

    clerk()
    assert done(company.coordinator.get(path))["closed_for"] == "consent_withdrawn"
    ended = done(company.mentor.get(path))
    assert (ended["stage"], ended["closed_for"]) == ("closed", "ended")
    assert [(each["id"], each["outcome"]) for each in ended["sessions"]] == [
        (str(session), "cancelled")
    ]
    place = done(company.coordinator.get(f"/places/{ended['place']}"))
    assert (place["used"], place["reserved"]) == (0, 0)
