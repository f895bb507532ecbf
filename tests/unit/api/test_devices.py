"""What kind of device a browser runs on, in words of our own; nothing of what it said is kept."""

import pytest

from api.auth.devices import device_of


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel) Version/19 Safari/605.1.15", "Safari on a Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Firefox/141.0", "Firefox on Linux"),
        ("quillfeather/1.0 zebediah", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_a_word_or_two(said: str, words: str) -> None:
    assert device_of(said) == words
