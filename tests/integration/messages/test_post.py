"""The line to the mail server: who it is, and who we are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.messages.mail import Letter, mail_of
from api.messages.post import NeverTaken, PostIsAway, PostOffice, post_office
from api.messages.words import ENGLISH
from api.settings import Settings
from domain.policies.messages import MessageKind
from tests.post import SENDER, Post, in_tls, knows, post

NOW = datetime.now(UTC)
TO = "somebody@example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of a server on this machine, vouched for by itself, with its key."""
    folder, key = tmp_path_factory.mktemp("certificate"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "certificate.pem", folder / "key.pem"


def hand_over(office: PostOffice, to: str = TO) -> None:
    letter = Letter(uuid4(), MessageKind.MATCHED, ENGLISH, to)
    with office.opened() as way:
        way.hand_over(mail_of(letter, SENDER, NOW), to)


def credentials(folder: Path, password: str) -> Path:
    file = folder / "credentials"
    file.write_text(f"clerk\n{password}\n")
    return file


def test_mail_goes_over_tls_to_a_server_that_is_vouched_for(
    certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    vouching, key = certificate
    context = in_tls(str(vouching), str(key))
    with post(
        tls_context=context,
        require_starttls=True,
        authenticator=knows("clerk", "right"),
        auth_required=True,
    ) as server:
        office = tls_office(server, authority_file=vouching)
        hand_over(tls_office(server, authority_file=vouching, password=tmp_path))
        assert len(server.to(TO)) == 1
        refused = [
            # Nobody vouches for it.
            tls_office(server, authority_file=None, password=tmp_path),
            # It is asked for under a name that is not its own.
            tls_office(server, authority_file=vouching, password=tmp_path, host="127.0.0.1"),
            # It asks who we are.
            office,
            tls_office(server, authority_file=vouching, password=tmp_path, said="wrong"),
            # No TLS where it wants some.
            server.office(),
        ]
        for each in refused:
            with pytest.raises(PostIsAway):
                hand_over(each)
        assert len(server.to(TO)) == 1


def tls_office(
    server: Post,
    *,
    authority_file: Path | None,
    password: Path | None = None,
    host: str = "localhost",
    said: str = "right",
) -> PostOffice:
    file = credentials(password, said) if password else None
    return server.office(
        host=host, tls="starttls", authority_file=authority_file, credentials_file=file
    )


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for() -> None:
    with post() as server:
        for tls in ("starttls", "tls"):
            with pytest.raises(PostIsAway):
                hand_over(server.office(tls=tls, patience_seconds=2.0))
        assert server.mails == []


def test_an_address_that_the_server_has_no_way_to_say_is_refused_for_good() -> None:
    with post(enable_SMTPUTF8=False) as server:
        with pytest.raises(NeverTaken):
            hand_over(server.office(), "zoë@example.org")
        hand_over(server.office())
        assert len(server.to(TO)) == 1


def test_a_server_that_is_going_away_says_nothing_of_a_message() -> None:
    with post() as server:
        server.refusals[TO] = ["421 Closing"]
        with pytest.raises(PostIsAway):
            hand_over(server.office())


def test_credentials_that_are_not_there_or_not_whole_are_as_no_server(tmp_path: Path) -> None:
    half = tmp_path / "half"
    half.write_text("clerk")
    with post() as server:
        for file in (half, tmp_path / "nowhere"):
            with pytest.raises(PostIsAway):
                hand_over(server.office(credentials_file=file))


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_way_has_its_usual_port(tls: str, port: int) -> None:
    settings = Settings(
        database_url="postgresql://nobody",
        key_files={},
        smtp_host="post.example.org",
        smtp_tls=tls,
        mail_sender=SENDER.address,
    )
    office = post_office(settings)
    assert office is not None
    assert (office.port, office.sender) == (port, SENDER.address)
    assert post_office(settings.model_copy(update={"smtp_host": None})) is None
