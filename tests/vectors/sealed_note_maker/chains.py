"""Vectors of section 4.6: chains, and chains to refuse."""

from collections.abc import Mapping
from typing import Any

from crypto.sealing import EMPTY, Body, Granted, Kind, Slot, Tip, seal_entry, tip_after
from tests.vectors.sealed_note_maker import forge
from tests.vectors.sealed_note_maker.entries import entry_id_of
from tests.vectors.sealed_note_maker.world import PEOPLE, Case

ANOTHER_TIP = Tip(1, b"\x09" * 32)
GOOD = [0, 1, 2, 3]


def make_chain(made: Mapping[str, Granted]) -> list[bytes]:
    """Four entries that follow each other, then others that do not."""
    chain: list[bytes] = []

    def add(grant: str, slot: Slot, author: str = "mentee") -> Tip:
        body, random = Body(Kind.NOTE, "Sentinel"), forge.SeededRandom(f"chain {len(chain)}")
        key = made[grant].notebook_key
        chain.append(
            seal_entry(body, slot, author=PEOPLE[author], notebook_key=key, random=random).entry
        )
        return tip_after(chain[-1])

    ids = [entry_id_of(number) for number in range(8)]
    first = add("shared-1", EMPTY.next(ids[1]))
    second = add("shared-1", first.next(ids[2]), author="mentor")
    third = add("shared-2", second.next(ids[3]))
    fourth = add("shared-2", third.next(ids[4], amends=ids[1]))
    add("shared-1", fourth.next(ids[5]))
    add("shared-2", fourth.next(ids[2]))
    add("shared-1", ANOTHER_TIP.next(ids[2]))
    add("shared-2", fourth.next(ids[5], amends=ids[2]))
    add("shared-2", fourth.next(ids[5], amends=ids[7]))
    return chain


def chains(made: Mapping[str, Granted]) -> Case:
    chain = make_chain(made)
    first, last = (_seen(tip_after(chain[index])) for index in (0, 3))
    broken: list[tuple[str, list[int], Any, int]] = [
        ("the first entry is missing", [1, 2, 3], None, 1),
        ("one in the middle is missing", [0, 2, 3], None, 2),
        ("two in the other order", [1, 0, 2], None, 1),
        ("one comes twice", [0, 1, 1, 2], None, 3),
        ("the epoch goes back", [*GOOD, 4], None, 5),
        ("an entry id comes again", [*GOOD, 5], None, 5),
        ("one follows another entry than the one before", [0, 6], None, 2),
        ("an entry amends one that is not there", [*GOOD, 8], None, 5),
        ("the end that was seen is missing", [0, 1], last, 3),
        ("everything that was seen is missing", [], last, 1),
        ("an entry that was seen is another", GOOD, _seen(ANOTHER_TIP), 1),
    ]
    return {
        "about": "Section 4.6: chains over the epochs shared-1 and shared-2, as indexes into entries.",
        "entries": [entry.hex() for entry in chain],
        "cases": [
            {"name": "four entries over two epochs", "chain": GOOD, "remembered": last},
            {"name": "seen up to the first", "chain": GOOD, "remembered": first},
            {"name": "nothing yet", "chain": [], "remembered": None},
        ],
        "refused": [
            *(
                {**_case(name, indexes, seen), "error": "ChainIsBroken", "position": position}
                for name, indexes, seen, position in broken
            ),
            {
                **_case("an entry amends another author's", [*GOOD, 7], None),
                "error": "WrongAuthor",
                "position": None,
            },
        ],
    }


def _case(name: str, indexes: list[int], seen: Any) -> Case:
    return {"name": name, "chain": indexes, "remembered": seen}


def _seen(tip: Tip) -> Case:
    return {"position": tip.position, "entry_hash": tip.entry_hash.hex()}
