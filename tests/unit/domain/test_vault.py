"""A vault: two ways in at least, a recovery code always, and nobody's but the person's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.commands.people import publish_public_keys, register_person
from domain.commands.vaults import (
    KeysDoNotMatch,
    NewIdentity,
    add_wrapper,
    begin_vault,
    find_vault,
    remove_wrapper,
    replace_identity,
)
from domain.errors import DomainError
from domain.mentoring import NotFound, Recorded, VersionIsStale
from domain.person import NotYourself, Person
from domain.public_keys import MOST_KEY_SETS, KeysPublished, TooManyKeys
from domain.values import Act, Compartment, Role, Sealed
from domain.vault import (
    MOST_WRAPPERS,
    IdentityKnown,
    NoRecoveryCode,
    NoSuchWrapper,
    TooFewWrappers,
    TooManyWrappers,
    Vault,
    VaultExists,
    WrapperKnown,
)
from domain.wrapped_forms import NotASealedIdentity, NotAWrapper, Wrapper
from tests.sealed_vaults import KEY_ID, by_code, by_passkey, identity_of, public_of
from tests.unit.domain.watched import order, watched_mentoring

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
PERSON = uuid4()
OWN = Act(PERSON, NOON)
OTHER_KEY_ID = b"o" * 32


class Keeping:
    """A person whose vault is kept."""

    def __init__(self) -> None:
        self.mentoring, self.recorder = watched_mentoring()
        contact = Sealed(Compartment.CONTACT, PERSON, "contact", "field", uuid4(), b"\x01")
        by_coordinator = order(Act(uuid4(), NOON))
        register_person(
            self.mentoring, by_coordinator, id=PERSON, contact=contact, roles=[Role.MENTEE]
        )

    def begin(
        self,
        *wrappers: Wrapper,
        key_id: bytes = KEY_ID,
        version: int | None = None,
        act: Act = OWN,
    ) -> Recorded:
        return begin_vault(
            self.mentoring,
            order(act, version),
            person=PERSON,
            wrappers=wrappers or (by_code(), by_passkey()),
            identity=NewIdentity(identity_of(key_id), public_of(key_id)),
        )

    def replace(self, key_id: bytes) -> Recorded:
        identity = NewIdentity(identity_of(key_id), public_of(key_id))
        return replace_identity(self.mentoring, order(OWN), person=PERSON, identity=identity)

    def add(self, wrapper: Wrapper, act: Act = OWN) -> Recorded:
        return add_wrapper(self.mentoring, order(act), person=PERSON, wrapper=wrapper)

    def remove(self, wrapper: Wrapper, act: Act = OWN) -> Recorded:
        return remove_wrapper(self.mentoring, order(act), person=PERSON, wrapper=wrapper.id)

    def vault(self) -> Vault:
        vault = find_vault(self.mentoring, PERSON)
        assert vault
        return vault

    def person(self) -> Person:
        return self.mentoring.load(Person, PERSON)

    def kept(self) -> set[Wrapper]:
        return {each.wrapper for each in self.vault().wrappers.values()}


@pytest.fixture
def keeping() -> Keeping:
    return Keeping()


def test_a_vault_is_begun_with_its_public_keys_in_one_command(keeping: Keeping) -> None:
    code, passkey = by_code(), by_passkey()
    recorded = keeping.begin(code, passkey)
    assert (recorded.subject, recorded.version) == (Vault.id_of(PERSON), 1)
    assert keeping.kept() == {code, passkey}
    assert keeping.vault().sealed_identities == (identity_of(),)
    assert keeping.person().current_key_id == KEY_ID
    assert len(keeping.recorder.commands) == 2


def test_nobody_has_a_vault_before(keeping: Keeping) -> None:
    assert find_vault(keeping.mentoring, PERSON) is None
    for ordered in (lambda: keeping.add(by_code()), lambda: keeping.remove(by_code())):
        with pytest.raises(NotFound):
            ordered()


@pytest.mark.parametrize(
    ("wrappers", "refusal"),
    [
        ((by_code(),), TooFewWrappers),
        ((by_passkey(),), NoRecoveryCode),
        ((by_passkey(b"a"), by_passkey(b"b")), NoRecoveryCode),
        ((by_code(id=PERSON), by_passkey(id=PERSON)), WrapperKnown),
        ((by_code(), by_passkey(), by_passkey()), WrapperKnown),
        (tuple(by_code() for _ in range(MOST_WRAPPERS + 1)), TooManyWrappers),
        ((by_code(), replace(by_passkey(), credential_hash=b"")), NotAWrapper),
        ((by_code(), replace(by_code(), credential_hash=bytes(32))), NotAWrapper),
        ((by_code(), replace(by_code(), salt=bytes(31))), NotAWrapper),
        ((by_code(), replace(by_code(), wrapped_key=by_code().wrapped_key[:-1])), NotAWrapper),
        ((by_code(), replace(by_code(), wrapped_key=by_passkey().wrapped_key)), NotAWrapper),
        ((by_code(), replace(by_code(), wrapped_key=bytes(96))), NotAWrapper),
    ],
)
def test_a_vault_that_is_not_whole_is_not_begun(
    keeping: Keeping, wrappers: tuple[Wrapper, ...], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        keeping.begin(*wrappers)
    assert find_vault(keeping.mentoring, PERSON) is None
    assert keeping.person().current_key_id is None


@pytest.mark.parametrize("sealed", [b"", bytes(194), identity_of()[:-1], identity_of() + b"\x00"])
def test_what_is_no_sealed_identity_is_refused(sealed: bytes) -> None:
    with pytest.raises(NotASealedIdentity):
        NewIdentity(sealed, public_of())


def test_sealed_keys_are_those_of_the_public_keys_beside_them() -> None:
    with pytest.raises(KeysDoNotMatch):
        NewIdentity(identity_of(), public_of(OTHER_KEY_ID))


def test_a_vault_for_keys_that_are_current_already_publishes_none(keeping: Keeping) -> None:
    publish_public_keys(keeping.mentoring, order(OWN), person=PERSON, keys=public_of())
    keeping.begin()
    assert list(keeping.person().public_keys) == [KEY_ID]
    assert keeping.recorder.commands[-1].expected_heads == {PERSON: keeping.person().version}


def test_a_vault_for_keys_that_were_replaced_is_refused(keeping: Keeping) -> None:
    for key_id in (KEY_ID, OTHER_KEY_ID):
        keys = public_of(key_id)
        publish_public_keys(keeping.mentoring, order(OWN), person=PERSON, keys=keys)
    with pytest.raises(KeysPublished):
        keeping.begin()


def test_other_public_keys_under_a_known_id_are_refused(keeping: Keeping) -> None:
    publish_public_keys(keeping.mentoring, order(OWN), person=PERSON, keys=public_of())
    identity = NewIdentity(identity_of(), replace(public_of(), signing_public=b"t" * 32))
    ordered = {"person": PERSON, "wrappers": (by_code(), by_passkey()), "identity": identity}
    with pytest.raises(KeysPublished):
        begin_vault(keeping.mentoring, order(OWN), **ordered)


def test_nobody_else_changes_a_vault(keeping: Keeping) -> None:
    somebody = Act(uuid4(), NOON)
    with pytest.raises(NotYourself):
        keeping.begin(act=somebody)
    keeping.begin()
    code = next(iter(keeping.kept()))
    for ordered in (
        lambda: keeping.begin(version=1, act=somebody),
        lambda: keeping.add(by_code(), somebody),
        lambda: keeping.remove(code, somebody),
    ):
        with pytest.raises(NotYourself):
            ordered()


def test_a_vault_is_begun_anew_only_by_who_has_read_it(keeping: Keeping) -> None:
    keeping.begin()
    with pytest.raises(VaultExists):
        keeping.begin(key_id=OTHER_KEY_ID)
    keeping.add(by_code())
    with pytest.raises(VersionIsStale):
        keeping.begin(key_id=OTHER_KEY_ID, version=1)
    fresh = by_code(), by_code()
    keeping.begin(*fresh, key_id=OTHER_KEY_ID, version=2)
    assert keeping.kept() == set(fresh)
    assert keeping.vault().sealed_identities == (identity_of(OTHER_KEY_ID),)
    assert keeping.person().current_key_id == OTHER_KEY_ID


def test_a_first_vault_is_not_begun_at_a_version_that_was_never_read(keeping: Keeping) -> None:
    with pytest.raises(VersionIsStale):
        keeping.begin(version=1)
    keeping.begin(version=0)


def test_a_vault_may_be_begun_anew_for_the_same_keys(keeping: Keeping) -> None:
    keeping.begin()
    keeping.begin(version=1)
    assert list(keeping.person().public_keys) == [KEY_ID]


def test_ways_are_added_and_told_with_their_time(keeping: Keeping) -> None:
    keeping.begin()
    spare = by_code()
    keeping.add(spare, Act(PERSON, LATER))
    added = keeping.vault().wrappers[spare.id]
    assert (added.wrapper, added.added_at) == (spare, LATER)


def test_a_way_that_is_known_is_not_added(keeping: Keeping) -> None:
    code, passkey = by_code(), by_passkey()
    keeping.begin(code, passkey)
    for known in (code, by_passkey(), by_passkey(b"d", id=code.id)):
        with pytest.raises(WrapperKnown):
            keeping.add(known)
    with pytest.raises(NotAWrapper):
        keeping.add(replace(by_code(), salt=b""))


def test_a_vault_takes_so_many_ways_and_no_more(keeping: Keeping) -> None:
    keeping.begin(*(by_code() for _ in range(MOST_WRAPPERS)))
    with pytest.raises(TooManyWrappers):
        keeping.add(by_code())


def test_two_ways_stay_and_a_recovery_code_among_them(keeping: Keeping) -> None:
    code, passkey, other = by_code(), by_passkey(), by_passkey(b"d")
    keeping.begin(code, passkey, other)
    with pytest.raises(NoRecoveryCode):
        keeping.remove(code)
    keeping.remove(other)
    with pytest.raises(TooFewWrappers):
        keeping.remove(passkey)
    with pytest.raises(NoSuchWrapper):
        keeping.remove(other)
    assert keeping.kept() == {code, passkey}


def test_a_removed_id_is_never_used_again_but_a_passkey_may_come_back(keeping: Keeping) -> None:
    passkey = by_passkey()
    keeping.begin(by_code(), by_code(), passkey)
    keeping.remove(passkey)
    with pytest.raises(WrapperKnown):
        keeping.add(passkey)
    with pytest.raises(WrapperKnown):
        keeping.begin(by_code(), by_code(passkey.id), version=2)
    keeping.add(by_passkey())


def test_earlier_identities_stay_when_one_is_replaced(keeping: Keeping) -> None:
    keeping.begin()
    keeping.replace(OTHER_KEY_ID)
    assert keeping.vault().sealed_identities == (identity_of(), identity_of(OTHER_KEY_ID))
    assert keeping.person().current_key_id == OTHER_KEY_ID
    with pytest.raises(IdentityKnown):
        keeping.replace(KEY_ID)


def test_a_vault_takes_so_many_identities_and_no_more(keeping: Keeping) -> None:
    keeping.begin()
    for number in range(1, MOST_KEY_SETS):
        keeping.replace(bytes((number,)) * 32)
    with pytest.raises(TooManyKeys):
        keeping.replace(bytes((MOST_KEY_SETS,)) * 32)


def test_a_wrapper_prints_without_what_it_wraps() -> None:
    assert "wrapped_key" not in repr(by_code())
    assert "salt" not in repr(by_code())
