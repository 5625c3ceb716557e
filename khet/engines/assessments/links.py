"""Whether a link opens: asked politely, over http and https only, never of an address that is not public.

The name is looked up once, every address it has must be public, and the connection goes to the address that was
looked at, so that a second answer of the name server cannot lead inside. Each redirect is looked at in the same way.
"""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

PATIENCE = 10  # seconds for each step
MOST_REDIRECTS = 5
MOST_BYTES = 2048  # read of an answer; whether it opens is all that is asked
AGENT = "Khet-link-check/1 (looks once a day whether published documents open)"
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Finding:
    """alive, dead or refused, with a code of what was found ("200", "404", "dns", "timeout", "private" …)."""

    state: str
    code: str

    @property
    def alive(self) -> bool:
        return self.state == "alive"


class Refused(ValueError):
    """An address that is never asked; `code` says why."""


def look(url: str, *, resolve=None, connect=None) -> Finding:
    """Ask whether an address opens.

    resolve, connect   stand in for the network in tests: (host, port) → addresses;
                       (parts, address) → (status, location)
    """
    resolve, connect = resolve or addresses, connect or _asked
    try:
        for _step in range(MOST_REDIRECTS + 1):
            parts = _allowed(url)
            address = _public(resolve(parts.hostname, _port(parts)))
            status, location = connect(parts, address)
            if status in (301, 302, 303, 307, 308) and location:
                url = urljoin(url, location)
                continue
            return Finding("alive" if 200 <= status < 400 else "dead", str(status))
        return Finding("dead", "redirects")
    except Refused as refused:
        return Finding("refused", str(refused))
    except socket.gaierror:
        return Finding("dead", "dns")
    except TimeoutError:
        return Finding("dead", "timeout")
    except ssl.SSLError:
        return Finding("dead", "certificate")
    except (OSError, http.client.HTTPException, UnicodeError, ValueError):
        return Finding("dead", "connection")


def _allowed(url: str):
    """The parts of an address that may be asked. Raises Refused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("address") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused("scheme")
    if parts.username or parts.password:
        raise Refused("credentials")
    if port is not None and port not in PORTS.values():
        raise Refused("port")
    return parts


def _port(parts) -> int:
    return parts.port or PORTS[parts.scheme]


def addresses(host: str, port: int) -> list[str]:
    """The addresses a name has."""
    found = socket.getaddrinfo(host.encode("idna").decode(), port, type=socket.SOCK_STREAM)
    return [entry[4][0] for entry in found]


def _public(found: list[str]) -> str:
    """The first address, when all of them are public. Raises Refused."""
    if not found:
        raise socket.gaierror("no address")
    for text in found:
        address = ipaddress.ip_address(text.split("%")[0])
        for one in (address, *_inside(address)):
            if not one.is_global or one.is_multicast:
                raise Refused("private")
        if address.version == 6 and address in LOCAL_TRANSLATION:
            raise Refused("private")
    return found[0]


TRANSLATION = ipaddress.ip_network("64:ff9b::/96")  # the last four bytes are an address of the older kind
LOCAL_TRANSLATION = ipaddress.ip_network("64:ff9b:1::/48")


def _inside(address) -> list:
    """Addresses of the older kind that one of the newer kind stands for."""
    if address.version == 4:
        return []
    told = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in TRANSLATION:
        told.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in told if one is not None]


def _asked(parts, address: str) -> tuple[int, str]:
    """(status, where it leads) of an address; HEAD first, GET where the server does not know HEAD."""
    status, location = _request(parts, address, "HEAD")
    if status in (400, 403, 404, 405, 406, 501):
        status, location = _request(parts, address, "GET")
    return status, location


def _request(parts, address: str, method: str) -> tuple[int, str]:
    """One request to the very address that was looked at, under the host's own name."""
    host = parts.hostname.encode("idna").decode()
    raw = socket.create_connection((address, _port(parts)), timeout=PATIENCE)
    try:
        if parts.scheme == "https":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        connection = http.client.HTTPConnection(host, _port(parts), timeout=PATIENCE)
        connection.sock = raw
        path = _quoted(parts.path or "/") + (f"?{_quoted(parts.query)}" if parts.query else "")
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host if parts.port is None else f"{host}:{parts.port}")
        connection.putheader("User-Agent", AGENT)
        connection.putheader("Accept", "*/*")
        connection.putheader("Connection", "close")
        connection.endheaders()
        answer = connection.getresponse()
        if method == "GET":
            answer.read(MOST_BYTES)
        return answer.status, answer.getheader("Location") or ""
    finally:
        raw.close()


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="/%:@!$&'()*+,;=?-._~")
