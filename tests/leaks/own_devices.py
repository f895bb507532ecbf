"""What lies on participants' own devices and must never leave them: what unlocks vaults, and the keys of vaults themselves."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from api.participant import NotebookService
from api.participant.vault import vault_key_of
from crypto.sealing import (
    Audience,
    Kind,
    RecoveryCode,
    Secret,
    Way,
    WrapperPlace,
    credential_hash,
    new_salt,
    wrap_vault_key,
)
from tests.authenticator import Device
from tests.leaks.cast import Cast

NEW_PASSKEY, OWN_PASSKEYS = "POST /api/v1/passkeys/options", "GET /api/v1/passkeys"


@dataclass
class OwnDevices:
    """Sets vaults up, each with recovery codes and a passkey, and writes notes; keeps what a test searches for."""

    cast: Cast
    secrets: dict[str, bytes] = field(default_factory=dict)
    wrapped: dict[str, bytes] = field(default_factory=dict)

    def write_notes(self, relationship: UUID, mentee: str, mentor: str) -> None:
        """Of the mentee: a goal that is shared, and a reflection that is destroyed."""
        theirs, say = self.cast.device(mentee), self.cast.sentinels
        for who in (mentee, mentor):
            self.set_up(who)
        theirs.open_notebook(relationship)
        goal = say.long_words("note: goal of the mentee")
        theirs.share(relationship, theirs.write(relationship, goal, kind=Kind.GOAL))
        doubt = say.short("note: reflection of the mentee")
        theirs.destroy(relationship, theirs.write(relationship, doubt, kind=Kind.REFLECTION))

    def write_more_notes(self, relationship: UUID, mentee: str, mentor: str) -> None:
        """The mentee begins anew with other keys, and the mentor passes on to them what was shared before."""
        theirs = self.cast.device(mentor)
        theirs.read(relationship)
        theirs.accept_keys(relationship, self.set_up(mentee, anew=True))
        theirs.pass_on_to_partner(relationship)
        for audience in Audience:
            name = f"note: {audience.name.lower()} words of the mentor"
            words = self.cast.sentinels.json_words(name)
            theirs.write(relationship, words, audience=audience)
        for who in (mentee, mentor):
            self.cast.device(who).read(relationship)

    def set_up(self, who: str, *, anew: bool = False) -> str:
        """A vault with two codes and a passkey; answers the words of the keys in it."""
        codes: list[RecoveryCode] = []
        keeping = self.cast.keeping(who)
        words = (keeping.begin_anew if anew else keeping.begin)(codes.append)
        for code in codes:
            name = f"recovery code {len(self.secrets)} of {who}"
            letters = code.reveal()
            self.secrets[name] = letters.encode()
            self.secrets[f"{name}, without hyphens"] = letters.replace("-", "").encode()
            self.secrets[f"{name}, its bytes"] = code.secret.reveal()
        self._add_passkey(who, codes[0])
        return words

    def _add_passkey(self, who: str, code: RecoveryCode) -> None:
        """By a device that signs in, and whose PRF wraps the vault key."""
        device = self._registered(who)
        service, output = NotebookService(self.cast.client(who)), secrets.token_bytes(32)
        shown = service.vault()
        key = vault_key_of(shown, code)
        self.secrets[f"vault key {len(self.secrets)} of {who}"] = key.reveal()
        self.secrets[f"PRF output {len(self.secrets)} of {who}"] = output
        place = WrapperPlace(
            shown.person, uuid4(), Way.PASSKEY, new_salt(), credential_hash(device.id)
        )
        wrapper = {
            "id": place.wrapper_id,
            "kind": "passkey",
            "credential_hash": place.credential_hash,
            "salt": place.salt,
            "wrapped_key": wrap_vault_key(key, Secret(output), place),
        }
        service.add_wrapper(wrapper, version=shown.version)
        for each in service.vault().wrappers:
            self.wrapped[f"wrapped vault key {each.id} of {who}"] = each.wrapped_key

    def _registered(self, who: str) -> Device:
        shown = [(who, NEW_PASSKEY), (who, OWN_PASSKEYS)]
        name = self.cast.sentinels.words(f"name of a passkey of {who}", shown)[:60]
        asked: dict[str, Any] = self.cast.post(who, "/passkeys/options", {"name": name})["options"]
        port = urlsplit(self.cast.recorder.url).port
        site = asked["rp"]["id"]
        device = Device(origin=f"http://{site}:{port}", site=site)
        self.cast.post(who, "/passkeys", device.made(asked, name=name))
        self.cast.get(who, "/passkeys")
        return device
