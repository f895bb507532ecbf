"""Writes `tests/vectors/vault/*.json`: run it when the format changes, never otherwise. Every run gives the same."""

import json
from pathlib import Path

from tests.vectors.vault_maker.codes import codes
from tests.vectors.vault_maker.sealed_identities import sealed_identities, vaults
from tests.vectors.vault_maker.wrappers import wrappers

FOLDER = Path(__file__).parents[1] / "vault"
FILES = {
    "recovery_codes": codes,
    "wrappers": wrappers,
    "sealed_identities": sealed_identities,
    "vaults": vaults,
}


def main() -> None:
    for name, made in FILES.items():
        text = json.dumps(made(), indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
