"""A scheme with something to see on every page."""

from dataclasses import dataclass

from tests.live_service import LiveService, agree_and_meet
from tests.match import Match, match, propose, publish_notices

WORDS = "Qualified in Leeds; led a duty team for nine years.\nI listen first."


@dataclass(frozen=True)
class Furnished:
    """Whose pages show what."""

    service: LiveService
    proposed: Match
    matched: Match
    under_way: Match

    def mentee_pages(self) -> list[str]:
        """The pages of the mentee with an open proposal."""
        proposal = f"/my-mentoring/{self.proposed.relationship}/proposal"
        rights = ["/my-consents", "/who-looked", "/my-erasure", "/my-erasure/confirmation"]
        return ["/my-mentoring", proposal, *rights, "/nowhere", "/pipeline"]

    def pages_under_way(self) -> list[str]:
        """The pages of a mentee who meets somebody."""
        one = f"/my-mentoring/{self.under_way.relationship}"
        return ["/my-mentoring", f"{one}/agreement", f"{one}/partner"]

    def pages_when_matched(self) -> list[str]:
        """The pages of a mentee who has an agreement to accept."""
        return ["/my-mentoring", f"/my-mentoring/{self.matched.relationship}/agreement"]

    def coordinator_pages(self) -> list[str]:
        """The pages of a coordinator."""
        one = f"/pipeline/{self.proposed.relationship}"
        return ["/pipeline", "/pipeline?stage=closed", one, f"{one}/requested-words"]


def furnish(service: LiveService) -> Furnished:
    """Make it; this moves the clock of the service on, once."""
    scheme = service.scheme
    publish_notices(scheme)
    under_way = match(scheme, words=WORDS)
    agree_and_meet(service, under_way)
    matched, proposed = match(scheme, words=WORDS), propose(scheme, words=WORDS)
    service.caught_up()
    return Furnished(service=service, proposed=proposed, matched=matched, under_way=under_way)
