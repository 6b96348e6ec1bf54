"""Style sheets, scripts and pictures: served by ourselves, under addresses that change with their bytes, so browsers keep them for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.responses import Response

from policygraph.errors import Text
from policygraph.vocab import BASE
from policygraph.web.answers import has_it
from policygraph.web.negotiation import takes_gzip
from policygraph.web.problems import NOT_FOUND, usage

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.web.service import Service

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}
_WORTH_PACKING = 1000  # bytes
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages use.

    Attributes:
        body: Its bytes.
        media_type: Its Content-Type.
        digest: First digits of its sha256, part of its address.
        packed: The bytes in gzip, empty where that saves nothing.
    """

    body: bytes
    media_type: str
    digest: str
    packed: bytes = b""


@cache
def asset(name: str) -> Asset | None:
    """Return a file by its name, None when there is none. `app.css` begins with the style of reports, which pages share."""
    ending = name.rpartition(".")[2]
    if ending not in _TYPES or "/" in name or name.startswith("."):
        return None
    own = files("policygraph.web").joinpath("assets")
    places = [folder.joinpath(name) for folder in (own, own.joinpath("vendor"))]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        return None
    body = found.read_bytes()
    if name == "app.css":
        body = files("policygraph.reports").joinpath("assets/report.css").read_bytes() + b"\n" + body
    packed = gzip.compress(body, mtime=0) if ending != "woff2" and len(body) > _WORTH_PACKING else b""
    return Asset(body, _TYPES[ending], hashlib.sha256(body).hexdigest()[:16], packed)


def address(owner: Service, name: str) -> str:
    """Return the address of a file.

    Raises:
        LookupError: There is none of that name.
    """
    found = asset(name)
    if found is None:
        raise LookupError(name)
    return owner.address(f"{BASE}assets/{found.digest}/{name}")


async def serve(request: Request) -> Response:
    """Answer with a file; under an older address, with the present one for a short time only."""
    found = asset(request.path_params["name"])
    if found is None:
        raise usage("没有这个文件。", "There is no such file.", Text("请刷新页面。", "Reload the page."), NOT_FOUND)
    current = request.path_params["digest"] == found.digest
    packed = bool(found.packed) and takes_gzip(request.headers.get("accept-encoding", ""))
    etag = f'"{found.digest}{"-gzip" if packed else ""}"'
    headers = {"Cache-Control": _FOREVER if current else "no-cache", "ETag": etag, "Vary": "Accept-Encoding"}
    if has_it(request, etag, None):
        return Response(None, 304, headers)
    headers["Content-Type"] = found.media_type
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(found.packed if packed else found.body, 200, headers)
