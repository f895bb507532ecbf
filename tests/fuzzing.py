"""Knocks at every door with bytes that a fuzzer makes up, for so many seconds: `python -m tests.fuzzing SECONDS FOLDER`.

Where there is atheris (Linux on x86-64, Python 3.11 to 3.13) it is led by which lines ran; elsewhere by chance alone.
The first thing that is wrong ends it with that thing's name; what was tried is left in the folder.
"""

import random
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ["crypto", "domain", "api.participant", "api.erasing.journal"]
LONGEST = 4096


def main(seconds: int, folder: Path) -> None:
    if find_spec("atheris"):
        led_by_lines(seconds, folder)
    else:
        led_by_chance(seconds, folder)


def led_by_lines(seconds: int, folder: Path) -> None:
    atheris = import_module("atheris")
    # It leads only through what is imported here for the first time.
    with atheris.instrument_imports(include=PACKAGES):
        doors = import_module("tests.doors").all_doors()
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, door in enumerate(doors):
        (corpus / str(number)).write_bytes(bytes((number,)) + door.good)

    def knock(data: bytes) -> None:
        if data:
            require_well_treated(doors[data[0] % len(doors)].knock(data[1:]))

    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], knock)
    atheris.Fuzz()


def led_by_chance(seconds: int, folder: Path) -> None:
    chance = random.Random()  # noqa: S311 - chance, not a secret
    doors, tried = import_module("tests.doors").all_doors(), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end or not tried:
        door = chance.choice(doors)
        data = bytearray(door.good)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        wrong = door.knock(bytes(data))
        if wrong:
            (folder / "wrong").write_bytes(bytes(data))
        require_well_treated(wrong)
        tried += 1
    sys.stdout.write(f"Done {tried} runs\n")


class BadlyTreated(Exception):
    """A door did what it must not."""


def require_well_treated(wrong: str | None) -> None:
    if wrong:
        raise BadlyTreated(wrong)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
