"""The caller's vault: what unlocks their notes, in forms that the service keeps and cannot open.

docs/specs/vault.md says what is in them. There is no way to ask for anybody else's.
"""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from api.at_the_door import RoomForVault
from api.auth.callers import PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
)
from api.fields import Base64
from api.records.vault_view import VaultAnswer, vault_of
from api.routes.people import PublicKeysBody
from domain.commands import vaults as commands
from domain.public_keys import PublicKeys
from domain.vault import MOST_WRAPPERS
from domain.wrapped_forms import (
    CREDENTIAL_HASH_BYTES,
    SALT_BYTES,
    SEALED_IDENTITY_BYTES,
    WRAPPED_VAULT_KEY_BYTES,
    Wrapper,
    WrapperKind,
)

router = APIRouter(prefix="/me/vault", tags=["vaults"])


class WrapperBody(Body):
    """One way to unlock, as docs/specs/vault.md has it."""

    id: UUID = Field(examples=["5b1c2f8e-7a3d-4e6f-8b9a-0c1d2e3f4a5b"])
    kind: WrapperKind = Field(examples=["recovery_code"])
    credential_hash: Base64 | None = Field(
        default=None, min_length=CREDENTIAL_HASH_BYTES, max_length=CREDENTIAL_HASH_BYTES
    )
    salt: Base64 = Field(min_length=SALT_BYTES, max_length=SALT_BYTES, examples=["A" * 43 + "="])
    wrapped_key: Base64 = Field(
        min_length=1, max_length=WRAPPED_VAULT_KEY_BYTES, examples=["AREBAg" + "A" * 122]
    )

    def wrapper(self) -> Wrapper:
        """The wrapper as the vault keeps it."""
        named = self.credential_hash or b""
        return Wrapper(self.id, self.kind, named, self.salt, self.wrapped_key)


class IdentityBody(Body):
    """Private keys sealed under the vault key, and the public keys that belong to them."""

    sealed_identity: Base64 = Field(
        min_length=1, max_length=SEALED_IDENTITY_BYTES, examples=["ARIB" + "A" * 254 + "A="]
    )
    public_keys: PublicKeysBody

    def identity(self) -> commands.NewIdentity:
        """Both halves, which must name the same keys."""
        keys = self.public_keys
        public = PublicKeys(keys.key_id, keys.hpke_public, keys.signing_public)
        return commands.NewIdentity(self.sealed_identity, public)


class VaultBody(IdentityBody):
    """A whole vault: at least two ways to unlock, one of them a recovery code."""

    wrappers: list[WrapperBody] = Field(min_length=1, max_length=MOST_WRAPPERS)


@router.get("", dependencies=[RoomForVault])
def show(caller: PartyCaller, mentoring: MentoringPart, response: Response) -> VaultAnswer:
    """Hand out the caller's own vault; fetching it is counted."""
    answer = vault_of(mentoring, caller.person)
    response.headers["ETag"] = f'"{answer.version}"'
    return answer


@router.put("")
def begin(
    body: VaultBody,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Begin the vault and publish its public keys at once; with the ETag of one, begin it anew."""
    wrappers, identity = tuple(each.wrapper() for each in body.wrappers), body.identity()
    return carrier.carry_out(
        commands.begin_vault, person=caller.person, wrappers=wrappers, identity=identity
    )


@router.put("/identity")
def replace_identity(
    body: IdentityBody,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Put other keys into the vault and publish their public half; the earlier ones stay."""
    identity = body.identity()
    return carrier.carry_out(commands.replace_identity, person=caller.person, identity=identity)


@router.post("/wrappers", status_code=201)
def add_wrapper(
    body: WrapperBody,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Add a way to unlock."""
    wrapper = body.wrapper()
    return carrier.carry_out(commands.add_wrapper, person=caller.person, wrapper=wrapper)


@router.delete("/wrappers/{id}")
def remove_wrapper(
    id: UUID,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Remove a way to unlock, unless too few would be left."""
    return carrier.carry_out(commands.remove_wrapper, person=caller.person, wrapper=id)
