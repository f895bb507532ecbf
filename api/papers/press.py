"""Sets one paper: words in, a tagged PDF out. Runs as a process of its own that is told nothing else and can write no file.

What is written comes as data and never becomes markup; no font but those of the typesetter is used, and nothing is fetched.
"""

import json
import resource
import sys
from pathlib import Path

import typst

MEMORY_BYTES = 4 * 1024**3
"""Of addresses, which the typesetter's threads reserve more of than they use."""
CPU_SECONDS = 180


def main() -> None:
    """Read the name of a template and its words, and write the paper."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    given = json.loads(sys.stdin.buffer.read())
    paper = typst.compile(
        (Path(__file__).parent / f"{given['template']}.typ").read_bytes(),
        sys_inputs={"words": json.dumps(given["words"])},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        timestamp=given["made_at"],
    )
    sys.stdout.buffer.write(paper)


if __name__ == "__main__":
    main()
