"""What somebody can do about what is theirs alone, at any time: their portfolio, and objections to a use of their record."""

from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.commands import portfolios, rights_requests
from domain.objection import Use
from domain.portfolio import Portfolio, Writing
from domain.rights_request import RequestRefusal, RightsRequest
from tests.properties.scheme_commands import AnybodyDoesAnything, number, pick, seldom, usually
from tests.unit.domain.builders import sealed_for


class TheirsIsTheirs(AnybodyDoesAnything):
    """Whoever writes, and whatever they write on."""

    @rule(
        who=number,
        which=number,
        years=st.sampled_from([-1, 0, 0, 1]),
        right=usually,
        then=st.sampled_from("kad"),
    )
    def a_piece_is_written(
        self, who: int, which: int, years: int, then: str, *, right: bool
    ) -> None:
        """Kept, amended or destroyed; a piece that is somebody else's, too, and words under somebody else's key."""
        person = pick(self.world.anybody, who)
        kept = [piece for pieces in self.world.facts.pieces.values() for piece in pieces]
        piece = pick([*kept, uuid4()], which)
        under = person if right else pick(self.world.anybody, which)
        written = sealed_for(under, purpose=Portfolio.purpose_of(piece))
        writing = Writing(self.world.now.year + years, is_with_peer=right, written=written)
        if then == "k":
            self.world.give(portfolios.keep_piece, person, piece=uuid4(), writing=writing)
            self.world.give(portfolios.keep_piece, person, piece=piece, writing=writing)
        if then == "d":
            self.world.give(portfolios.destroy_piece, person, piece=piece)
        self.world.give(portfolios.amend_piece, person, piece=piece, writing=writing)

    @rule(who=number, by=number, again=seldom, then=st.sampled_from("rra"), resumes=seldom)
    def a_use_is_objected_to(
        self, who: int, by: int, then: str, *, again: bool, resumes: bool
    ) -> None:
        """It is refused or answered by the lead or by who asked; now and then they thought again before."""
        person, id = pick(self.world.parties, who), uuid4()
        self._objects(person, id)
        if again:
            self._objects(person, uuid4())
        if resumes:
            self.world.give(rights_requests.resume_use, person, use=Use.SUGGESTIONS)
        decides = self.world.protection_lead if by else person
        words = sealed_for(person, purpose=RightsRequest.purpose_of(id))
        if then == "r":
            refusal = {"request": id, "reason": RequestRefusal.STRONGER_GROUNDS, "words": words}
            self.world.give(rights_requests.refuse_rights_request, decides, **refusal)
        self.world.give(rights_requests.answer_rights_request, decides, request=id, words=words)
        self.world.give(
            rights_requests.resume_use, pick(self.world.parties, by), use=Use.SUGGESTIONS
        )

    def _objects(self, person: UUID, id: UUID) -> None:
        what = {"id": id, "use": Use.SUGGESTIONS, "words": None}
        self.world.give(rights_requests.object_to, person, **what)
