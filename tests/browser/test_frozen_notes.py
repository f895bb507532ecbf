"""What a participant once took away opens in the browser for ever, by every way to unlock, as it does in the Python client."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.modules import ORIGIN, Modules
from tests.vectors.frozen_maker.exports import text_told
from tests.vectors.frozen_maker.samples import Sample, read

EXPORTS: list[Sample] = read("note_exports")
KINDS = {None: None, 1: "NOTE", 2: "GOAL", 3: "GOAL_REVIEW", 4: "REFLECTION"}


class TakenAway:
    """Answers what the page asks from one sample."""

    def __init__(self, sample: Sample) -> None:
        self.files = {name: json.loads(text) for name, text in sample["files"].items()}
        self.relationship = sample["relationship"]

    def answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path.endswith("/me/vault"):
            route.fulfill(json=self.files["data/vault.json"])
            return
        asked = {name: int(value[0]) for name, value in parse_qs(address.query).items()}
        route.fulfill(json=self._page(asked))

    def _page(self, asked: dict[str, int]) -> Any:
        shown = self.files[f"data/notebooks/{self.relationship}/0.json"]
        entries = [
            entry
            for audience in ("own", "shared")
            for entry in [
                each
                for each in shown["entries"]
                if each["audience"] == audience and each["position"] < asked[f"before_{audience}"]
            ][-asked["limit"] :]
        ]
        return shown | {"entries": entries}


@pytest.fixture
def modules(browser: Browser) -> Iterator[Modules]:
    made = Modules(browser)
    yield made
    made.close()


def as_in_the_sample(read_out: Any) -> list[Sample]:
    assert read_out["trouble"] is None
    rows = [
        {**each, "kind": KINDS.get(each["kind"], each["kind"]), **text_told(each["text"])}
        for each in read_out["entries"]
    ]
    return sorted(rows, key=lambda each: (each["audience"], each["position"]))


@pytest.mark.parametrize("sample", EXPORTS, ids=lambda each: f"{each['name']}, {each['format']}")
def test_every_frozen_export_opens_in_the_browser(modules: Modules, sample: Sample) -> None:
    modules.page.route(ORIGIN + "/api/v1/**", TakenAway(sample).answer)
    sought = {
        "relationship": sample["relationship"],
        "words": sample["words_of_others"][0],
        "isGroup": len(sample["words_of_others"]) > 1,
    }
    read_out = modules.call("frozen", "readByCode", sample["recovery_code"], sought)
    assert as_in_the_sample(read_out) == sample["opens_to"]
    if sample["passkey"]:
        found = modules.call("frozen", "passkeyOf", sample["passkey"])
        assert found == {"isFound": True, "asked": sample["passkey"]["prf_inputs"][0]}
        read_out = modules.call("frozen", "readByPasskey", sample["passkey"], sought)
        assert as_in_the_sample(read_out) == sample["opens_to"]
