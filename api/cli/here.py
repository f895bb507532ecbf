"""Which service a command speaks to: the one its environment names, else the one that runs on this machine."""

from api.bootstrap import local_key_files
from api.cli.machine import API_ROLE, DATABASE, ERASURE_JOURNAL
from api.embedded_postgres import role_passwords, running_address
from api.settings import RunSettings, Settings


def settings_here(role: str = API_ROLE) -> Settings:
    """The settings of commands about people, or of another role's own.

    Raises DatabaseNotRunning when no database is named and none runs here.
    """
    here = RunSettings()
    if here.database_url is not None:
        return Settings()
    folder = here.data_folder.absolute()
    address = running_address(folder / "postgres", DATABASE)
    password = role_passwords(folder / "postgres").of(role)
    return Settings(
        database_url=address.url(role, password),
        key_files=local_key_files(folder / "keys"),
        erasure_journal=folder / ERASURE_JOURNAL,
    )
