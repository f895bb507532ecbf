"""A key that a caller made up is no part of what they are told of their mistake."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from api.routes.matching_weights import SetWeights
from api.routes.preferences import StateBackground, StatePreferences

MADE_UP = "quetzal"
WRONG: list[Any] = [{MADE_UP: {MADE_UP: 1}}, {MADE_UP: 1}, {MADE_UP: []}, {"themes": 1, MADE_UP: 1}]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize(
    ("model", "field"),
    [
        (SetWeights, "weights"),
        (StatePreferences, "about"),
        (StateBackground, "own"),
        (StateBackground, "wishes"),
    ],
)
def test_where_a_fault_lies_names_no_key_of_the_callers(
    model: type[BaseModel], field: str, value: Any
) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate({field: value})

    assert [each["loc"] for each in refused.value.errors()] == [(field,)]
    assert MADE_UP not in str(refused.value)


def test_known_keys_are_taken() -> None:
    assert SetWeights.model_validate({"weights": {"themes": 6}}).weights == {"themes": 6}
