"""The browser's modules follow the specification of the vault byte for byte, as the Python client does."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.modules import Modules

FOLDER = Path(__file__).parents[1] / "vectors" / "vault"
RUNS = {
    "madeCodes": ("recovery_codes", ["cases"]),
    "readCodes": ("recovery_codes", ["readings"]),
    "refusedCodes": ("recovery_codes", ["refused"]),
    "groups": ("recovery_codes", ["groups"]),
    "typedBack": ("recovery_codes", ["typed_back"]),
    "wrapped": ("wrappers", ["cases"]),
    "refusedWrappers": ("wrappers", ["refused"]),
    "hashes": ("wrappers", ["credentials", "prf_inputs"]),
    "sealedIdentities": ("sealed_identities", ["cases"]),
    "refusedIdentities": ("sealed_identities", ["refused"]),
    "wholeVaults": ("vaults", ["cases"]),
}
"""Each function of the script with the vectors that it runs."""


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Modules]:
    made = Modules(browser)
    yield made
    made.close()


@pytest.mark.parametrize("function", RUNS)
def test_every_vector_does_as_it_says(modules: Modules, function: str) -> None:
    file, lists = RUNS[function]
    vectors = json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))
    count = sum(len(vectors[each]) for each in lists)

    assert count
    assert modules.call("vaults", function, vectors) == {"count": count, "wrong": {}}


def test_no_list_of_vectors_is_left_out() -> None:
    ran = {(file, each) for file, lists in RUNS.values() for each in lists}
    there = {
        (file.stem, name)
        for file in FOLDER.glob("*.json")
        for name, value in json.loads(file.read_text(encoding="utf-8")).items()
        if isinstance(value, list)
    }

    assert ran == there
