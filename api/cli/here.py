"""Which service a command speaks to: the one its environment names, else the one that runs on this machine."""

from api.bootstrap import local_key_files
from api.cli.machine import API_ROLE, DATABASE
from api.embedded_postgres import role_passwords, running_address
from api.settings import RunSettings, Settings


def settings_here() -> Settings:
    """The settings of commands about people; raises DatabaseNotRunning when nothing is named and nothing runs."""
    here = RunSettings()
    if here.database_url is not None:
        return Settings()
    folder = here.data_folder.absolute()
    address = running_address(folder / "postgres", DATABASE)
    password = role_passwords(folder / "postgres").of(API_ROLE)
    return Settings(
        database_url=address.url(API_ROLE, password), key_files=local_key_files(folder / "keys")
    )
