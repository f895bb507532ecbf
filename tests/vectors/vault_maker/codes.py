"""Vectors of section 5: recovery codes, how they are read, and what is none."""

from itertools import combinations

from tests.vectors.vault_maker.by_hand import LETTERS, Seeded, code_of, secret_of

Case = dict[str, object]
CODE = code_of(secret_of(Seeded("a code")(17)))
GROUPS = CODE.split("-")
BARE = "".join(GROUPS)
ZEROS = code_of(bytes(17))


def codes() -> Case:
    return {
        "about": "Section 5: recovery codes, what is read as one, and what is refused.",
        "cases": [_made(name, drawn) for name, drawn in _drawn()],
        "readings": [{"name": name, "typed": typed, "code": code} for name, typed, code in _read()],
        "refused": [
            {"name": name, "typed": typed, "error": error, **more}
            for name, typed, error, more in _refused()
        ],
        "groups": [{"randomness": drawn, "groups": groups} for drawn, groups in _groups()],
        "typed_back": [
            {"code": CODE, "groups": groups, "typed": typed, "accepted": accepted}
            for groups, typed, accepted in _typed_back()
        ],
    }


def _drawn() -> list[tuple[str, bytes]]:
    return [
        ("any bytes", Seeded("a code")(17)),
        ("other bytes", Seeded("another code")(17)),
        ("zeros", bytes(17)),
        ("ones: the lowest six bits are dropped", b"\xff" * 17),
        ("every letter in order", bytes.fromhex("00443214c74254b635cf84653a56d7c640")),
    ]


def _made(name: str, drawn: bytes) -> Case:
    secret = secret_of(drawn)
    return {
        "name": name,
        "randomness": drawn.hex(),
        "secret": secret.hex(),
        "code": code_of(secret),
    }


def _read() -> list[tuple[str, str, str]]:
    wide = "".join(chr(ord(each) + 0xFEE0) for each in BARE)
    return [
        ("as written", CODE, CODE),
        ("without hyphens", BARE, CODE),
        ("in small letters", CODE.lower(), CODE),
        ("with spaces and line breaks", "  " + " \r\n\t".join(GROUPS) + "\n", CODE),
        (
            "with long dashes",
            "\u2013".join(GROUPS[:3]) + "\u2014" + "\u2212".join(GROUPS[3:]),
            CODE,
        ),
        ("with a hyphen that does not break", "\u2011".join(GROUPS), CODE),
        ("with spaces that nobody sees", "\u200b".join(BARE) + "\ufeff\u00a0\u2060", CODE),
        ("in quotation marks", f"\u201c{CODE}\u201d", CODE),
        ("in brackets, with a full stop", f"[{CODE}].", CODE),
        ("with underscores and dots", "_".join(GROUPS[:3]) + "." + "\u2022".join(GROUPS[3:]), CODE),
        ("as a quotation in a mail", "> " + "\n> ".join(GROUPS), CODE),
        ("as code in a chat", f"`{CODE}`", CODE),
        ("in wide letters", wide, CODE),
        ("with soft hyphens", "\u00ad".join(GROUPS), CODE),
        ("the letter O for the digit 0", ZEROS.replace("0", "O"), ZEROS),
        ("a small o for the digit 0", ZEROS.replace("0", "o"), ZEROS),
        ("I for 1", ZEROS.replace("1", "I"), ZEROS),
        ("a small l for 1", ZEROS.replace("1", "l"), ZEROS),
        ("U for V", _with_v(), _with_v().replace("U", "V")),
        ("200 characters", CODE + " " * (200 - len(CODE)), CODE),
    ]


def _with_v() -> str:
    return code_of(bytes.fromhex("dbbf" + "00" * 15)).replace("V", "U")


def _refused() -> list[tuple[str, str, str, Case]]:
    other = LETTERS[(LETTERS.index(BARE[0]) + 1) % 32]
    none, length, mistyped = (
        "NotARecoveryCode",
        "RecoveryCodeHasWrongLength",
        "RecoveryCodeIsMistyped",
    )
    rows: list[tuple[str, str, str, Case]] = [
        ("nothing", "", length, {"length": 0}),
        ("only hyphens", "-----", length, {"length": 0}),
        ("one letter short", BARE[:-1], length, {"length": 29}),
        ("one letter over", BARE + "7", length, {"length": 31}),
        ("a group short", "-".join(GROUPS[:5]), length, {"length": 25}),
        ("a word before it", "Kode " + CODE, length, {"length": 34}),
        ("a letter with an accent", "\u00c9" + BARE[1:], none, {}),
        ("a Cyrillic letter", "\u0410" + BARE[1:], none, {}),
        ("a digit of another script", "\u0663" + BARE[1:], none, {}),
        ("the dotless i", "\u0131" + BARE[1:], none, {}),
        ("the long s", "\u017f" + BARE[1:], none, {}),
        ("a character that nobody sees, and that is none of ours", BARE + "\u0000", none, {}),
        ("a percent sign", BARE + "%", none, {}),
        ("201 characters", CODE + " " * (201 - len(CODE)), none, {}),
        ("one letter repeated", "7" * 30, mistyped, {}),
        ("a wrong letter", other + BARE[1:], mistyped, {}),
        ("a wrong check letter", BARE[:-1] + _next(BARE[-1]), mistyped, {}),
        (
            "two groups that changed places",
            "".join([GROUPS[1], GROUPS[0], *GROUPS[2:]]),
            mistyped,
            {},
        ),
        ("read backwards", BARE[::-1], mistyped, {}),
    ]
    rows += [
        (f"letters {at + 1} and {at + 2} changed places", swapped, mistyped, {})
        for at, swapped in _swapped()
    ]
    for places in list(combinations(range(30), 4))[:: 27405 // 25]:
        wrong = "".join(_next(each) if at in places else each for at, each in enumerate(BARE))
        rows.append((f"wrong letters at {places}", wrong, mistyped, {}))
    return rows


def _swapped() -> list[tuple[int, str]]:
    swapped = [(at, BARE[:at] + BARE[at + 1] + BARE[at] + BARE[at + 2 :]) for at in range(29)]
    return [(at, each) for at, each in swapped if each != BARE]


def _next(letter: str) -> str:
    return LETTERS[(LETTERS.index(letter) + 1) % 32]


def _groups() -> list[tuple[str, list[int]]]:
    pairs = list(combinations(range(1, 7), 2))
    plain = [(f"{byte:02x}", list(pairs[byte % 15])) for byte in (0, 1, 5, 14, 15, 100, 254)]
    return [*plain, ("ff00", [1, 2]), ("ffff10", [1, 3])]


def _typed_back() -> list[tuple[list[int], str, bool]]:
    second, fifth = GROUPS[1], GROUPS[4]
    return [
        ([2, 5], second + fifth, True),
        ([2, 5], f" {second.lower()} \u2013 {fifth}\n", True),
        ([1, 6], GROUPS[0] + "-" + GROUPS[5], True),
        ([2, 5], fifth + second, False),
        ([2, 5], second, False),
        ([2, 5], second + fifth + "7", False),
        ([2, 5], second + GROUPS[5], False),
        ([2, 5], CODE, False),
        ([2, 5], "", False),
    ]
