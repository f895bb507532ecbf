"""What the server is started with: what every server of a scheme needs, and what is so on this machine alone."""

from pathlib import Path

from api.embedded_postgres.address import PORT

FILE = Path(__file__).parents[2] / "deploy" / "postgres" / "settings.conf"

# Nobody reaches this server but through a folder that is its holder's, and its log is the holder's too.
OF_THIS_MACHINE = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_destination": "stderr",
    "logging_collector": "off",
}
# Killed processes lose nothing even so; only power loss does harm.
UNSAFE_BUT_QUICK = {"fsync": "off", "full_page_writes": "off"}


def server_settings(*, durable: bool) -> dict[str, str]:
    """Every setting of the embedded server by its name."""
    quick = {} if durable else UNSAFE_BUT_QUICK
    return {**_everywhere(), **OF_THIS_MACHINE, **quick}


def _everywhere() -> dict[str, str]:
    lines = FILE.read_text("utf-8").splitlines()
    parts = [line.split(" = ") for line in lines if line and not line.startswith("#")]
    return {name: quoted.strip("'") for name, quoted in parts}
