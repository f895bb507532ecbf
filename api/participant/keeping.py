"""Keeps a participant's identity in their vault on the service, besides their own folder."""

from collections.abc import Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from api.participant.errors import FolderHasOtherKeys, VaultIsThere
from api.participant.folder import ParticipantFolder
from api.participant.memory import VaultMemory
from api.participant.service import NotebookService
from api.participant.vault import (
    NewWrapper,
    new_vault,
    new_wrapper,
    open_vault,
    require_vault_of,
    vault_key_of,
)
from api.participant.wire import ShownVault, ShownWrapper
from crypto.sealing import Identity, RecoveryCode, fingerprint_words, new_identity

Confirm: TypeAlias = Callable[[RecoveryCode], None]
"""Shows a code once and has a part of it typed back; raises when it is not."""


class VaultKeeping:
    """Works from one participant's folder; nothing is handed in before its codes were confirmed.

    Raises ParticipantError kinds, and SealingError kinds where a code does not open the vault.
    """

    def __init__(self, folder: ParticipantFolder, service: NotebookService) -> None:
        self._folder = folder
        self._service = service

    def begin(self, confirm: Confirm, *, spare: Confirm | None = None, anew: bool = False) -> str:
        """Make keys, unless this folder has some, and a vault around them; answers their words.

        Two codes are confirmed, the second by `spare` if it is given. Anew: with other keys, and in
        place of a vault that nothing opens any more.
        """
        shown = self._shown()
        if shown.version and not anew:
            raise VaultIsThere
        identity = self._identity_to_keep(anew=anew and shown.version > 0)
        vault = new_vault(identity, shown.person)
        first, second = vault.wrappers
        confirm(first.code)
        (spare or confirm)(second.code)
        # Before they are handed in: whose answer is lost must not lose their keys.
        self._folder.keep_identity(identity)
        self._service.begin_vault(vault.handed_in, version=shown.version)
        self._remember(shown, identity)
        return fingerprint_words(identity.public)

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

    def _identity_to_keep(self, *, anew: bool) -> Identity:
        if self._folder.has_identity and not anew:
            return self._folder.identity()
        return new_identity()

    def _require_no_other_keys(self, kept: Sequence[Identity]) -> None:
        if not self._folder.has_identity:
            return
        if self._folder.identity().public.key_id not in {each.public.key_id for each in kept}:
            raise FolderHasOtherKeys

    def _remember(self, shown: ShownVault, identity: Identity) -> None:
        self._folder.remember_vault(VaultMemory(shown.person, identity.public.key_id))
