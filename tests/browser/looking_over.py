"""Looks pages over as different people meet them: wide and light, narrow and dark, and on the narrowest phone.

Each page is loaded once and then turned, resized and asked; what is wrong is kept by its address.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SMALLEST_TARGET = 44
TARGETS = (
    "button, .button, nav a, summary, .brand, input:not([type=hidden]):not([type=radio])"
    ":not([type=checkbox]), textarea"
)
HEIGHTS = (
    "all => all.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().height)"
)
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
UNFOLD = """() => {
  const folded = () => [...document.querySelectorAll("details:not([open]) > summary")]
    .filter(one => one.checkVisibility());
  for (let found = folded(); found.length > 0; found = folded()) found.forEach(one => one.click());
}"""
VIOLATIONS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
}"""
HEIGHT = 900
WIDE, NARROW, NARROWEST = 1280, 360, 320


@dataclass
class Looks:
    """What is wrong with the pages that were looked over, by address; nothing, if all is well."""

    wide_and_light: dict[str, list[str]] = field(default_factory=dict)
    narrow_and_dark: dict[str, list[str]] = field(default_factory=dict)
    wider_than_a_phone: dict[str, int] = field(default_factory=dict)
    too_small: dict[str, list[float]] = field(default_factory=dict)
    pages: int = 0

    def look_over(self, page: Page) -> None:
        """Everything about one page, with all that is folded unfolded."""
        self.pages += 1
        page.evaluate(UNFOLD)
        page.evaluate(AXE_SCRIPT)
        for found, width, scheme in (
            (self.wide_and_light, WIDE, "light"),
            (self.narrow_and_dark, NARROW, "dark"),
        ):
            turn(page, width, scheme)
            if violations := page.evaluate(VIOLATIONS):
                found[page.url] = violations
        turn(page, NARROWEST, "light")
        self._measure(page)

    def _measure(self, page: Page) -> None:
        content, window = page.evaluate(WIDTHS)
        if content > window:
            self.wider_than_a_phone[page.url] = content
        heights = page.eval_on_selector_all(TARGETS, HEIGHTS)
        if min(heights) < SMALLEST_TARGET:
            self.too_small[page.url] = sorted(heights)[:3]

    def require_nothing(self) -> None:
        """For tests with few pages of their own."""
        assert self.pages
        assert self.wide_and_light == {}
        assert self.narrow_and_dark == {}
        assert self.wider_than_a_phone == {}
        assert self.too_small == {}


def turn(page: Page, width: int, scheme: Any) -> None:
    """Show a page at another width, in light or dark."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def looked_over(pages: Iterable[Page]) -> Looks:
    """Look each page over as it comes."""
    looks = Looks()
    for page in pages:
        looks.look_over(page)
    return looks
