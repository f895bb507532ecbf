"""What a line of an invoice is called: random, short enough to say on the telephone, and never given twice on purpose."""

import secrets

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look or sound like others."""
LENGTH = 8


def new_line_reference() -> str:
    """A reference that nobody could have guessed, and that follows from nothing."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
