import pytest

from api.exposure import is_exposed


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_what_listens_on_this_machine_alone_is_not_exposed(host: str) -> None:
    assert not is_exposed(host, "http://localhost:8000")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "mentoring.example.org", ""])  # noqa: S104 - binds nothing
def test_what_others_reach_is_exposed_unless_they_come_over_tls(host: str) -> None:
    assert is_exposed(host, "http://mentoring.example.org")
    assert not is_exposed(host, "https://mentoring.example.org")
