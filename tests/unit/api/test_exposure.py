import pytest

from api.cli import serve
from api.exposure import EXPOSED, is_exposed


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_what_listens_on_this_machine_alone_is_not_exposed(host: str) -> None:
    assert not is_exposed(host, "http://localhost:8000")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "mentoring.example.org", ""])  # noqa: S104 - binds nothing
def test_what_others_reach_is_exposed_unless_they_come_over_tls(host: str) -> None:
    assert is_exposed(host, "http://mentoring.example.org")
    assert not is_exposed(host, "https://mentoring.example.org")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that the command would have served on, with settings for nothing that is there."""
    hosts: list[str] = []
    monkeypatch.setattr("api.server.serve", lambda settings: hosts.append(settings.host))
    monkeypatch.setenv("VOUCHSAFE_DATABASE_URL", "postgresql://nobody@localhost/nothing")
    monkeypatch.setenv("VOUCHSAFE_READER_URL", "postgresql://nobody@localhost/nothing")
    monkeypatch.setenv("VOUCHSAFE_KEY_FILES", "{}")
    return hosts


@pytest.mark.parametrize(("host", "is_warned"), [("192.0.2.7", True), ("127.0.0.1", False)])
def test_whoever_serves_to_others_without_tls_is_warned(
    served: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str,
    *,
    is_warned: bool,
) -> None:
    monkeypatch.setenv("VOUCHSAFE_HOST", host)
    serve(tied=False)

    assert served == [host]
    assert capsys.readouterr().err == (f"{EXPOSED}\n" if is_warned else "")
