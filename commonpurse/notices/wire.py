"""The way to a stranger's address: looked up once, checked, and then that very address is called.

A webhook's owner chooses where we connect. So the name is resolved here, every address it has must
be a public one, and the connection goes to the address that was checked, whatever the name says a
moment later. Nothing is followed anywhere else, and nobody may keep us waiting.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from commonpurse.errors import Invalid

PATIENCE_SECONDS = 10.0
"""How long one call may take, from the first packet to the last."""
READ_MAX = 64 * 1024
URL_MAX = 500
PORTS = {"https": 443, "http": 80}
TAKEN = range(200, 300)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


NAME = re.compile(r"(?=.{1,253}\.?$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
"""What a host may be called: no empty part, none longer than the name service takes."""


class Unreachable(Exception):
    """The call did not come to an answer; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    reason: str

    @property
    def is_taken(self) -> bool:
        """Whether it took what it was given."""
        return self.status in TAKEN


def url_checked(url: str, *, field: str = "url") -> str:
    """An address that a webhook may have: https and a name, no secrets in it.

    Where `PURSE_WEBHOOKS_LOCAL` allows it, http too. Raises Invalid `url_wrong`.
    """
    tidy = url.strip()
    try:
        parts = urlsplit(tidy)
        port = parts.port
    except ValueError:
        raise url_wrong(field) from None
    schemes = ("https", "http") if settings.PURSE_WEBHOOKS_LOCAL else ("https",)
    is_plain = tidy.isascii() and tidy.isprintable() and " " not in tidy
    if not is_plain or len(tidy) > URL_MAX or parts.scheme not in schemes or not parts.hostname:
        raise url_wrong(field)
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        raise url_wrong(field)
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        if not NAME.fullmatch(parts.hostname):
            raise url_wrong(field) from None
        return tidy
    if not may_call(literal):
        raise Invalid("url_private", "That address is not on the public internet.", field=field)
    return tidy


def url_wrong(field: str) -> Invalid:
    """The refusal for what is no address to send to."""
    return Invalid("url_wrong", "Enter an address such as https://example.org/purse.", field=field)


def may_call(address: Address) -> bool:
    """Whether this is a public address; this machine's own too where a setting allows it.

    An IPv6 address that wraps an IPv4 one is judged by what it wraps: mapped, 6to4, Teredo, NAT64.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = wrapped(address)
        if inner is not None:
            return may_call(inner)
    if address.is_loopback:
        return bool(settings.PURSE_WEBHOOKS_LOCAL)
    return address.is_global and not address.is_multicast and not address.is_reserved


def wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to, if it does."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def address_checked(host: str, port: int) -> str:
    """The one address that will be called. Raises Unreachable unless all of them are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:  # The latter for what cannot be a name at all.
        raise Unreachable(f"The name {host} leads nowhere.") from fault
    addresses = [ipaddress.ip_address(str(each[4][0]).split("%")[0]) for each in found]
    if not addresses or not all(may_call(address) for address in addresses):
        raise Unreachable(f"The name {host} leads to an address that is not public.")
    return str(addresses[0])


class Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked; the name serves TLS and the Host header."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        self.address = address
        self.is_late = False
        self.is_tls = parts.scheme == "https"
        host = parts.hostname or ""
        super().__init__(host, parts.port or PORTS[parts.scheme], timeout=PATIENCE_SECONDS)
        self.default_port = PORTS[parts.scheme]

    def connect(self) -> None:
        """Connect to the checked address and nowhere else."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send `body` once and hear the answer. Raises Unreachable.

    A redirect is an answer like any other: it is not followed.
    """
    parts = urlsplit(url)
    address = address_checked(parts.hostname or "", parts.port or PORTS[parts.scheme])
    line = Pinned(parts, address)
    late = threading.Timer(PATIENCE_SECONDS, hang_up, [line])
    late.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body=body, headers=headers)
        answer = line.getresponse()
        answer.read(READ_MAX)
        if line.is_late:
            raise TimeoutError("the answer took too long")
        return Answer(answer.status, answer.reason[:80])
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise Unreachable(f"{type(fault).__name__}: {fault}") from fault
    finally:
        late.cancel()
        line.close()


def hang_up(line: Pinned) -> None:
    """End a call that takes too long: a receiver that drips bytes holds nobody up."""
    line.is_late = True
    if line.sock is not None:
        try:
            line.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            line.sock.close()
