"""Full dumps: `/dumps/policygraph.ttl` and so on, packed when the caller takes gzip, and as `.gz`."""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import TYPE_CHECKING

import anyio
from starlette.responses import FileResponse, Response

from policygraph.app.published.dumps import FORMS, NAME
from policygraph.errors import Text
from policygraph.vocab import BASE
from policygraph.web.answers import has_it
from policygraph.web.negotiation import takes_gzip
from policygraph.web.problems import NOT_FOUND, usage

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.app.published.dumps import Dumps
    from policygraph.web.service import Service


class Dumping:
    """Answers with dumps.

    Args:
        service: The service.
        dumps: Its dumps.
    """

    def __init__(self, service: Service, dumps: Dumps) -> None:
        self._service, self._dumps = service, dumps

    async def dump(self, request: Request) -> Response:
        """Answer with a dump.

        Raises:
            ProblemError: There is none of that name.
        """
        name = str(request.path_params["name"])
        packed = name.endswith(".gz")
        form = next((form for form in FORMS if f"{NAME}.{form.ending}" == name.removesuffix(".gz")), None)
        if form is None:
            listed = ", ".join(f"{NAME}.{each.ending}" for each in FORMS)
            fix = Text(f"可用：{listed}（加 .gz 为压缩包）", f"There are: {listed} (with .gz: packed)")
            raise usage("没有这份数据。", "There is no such dump.", fix, NOT_FOUND)
        dumps = await anyio.to_thread.run_sync(self._dumps.all)
        dump = next(each for each in dumps if each.form == form)
        coded = not packed and takes_gzip(request.headers.get("accept-encoding", ""))
        etag = f'"{(dump.packed_sha256 if packed or coded else dump.sha256)[:32]}"'
        headers = {
            "ETag": etag,
            "Cache-Control": "public, no-cache",
            "Last-Modified": format_datetime(self._service.modified, usegmt=True),
            "Link": f'<{self._service.link(BASE + "void")}>; rel="describedby"',
        }
        if not packed:
            headers["Vary"] = "Accept-Encoding"
        if has_it(request, etag, self._service.modified):
            return Response(None, 304, headers)
        if coded:
            headers["Content-Encoding"] = "gzip"
        size = dump.packed_size if packed or coded else dump.size
        if not _satisfiable(request.headers.get("range", ""), size):  # then the whole is sent, as RFC 9110 (14.2) allows
            request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
        media_type = "application/gzip" if packed else form.media_type
        # Without a name, so that no Content-Disposition keeps a browser from showing it.
        return FileResponse(dump.packed if packed or coded else dump.plain, 200, headers, media_type)


def _satisfiable(asked: str, size: int) -> bool:
    """Say whether a Range header asks for one part that there is."""
    match = re.fullmatch(r"bytes=([0-9]{1,15})-([0-9]{0,15})", asked.strip())
    return match is not None and int(match[1]) < size and (not match[2] or int(match[1]) <= int(match[2]))
