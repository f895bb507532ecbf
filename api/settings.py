"""What can be set from outside: the only reader of the process environment."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Prefix = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,18}$")]

NEEDS = {
    "local": ("key_files",),
    "pkcs11": ("pkcs11_driver", "pkcs11_pin_files"),
    "aws": ("aws_region", "compartments"),
    "openbao": ("openbao_url", "openbao_token_file", "compartments"),
}
"""What must be said for each key service; docs/key-services.md explains them."""


class KeySettings(BaseSettings):
    """Which key service a process uses, and how; a compartment that is not named stays closed to it.

    `key_files` of `local` and `pkcs11_pin_files` are JSON from compartment to file, such as
    {"operational": "/path"}; `compartments` of the others is a JSON list. `key_prefix` begins the
    names of keys, so that several schemes can share one service.
    """

    model_config = SettingsConfigDict(env_prefix="VOUCHSAFE_", extra="ignore")

    key_service: Literal["local", "pkcs11", "aws", "openbao"] = "local"
    key_prefix: Prefix = "vouchsafe"
    key_files: dict[str, Path] = {}
    compartments: frozenset[str] = frozenset()
    pkcs11_driver: Path | None = None
    pkcs11_pin_files: dict[str, Path] = {}
    aws_region: str | None = None
    aws_endpoint: str | None = None
    openbao_url: str | None = None
    openbao_token_file: Path | None = None
    openbao_ca_file: Path | None = None
    openbao_mount: str = "transit"

    @model_validator(mode="after")
    def _says_what_its_key_service_needs(self) -> Self:
        if not self.model_fields_set.issuperset(NEEDS[self.key_service]):
            raise ValueError("the key service needs more settings")
        return self

    @property
    def named_compartments(self) -> frozenset[str]:
        """The compartments whose keys this process was given."""
        files = {"local": self.key_files, "pkcs11": self.pkcs11_pin_files}
        return frozenset(files.get(self.key_service, self.compartments))


class Settings(KeySettings):
    """One process's settings, each from a variable VOUCHSAFE_<NAME>.

    `production` refuses what is for trials only: key-encryption keys in files, a way to OpenBao that
    others can listen to, and a clock set back.
    `erasure_journal` is the file that keeps erasures apart from the database: the clerk writes it, and no
    process starts on a database that is older than it.
    `rotation_days` is how old an epoch of keys may get before the clerk asks for the next.
    `enquiry_days_answered` and `enquiry_days_unanswered` are how long the clerk keeps an enquiry after its answer,
    and one that nobody answers.
    `concern_days_closed`, `rights_request_days_answered` and `disclosure_days_over` are how long it keeps what was said
    in those once they are over; `feedback_days_kept` is how long it keeps answers about how mentoring went, and
    `suggestion_days_answered` what somebody suggested once that was answered.
    `relationship_days_closed` and `person_days_inactive` are how long a person's record is kept after the last of their
    relationships closed, and after they were last heard of; then, announced thirty days before, it is erased.
    `clock_behind_seconds` lets a trial's first scheme have a past; a service leaves it at zero.
    `smtp_host` and what follows are the clerk's, which sends the mail; docs/messages.md explains them.
    """

    database_url: SecretStr
    public_url: str = "http://localhost:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    pool_size: int = 12
    log_file: Path | None = None
    erasure_journal: Path | None = None
    rotation_days: Annotated[int, Field(ge=1)] = 30
    enquiry_days_answered: Annotated[int, Field(ge=1, le=3650)] = 180
    enquiry_days_unanswered: Annotated[int, Field(ge=1, le=3650)] = 365
    concern_days_closed: Annotated[int, Field(ge=1, le=36_500)] = 1095
    rights_request_days_answered: Annotated[int, Field(ge=1, le=36_500)] = 1095
    relationship_days_closed: Annotated[int, Field(ge=31, le=36_500)] = 2190
    person_days_inactive: Annotated[int, Field(ge=31, le=36_500)] = 1095
    disclosure_days_over: Annotated[int, Field(ge=1, le=36_500)] = 2190
    feedback_days_kept: Annotated[int, Field(ge=1, le=36_500)] = 1095
    suggestion_days_answered: Annotated[int, Field(ge=1, le=36_500)] = 1095
    clock_behind_seconds: int = 0
    production: bool = False
    smtp_host: str | None = None
    smtp_port: int | None = None
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_credentials_file: Path | None = None
    smtp_ca_file: Path | None = None
    mail_sender: str = ""
    mail_sender_name: str = "Professional development"
    mail_language: Literal["en", "cy"] = "en"

    @model_validator(mode="after")
    def _says_whom_mail_comes_from(self) -> Self:
        if self.smtp_host is not None and not self.mail_sender.strip():
            raise ValueError("mail needs a sender")
        return self


class ReadingSettings(Settings):
    """Settings of a process that reads read models.

    `reader_url` signs in as the role that may select them and nothing else: they belong to the worker,
    which could run code as whoever selects from them.
    """

    reader_url: SecretStr


class RunSettings(BaseSettings):
    """Settings of the command that runs everything on one machine, and of those that join it there.

    `people_around` lets the first scheme have some simulated people around those whom somebody signs in as.
    `database_url` is not its own: where it is set, commands about people go to that database instead.
    """

    model_config = SettingsConfigDict(env_prefix="VOUCHSAFE_", extra="ignore")

    data_folder: Path = Path(".vouchsafe")
    host: str = "127.0.0.1"
    port: int = 8000
    first_scheme: bool = True
    people_around: bool = True
    database_url: SecretStr | None = None


class CaptureSettings(BaseSettings):
    """Settings of the mail server of a trial, which keeps every mail as a file and sends none.

    `capture_descriptor` is a socket that whoever starts it listens on already.
    """

    model_config = SettingsConfigDict(env_prefix="VOUCHSAFE_", extra="ignore")

    capture_folder: Path = Path(".vouchsafe/mail")
    capture_port: int = 8025
    capture_descriptor: int | None = None
    log_file: Path | None = None
