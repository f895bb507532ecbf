"""A blank page of the service's own modules in a real browser, for tests of what they compute."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from api.web.browser_modules import BUNDLE, MEDIA_TYPE
from api.web.vendoring import FETCHED

ORIGIN = "http://localhost"
HERE = Path(__file__).parent / "scripts"
SECOND = ("@hpke/core", "@hpke/common", "@hpke/dhkem-x25519", "@hpke/hybridkem-x-wing", "mlkem")
"""Packages of another implementation, for tests alone."""
IMPORTS = {
    **json.loads(BUNDLE.import_map)["imports"],
    **{name: f"/packages/{name}/esm/mod.js" for name in SECOND},
}
BLANK = f"""<!doctype html><html lang="en"><title>Blank</title>
<script type="importmap">{json.dumps({"imports": IMPORTS})}</script></html>"""
CALL = """async ([module, name, ...given]) => {
  const found = await import(module);
  return await found[name](...given);
}"""


class Modules:
    """Calls functions of modules; everything is answered from here and no server is asked."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context()
        self.page: Page = self._context.new_page()
        self.page.route("**/*", self._answer)
        self.page.goto(ORIGIN + "/")

    def call(self, module: str, name: str, *given: Any) -> Any:
        """What a function of a module in `scripts` answers, as JSON."""
        return self.page.evaluate(CALL, [f"/scripts/{module}.js", name, *given])

    def close(self) -> None:
        """End it."""
        self._context.close()

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/":
            route.fulfill(body=BLANK, content_type="text/html")
            return
        text = self._text_at(path)
        route.fulfill(body=text, content_type=MEDIA_TYPE) if text else route.abort()

    def _text_at(self, path: str) -> bytes | None:
        if path.startswith("/scripts/"):
            text = (HERE / path.removeprefix("/scripts/")).read_text(encoding="utf-8")
            return text.replace("BUNDLE/", BUNDLE.address_of("")).encode()
        if path.startswith("/packages/"):
            return (FETCHED / "node_modules" / path.removeprefix("/packages/")).read_bytes()
        return BUNDLE.contents.get(path.removeprefix(BUNDLE.address_of("")))
