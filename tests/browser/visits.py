"""Opens pages of a service as people do, and keeps every complaint that the browser has about them."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.live_service import LiveService
from tests.scheme import Somebody

PATIENCE_MILLISECONDS = 30_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("policy violated: " + event.effectiveDirective);
});
"""
LIGHT_AND_DARK = {False: "light", True: "dark"}


class Visits:
    """Browsers of their own for each visit, so that nobody shares a cookie."""

    def __init__(self, browser: Browser, service: LiveService) -> None:
        self._browser = browser
        self._service = service
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, *, width: int = 1280, dark: bool = False, **options: Any) -> Page:
        """An empty page, signed in as nobody."""
        context = self._browser.new_context(
            base_url=self._service.url,
            viewport={"width": width, "height": 900},
            color_scheme=LIGHT_AND_DARK[dark],  # type: ignore[arg-type]  # both words are ones it knows
            **options,
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.add_init_script(TELL_VIOLATIONS)
        page = context.new_page()
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def signed_in(self, somebody: Somebody, **options: Any) -> Page:
        """The page where somebody begins, after signing in as a person does."""
        scheme = self._service.scheme
        token = scheme.speaking_for(somebody.id, somebody.role).token
        page = self.open(**options)
        page.goto("/sign-in")
        page.get_by_label("Your token").fill(token)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        return page

    def close(self) -> None:
        """End every visit."""
        for context in self._contexts:
            context.close()

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)
