"""Whether what people send can be read on its way: the service beyond this machine without TLS."""

from ipaddress import ip_address

EXPOSED = (
    "VOUCHSAFE_HOST lets other machines in, and VOUCHSAFE_PUBLIC_URL says that they come without TLS: "
    "whoever is on the way can read everything, tokens too. Put TLS before it, or listen on 127.0.0.1."
)


def is_exposed(host: str, public_url: str) -> bool:
    """Whether other machines reach a plain http service."""
    return not (public_url.startswith("https://") or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
