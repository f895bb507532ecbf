"""A scheme with something to see on every page."""

from dataclasses import dataclass

from tests.browser.at_desks import AtDesks, furnish_desks
from tests.browser.at_endings import AtEndings, furnish_endings
from tests.browser.in_groups import InGroups, begin_group, go_on
from tests.live_service import LiveService, agree_and_meet
from tests.match import Match, done, give_consent, match, propose, publish_notices
from tests.matching import MatchingScheme, offering, theme
from tests.paying import Paying, paying_for

WORDS = "Qualified in Leeds; led a duty team for nine years.\nI listen first."


@dataclass(frozen=True)
class Furnished:
    """Whose pages show what."""

    service: LiveService
    proposed: Match
    matched: Match
    under_way: Match
    sessions: tuple[str, ...]
    paying: Paying
    desks: AtDesks
    grouped: InGroups
    endings: AtEndings
    matching: MatchingScheme
    unmatched: MatchingScheme
    round: tuple[str, ...]

    def mentee_pages(self) -> list[str]:
        """The pages of the mentee with an open proposal."""
        proposal = f"/my-mentoring/{self.proposed.relationship}/proposal"
        rights = [
            "/my-consents",
            "/who-looked",
            "/my-keys",
            "/my-erasure",
            "/my-erasure/confirmation",
        ]
        shortlist = f"/my-mentoring/{self.proposed.relationship}/shortlist"
        wishes = ["/my-mentoring/preferences", shortlist]
        return ["/my-mentoring", proposal, *wishes, *rights, "/nowhere", "/pipeline"]

    def pages_under_way(self) -> list[str]:
        """The pages of a mentee who meets somebody."""
        one = f"/my-mentoring/{self.under_way.relationship}"
        own = ["/my-mentoring", "/my-mentoring/request", "/my-mentoring/availability"]
        about = ["/my-contact", "/my-mentoring/profile", f"{one}/agreement", f"{one}/partner"]
        return [*own, *about, *self._pages_of_both(one)]

    def mentor_pages(self) -> list[str]:
        """The pages of the mentor of the same pair."""
        one = f"/my-caseload/{self.under_way.relationship}"
        own = ["/my-caseload", "/my-caseload/profile", "/my-contact", one, f"{one}/mentee"]
        own.append("/passed-on-notes")
        return [*own, *self._pages_of_both(one)]

    def proposed_mentor_pages(self) -> list[str]:
        """The pages of a mentor with an open proposal."""
        proposal = f"/my-caseload/{self.proposed.relationship}/proposal"
        return ["/my-caseload", proposal, "/my-caseload/preferences"]

    def _pages_of_both(self, one: str) -> list[str]:
        ahead = [f"{one}/sessions/{session}" for session in self.sessions]
        return [f"{one}/arrangements", f"{one}/notebook", f"{one}/sessions/new", *ahead]

    def pages_when_matched(self) -> list[str]:
        """The pages of a mentee who has an agreement to accept."""
        return ["/my-mentoring", f"/my-mentoring/{self.matched.relationship}/agreement"]

    def coordinator_pages(self) -> list[str]:
        """The pages of a coordinator."""
        one = f"/pipeline/{self.proposed.relationship}"
        under_way = f"/pipeline/{self.under_way.relationship}"
        mentors = ["/mentors", f"/mentors/{self.proposed.mentor.id}"]
        pages = ["/pipeline", "/pipeline?stage=closed", one, f"{one}/requested-words"]
        return [*pages, under_way, f"{under_way}/said-words", *mentors]

    def matching_pages(self) -> list[str]:
        """The pages of a coordinator who runs a round and draws a shortlist."""
        one = f"/matching/{self.matching.programme}"
        words = [f"{one}/words/{each}" for each in self.round]
        shortlist = f"/pipeline/{self.proposed.relationship}/shortlist"
        return ["/matching", one, *words, shortlist, f"/matching/{self.unmatched.programme}"]

    def sponsor_pages(self) -> list[str]:
        """The pages of whoever looks after an agreement."""
        return ["/places-and-money", f"{self.paying.page}/invoices/1"]

    def provider_pages(self) -> list[str]:
        """The same for a coordinator."""
        return ["/places-and-money", self.paying.page, f"{self.paying.page}/invoices/1"]


def show_something(made: Match) -> None:
    """A mentee who shows a name, and whose new address is still to be confirmed."""
    give_consent(made.mentee, "share_profile")
    done(made.mentee.put("/me/shared-profile", {"display_name": "Ada", "words": WORDS}))
    done(made.mentee.put("/me/contact", {"name": "Ada Quill", "email": "ada@example.org"}))


def furnish(service: LiveService) -> Furnished:
    """Make it; this moves the clock of the service on, once."""
    scheme = service.scheme
    publish_notices(scheme)
    begun = begin_group(service)
    endings = furnish_endings(service)
    under_way = match(scheme, words=WORDS)
    show_something(under_way)
    agree_and_meet(service, under_way)
    matched, proposed = match(scheme, words=WORDS), propose(scheme, words=WORDS)
    service.caught_up()
    matching, unmatched, found = furnish_matching(service, proposed)
    paying = paying_for(service)
    paying.furnish()
    anew = scheme.speaking_for(under_way.mentor.id, under_way.mentor.role)
    shown = done(anew.get(f"/relationships/{under_way.relationship}"))["sessions"]
    return Furnished(
        service=service,
        proposed=proposed,
        matched=matched,
        under_way=under_way,
        sessions=tuple(session["id"] for session in shown),
        paying=paying,
        desks=furnish_desks(service, under_way),
        grouped=go_on(begun),
        endings=endings,
        matching=matching,
        unmatched=unmatched,
        round=found,
    )


def furnish_matching(
    service: LiveService, proposed: Match
) -> tuple[MatchingScheme, MatchingScheme, tuple[str, ...]]:
    """A round with a pair and somebody left over, a programme without one, and a shortlist to rank."""
    matching, unmatched = MatchingScheme(service.scheme), MatchingScheme(service.scheme)
    lonely, one = matching.waiting(languages=["cy"]), matching.waiting(**theme("leading"))
    unmatched.waiting()
    matching.mentor(capacity=3, languages=["en"], **offering("leading"))
    matching.run()
    done(proposed.coordinator.post(f"/relationships/{proposed.relationship}/shortlist"))
    return matching, unmatched, (str(one.relationship), str(lonely.relationship))
