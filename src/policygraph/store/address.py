"""Addresses of a SPARQL server: where it takes queries and where updates."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from policygraph.errors import Text, UsageError

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a SPARQL server answers.

    Attributes:
        query: Address of its query service.
        update: Address of its update service.
    """

    query: str
    update: str

    @property
    def host(self) -> str:
        """Name of the server, without its port."""
        return urlsplit(self.query).hostname or ""


def is_address(where: str) -> bool:
    """Say whether words are an address rather than a folder."""
    return "://" in where


def read_address(where: str, update: str = "") -> Address:
    """Return the addresses of a server.

    A bare host (`http://localhost:7878`) is taken for Oxigraph's, with `/query` and `/update`; `…/query` has its updates at `…/update`;
    any other address takes both (Virtuoso's `/sparql-auth`).

    Args:
        where: What the caller wrote.
        update: Address for updates where it is another one.

    Raises:
        UsageError: It is no http or https address, carries a password or a question mark, or the two are on different servers.
    """
    parts = _split(where)
    if update:
        other = _split(update)
        if (other.scheme, other.netloc) != (parts.scheme, parts.netloc):
            raise _wrong(
                Text("查询与更新的地址不在同一服务器上。", "The addresses for queries and for updates are on different servers."),
                update,
            )
        return Address(where, update)
    path = parts.path.rstrip("/")
    if not path:
        return Address(parts._replace(path="/query").geturl(), parts._replace(path="/update").geturl())
    if path.endswith("/query"):
        return Address(where, parts._replace(path=path.removesuffix("query") + "update").geturl())
    return Address(where, where)


def stays(before: str, after: str) -> bool:
    """Say whether a redirect stays on the server, or only goes over to https on it."""
    old, new = urlsplit(before), urlsplit(after)
    if old.hostname != new.hostname or new.username or new.password:
        return False
    if old.scheme == new.scheme:
        return _port(old) == _port(new)
    return (old.scheme, new.scheme, _port(old), _port(new)) == ("http", "https", 80, 443)


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def _split(where: str) -> SplitResult:
    try:
        parts = urlsplit(where)
        port_is_one = parts.port != 0
    except ValueError:
        raise _wrong(Text("这不是一个网址。", "This is no address."), "") from None
    if parts.username is not None or parts.password is not None:
        # The place of the error leaves the password out.
        raise UsageError(
            Text("网址中不得写用户名或密码。", "An address must not carry a user or a password."),
            Text(
                "请用环境变量 POLICYGRAPH_STORE_USER 与 POLICYGRAPH_STORE_PASSWORD，或凭证文件。",
                "Use the environment variables POLICYGRAPH_STORE_USER and POLICYGRAPH_STORE_PASSWORD, or a file of credentials.",
            ),
            parts.hostname or "",
        )
    if parts.scheme not in _PORTS or not parts.hostname or not port_is_one:
        raise _wrong(Text("只能是 http 或 https 网址。", "It must be an http or https address."), where)
    if parts.query or parts.fragment or not where.isascii() or not where.isprintable() or " " in where:
        raise _wrong(
            Text("网址中不得有“?”“#”、空格或非 ASCII 字符。", "The address must not have a “?”, a “#”, a space or what is not ASCII."),
            where.partition("?")[0].partition("#")[0],
        )
    return parts


def _wrong(what: Text, where: str) -> UsageError:
    return UsageError(
        what,
        Text("请写成：http://localhost:7878 或 https://主机/sparql", "Write it like http://localhost:7878 or https://host/sparql"),
        where,
    )
