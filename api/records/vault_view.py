"""A person's vault as they are handed it: wrapped forms and nothing opened, to nobody but them.

Whoever signs in as a person gets these, so fetching is counted. What they could try on them elsewhere
is 130 bits or more, or the output of a passkey.
"""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.fields import Base64
from api.tries import Tries
from domain.commands.vaults import find_vault
from domain.mentoring import Mentoring
from domain.vault import AddedWrapper, Vault
from domain.wrapped_forms import WrapperKind

FETCHES_OF_ONE, FETCHES_OF_ALL = 30, 6000
"""A minute. A page asks once when it is opened; nobody opens thirty in a minute."""


class WrapperAnswer(BaseModel):
    """One way to unlock, as docs/specs/vault.md has it."""

    id: UUID
    kind: WrapperKind
    credential_hash: Base64 | None = Field(description="Of a passkey; null for a recovery code.")
    salt: Base64
    wrapped_key: Base64
    added_at: datetime


class VaultAnswer(BaseModel):
    """Everything that is kept of the caller's vault."""

    person: UUID = Field(description="The id that everything in the vault is bound to.")
    version: int = Field(description="0 until the vault is begun.")
    wrappers: list[WrapperAnswer]
    sealed_identity: Base64 | None = Field(description="The current one; null without a vault.")
    earlier_identities: list[Base64] = Field(description="Those before it, the oldest first.")


def fetching_room() -> Tries:
    """Room for so many fetches, by person."""
    return Tries(of_one=FETCHES_OF_ONE, of_all=FETCHES_OF_ALL)


def vault_of(mentoring: Mentoring, person: UUID) -> VaultAnswer:
    """A person's vault, for them alone; an empty one where they have begun none."""
    return vault_answer(person, find_vault(mentoring, person))


def vault_answer(person: UUID, vault: Vault | None) -> VaultAnswer:
    """What a person is handed of it."""
    if vault is None:
        return VaultAnswer(
            person=person, version=0, wrappers=[], sealed_identity=None, earlier_identities=[]
        )
    *earlier, current = vault.sealed_identities
    return VaultAnswer(
        person=person,
        version=vault.version,
        wrappers=[_wrapper(each) for each in vault.wrappers.values()],
        sealed_identity=current,
        earlier_identities=earlier,
    )


def _wrapper(added: AddedWrapper) -> WrapperAnswer:
    wrapper = added.wrapper
    return WrapperAnswer(
        id=wrapper.id,
        kind=wrapper.kind,
        credential_hash=wrapper.credential_hash or None,
        salt=wrapper.salt,
        wrapped_key=wrapper.wrapped_key,
        added_at=added.added_at,
    )
