"""`make bench`: runs every benchmark, prints the ratios, and writes build/bench.json."""

import json
import sys
from pathlib import Path

from rich.console import Console

from tests.benchmarks.append import append_vs_library, append_vs_pgbench, append_vs_raw
from tests.benchmarks.browser import browser_open_ms
from tests.benchmarks.catchup import catchup_vs_select_decrypt
from tests.benchmarks.command import where_time_goes
from tests.benchmarks.dashboard import dashboard_p99_vs_static
from tests.benchmarks.load import load_vs_select_decrypt_parse
from tests.benchmarks.long_notebook import (
    browser_thousand_first_ms,
    browser_thousand_longest_task_ms,
)
from tests.benchmarks.matching import matching_ten_thousand, matching_vs_mentor_match
from tests.benchmarks.matching_rounds import matching_round
from tests.benchmarks.note import note_open_per_second, note_seal_per_second
from tests.benchmarks.rebuild import rebuild_peak_mib_per_million
from tests.benchmarks.rotation import kms_calls_per_100k_streams, rotate_vs_floor
from tests.benchmarks.seal import seal_event_us_vs_aesgcm
from tests.benchmarks.visible import visible_vs_commit
from tests.benchmarks.world import a_world

OUTPUT = Path("build") / "bench.json"


def main(names: list[str]) -> None:
    console = Console(highlight=False)
    results = {}
    with a_world() as world:
        benchmarks = {
            "append_vs_raw_1": lambda: append_vs_raw(world, 1),
            "append_vs_raw_16": lambda: append_vs_raw(world, 16),
            "append_vs_pgbench_16": lambda: append_vs_pgbench(world, 16),
            "append_vs_pgbench_32": lambda: append_vs_pgbench(world, 32),
            "append_vs_library_32": lambda: append_vs_library(world, 32),
            "where_time_goes": lambda: where_time_goes(world),
            "seal_event_us_vs_aesgcm": seal_event_us_vs_aesgcm,
            "browser_open_ms": browser_open_ms,
            "browser_thousand_first_ms": browser_thousand_first_ms,
            "browser_thousand_longest_task_ms": browser_thousand_longest_task_ms,
            "load_vs_select_decrypt_parse": lambda: load_vs_select_decrypt_parse(world),
            "catchup_vs_select_decrypt": lambda: catchup_vs_select_decrypt(world),
            "dashboard_p99_vs_static": lambda: dashboard_p99_vs_static(world),
            "kms_calls_per_100k_streams": lambda: kms_calls_per_100k_streams(world),
            "note_open_per_second": note_open_per_second,
            "note_seal_per_second": note_seal_per_second,
            "matching_round_of_1000": lambda: matching_round(world, 1_000),
            "matching_round_of_10000": lambda: matching_round(world, 10_000),
            "matching_ten_thousand": matching_ten_thousand,
            "matching_vs_mentor_match": matching_vs_mentor_match,
            "rebuild_peak_mib_per_million": rebuild_peak_mib_per_million,
            "rotate_vs_floor": lambda: rotate_vs_floor(world),
            "visible_vs_commit": lambda: visible_vs_commit(world),
        }
        for name in names or benchmarks:
            console.print(f"{name} …")
            results[name] = benchmarks[name]().as_json()
            console.print(f"  {results[name]}")
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(results, indent=2) + "\n")
    console.print(f"Written to {OUTPUT}")


main(sys.argv[1:])
