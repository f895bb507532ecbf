"""Nothing but the one door opens a sealed field: no other module takes its bytes or asks for its key."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
DOOR = "api/records/openings.py"
ROOMS = ("api", "projections", "domain")
APART = "api/participant/"
"""A participant's own program: it opens notes with keys that the service never has."""

TAKEN = {"ciphertext", "field_key", "field_key_or_new", "field_keys", "field_keys_or_new"}
"""The bytes of a sealed field, and the ways to its key."""
BROUGHT = {"DataKey", "field_place", "unpad"}
"""What opening needs of the envelope."""
BY_NAME = {"getattr", "attrgetter", "methodcaller"}


def modules() -> Iterator[Path]:
    for room in ROOMS:
        for file in sorted((HOUSE / room).rglob("*.py")):
            name = file.relative_to(HOUSE).as_posix()
            if name != DOOR and not name.startswith(APART):
                yield file


def ways_round(source: str) -> list[str]:
    """What a module takes that only the door may take."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in TAKEN:
            found.append(node.attr)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crypto"):
            found += [name.name for name in node.names if name.name in BROUGHT]
        elif isinstance(node, ast.Call):
            found += list(_named_in(node))
        elif isinstance(node, ast.MatchClass):
            found += [name for name in node.kwd_attrs if name in TAKEN]
    return found


def _named_in(call: ast.Call) -> Iterator[str]:
    called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if called in BY_NAME:
        for argument in call.args:
            if isinstance(argument, ast.Constant) and argument.value in TAKEN:
                yield str(argument.value)


@pytest.mark.parametrize(
    "module", list(modules()), ids=lambda file: file.relative_to(HOUSE).as_posix()
)
def test_no_module_but_the_door_opens_a_sealed_field(module: Path) -> None:
    allowed = ALLOWED.get(module.relative_to(HOUSE).as_posix(), [])
    assert ways_round(module.read_text("utf-8")) == allowed


ALLOWED: dict[str, list[str]] = {}


def test_the_door_itself_is_where_it_is_said_to_be() -> None:
    assert {"ciphertext", "field_key", "field_key_or_new", "field_place", "unpad"} <= set(
        ways_round((HOUSE / DOOR).read_text("utf-8"))
    )


@pytest.mark.parametrize(
    "planted",
    [
        "text = key.open(value.ciphertext, place)",
        "named = parts.keyring.field_key('personal', value.key_id)",
        "named = ring.field_key_or_new('special', owner, 'identity_preference')",
        "sealed = getattr(value, 'ciphertext')",
        "take = operator.attrgetter('ciphertext')",
        "take = methodcaller('field_key', 'personal', id)",
        "from crypto.envelope import field_place",
        "from crypto.envelope import DataKey as Key",
        "match value:\n    case Sealed(ciphertext=taken):\n        pass",
        "class Sly:\n    def m(self, v):\n        return lambda: v.ciphertext",
    ],
)
def test_a_planted_way_round_is_found(planted: str) -> None:
    assert len(ways_round(planted)) == 1
