"""Pages of kinds of mentoring: a choice of them, a link for a partner, what who came by it is asked, and two equals."""

from collections.abc import Sequence

from domain.values import Role
from tests.kinds import OwnProgramme, by_link
from tests.live_service import LiveService
from tests.match import done, give_consent
from tests.scheme import Somebody

SEVERAL = ["formal", "reverse", "for_diversity", "informal"]
WORDS = "It is Ada, from the corridor. Shall we do what we talked about?"


def tours_of_kinds(service: LiveService) -> Sequence[tuple[Somebody, list[str]]]:
    """People with these pages, and the addresses."""
    own = OwnProgramme(service.scheme, kinds=SEVERAL, settings={"asks_newly_qualified": True})
    chooses = own.scheme.person(Role.MENTEE)
    give_consent(chooses, "take_part", "identity_preference")
    found, waits = own.waiting(kind="informal"), own.waiting(kind="informal")
    path = f"/relationships/{waits.relationship}/partner-link"
    partner = by_link(service.scheme, done(waits.mentee.post(path, {"words": WORDS}))["link"])
    give_consent(partner, "take_part")
    senior, newer = own.waiting(kind="reverse"), own.mentor()
    done(newer.put("/me/mentor-profile/kinds", {"kinds": ["reverse"]}))
    own.matched(senior, newer)
    own.leave()
    service.caught_up()
    address = "/my-mentoring/{}/partner-link".format
    return (
        (chooses, [f"/my-mentoring/request/{own.place(chooses)}"]),
        (found.mentee, ["/my-mentoring", address(found.relationship)]),
        (waits.mentee, ["/my-mentoring", address(waits.relationship)]),
        (partner, ["/my-caseload", f"/my-caseload/{waits.relationship}/asked"]),
        (own.coordinator, ["/programmes", f"/programmes/{own.programme}/invitations"]),
        (newer, [f"/my-caseload/{senior.relationship}", "/my-caseload/profile"]),
    )
