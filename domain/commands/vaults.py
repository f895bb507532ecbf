"""What is done with vaults: every order is the person's own, and what is in them stays wrapped."""

from dataclasses import dataclass
from uuid import UUID

from domain.commands.loading import load_subject
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound, Order, Recorded, VersionIsStale
from domain.person import Person
from domain.public_keys import KeysPublished, PublicKeys
from domain.vault import Vault, VaultExists
from domain.wrapped_forms import Wrapper, key_id_of


class KeysDoNotMatch(DomainError):
    """The sealed keys are not those of the public keys beside them."""


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """An identity as its person's client hands it in: sealed for themselves, and its public half."""

    sealed: bytes
    public: PublicKeys

    def __post_init__(self) -> None:
        """Refuse two halves that do not name the same keys."""
        if key_id_of(self.sealed) != self.public.key_id:
            raise KeysDoNotMatch


def begin_vault(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    wrappers: tuple[Wrapper, ...],
    identity: NewIdentity,
) -> Recorded:
    """Begin a person's vault and publish its public keys, together; or begin it anew at the version they read."""
    vault = _vault_to_begin(mentoring, order, person, wrappers, identity)
    return _commit_published(mentoring, order, vault, identity.public)


def replace_identity(
    mentoring: Mentoring, order: Order, *, person: UUID, identity: NewIdentity
) -> Recorded:
    """Put another identity into the vault and publish its public keys, together."""
    vault = load_subject(mentoring, order, Vault, Vault.id_of(person))
    vault.replace_identity(identity.sealed, order.act)
    return _commit_published(mentoring, order, vault, identity.public)


def add_wrapper(mentoring: Mentoring, order: Order, *, person: UUID, wrapper: Wrapper) -> Recorded:
    """Add a way to unlock."""
    vault = load_subject(mentoring, order, Vault, Vault.id_of(person))
    vault.add_wrapper(wrapper, order.act)
    return mentoring.commit(order, vault)


def remove_wrapper(mentoring: Mentoring, order: Order, *, person: UUID, wrapper: UUID) -> Recorded:
    """Remove a way to unlock, unless too few would be left."""
    vault = load_subject(mentoring, order, Vault, Vault.id_of(person))
    vault.remove_wrapper(wrapper, order.act)
    return mentoring.commit(order, vault)


def find_vault(mentoring: Mentoring, person: UUID) -> Vault | None:
    """A person's vault, or None where they have begun none."""
    try:
        return mentoring.load(Vault, Vault.id_of(person))
    except NotFound:
        return None


def _vault_to_begin(
    mentoring: Mentoring,
    order: Order,
    person: UUID,
    wrappers: tuple[Wrapper, ...],
    identity: NewIdentity,
) -> Vault:
    vault = find_vault(mentoring, person)
    if vault is None:
        if order.expected_version:
            raise VersionIsStale
        return Vault.begin_for(person, wrappers, identity.sealed, order.act)
    if order.expected_version is None:
        raise VaultExists
    order.require_version(vault)
    vault.begin_anew(wrappers, identity.sealed, order.act)
    return vault


def _commit_published(
    mentoring: Mentoring, order: Order, vault: Vault, public: PublicKeys
) -> Recorded:
    """Commit the vault with its public keys current: published now, unless they are so already."""
    person = mentoring.load(Person, vault.person)
    if person.current_key_id != public.key_id:
        person.publish_public_keys(public, order.act)
        return mentoring.commit(order, vault, person)
    if person.public_keys[public.key_id] != public:
        raise KeysPublished
    return mentoring.commit(order, vault, read=(person,))
