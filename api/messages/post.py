"""Hands mails over by SMTP, and tells apart what can be tried again, what never, and what says nothing of the mail."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn

from api.settings import Settings

PATIENCE_SECONDS = 20.0
CLOSING = 421
"""The server says that it is going away, whatever it was asked."""
PERMANENT = 500


class PostIsAway(Exception):
    """The mail server cannot be reached, or wants nothing from us; this says nothing of any message."""


class TryLater(Exception):
    """The mail server does not take this message now."""


class NeverTaken(Exception):
    """The mail server will never take this message."""


@dataclass(frozen=True)
class Way:
    """An open line to the mail server."""

    line: smtplib.SMTP
    sender: str

    def hand_over(self, mail: EmailMessage, to: str) -> None:
        """Return once the server has taken the mail; raises PostIsAway, TryLater or NeverTaken."""
        try:
            self.line.send_message(mail, self.sender, [to])
        except smtplib.SMTPRecipientsRefused as refused:
            (code, _), *_ = refused.recipients.values()
            _refused(code)
        except smtplib.SMTPDataError as refused:
            _refused(refused.smtp_code)
        except (smtplib.SMTPNotSupportedError, ValueError):
            # An address that this server, or SMTP itself, has no way to say.
            raise NeverTaken from None
        except (smtplib.SMTPException, OSError):
            raise PostIsAway from None


@dataclass(frozen=True)
class PostOffice:
    """How the mail server is reached; its certificate is checked wherever there is TLS."""

    host: str
    port: int
    tls: str
    sender: str
    credentials_file: Path | None = None
    authority_file: Path | None = None
    patience_seconds: float = PATIENCE_SECONDS

    @contextmanager
    def opened(self) -> Iterator[Way]:
        """A line for some mails; raises PostIsAway."""
        try:
            line = self._line()
        except (smtplib.SMTPException, OSError, ValueError):
            raise PostIsAway from None
        try:
            yield Way(line, self.sender)
        finally:
            _hang_up(line)

    def _line(self) -> smtplib.SMTP:
        line = self._connected()
        try:
            if self.tls == "starttls":
                line.starttls(context=self._context())
            if self.credentials_file is not None:
                user, password, *_ = self.credentials_file.read_text("utf-8").splitlines()
                line.login(user, password)
        except BaseException:
            line.close()
            raise
        return line

    def _connected(self) -> smtplib.SMTP:
        # Servers write down how we call ourselves: not by this machine's name.
        ourselves = self.sender.rpartition("@")[2]
        seconds = self.patience_seconds
        if self.tls == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, ourselves, timeout=seconds, context=self._context()
            )
        return smtplib.SMTP(self.host, self.port, ourselves, timeout=seconds)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority_file)


def post_office(settings: Settings) -> PostOffice | None:
    """The mail server that the settings name, if they name one."""
    if settings.smtp_host is None:
        return None
    usual = {"tls": smtplib.SMTP_SSL_PORT, "starttls": 587, "none": smtplib.SMTP_PORT}
    return PostOffice(
        host=settings.smtp_host,
        port=settings.smtp_port or usual[settings.smtp_tls],
        tls=settings.smtp_tls,
        sender=settings.mail_sender,
        credentials_file=settings.smtp_credentials_file,
        authority_file=settings.smtp_ca_file,
    )


def _refused(code: int) -> NoReturn:
    if code == CLOSING:
        raise PostIsAway from None
    raise (NeverTaken if code >= PERMANENT else TryLater) from None


def _hang_up(line: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        line.quit()
    line.close()
