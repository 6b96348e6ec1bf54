"""Reads request bodies with a cap on their size and on the time that they take."""

from __future__ import annotations

import asyncio
import tempfile
from typing import IO, TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.problems import TOO_LARGE, TOO_SLOW, usage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

    from policygraph.web.problems import ProblemError

SECONDS = 30.0  # without a byte, until the request is refused
LONGEST = 600.0
_IN_MEMORY = 1 << 20


async def read(request: Request, most: int) -> bytes:
    """Return the body.

    Raises:
        ProblemError: It is larger than `most` bytes, or comes too slowly.
    """
    return b"".join([chunk async for chunk in chunks(request, most)])


async def spooled(request: Request, most: int) -> IO[bytes]:
    """Return the body as a file at its beginning, on disk when it is large; the caller closes it.

    Raises:
        ProblemError: It is larger than `most` bytes, or comes too slowly.
    """
    kept = tempfile.SpooledTemporaryFile(_IN_MEMORY, prefix="policygraph-")  # noqa: SIM115 - the caller closes it
    try:
        async for chunk in chunks(request, most):
            kept.write(chunk)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return kept


async def chunks(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """Yield the body as it comes.

    Raises:
        ProblemError: It is larger than `most` bytes, or comes too slowly.
    """
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and int(told) > most:
        raise too_large(most)
    size, stream = 0, aiter(request.stream())
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST
    while True:
        try:
            async with asyncio.timeout_at(min(loop.time() + SECONDS, end)):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise usage(
                f"连续 {SECONDS:g} 秒没有收到数据。",
                f"No data came for {SECONDS:g} seconds.",
                Text("请检查网络后重发。", "Check the network and send it again."),
                TOO_SLOW,
                {"Connection": "close"},
            ) from None
        size += len(chunk)
        if size > most:
            raise too_large(most)
        yield chunk


def too_large(most: int) -> ProblemError:
    """Return the problem of a body that is larger than it may be."""
    return usage(
        f"请求体超过 {most >> 20} MB。" if most >= 1 << 20 else f"请求体超过 {most} 字节。",
        f"The body is larger than {most >> 20} MB." if most >= 1 << 20 else f"The body is larger than {most} bytes.",
        Text("请拆分后再发。", "Split it and send the parts."),
        TOO_LARGE,
        {"Connection": "close"},
    )
