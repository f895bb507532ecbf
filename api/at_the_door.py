"""What routes are handed that answer people who are not signed in yet, or hold wrong tries back."""

from typing import Annotated

from fastapi import Depends, Request

from api.auth.callers import grant_of, tokens_of
from api.auth.passkeys import Passkeys
from api.auth.tokens import Grant
from api.dependencies import body_of
from api.errors import BodyTooLarge
from api.joining import Joining
from api.passkeys import PasskeyDesk
from api.records.enquiries import EnquiryDesk
from api.tries import Guarded, Tries, address_of

LARGEST_FROM_OUTSIDE = 64 * 1024


async def joining_of(request: Request) -> Joining:
    """What lets newcomers in."""
    joining: Joining = request.app.state.joining
    return joining


async def enquiry_desk_of(request: Request) -> EnquiryDesk:
    """What takes enquiries in and opens them."""
    desk: EnquiryDesk = request.app.state.enquiry_desk
    return desk


async def guarded_of(request: Request) -> Guarded:
    """What counts tries of invitations, and holds wrong ones back."""
    guarded: Guarded = request.app.state.guarded_invitations
    return guarded


async def passkey_desk_of(request: Request) -> PasskeyDesk:
    """What adds passkeys and signs people in by them."""
    parts = request.app.state.parts
    return PasskeyDesk(parts, request.app.state.openings, tokens_of(request), Passkeys(parts.pool))


async def guarded_passkeys_of(request: Request) -> Guarded:
    """What counts tries of passkeys, and holds wrong ones back."""
    guarded: Guarded = request.app.state.guarded_passkeys
    return guarded


async def room_for_ceremony(request: Request) -> None:
    """Refuse who begins to sign in more often than a whole office does."""
    tries: Tries = request.app.state.ceremony_tries
    tries.take(address_of(request))


async def small_body(body: Annotated[bytes, Depends(body_of)]) -> None:
    """Refuse more than anybody needs to say who has not signed in."""
    if len(body) > LARGEST_FROM_OUTSIDE:
        raise BodyTooLarge


async def room_for_enquiry(request: Request) -> None:
    """Refuse who asks more often than people do."""
    tries: Tries = request.app.state.enquiry_tries
    tries.take(address_of(request))


async def room_for_feedback(request: Request) -> None:
    """Refuse who says how it went more often than whole offices do."""
    tries: Tries = request.app.state.feedback_tries
    tries.take(address_of(request))


async def room_for_vault(request: Request, grant: Annotated[Grant, Depends(grant_of)]) -> None:
    """Refuse whoever fetches a vault oftener than its person needs it."""
    tries: Tries = request.app.state.vault_tries
    tries.take(str(grant.caller.person))


async def room_for_paper(request: Request, grant: Annotated[Grant, Depends(grant_of)]) -> None:
    """Refuse whoever has papers set, or their record gathered, oftener than anybody reads them."""
    tries: Tries = request.app.state.paper_tries
    tries.take(str(grant.caller.person))


EnquiryDeskPart = Annotated[EnquiryDesk, Depends(enquiry_desk_of)]
JoiningPart = Annotated[Joining, Depends(joining_of)]
GuardedPart = Annotated[Guarded, Depends(guarded_of)]
PasskeyDeskPart = Annotated[PasskeyDesk, Depends(passkey_desk_of)]
GuardedPasskeysPart = Annotated[Guarded, Depends(guarded_passkeys_of)]
FromOutside = Depends(small_body)
RoomForCeremony = Depends(room_for_ceremony)
RoomForEnquiry = Depends(room_for_enquiry)
RoomForFeedback = Depends(room_for_feedback)
RoomForPaper = Depends(room_for_paper)
RoomForVault = Depends(room_for_vault)
