"""The hosts that an operator lets the service ask; everything else stays unasked."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from eventkg.errors import QueryError, UsageError

_NAME = re.compile(r"(?!-)[A-Za-z0-9.\-]{1,253}")
_PORTS = {"http": 80, "https": 443}
_LOCAL = {"localhost": ("127.0.0.1/32", "::1/128")}
_TRANSLATED = ip_network("64:ff9b::/96")
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Place(NamedTuple):
    """Where to connect: an address that was looked at, so that a second look-up cannot lead elsewhere."""

    scheme: str
    host: str
    port: int
    address: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the list: a name, an address or a network, and a port if only that is meant."""

    name: str
    network: Network | None
    port: int | None

    @classmethod
    def read(cls, text: str) -> Listed:
        """HOST, HOST:PORT, ADDRESS, [ADDRESS]:PORT or NETWORK/BITS.

        Raises:
            UsageError: it is none of them.

        """
        host, port = _split(text)
        try:
            return cls("", ip_network(host), port)
        except ValueError as problem:
            if not _NAME.fullmatch(host) or "/" in host or re.fullmatch(r"[0-9.]+", host):
                raise UsageError(f"--allow-host: {text!r} found, HOST or HOST:PORT expected") from problem
        return cls(host.lower().rstrip("."), None, port)

    def names(self, host: str, port: int) -> bool:
        """Whether a host of this name or address is meant."""
        return self.port in {None, port} and bool(self.name) and self.name == host

    def holds(self, address: Address, port: int) -> bool:
        """Whether this address itself is listed."""
        if self.port not in {None, port}:
            return False
        networks = [self.network] if self.network else [ip_network(n) for n in _LOCAL.get(self.name, ())]
        return any(address.version == network.version and address in network for network in networks)


def place_of(url: str, listed: tuple[Listed, ...]) -> Place:
    """Where a request for a URL may go.

    The host is listed by its name, or by its address; and each address that its name has is public or listed
    itself, so that no name leads into a network that the operator did not mean.

    Raises:
        QueryError: it may not, or there is no such host.

    """
    scheme, host, port = _parts(url)
    addresses = _addresses(host, port)
    named = any(one.names(host, port) for one in listed)
    for address in addresses:
        itself = any(one.holds(address, port) for one in listed)
        if not itself and not (named and _is_public(address)):
            raise QueryError(f"{host}:{port}: not among the hosts that this service may ask")
    return Place(scheme, host, port, str(addresses[0]))


def _parts(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise QueryError(f"{url[:100]!r} found, an http or https address expected") from problem
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise QueryError(f"{url[:100]!r} found, an http or https address expected")
    return parts.scheme, parts.hostname.lower().rstrip("."), port or _PORTS[parts.scheme]


def _addresses(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise QueryError(f"{host}: no such host") from problem
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _is_public(address: Address) -> bool:
    seen: Address = address
    if isinstance(address, IPv6Address):
        if address.sixtofour or address.teredo or address in _TRANSLATED:  # an IPv4 address is inside
            return False
        seen = address.ipv4_mapped or address
    return seen.is_global and not seen.is_multicast and not seen.is_reserved


def _split(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, ""
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 1 << 16):
        raise UsageError(f"--allow-host: {text!r} found, a port from 1 to 65535 expected")
    return host, int(port) if port else None
