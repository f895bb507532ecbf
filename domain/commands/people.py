"""What is done with persons."""

from collections.abc import Collection
from uuid import UUID

from domain.address import AddressIsConfirmed
from domain.commands.loading import load_ledgers_of_words, load_live_ledger, load_subject
from domain.consent import ConsentLedger
from domain.mentoring import Mentoring, Order, Recorded
from domain.person import Person
from domain.public_keys import PublicKeys
from domain.values import Purpose, Role, Sealed


def register_person(
    mentoring: Mentoring,
    order: Order,
    *,
    id: UUID,
    contact: Sealed,
    roles: Collection[Role] = (),
    code: Sealed | None = None,
) -> Recorded:
    """Make a person known, with their roles and an empty ledger of consents.

    `code` is to be sent to the address, where the person gave it and nobody else knows whether it is theirs.
    """
    person = Person.register(id, contact, order.act)
    if code is not None:
        person.ask_address(code, order.act)
    for role in roles:
        person.grant_role(role, order.act)
    return mentoring.commit(order, person, ConsentLedger.open_for(id, order.act))


def change_contact(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    contact: Sealed,
    code: Sealed | None = None,
) -> Recorded:
    """Replace how a person is reached; `code` is to be sent to a new address."""
    changed = load_subject(mentoring, order, Person, person)
    changed.change_contact(contact, order.act)
    if code is not None:
        changed.ask_address(code, order.act)
    return mentoring.commit(order, changed)


def ask_address(mentoring: Mentoring, order: Order, *, person: UUID, code: Sealed) -> Recorded:
    """Have another code sent to an address that waits to be confirmed; the person's own order."""
    changed = load_subject(mentoring, order, Person, person)
    if changed.address is None:
        raise AddressIsConfirmed
    changed.ask_address(code, order.act)
    return mentoring.commit(order, changed)


def confirm_address(mentoring: Mentoring, order: Order, *, person: UUID, code: Sealed) -> Recorded:
    """Note that a code came back; the person's own order, who was asked for it by whoever opened this one."""
    changed = load_subject(mentoring, order, Person, person)
    changed.confirm_address(code, order.act)
    return mentoring.commit(order, changed)


def state_access_needs(
    mentoring: Mentoring, order: Order, *, person: UUID, access_needs: Sealed
) -> Recorded:
    """Say what one needs in order to take part; the person's own order."""
    changed = load_subject(mentoring, order, Person, person)
    changed.state_access_needs(access_needs, order.act)
    return mentoring.commit(order, changed)


def set_availability(
    mentoring: Mentoring, order: Order, *, person: UUID, availability: Sealed
) -> Recorded:
    """Say when one can usually meet as a mentee, under live consent; the person's own order."""
    changed = load_subject(mentoring, order, Person, person)
    ledgers = load_ledgers_of_words(mentoring, order, availability)
    changed.set_availability(availability, order.act)
    return mentoring.commit(order, changed, read=ledgers)


def share_profile(
    mentoring: Mentoring, order: Order, *, person: UUID, profile: Sealed | None
) -> Recorded:
    """Choose what whoever mentors one reads, under live consent, or take it back; the person's own order."""
    changed = load_subject(mentoring, order, Person, person)
    read = []
    if profile is not None:
        read.append(load_live_ledger(mentoring, order, person, Purpose.SHARE_PROFILE))
    changed.share_profile(profile, order.act)
    return mentoring.commit(order, changed, read=read)


def grant_role(mentoring: Mentoring, order: Order, *, person: UUID, role: Role) -> Recorded:
    """Let a person be something to the scheme."""
    changed = load_subject(mentoring, order, Person, person)
    changed.grant_role(role, order.act)
    return mentoring.commit(order, changed)


def revoke_role(mentoring: Mentoring, order: Order, *, person: UUID, role: Role) -> Recorded:
    """Take a role away."""
    changed = load_subject(mentoring, order, Person, person)
    changed.revoke_role(role, order.act)
    return mentoring.commit(order, changed)


def add_passkey(
    mentoring: Mentoring, order: Order, *, person: UUID, passkey: UUID, credential: Sealed
) -> Recorded:
    """Add a way to sign in; the person's own order."""
    changed = load_subject(mentoring, order, Person, person)
    changed.add_passkey(passkey, credential, order.act)
    return mentoring.commit(order, changed)


def revoke_passkeys(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    passkeys: Collection[UUID],
    keeping: Collection[UUID] | None = None,
) -> Recorded:
    """Take ways to sign in away, of which there is at least one; see Person.revoke_passkey for `keeping`."""
    changed = load_subject(mentoring, order, Person, person)
    for passkey in passkeys:
        changed.revoke_passkey(passkey, order.act, keeping=keeping)
    return mentoring.commit(order, changed)


def publish_public_keys(
    mentoring: Mentoring, order: Order, *, person: UUID, keys: PublicKeys
) -> Recorded:
    """Publish the keys that others seal to; the person's own order."""
    changed = load_subject(mentoring, order, Person, person)
    changed.publish_public_keys(keys, order.act)
    return mentoring.commit(order, changed)
