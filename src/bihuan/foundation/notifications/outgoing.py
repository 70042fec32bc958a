"""Requests to addresses that people typed in. Whatever the address says, nothing inside the house is ever reached.

The host is resolved once, every address it resolves to must be public (or in a network the installation allows), and
the connection goes to exactly the address that was checked: a second answer of the name service changes nothing.
Redirects are not followed; answers are cut at 64 KB.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

TIMEOUT = 10.0
"""Seconds without a sign of life before an attempt fails."""
LONGEST = 20.0
"""Seconds after which an attempt ends in any case, however slowly the other side drips."""
MAX_ANSWER = 64 * 1024

# IPv6 forms that carry an IPv4 address inside and are translated on the way.
_CARRIERS = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


class RefusedError(Exception):
    """The address may not be called; the text says why. Trying again does not help."""


class FailedError(Exception):
    """The other side could not be reached or did not answer in time; trying again may help."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Target:
    """A checked address: how to reach it (`ip`) and what to ask for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def _simulated() -> bool:
    return str(settings.MODE) in ("demo", "test")


def target(url: str, *, allowed: Sequence[Network] = ()) -> Target:
    """Return the parts of `url` if it may be called at all, without asking the name service. Raises RefusedError.

    Only https; plain http for an address inside `allowed`, and to this machine in demo and test mode.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RefusedError(_("this is no web address")) from error
    if not host or len(url) > 500 or any(one.isspace() or not one.isprintable() for one in url):
        raise RefusedError(_("this is no web address"))
    if parts.scheme not in ("https", "http"):
        raise RefusedError(_("the address has to begin with https://"))
    if parts.username is not None or parts.password is not None:
        raise RefusedError(_("the address may not contain a user name or password"))
    literal = _literal(host)
    if literal is not None and not _may_reach(literal, allowed):
        raise RefusedError(_("this address is not public"))
    here = (literal is not None and literal.is_loopback) or host == "localhost"
    if parts.scheme == "http" and not (here and _simulated()) and not (literal and _inside(literal, allowed)):
        raise RefusedError(_("the address has to begin with https://"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        path.encode("ascii")
        host.encode("idna")
    except UnicodeError as error:
        raise RefusedError(_("this is no web address")) from error
    return Target(parts.scheme, host, port or {"https": 443, "http": 80}[parts.scheme], path)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return None


def _inside(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _may_reach(address: Address, allowed: Sequence[Network]) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if _inside(address, allowed) or (address.is_loopback and _simulated()):
        return True
    return address.is_global and not address.is_multicast and not _inside(address, _CARRIERS)


def _resolve(where: Target, allowed: Sequence[Network]) -> str:
    """Return one address of the host, after checking all of them."""
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FailedError(_("the name of the host is not known")) from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        literal = _literal(address)
        if literal is None or not _may_reach(literal, allowed):
            raise RefusedError(_("this address is not public"))
    return addresses[0]


def call(
    url: str,
    *,
    method: str = "POST",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    allowed: Sequence[Network] = (),
) -> Answer:
    """Send one request and return the answer, whatever its status. Raises RefusedError or FailedError."""
    where = target(url, allowed=allowed)
    address = _resolve(where, allowed)
    connection = _Connection(where, address)
    watch = threading.Timer(LONGEST, connection.cut)
    watch.start()
    try:
        sent = {"Host": where.authority, "User-Agent": "Bihuan", "Connection": "close", **(headers or {})}
        connection.request(method, where.path, body=body or None, headers=sent)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.read(MAX_ANSWER))
        if connection.was_cut:
            raise FailedError(_("no answer in time"))
        return found
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FailedError(_("no answer (%(what)s)") % {"what": type(error).__name__}) from error
    finally:
        watch.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was checked, while certificate and Host speak of the name."""

    def __init__(self, where: Target, address: str) -> None:
        super().__init__(where.host, where.port, timeout=TIMEOUT)
        self._where = where
        self._address = address
        self.was_cut = False

    def cut(self) -> None:
        """End the conversation from another thread; whoever reads from it is at its end at once."""
        self.was_cut = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def connect(self) -> None:
        """Open the socket, with TLS for https."""
        self.sock = socket.create_connection((self._address, self._where.port), timeout=TIMEOUT)
        if self._where.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._where.host)
