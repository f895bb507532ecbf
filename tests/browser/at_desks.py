"""A disclosure, a concern and a request about one's own record, for whoever handles them to see on pages."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from api.clerking.errands import CLERK
from domain.commands.keeping import announce_end
from domain.mentoring import Order
from domain.policies.keeping import day_of
from domain.values import Act, Role
from tests.live_service import LiveService
from tests.match import Match, done
from tests.scheme import Somebody

WORDS = "What I want to say, in a few words.\nAnd a second line."


@dataclass(frozen=True)
class Lapsing:
    """Somebody whose record ends, what they worry about, and wishes to be erased."""

    somebody: Somebody
    taken: str
    free: str
    asked: str
    held: str

    def concerns(self) -> list[str]:
        """One that the lead has, and one that nobody has."""
        taken = f"/concerns/{self.taken}"
        return ["/concerns", taken, f"{taken}/words", f"/concerns/{self.free}"]

    def erasures(self) -> list[str]:
        """One that waits to be decided, and one that is held."""
        return [f"/rights-desk/erasures/{each}" for each in (self.asked, self.held)]


def lapsing(service: LiveService, lead: Somebody, data_protection: Somebody) -> Lapsing:
    """Make all of it; another lead could take it over."""
    scheme = service.scheme
    somebody, _ = scheme.person(Role.MENTEE), scheme.person(Role.SAFEGUARDING_LEAD)
    raised = {"category": "safety", "desk": "safeguarding_lead", "words": WORDS}
    taken, free = (done(somebody.post("/me/concerns", raised))["id"] for _ in range(2))
    done(lead.post(f"/concerns/{taken}/taking"))
    asked, held = (done(scheme.person(Role.MENTEE).post("/me/erasure"))["id"] for _ in range(2))
    review_on = str((scheme.now() + timedelta(days=30)).date())
    hold = {"reason": "legal_claim", "review_on": review_on}
    done(data_protection.post(f"/erasures/{held}/hold", hold))
    order = Order(Act(CLERK, scheme.now()), uuid4())
    ends_on = day_of(scheme.now()) + timedelta(days=30)
    announce_end(scheme.parts.mentoring, order, person=somebody.id, ends_on=ends_on)
    return Lapsing(somebody, taken, free, asked, held)


@dataclass(frozen=True)
class AtDesks:
    """Who handles what, and whose it is."""

    pair: Match
    safeguarding: Somebody
    data_protection: Somebody
    coordinator: Somebody
    disclosure: str
    told: str
    concern: str
    answered: str
    request: str
    piece: str
    lapsing: "Lapsing"

    def tours(self) -> tuple[tuple[Somebody, list[str]], ...]:
        """The pages of each of them."""
        one = f"/disclosures/{self.disclosure}"
        mentee, mentor = self.pair.mentee, self.pair.mentor
        desk = f"/rights-desk/{self.request}"
        concerns = ["/concerns", f"/concerns/{self.concern}", f"/concerns/{self.concern}/words"]
        own = ["/my-concerns", f"/my-concerns/{self.answered}", "/my-rights"]
        writing = f"/my-caseload/{self.pair.relationship}/disclosure"
        return (
            (self.safeguarding, ["/disclosures", one, f"{one}/words", f"/disclosures/{self.told}"]),
            (self.safeguarding, self.lapsing.concerns()),
            (self.data_protection, ["/rights-desk", desk, f"{desk}/words"]),
            (self.data_protection, self.lapsing.erasures()),
            (self.lapsing.somebody, ["/my-rights"]),
            (self.coordinator, [*concerns, f"/concerns/{self.answered}"]),
            (mentee, [*own, *self._own_record(), f"/my-rights/{self.request}", "/who-looked"]),
            (mentor, [writing, f"{writing}/handed-over?at_least=1", "/my-rights"]),
        )

    def _own_record(self) -> list[str]:
        """What somebody writes of their own development, and their whole record."""
        return ["/my-cpd?year=2025", f"/my-cpd/{self.piece}", "/my-cpd/new", "/my-record"]


def furnish_desks(service: LiveService, pair: Match) -> AtDesks:
    """Write, raise and ask; one disclosure waits to be decided, another the mentee was told of."""
    scheme = service.scheme
    mentee, mentor = (
        replace(scheme.speaking_for(each.id, each.role), name=each.name)
        for each in (pair.mentee, pair.mentor)
    )
    lead, coordinator = scheme.person(Role.SAFEGUARDING_LEAD), scheme.person(Role.COORDINATOR)
    path, soon = f"/relationships/{pair.relationship}/disclosures", scheme.now() + timedelta(days=7)
    written = {"ground": "serious_harm", "facts": WORDS, "recipient": "Somebody outside."}
    later = {"not_told_reason": "would_raise_risk", "look_again_on": str(soon.date())}
    disclosure = done(mentor.post(path, written | {"mentee_is_told": False} | later))["id"]
    told = done(mentor.post(path, written | {"mentee_is_told": True}))["id"]
    done(lead.post(f"/disclosures/{told}/agreement"))
    done(lead.get(f"/disclosures/{told}/words"))
    raised = {"category": "conduct", "desk": "coordinator", "words": WORDS}
    concern, answered = (done(mentee.post("/me/concerns", raised))["id"] for _ in range(2))
    done(coordinator.post(f"/concerns/{answered}/closing", {"words": WORDS}))
    request = done(mentee.post("/me/rights-requests", {"kind": "access", "words": WORDS}))["id"]
    handlers = (lead, scheme.person(Role.DATA_PROTECTION_LEAD), coordinator)
    piece = {"kind": "course", "title": "A few words", "done_on": "2026-03-02", "about": WORDS}
    kept = done(mentee.post("/me/cpd/pieces", piece | {"learned": WORDS}))["made"]
    ending = lapsing(service, lead, handlers[1])
    service.caught_up()
    return AtDesks(pair, *handlers, disclosure, told, concern, answered, request, kept, ending)
