"""Writes `tests/vectors/sealed-note/*.json`: run it when the format changes, never otherwise.

Everything but the sealed notebook keys comes out the same in every run; those are drawn by HPKE inside the library.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from crypto.sealing import Granted
from tests.vectors.sealed_note_maker.chains import chains
from tests.vectors.sealed_note_maker.entries import make_entries
from tests.vectors.sealed_note_maker.grants import grants
from tests.vectors.sealed_note_maker.identities import identities
from tests.vectors.sealed_note_maker.passing_on import passed_on
from tests.vectors.sealed_note_maker.refusals import Refusals
from tests.vectors.sealed_note_maker.world import Case, make_grants

FOLDER = Path(__file__).parents[1] / "sealed-note"


def entries(made: Mapping[str, Granted]) -> Case:
    cases, good = make_entries(made)
    refused = Refusals(made, good).all()
    return {
        "about": "Section 4: entries, and entries to refuse.",
        "cases": cases,
        "refused": refused,
    }


def write(name: str, content: Case) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    made = make_grants()
    write("identities", identities())
    write("grants", grants(made))
    write("entries", entries(made))
    write("chains", chains(made))
    write("passed_on", passed_on({name: each.notebook_key for name, each in made.items()}))


if __name__ == "__main__":
    main()
