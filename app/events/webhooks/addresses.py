"""Addresses: which addresses events may be sent to, so that no webhook reaches into a private network.

The name of a receiver may lead somewhere else each time it is resolved. So it is resolved and checked for each attempt,
and the connection is made to an address that was checked.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from app.errors import InvalidInputError
from app.event_settings import Network
from app.events.webhooks.failures import NotAllowedError, SendingError

Address = IPv4Address | IPv6Address

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Finds the addresses of a name; OSError when there are none."""

RESOLVERS = ThreadPoolExecutor(128, "webhook names")
"""Threads of their own: a name server that does not answer keeps a thread for a long time."""

PORTS = {"http": 80, "https": 443}

NEEDS_TLS = "events are sent by https; http is for addresses in CADASTRE_WEBHOOK_NETWORKS only"

REFUSED: Sequence[Network] = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of a network's own
        "2001::/23",  # protocol assignments, Teredo among them
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
    )
)
"""Networks that Python's `is_global` counts as public, in this version or in another, and that lead elsewhere."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Resolve a name as the system does; a text that is an address is returned in its usual form."""
    resolving = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(RESOLVERS, resolving)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public Internet."""
    return address.is_global and not address.is_multicast and not is_among(address, REFUSED)


def is_among(address: Address, networks: Sequence[Network]) -> bool:
    """Return whether an address belongs to one of some networks."""
    return any(address in network for network in networks)


async def require_allowed(url: str, networks: Sequence[Network]) -> None:
    """Refuse an address that no event would be sent to: InvalidInputError. A name that is not known yet is none."""
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    if not is_secure and not networks:
        raise InvalidInputError(NEEDS_TLS)
    try:
        await checked(parts.hostname or "", parts.port or PORTS[parts.scheme], networks, is_secure=is_secure)
    except NotAllowedError as error:
        raise InvalidInputError(f"{error}; see CADASTRE_WEBHOOK_NETWORKS") from error
    except SendingError:
        return


async def checked(
    host: str, port: int, networks: Sequence[Network], *, is_secure: bool, resolve: Resolve = resolve
) -> list[str]:
    """Return the addresses of a receiver; SendingError when it has none, or one that is neither public nor allowed.

    Without TLS all must be allowed, by `networks`.
    """
    try:
        addresses = [ip_address(each) for each in await resolve(host, port)]
    except (OSError, UnicodeError, ValueError) as error:
        raise SendingError("the name of the receiver is not known") from error
    for address in addresses:
        if not (is_among(address, networks) or (is_secure and is_public(address))):
            raise NotAllowedError("the receiver is in a network that is not allowed")
    return [str(address) for address in addresses]
