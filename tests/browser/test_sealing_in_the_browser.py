"""The browser's modules follow the specification of the sealed note byte for byte, as the Python client does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser

from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    ExpectedEpoch,
    Kind,
    PublicIdentity,
    SealedEntry,
    Strand,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    seal_entry,
)
from tests.browser.modules import Modules

FOLDER = Path(__file__).parents[1] / "vectors" / "sealed-note"
FILES = ("identities", "grants", "passed_on", "entries", "chains")
VECTORS = {
    name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in FILES
}
SENTINEL = "Zürich quill: naïve, 你好, \ufeff and 🪶"


@pytest.fixture(scope="module", params=["native", "noble"])
def modules(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Modules]:
    made = Modules(browser)
    assert made.call("notes", "implementation", request.param) == request.param
    made.call("notes", "remember", VECTORS)
    yield made
    made.close()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["cases", "refused"])
def test_every_vector_does_as_it_says(modules: Modules, name: str, kind: str) -> None:
    function = {"cases": "good", "refused": "refused"}[kind] + name.title().replace("_", "")
    found = modules.call("notes", function)
    assert found == {"count": len(VECTORS[name][kind]), "wrong": {}}


def test_chains_are_held_from_their_end_as_from_their_beginning(modules: Modules) -> None:
    count = len(VECTORS["chains"]["cases"]) + len(VECTORS["chains"]["refused"])

    assert modules.call("notes", "chainsBackwards") == {"count": count, "wrong": {}}


def test_what_the_browser_seals_the_python_client_opens(modules: Modules) -> None:
    reader = new_identity()
    made = modules.call("notes", "sealFor", reader.public.to_bytes().hex(), SENTINEL)
    granter = PublicIdentity.from_bytes(bytes.fromhex(made["granter"]))
    strand = Strand(UUID(made["notebook"]), Audience.SHARED)
    expected = ExpectedEpoch(strand, granter, [granter, reader.public])
    statement, sealed_key = bytes.fromhex(made["statement"]), bytes.fromhex(made["sealedKey"])
    key = open_grant(statement, sealed_key, reader=reader, expected=expected)
    sealed = SealedEntry(bytes.fromhex(made["entry"]), bytes.fromhex(made["wrappedKey"]))
    slot = EMPTY.next(UUID(made["entryId"]))

    assert open_entry(sealed, slot, notebook_key=key, author=granter).body.text == SENTINEL


def test_what_the_python_client_seals_the_browser_opens(modules: Modules) -> None:
    reader = new_identity()
    made = _sealed_for(reader.public, SENTINEL)

    assert modules.call("notes", "openAs", reader.to_bytes().hex(), made) == SENTINEL


def test_another_implementation_of_hpke_opens_ours_and_we_open_its(modules: Modules) -> None:
    assert modules.call("second_implementation", "bothWays", SENTINEL) == [SENTINEL, SENTINEL]


def _sealed_for(reader: PublicIdentity, text: str) -> dict[str, Any]:
    granter, strand = new_identity(), Strand(uuid4(), Audience.SHARED)
    granted = grant_epoch(granter, [granter.public, reader], strand=strand)
    slot = EMPTY.next(uuid4())
    key = granted.notebook_key
    sealed = seal_entry(Body(Kind.NOTE, text), slot, author=granter, notebook_key=key)
    return {
        "notebook": str(strand.notebook_id),
        "entryId": str(slot.entry_id),
        "granter": granter.public.to_bytes().hex(),
        "statement": granted.statement.hex(),
        "sealedKey": granted.sealed_keys[reader.key_id].hex(),
        "entry": sealed.entry.hex(),
        "wrappedKey": sealed.wrapped_key.hex(),
    }
