import pytest

from domain.confidential_words import KnownNames, Suspected, Suspicion, suspected_in

KNOWN = KnownNames(["Zelda Okonkwo-Reed", "Al"], ["Borough of Fernley"])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("What ZELDA said.", Suspicion.PARTNER),
        ("okonkwo-reed helped", Suspicion.PARTNER),
        ("At the borough  of\nFERNLEY we", Suspicion.ORGANISATION),
        ("write to a.b+c@example.co.uk.", Suspicion.MAIL_ADDRESS),
        ("ring 07700 900 123", Suspicion.TELEPHONE),
        ("ring +44 (0)20 7946-0123!", Suspicion.TELEPHONE),
        ("in sw1a 1aa", Suspicion.POSTCODE),
        ("at 14b Elm Tree Road", Suspicion.STREET),
        ("see https://example.org/x", Suspicion.LINK),
    ],
)
def test_what_may_be_confidential_is_suspected(text: str, what: Suspicion) -> None:
    assert suspected_in({"about": text}, KNOWN) == [Suspected("about", what)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nothing at all.",
        "Zeldas and Alice, alas.",
        "On 2 March 2026 at 10:30 we were 12 people.",
        "Fernley is a place; 1,000,000 times.",
        "5 Ways of Working",
        "an @ sign and a C4 model",
    ],
)
def test_everyday_words_are_not(text: str) -> None:
    assert suspected_in({"about": text}, KNOWN) == []


def test_each_kind_is_told_once_for_each_part_and_repeats_nothing() -> None:
    found = suspected_in({"about": "a@b.cd, e@f.gh", "peer": "Zelda, zelda"}, KNOWN)

    assert found == [
        Suspected("about", Suspicion.MAIL_ADDRESS),
        Suspected("peer", Suspicion.PARTNER),
    ]
    assert "Zelda" not in repr(found) + repr(KNOWN)


def test_the_longest_texts_are_looked_through_at_once() -> None:
    for text in ("1 " * 2000, "A1" * 2000, "a@" * 2000, "1 Aa " * 800, "(1-" * 1300):
        suspected_in({"about": text}, KNOWN)
