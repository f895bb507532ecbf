"""A shelf loads each row once and writes only what changed."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from projections.place_memory import RememberedPlace
from projections.shelf import Shelf, as_json


class Shop:
    """Answers what is stored, and remembers what it was asked for."""

    def __init__(self, **stored: RememberedPlace) -> None:
        self.stored = {UUID(hex=name): as_json(row) for name, row in stored.items()}
        self.asked: list[list[UUID]] = []

    def load(self, ids: list[UUID]) -> Iterable[tuple[UUID, str]]:
        self.asked.append(ids)
        return [(each, self.stored[each]) for each in ids if each in self.stored]


def test_many_rows_are_loaded_with_one_question() -> None:
    first, second, absent = uuid4(), uuid4(), uuid4()
    shop = Shop(**{first.hex: RememberedPlace(1), second.hex: RememberedPlace(2)})
    shelf = Shelf(RememberedPlace, shop.load)
    shelf.fetch([first, second, first, absent])
    assert shelf.get(first) == RememberedPlace(1)
    assert shelf.get(absent) is None
    assert shop.asked == [[first, second, absent]]


def test_a_row_that_was_not_fetched_is_loaded_when_it_is_wanted() -> None:
    place = uuid4()
    shop = Shop(**{place.hex: RememberedPlace(3)})
    shelf = Shelf(RememberedPlace, shop.load)
    assert shelf.get(place) == shelf.get(place) == RememberedPlace(3)
    assert shop.asked == [[place]]


def test_only_rows_that_were_put_are_written() -> None:
    read, changed, made = uuid4(), uuid4(), uuid4()
    shop = Shop(**{read.hex: RememberedPlace(1), changed.hex: RememberedPlace(1)})
    shelf = Shelf(RememberedPlace, shop.load)
    assert shelf.get(read)
    shelf.put(changed, RememberedPlace(2))
    shelf.put(made, RememberedPlace(3))
    assert shelf.changed == {changed: RememberedPlace(2), made: RememberedPlace(3)}
    assert shelf.get(made) == RememberedPlace(3)
