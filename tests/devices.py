"""A participant's device over HTTP, made of `crypto.sealing` alone: what it can open is what the service hands it, and no more."""

import base64
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    Epoch,
    ExpectedEpoch,
    Identity,
    Kind,
    NotebookKey,
    PassedOn,
    PublicIdentity,
    SealedEntry,
    Strand,
    Tip,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    open_passed_on,
    pass_on,
    read_header,
    seal_entry,
    tip_after,
    verify_epoch,
    verify_passed_on,
)
from domain.notebook import Notebook
from tests.match import done
from tests.scheme import Somebody

Shown = dict[str, Any]
KNOWN: dict[bytes, PublicIdentity] = {}
"""Everybody's keys, as if all had compared their words."""


def coded(part: bytes) -> str:
    return base64.b64encode(part).decode()


def decoded(part: str) -> bytes:
    return base64.b64decode(part)


@dataclass
class Device:
    """One person's keys, and one relationship's notebook as these open it."""

    person: Somebody
    relationship: UUID
    identity: Identity = field(default_factory=new_identity)

    def __post_init__(self) -> None:
        KNOWN[self.identity.public.key_id] = self.identity.public

    @property
    def path(self) -> str:
        return f"/relationships/{self.relationship}/notebook"

    def at(self, relationship: UUID) -> "Device":
        """The same keys in another relationship."""
        return Device(self.person, relationship, self.identity)

    def publish(self) -> "Device":
        public = self.identity.public
        keys = {
            "key_id": coded(public.key_id),
            "hpke_public": coded(public.hpke_public),
            "signing_public": coded(public.signing_public),
        }
        done(self.person.put("/me/public-keys", keys))
        return self

    def shown(self) -> Shown:
        body: Shown = done(self.person.get(self.path))
        return body

    def open_epoch(self, audience: Audience, *others: "Device") -> None:
        """Open the next epoch for oneself and these others."""
        devices = [self, *others]
        keys = self.keys(self.shown(), audience)
        granted = grant_epoch(
            self.identity,
            [each.identity.public for each in devices],
            strand=self.strand(audience),
            previous=keys[max(keys)].epoch if keys else None,
        )
        readers = [
            {
                "person": str(each.person.id),
                "key_id": coded(each.identity.public.key_id),
                "sealed_key": coded(granted.sealed_keys[each.identity.public.key_id]),
            }
            for each in devices
        ]
        number = granted.notebook_key.epoch.number
        body = {"audience": audience.name.lower(), "number": number, "readers": readers}
        done(
            self.person.post(self.path + "/epochs", body | {"statement": coded(granted.statement)})
        )

    def write(self, text: str, audience: Audience, *, shares: str | None = None) -> str:
        """Seal and hand in an entry in the newest epoch; answers its id."""
        shown = self.shown()
        keys = self.keys(shown, audience)
        slot = self.tip(shown, audience).next(uuid4())
        sealed = seal_entry(
            Body(Kind.NOTE, text), slot, author=self.identity, notebook_key=keys[max(keys)]
        )
        body = {
            "id": str(slot.entry_id),
            "epoch": max(keys),
            "position": slot.position,
            "sealed_entry": coded(sealed.entry),
            "wrapped_entry_key": coded(sealed.wrapped_key),
        }
        if shares:
            done(self.person.post(f"{self.path}/entries/{shares}/share", body))
        else:
            body["audience"] = audience.name.lower()
            done(self.person.post(self.path + "/entries", body))
        return str(slot.entry_id)

    def pass_on(
        self, other: "Device", *numbers: int, audience: Audience = Audience.SHARED, **more: Any
    ) -> Any:
        """Let another device read epochs; answers the service's answer."""
        keys = self.keys(self.shown(), audience)
        made = {n: pass_on(keys[n], other.identity.public, granter=self.identity) for n in numbers}
        grants = [
            {"epoch": n, "statement": coded(m.statement), "sealed_key": coded(m.sealed_key)}
            for n, m in made.items()
        ]
        body = {
            "audience": audience.name.lower(),
            "reader": str(other.person.id),
            "key_id": coded(other.identity.public.key_id),
            "grants": grants,
        }
        return self.person.post(self.path + "/grants", body | more)

    def texts(self) -> list[str]:
        """Everything that opens, own first."""
        return self.texts_in(self.shown())

    def texts_in(self, shown: Shown) -> list[str]:
        """What opens of what was shown, to anybody and at any time."""
        keys = {audience: self.keys(shown, audience) for audience in Audience}
        texts = []
        for each in shown["entries"]:
            if each["wrapped_entry_key"] is None:
                continue
            sealed = SealedEntry(decoded(each["sealed_entry"]), decoded(each["wrapped_entry_key"]))
            key = keys[Audience[each["audience"].upper()]][each["epoch"]]
            slot = read_header(sealed.entry).slot
            texts.append(open_entry(sealed, slot, notebook_key=key).body.text)
        return texts

    def keys(self, shown: Shown, audience: Audience) -> dict[int, NotebookKey]:
        """The notebook keys of the epochs of one strand that were shown."""
        keys: dict[int, NotebookKey] = {}
        for each in _of(shown, "epochs", audience):
            before = keys.get(each["number"] - 1)
            expected = self._expected(each, audience, before.epoch if before else None)
            keys[each["number"]] = self._key(each, expected)
        return keys

    def tip(self, shown: Shown, audience: Audience) -> Tip:
        entries = _of(shown, "entries", audience)
        return tip_after(decoded(entries[-1]["sealed_entry"])) if entries else EMPTY

    def strand(self, audience: Audience) -> Strand:
        return Strand(Notebook.id_of(self.relationship), audience)

    def _expected(self, each: Shown, audience: Audience, before: Epoch | None) -> ExpectedEpoch:
        readers = {row["person"]: KNOWN[decoded(row["key_id"])] for row in each["readers"]}
        return ExpectedEpoch(
            self.strand(audience),
            readers[each["granter"]],
            list(readers.values()),
            before,
            each["number"],
        )

    def _key(self, each: Shown, expected: ExpectedEpoch) -> NotebookKey:
        statement, sealed_key = decoded(each["statement"]), decoded(each["sealed_key"])
        mine = [row for row in each["passed_on"] if row["reader"] == str(self.person.id)]
        if not mine:
            return open_grant(statement, sealed_key, reader=self.identity, expected=expected)
        epoch = verify_epoch(statement, expected)
        for row in each["passed_on"]:
            said, granter = decoded(row["statement"]), KNOWN[decoded(row["granter_key_id"])]
            if row is mine[-1]:
                break
            reader = KNOWN[decoded(row["reader_key_id"])]
            epoch = verify_passed_on(said, epoch=epoch, granter=granter, reader=reader)
        passed = PassedOn(said, sealed_key)
        return open_passed_on(passed, epoch=epoch, granter=granter, reader=self.identity)


def _of(shown: Shown, what: str, audience: Audience) -> list[Shown]:
    return [each for each in shown[what] if each["audience"] == audience.name.lower()]
