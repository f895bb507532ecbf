"""Opening an entry in a real Chromium, against one bare verification and one bare decryption there."""

import shutil
import statistics

from playwright.sync_api import sync_playwright

from tests.benchmarks.measuring import Ratio
from tests.browser.conftest import FLAGS, NAMES
from tests.browser.modules import Modules

ENTRIES = 100


def browser_open_ms() -> Ratio:
    """Milliseconds an entry: the middle one of a hundred."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        modules = Modules(chromium)
        modules.call("opening", "timesOf", ENTRIES)
        times = modules.call("opening", "timesOf", ENTRIES)
        modules.close()
        chromium.close()
    ours, theirs = times["ours"], statistics.median(times["theirs"])
    # A browser's clock ticks ten times a millisecond, so single ratios say little.
    tenths = statistics.quantiles(ours, n=10)
    return Ratio(
        ratio=statistics.median(ours) / theirs,
        lowest=tenths[0] / theirs,
        highest=tenths[-1] / theirs,
        ours=statistics.median(ours),
        theirs=theirs,
        unit="milliseconds",
    )
