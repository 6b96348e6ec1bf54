"""Answers that can be kept: bytes with a type, an entity tag and a date; conditional requests; a cache with a cap in bytes."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from starlette.responses import Response

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable

    from starlette.requests import Request


NOTE = "policygraph.note"  # where in a request's scope `web.front` finds its note


@dataclass(slots=True)
class Note:
    """What `respond` tells `web.front` about a request.

    Attributes:
        lasting: The answer depends on nothing that changes while the service runs.
    """

    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose bytes depend on nothing but the address, what the caller accepts, and the graph.

    Attributes:
        body: The bytes.
        media_type: The Content-Type header.
        headers: Further headers.
        etag: Its strong entity tag, quoted.
    """

    body: bytes
    media_type: str
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = field(default="")

    def __post_init__(self) -> None:
        if not self.etag:
            told = hashlib.sha256(self.media_type.encode() + b"\n" + self.body).hexdigest()[:32]
            object.__setattr__(self, "etag", f'"{told}"')


def respond(request: Request, answer: Answer, modified: dt.datetime | None = None) -> Response:
    """Return the answer, or 304 when the caller has it already.

    Args:
        request: What was asked.
        answer: The answer.
        modified: When what it rests on was changed last.
    """
    headers = {"ETag": answer.etag, "Cache-Control": "public, no-cache"} | dict(answer.headers)
    if modified is not None:
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    if request.method in {"GET", "HEAD"} and has_it(request, answer.etag, modified):
        return Response(None, 304, headers)
    headers["Content-Type"] = answer.media_type
    if (note := request.scope.get(NOTE)) is not None:
        note.lasting = True
    return Response(answer.body, 200, headers)


def has_it(request: Request, etag: str, modified: dt.datetime | None) -> bool:
    """Say whether the caller's copy is current; If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        given = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return "*" in given or etag in given
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError, OverflowError):  # no date, or one without a zone: as if it were not there
        return False


class Bodied(Protocol):
    """Anything with a body."""

    @property
    def body(self) -> bytes:
        """The bytes."""
        ...


_B = TypeVar("_B", bound=Bodied)


class Cache(Generic[_B]):
    """Answers by what they answer, the least used forgotten first.

    Args:
        most: Bytes that it may hold.
        largest: Bytes of the largest answer that it keeps.
    """

    def __init__(self, most: int = 64 << 20, largest: int = 2 << 20) -> None:
        self._most, self._largest, self._size = most, largest, 0
        self._kept: OrderedDict[Hashable, _B] = OrderedDict()

    def get(self, key: Hashable) -> _B | None:
        """Return what is kept under a key."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: Hashable, answer: _B) -> _B:
        """Keep an answer unless it is too large, and return it."""
        weight = _weight(key, answer)
        if weight > self._largest:
            return answer
        if (old := self._kept.pop(key, None)) is not None:
            self._size -= _weight(key, old)
        self._kept[key] = answer
        self._size += weight
        while self._size > self._most:
            forgotten, value = self._kept.popitem(last=False)
            self._size -= _weight(forgotten, value)
        return answer

    def __len__(self) -> int:
        return len(self._kept)


def _weight(key: Hashable, answer: Bodied) -> int:
    return len(answer.body) + len(repr(key)) + 500
