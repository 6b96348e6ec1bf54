"""What opens the addresses of a remote store: http and https only, no way to another server, credentials only when asked for them."""

from __future__ import annotations

import urllib.request as web
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from policygraph.errors import StoreError, Text
from policygraph.store.address import is_loopback, stays
from policygraph.store.credentials import ENV_SCHEME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from http.client import HTTPMessage

    from policygraph.store.address import Address
    from policygraph.store.credentials import Credentials


def build_opener(address: Address, credentials: Credentials | None) -> web.OpenerDirector:
    """Return an opener of its own: urllib's default one also opens file: and ftp:, and SPARQLWrapper's Digest would replace it for all."""
    opener = web.OpenerDirector()
    handlers: list[web.BaseHandler] = [
        web.ProxyHandler(),
        web.UnknownHandler(),
        web.HTTPHandler(),
        web.HTTPSHandler(),
        web.HTTPDefaultErrorHandler(),
        web.HTTPErrorProcessor(),
        _OnThisServer(),
        *_authentication(address, credentials),
    ]
    for handler in handlers:
        opener.add_handler(handler)
    return opener


def _authentication(address: Address, credentials: Credentials | None) -> Iterable[web.BaseHandler]:
    if credentials is None:
        return
    # Remembers that Basic was asked for, and then sends it at once.
    passwords = web.HTTPPasswordMgrWithPriorAuth()
    parts = urlsplit(address.query)
    passwords.add_password(None, f"{parts.scheme}://{parts.netloc}/", credentials.user, credentials.password)
    if credentials.scheme != "basic":
        yield _Digest(passwords)
    if credentials.scheme != "digest":
        yield _Basic(passwords, named=credentials.scheme == "basic")


class _Asked:
    """Lets go of the answer that asked for a password, once another request was sent or refused."""

    def http_error_401(self, req: web.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage) -> Any:
        try:
            found = super().http_error_401(req, fp, code, msg, headers)  # type: ignore[misc]
        except Exception:
            fp.close()
            raise
        if found is not None:
            fp.close()
        return found


class _Digest(_Asked, web.HTTPDigestAuthHandler):
    """Digest authentication."""


class _Basic(_Asked, web.HTTPBasicAuthHandler):
    """Basic authentication that nobody on the way can read, unless the caller names it."""

    def __init__(self, passwords: web.HTTPPasswordMgr, *, named: bool) -> None:
        super().__init__(passwords)
        self._named = named

    def retry_http_basic_auth(self, host: str, req: web.Request, realm: str) -> Any:
        parts = urlsplit(req.full_url)
        if not self._named and parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise StoreError(
                Text("该端点要求在未加密的 http 上发送可读的密码。", "The endpoint asks for a readable password over unencrypted http."),
                Text(
                    f"请用 https 地址；若网络可信，设 {ENV_SCHEME}=basic。",
                    f"Use an https address; on a trusted network set {ENV_SCHEME}=basic.",
                ),
                req.full_url,
            )
        return super().retry_http_basic_auth(host, req, realm)


class _OnThisServer(web.HTTPRedirectHandler):
    """Follows a redirect on the same server, with the same request; urllib's own turns a POST into a GET without its query."""

    def redirect_request(
        self, req: web.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> web.Request | None:
        if not stays(req.full_url, newurl):
            fp.close()
            raise StoreError(
                Text(
                    "该端点转向别的服务器，或由 https 转为 http；未予跟随。",
                    "The endpoint redirects to another server, or from https to http; not followed.",
                ),
                Text("若新地址可信，请直接使用它。", "If the new address is to be trusted, name it yourself."),
                req.full_url,
            )
        if code == 303:  # the answer is elsewhere, and to be read with GET: no SPARQL service says that
            return None
        return web.Request(newurl, data=req.data, headers=dict(req.headers), method=req.get_method())  # noqa: S310 - `stays` saw to it
