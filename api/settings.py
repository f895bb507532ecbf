"""What can be set from outside: the only reader of the process environment."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One process's settings, each from a variable VOUCHSAFE_<NAME>.

    `key_files` names the file of key-encryption keys of each compartment that this process may
    open, as JSON: {"operational": "/path"}. What is not named stays closed to it.
    `production` refuses what is for trials only: key-encryption keys in files, and a clock set back.
    `clock_behind_seconds` lets a trial's first scheme have a past; a service leaves it at zero.
    """

    model_config = SettingsConfigDict(env_prefix="VOUCHSAFE_", extra="ignore")

    database_url: SecretStr
    key_files: dict[str, Path]
    public_url: str = "http://localhost:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    pool_size: int = 12
    log_file: Path | None = None
    clock_behind_seconds: int = 0
    production: bool = False


class ReadingSettings(Settings):
    """Settings of a process that reads read models.

    `reader_url` signs in as the role that may select them and nothing else: they belong to the worker,
    which could run code as whoever selects from them.
    """

    reader_url: SecretStr


class RunSettings(BaseSettings):
    """Settings of the command that runs everything on one machine, and of those that join it there.

    `database_url` is not its own: where it is set, commands about people go to that database instead.
    """

    model_config = SettingsConfigDict(env_prefix="VOUCHSAFE_", extra="ignore")

    data_folder: Path = Path(".vouchsafe")
    host: str = "127.0.0.1"
    port: int = 8000
    first_scheme: bool = True
    database_url: SecretStr | None = None
