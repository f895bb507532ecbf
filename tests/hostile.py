"""What a service that lies shows of a pair's notebook: the same lies for the program and for the page."""

import base64
from typing import Any
from uuid import UUID, uuid4

from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    Kind,
    PublicIdentity,
    SealedEntry,
    Strand,
    grant_epoch,
    new_identity,
    seal_entry,
)
from crypto.sealing import Granted as Forged

Shown = dict[str, Any]
FORGED = "Words of the service."


def me_in(shown: Shown) -> Shown:
    """Who looks."""
    return next(each for each in shown["participants"] if each["person"] == shown["caller"])


def other_than_me(shown: Shown) -> Shown:
    """The partner of who looks."""
    return next(each for each in shown["participants"] if each["person"] != shown["caller"])


def coded(value: bytes) -> str:
    """Bytes as they travel."""
    return base64.b64encode(value).decode()


def keys_of(identity: PublicIdentity) -> dict[str, str]:
    """Public keys as the service shows them."""
    fields = {
        "key_id": identity.key_id,
        "hpke_public": identity.hpke_public,
        "signing_public": identity.signing_public,
    }
    return {name: coded(value) for name, value in fields.items()}


def says_that_their_key_was_mine(shown: Shown) -> None:
    """It lends the partner's words to who looks."""
    me_in(shown)["public_keys"].insert(0, other_than_me(shown)["public_keys"][0])


def begins_the_notes_itself(shown: Shown) -> None:
    """It makes up a key that who looks is said to have lost, seals an epoch by it to their real key under a stranger's name, and writes.

    Whatever was shared is not shown.
    """
    made, me, other = new_identity(), me_in(shown), other_than_me(shown)
    mine, theirs = _current(me), _current(other)
    strand, stranger = Strand(UUID(shown["notebook"]), Audience.SHARED), str(uuid4())
    forged = grant_epoch(made, [made.public, mine, theirs], strand=strand)
    slot, body = EMPTY.next(uuid4()), Body(Kind.NOTE, FORGED)
    sealed = seal_entry(body, slot, author=made, notebook_key=forged.notebook_key)
    me["public_keys"].insert(0, keys_of(made.public))
    shown["further_readers"].append({"person": stranger, "public_keys": [keys_of(mine)]})
    named = {me["person"]: made.public, stranger: mine, other["person"]: theirs}
    for kind, row in (
        ("epochs", _epoch(forged, me["person"], named, mine)),
        ("entries", _entry(sealed)),
    ):
        shown[kind] = [*(each for each in shown[kind] if each["audience"] == "own"), row]


def _current(participant: Shown) -> PublicIdentity:
    keys = participant["public_keys"][-1]
    parts = (base64.b64decode(keys[name]) for name in ("hpke_public", "signing_public"))
    return PublicIdentity(*parts)


def _epoch(
    forged: Forged, granter: str, named: dict[str, PublicIdentity], reader: PublicIdentity
) -> Shown:
    return {
        "audience": "shared",
        "number": 1,
        "granter": granter,
        "readers": [{"person": who, "key_id": coded(each.key_id)} for who, each in named.items()],
        "statement": coded(forged.statement),
        "sealed_key": coded(forged.sealed_keys[reader.key_id]),
        "passed_on": [],
        "after": None,
    }


def _entry(sealed: SealedEntry) -> Shown:
    return {
        "audience": "shared",
        "position": 1,
        "sealed_entry": coded(sealed.entry),
        "wrapped_entry_key": coded(sealed.wrapped_key),
    }
