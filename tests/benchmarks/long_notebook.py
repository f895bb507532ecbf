"""A notebook of a thousand entries opened in a real Chromium: how soon the first can be read, and what keeps the page busy."""

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from api.embedded_postgres import DATABASE_OWNER, EmbeddedPostgres
from tests.benchmarks.measuring import Count, Ratio
from tests.browser.conftest import FLAGS, NAMES
from tests.browser.long_notebook import LongNotebook, long_notebook
from tests.browser.visits import Visits
from tests.conftest import TEMPLATE, make_tables
from tests.databases import fresh_database
from tests.live_service import LiveService, live_service
from tests.match import publish_notices

ROUNDS = 5
OWN, SHARED = 600, 400
PATIENCE_MILLISECONDS = 240_000
WATCH = """
window.times = { longest: 0 };
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.times.longest = Math.max(window.times.longest, each.duration);
}).observe({ type: "longtask" });
addEventListener("DOMContentLoaded", () => {
  document.getElementById("unlock-by-code").addEventListener("submit", () => { window.times.began = performance.now(); });
  new MutationObserver(() => { window.times.first ??= performance.now() - window.times.began; })
    .observe(document.getElementById("entries"), { childList: true });
  new MutationObserver(() => {
    if (document.getElementById("said").textContent.startsWith("1000 ")) {
      window.times.all ??= performance.now() - window.times.began;
    }
  }).observe(document.getElementById("said"), { childList: true });
});
"""


def browser_thousand_first_ms() -> Ratio:
    """Milliseconds from the button to the first entries, out of those to all thousand, each verified and opened."""
    rounds = _rounds()
    shares = [each["first"] / each["all"] for each in rounds]
    return Ratio(
        ratio=statistics.median(shares),
        lowest=min(shares),
        highest=max(shares),
        ours=statistics.median(each["first"] for each in rounds),
        theirs=statistics.median(each["all"] for each in rounds),
        unit="milliseconds",
    )


def browser_thousand_longest_task_ms() -> Count:
    """The longest that a page which opens a thousand entries lets its person wait; 0 where nothing takes 50 ms."""
    return Count(round(statistics.median(each["longest"] for each in _rounds())), "milliseconds")


@cache
def _rounds() -> list[dict[str, float]]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    with _service() as service, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        notebook = long_notebook(service, own=OWN, shared=SHARED)
        visits = Visits(chromium, service)
        page = visits.signed_in(notebook.made.mentee)
        page.add_init_script(WATCH)
        rounds = [_opened(page, notebook) for _ in range(ROUNDS)]
        visits.close()
        chromium.close()
    return rounds


def _opened(page: Page, notebook: LongNotebook) -> dict[str, float]:
    page.goto(f"/my-mentoring/{notebook.made.relationship}/notebook")
    page.get_by_label("Your recovery code").fill(notebook.mentee.code)
    page.get_by_role("button", name="Unlock", exact=True).click()
    done = f"{notebook.own + notebook.shared} entries are open."
    expect(page.locator("#said")).to_have_text(done, timeout=PATIENCE_MILLISECONDS)
    times: dict[str, float] = page.evaluate("window.times")
    return times


@contextmanager
def _service() -> Iterator[LiveService]:
    with tempfile.TemporaryDirectory(prefix="vouchsafe-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedPostgres(folder / "postgres", server_parent=folder / "servers") as postgres:
            postgres.provision(TEMPLATE)
            make_tables(postgres.url(DATABASE_OWNER, TEMPLATE))
            with (
                fresh_database(postgres, TEMPLATE) as database,
                live_service(database, folder / "service") as service,
            ):
                publish_notices(service.scheme)
                yield service
