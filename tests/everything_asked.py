"""Everything that can be read of two pairs and of who waits, asked by everybody: what a trace of openings follows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from domain.story import Story
from domain.values import Role
from tests.authenticator import with_passkey
from tests.faults.clerking import World, session_in
from tests.kinds import OwnProgramme, by_link
from tests.match import Match, done, give_consent, match, propose
from tests.matching import MatchingScheme, Waiting, offering, theme
from tests.scheme import Somebody
from tests.surface import rules_of_pages, surface_of
from tests.tracing import Tracer

ORIGIN = "http://testserver"
SENTINEL = "Zanzibar-quill."
WHOLE_RECORD = {"/me/record", "/my-record/bag"}
"""Have in them what rests on a consent beside what rests on none, so they are traced by themselves."""
ENDLESS = {"GET /pipeline/changes", "GET /my-mentoring/changes", "GET /my-caseload/changes"}
BOTH = ("mentee", "mentor")


@dataclass(frozen=True)
class Scene:
    """Two pairs of which everything is known, and somebody of each role."""

    of: World
    matched: Match
    proposed: Match
    session: str
    enquiry: str
    checkers: tuple[Somebody, ...]
    waiting: Waiting
    suggested: Somebody
    of_round: "Asked"
    found: Waiting
    partner: Somebody
    written: "tuple[Asked, ...]"
    tracer: Tracer

    @property
    def parties(self) -> list[Somebody]:
        """Everybody who takes part."""
        pairs = [getattr(made, who) for made in (self.matched, self.proposed) for who in BOTH]
        return [*pairs, self.waiting.mentee, self.suggested, self.found.mentee, self.partner]

    def ids(self, made: Match, path: str) -> dict[str, Any]:
        """What an address names, of one pair; whatever else it names is not there."""
        first = path.split("/")[1]
        others = {"people": made.mentee.id, "places": made.place, "enquiries": self.enquiry}
        record = others.get(first, made.relationship)
        mine = {"id": record, "relationship": made.relationship, "person": made.mentor.id}
        rest = {"session": self.session, "proposal": made.proposal, "purpose": "take_part"}
        nobodys = {name: uuid4() for name in ("entry", "erasure", "receipt", "agreement")}
        return _Absent({**mine, **rest, **nobodys, "role": "mentee", "name": "pages.css"})


class _Absent(dict[str, Any]):
    """Whatever else a path names is not there."""

    def __missing__(self, key: str) -> str:
        return str(uuid4())


@dataclass(frozen=True)
class Asked:
    """One thing that somebody asks for; asked again it is the same."""

    who: Somebody
    method: str
    address: str
    body: Any = None

    @property
    def name(self) -> str:
        """What is asked, and by whom."""
        return f"{self.method} {self.address} by {self.who.role} {self.who.id}"

    def ask(self, scene: Scene) -> Any:
        """Ask, under a trace of its name."""
        with scene.tracer.span(self.name):
            return self.who.client.request(self.method, self.address, json=self.body)


def set_scene(of: World) -> Scene:
    """Two pairs, and whoever else is needed so that everything sealed is there to be opened."""
    lead = of.now.person(Role.DATA_PROTECTION_LEAD)
    for purpose in ("reminders", "calendar"):
        words = {"purpose": purpose, "version": 1, "language": "en", "text": "Yes or no."}
        done(lead.post("/notices", words))
    matched, proposed = match(of.now), propose(of.now)
    for party in (matched.mentee, matched.mentor):
        give_consent(party, "calendar", "reminders")
        done(party.put("/me/availability", ANY_TIME))
        done(party.post(f"/relationships/{matched.relationship}/agreement", {"version": 1}))
    plan = {**session_in(of.now.now(), 2), "video_link": "https://meet.example/plimsoll"}
    path = f"/relationships/{matched.relationship}/sessions"
    session = done(matched.mentee.post(path, plan))["made"]
    (asking,) = (each for each in surface_of(of.now.app) if each.name == "POST /enquiries")
    enquiry = done(of.now.anybody.post("/enquiries", json=asking.body))["reference"]
    asked = {"reason": "availability", "words": SENTINEL}
    done(matched.mentor.post(f"/relationships/{matched.relationship}/rematch", asked))
    give_consent(matched.mentee, "share_profile")
    done(matched.mentee.put("/me/shared-profile", {"display_name": SENTINEL, "words": SENTINEL}))
    waiting, suggested, of_round = _match_by_round(of)
    checkers = (lead, of.now.person(Role.AUDITOR))
    for person in (matched.mentee, *checkers):
        with_passkey(person.client)
    tracer = Tracer(of.parts.pool.connection)
    found = waiting, suggested, of_round, *_found_each_other(of), _written(of, matched)
    return Scene(of, matched, proposed, session, enquiry, checkers, *found, tracer)


def _found_each_other(of: World) -> tuple[Waiting, Somebody]:
    """Somebody who asked informally, and who came by their link and has not answered."""
    asking = OwnProgramme(of.now, kinds=["informal"]).waiting()
    path = f"/relationships/{asking.relationship}/partner-link"
    link = done(asking.mentee.post(path, {"words": SENTINEL}))["link"]
    return asking, by_link(of.now, link)


def _written(of: World, matched: Match) -> "tuple[Asked, ...]":
    """A concern and a disclosure, for whom they are written to; to read either takes no consent."""
    lead = of.now.person(Role.SAFEGUARDING_LEAD)
    said = {"category": "conduct", "desk": "coordinator", "words": SENTINEL}
    concern = done(matched.mentee.post("/me/concerns", said))["id"]
    facts = {"ground": "serious_harm", "facts": SENTINEL, "recipient": SENTINEL}
    path = f"/relationships/{matched.relationship}/disclosures"
    disclosure = done(matched.mentor.post(path, facts | {"mentee_is_told": True}))["id"]
    coordinator = of.now.person(Role.COORDINATOR)
    story, suggestion = _told(of, matched)
    today = str(of.now.now().date())
    done(matched.mentee.post("/me/cpd/pieces", PIECE | {"kind": "course", "done_on": today}))
    return (
        Asked(coordinator, "GET", f"/story-desk/{story}/words"),
        Asked(coordinator, "GET", f"/suggestion-desk/{suggestion}/words"),
        Asked(matched.mentee, "GET", f"/me/suggestions/{suggestion}/words"),
        Asked(coordinator, "GET", f"/concerns/{concern}/words"),
        Asked(lead, "GET", f"/disclosures/{disclosure}/words"),
    )


def _told(of: World, matched: Match) -> tuple[UUID, str]:
    """A story that rests on its consent, and a suggestion that takes none."""
    lead = of.now.person(Role.DATA_PROTECTION_LEAD)
    words = {"purpose": "publish_story", "version": 1, "language": "en", "text": "Yes or no."}
    done(lead.post("/notices", words))
    give_consent(matched.mentee, "publish_story")
    done(matched.mentee.put("/me/story", {"words": SENTINEL}))
    suggestion = done(matched.mentee.post("/me/suggestions", {"words": SENTINEL}))["id"]
    return Story.id_of(matched.mentee.id), str(suggestion)


def _match_by_round(of: World) -> tuple[Waiting, Somebody, Asked]:
    """Somebody who waits, a mentor for them, and what tells why a round and a shortlist found them."""
    matching = MatchingScheme(of.now)
    waiting = matching.waiting("identity_preference", employer=SENTINEL, **theme("leading"))
    suggested = matching.mentor(**offering("leading"))
    wishes = {"own": {"faith": ["sikh"]}, "wishes": {"faith": "shared"}}
    done(waiting.mentee.put("/me/preferences/background", wishes))
    found = matching.run()
    done(matching.coordinator.post(f"/relationships/{waiting.relationship}/shortlist"))
    words = f"/matching-rounds/{found['id']}/words/{waiting.relationship}"
    return waiting, suggested, Asked(matching.coordinator, "GET", words)


PIECE = {"title": "A title", "about": "What it was.", "learned": "What I learned."}
NEW_ADDRESS = {"name": "Zoe", "email": "zoe@example.org"}
ANY_TIME = {
    "time_zone": "Europe/London",
    "windows": [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in range(5)],
    "away": [],
}


def everything(scene: Scene) -> list[Asked]:
    """Every route and page that can be read, about both pairs, by everybody; and what opens as it changes."""
    app = scene.of.now.app
    routes = [f"GET {each.path}" for each in surface_of(app) if each.method == "GET"]
    rules = [name.replace(":path}", "}") for name in rules_of_pages(app)]
    pages = [name.split()[1] for name in rules if name.startswith("GET ")]
    addresses = [name.split()[1] for name in routes if name not in ENDLESS]
    addresses, pages = (
        [each for each in of if each not in WHOLE_RECORD] for of in (addresses, pages)
    )
    asked = []
    for made, others in ((scene.matched, scene.checkers), (scene.proposed, ())):
        read = [each.format_map(scene.ids(made, each)) for each in addresses]
        seen = [ORIGIN + each.format_map(scene.ids(made, each)) for each in pages]
        callers = (made.mentee, made.mentor, made.coordinator, *others)
        asked += [Asked(who, "GET", address) for address in read + seen for who in callers]
    times = f"/relationships/{scene.matched.relationship}/sessions"
    plan = session_in(scene.of.now.now(), 6)
    moved = session_in(scene.of.now.now(), 10)
    own = ("/me/preferences", "/me/preferences/background")
    shortlist = f"/relationships/{scene.waiting.relationship}/shortlist"
    by_hand = f"/relationships/{scene.waiting.relationship}/proposals"
    reasons = dict.fromkeys(("reasons_for_mentee", "reasons_for_mentor"), SENTINEL)
    offer = {"mentor": str(scene.suggested.id), **reasons}
    return [
        *asked,
        scene.of_round,
        *scene.written,
        *(Asked(scene.waiting.mentee, "GET", each) for each in (*own, shortlist)),
        Asked(scene.of_round.who, "POST", shortlist),
        Asked(scene.of_round.who, "POST", by_hand, offer),
        Asked(scene.partner, "GET", f"/relationships/{scene.found.relationship}/partnership"),
        Asked(scene.matched.mentee, "POST", "/me/cpd/check", PIECE),
        Asked(scene.matched.mentee, "POST", times, plan),
        Asked(scene.matched.mentor, "POST", f"{times}/{scene.session}/reschedule", moved),
        Asked(scene.matched.mentee, "PUT", "/me/contact", NEW_ADDRESS),
        Asked(scene.matched.mentee, "POST", "/me/contact/confirmation", {"code": "AAAAA"}),
    ]
