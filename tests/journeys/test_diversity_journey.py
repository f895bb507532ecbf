"""Somebody wishes for a partner with their background, and takes the wish back in the middle."""

from collections.abc import Callable

from domain.matching.reasons import BACKGROUND_MET
from tests.journeys.company import Company
from tests.kinds import BOTH_SHARED, WOMAN_AND_SIKH, OwnProgramme, pairs
from tests.match import done


def test_a_wish_withdrawn_in_the_middle_takes_the_proposal_back_and_nothing_else(
    company: Company, clerk: Callable[[], None]
) -> None:
    own = OwnProgramme(company.scheme, kinds=["for_diversity"])
    asking = own.waiting("identity_preference")
    wish = WOMAN_AND_SIKH | BOTH_SHARED
    done(asking.mentee.put("/me/preferences/background", wish))
    shares = own.mentor("identity_preference")
    done(shares.put("/me/preferences/background", WOMAN_AND_SIKH))
    found = own.run()
    own.propose(found, asking.relationship)
    own.close(found)
    path = f"/relationships/{asking.relationship}"

    done(asking.mentee.post("/me/consents/identity_preference/withdrawal"))
    clerk()
    stage = done(asking.mentee.get(path))["stage"]
    gone = done(asking.mentee.get("/me/preferences/background"))
    theirs = done(shares.get("/me/preferences/background"))
    again = own.run()
    own.propose(again, asking.relationship)

    assert pairs(found) == {asking.relationship: shares.id}
    assert stage == "requested"
    assert gone["background"] is None
    assert theirs["background"]["own"] == WOMAN_AND_SIKH["own"]
    # Without the wish any mentor is as good as another.
    assert set(pairs(again)) == {asking.relationship}
    reasons = done(asking.mentee.get(f"{path}/proposal"))["reasons"]["text"]
    assert BACKGROUND_MET not in reasons
