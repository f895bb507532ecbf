"""Vectors of section 4.6: chains, and chains to refuse."""

from collections.abc import Mapping
from dataclasses import replace

from crypto.sealing import EMPTY, Body, Epoch, Granted, Kind, Tip, seal_entry
from tests.vectors.sealed_note_maker import forge
from tests.vectors.sealed_note_maker.entries import entry_id_of
from tests.vectors.sealed_note_maker.world import MENTEE, Case


def chains(made: Mapping[str, Granted]) -> Case:
    key, mentee = made["shared-1"].notebook_key, MENTEE
    chain: list[bytes] = []

    def add(number: int, epoch: Epoch, after: Tip) -> Tip:
        notebook_key = replace(
            key, epoch=epoch, secret=made[f"shared-{epoch.number}"].notebook_key.secret
        )
        body, random = (
            Body(Kind.NOTE, f"Sentinel {number}"),
            forge.SeededRandom(f"chain {len(chain)}"),
        )
        sealed = seal_entry(
            body,
            after.next(entry_id_of(number)),
            author=mentee,
            notebook_key=notebook_key,
            random=random,
        )
        chain.append(sealed.entry)
        return sealed.tip

    first_epoch, second_epoch = (made[name].notebook_key.epoch for name in ("shared-1", "shared-2"))
    tips = [EMPTY]
    for number, epoch in ((1, first_epoch), (2, first_epoch), (3, second_epoch)):
        tips.append(add(number, epoch, tips[-1]))
    add(4, first_epoch, tips[3])
    add(2, second_epoch, tips[3])
    add(2, first_epoch, Tip(1, b"\x09" * 32))
    good = [0, 1, 2]
    remembered = {"position": 3, "entry_hash": tips[3].entry_hash.hex()}
    rewritten = {"position": 1, "entry_hash": "09" * 32}
    rows = [
        ("the first entry is missing", [1, 2], None, 1),
        ("one in the middle is missing", [0, 2], None, 2),
        ("two in the other order", [1, 0, 2], None, 1),
        ("one comes twice", [0, 1, 1, 2], None, 3),
        ("the epoch goes back", [0, 1, 2, 3], None, 4),
        ("an entry id comes again", [0, 1, 2, 4], None, 4),
        ("one follows another entry than the one before", [0, 5], None, 2),
        ("the end that was seen is missing", [0, 1], remembered, 3),
        ("everything that was seen is missing", [], remembered, 1),
        ("an entry that was seen is another", good, rewritten, 1),
    ]
    return {
        "about": "Section 4.6: chains over the epochs shared-1 and shared-2, as indexes into entries.",
        "entries": [entry.hex() for entry in chain],
        "cases": [
            {"name": "three entries over two epochs", "chain": good, "remembered": remembered},
            {
                "name": "seen up to the first",
                "chain": good,
                "remembered": {"position": 1, "entry_hash": tips[1].entry_hash.hex()},
            },
            {"name": "nothing yet", "chain": [], "remembered": None},
        ],
        "refused": [
            {
                "name": name,
                "chain": chain_of,
                "remembered": seen,
                "error": "ChainIsBroken",
                "position": position,
            }
            for name, chain_of, seen, position in rows
        ],
    }
