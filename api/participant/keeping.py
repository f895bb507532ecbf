"""Keeps a participant's identity in their vault on the service, besides their own folder."""

from collections.abc import Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from api.participant.errors import FolderHasOtherKeys, VaultIsThere
from api.participant.folder import ParticipantFolder
from api.participant.memory import VaultMemory
from api.participant.service import NotebookService
from api.participant.vault import (
    NewVault,
    NewWrapper,
    new_vault,
    new_wrapper,
    open_vault,
    require_vault_of,
    vault_key_of,
)
from api.participant.wire import ShownVault, ShownWrapper
from crypto.sealing import (
    Identity,
    RecoveryCode,
    fingerprint_words,
    new_identity,
    sealed_key_id,
)

Confirm: TypeAlias = Callable[[RecoveryCode], None]
"""Shows a code once and has a part of it typed back; raises when it is not."""


class VaultKeeping:
    """Works from one participant's folder; nothing is handed in before its codes were confirmed.

    Raises ParticipantError kinds, and SealingError kinds where a code does not open the vault.
    """

    def __init__(self, folder: ParticipantFolder, service: NotebookService) -> None:
        self._folder = folder
        self._service = service

    def begin(self, confirm: Confirm, *, spare: Confirm | None = None) -> str:
        """Make keys, unless this folder has some, and a vault around them; answers their words.

        Two codes are confirmed, the second by `spare` if it is given. Raises VaultIsThere.
        """
        shown = self._shown()
        if shown.version:
            raise VaultIsThere
        identity = self._folder.identity() if self._folder.has_identity else new_identity()
        self._begin(shown, new_vault(identity, shown.person), (confirm, spare or confirm))
        return fingerprint_words(identity.public)

    def begin_anew(self, confirm: Confirm, *, spare: Confirm | None = None) -> str:
        """Make other keys, and a vault in place of the one that is there; answers their words.

        The keys of this folder, if it has any, stay in the new vault as earlier ones.
        """
        shown = self._shown()
        kept = self._folder.identity() if self._folder.has_identity else new_identity()
        vault = new_vault(kept, shown.person)
        self._begin(shown, vault, (confirm, spare or confirm))
        if shown.sealed_identity is None or vault.key_id != sealed_key_id(shown.sealed_identity):
            return fingerprint_words(kept.public)
        renewed = new_identity()
        self._folder.keep_identity(renewed)
        self._service.replace_identity(vault.replaced_by(renewed, shown.person))
        self._remember(shown, renewed)
        return fingerprint_words(renewed.public)

    def recover(self, code: RecoveryCode) -> str:
        """Take the keys out of the vault into this folder; answers their words."""
        shown = self._shown()
        opened = open_vault(shown, code)
        self._require_no_other_keys([opened.identity, *opened.earlier])
        for each in opened.earlier:
            self._folder.keep_earlier(each)
        self._folder.keep_identity(opened.identity)
        self._remember(shown, opened.identity)
        return fingerprint_words(opened.identity.public)

    def ways(self) -> Sequence[ShownWrapper]:
        """The ways to unlock, as the service shows them."""
        return self._shown().wrappers

    def add_code(self, code: RecoveryCode, confirm: Confirm) -> None:
        """Make one more recovery code, with the help of one that opens the vault."""
        shown = self._shown()
        added: NewWrapper = new_wrapper(vault_key_of(shown, code), shown.person)
        confirm(added.code)
        self._service.add_wrapper(added.handed_in, version=shown.version)

    def remove_way(self, wrapper: UUID) -> None:
        """Have a way to unlock removed; the service keeps two, and one recovery code."""
        self._service.remove_wrapper(wrapper, version=self._shown().version)

    def _shown(self) -> ShownVault:
        """The vault, if it is ours as far as this folder remembers."""
        shown, known = self._service.vault(), self._folder.vault_memory
        require_vault_of(shown, person=known.person, key_id=known.key_id)
        return shown

    def _begin(self, shown: ShownVault, vault: NewVault, confirm: tuple[Confirm, Confirm]) -> None:
        for each, confirmed in zip(vault.wrappers, confirm, strict=True):
            confirmed(each.code)
        # Before they are handed in: whose answer is lost must not lose their keys.
        self._folder.keep_identity(vault.identity)
        self._service.begin_vault(vault.handed_in, version=shown.version)
        self._remember(shown, vault.identity)

    def _require_no_other_keys(self, kept: Sequence[Identity]) -> None:
        if not self._folder.has_identity:
            return
        if self._folder.identity().public.key_id not in {each.public.key_id for each in kept}:
            raise FolderHasOtherKeys

    def _remember(self, shown: ShownVault, identity: Identity) -> None:
        self._folder.remember_vault(VaultMemory(shown.person, identity.public.key_id))
