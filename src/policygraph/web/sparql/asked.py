"""What a request asks by the SPARQL 1.1 Protocol: read from its bytes, each percent-encoding decoded once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from policygraph.errors import Text
from policygraph.queries.sandbox import MAX_CHARACTERS
from policygraph.web import bodies
from policygraph.web.problems import FORBIDDEN, LIMIT, MEDIA, ProblemError, usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
# A Chinese character is nine bytes once encoded; the rest is room for the names of graphs.
MOST_BYTES = 9 * MAX_CHARACTERS + (64 << 10)
MOST_GRAPHS, MOST_PARAMETERS = 256, 1000
_FORMATS = ("format", "output")
_CHARSETS = frozenset({"", "utf-8", "utf8", "us-ascii"})
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^";\s]*)"?', re.IGNORECASE)
_READ_ONLY = Text("请使用 SELECT、ASK、CONSTRUCT 或 DESCRIBE。", "Use SELECT, ASK, CONSTRUCT or DESCRIBE.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the dataset that it is asked of.

    Attributes:
        query: The query.
        default: Graphs that are merged into the default graph; with `named`, they take the place of FROM.
        named: The named graphs.
        format: What `?format=` or `?output=` says.
    """

    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str = ""


async def read(request: Request) -> Asked | None:
    """Return what is asked; None when a GET asks no query, which is for the service description.

    Raises:
        ProblemError: It breaks the protocol, or is an update.
    """
    pairs = decoded(request.scope["query_string"])
    if request.method == "POST":
        pairs += await _body(request)
    elif not any(name in {"query", "update", "default-graph-uri", "named-graph-uri"} for name, _ in pairs):
        return None
    return asked(pairs)


def asked(pairs: Sequence[tuple[str, str]]) -> Asked:
    """Return what parameters ask.

    Raises:
        ProblemError: They break the protocol, or are an update.
    """
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    if "update" in found:
        raise update_refused()
    queries = found.get("query", [])
    if len(queries) != 1:
        raise (
            usage(
                f"query 参数给了 {len(queries)} 次。",
                f"The parameter query is given {len(queries)} times.",
                Text("请只给一次。", "Give it once."),
            )
            if queries
            else usage(
                "没有给出查询。",
                "There is no query.",
                Text("请用 query 参数给出 SPARQL 查询。", "Give a SPARQL query as the parameter query."),
            )
        )
    default, named = (_graphs(name, found.get(name, [])) for name in ("default-graph-uri", "named-graph-uri"))
    formats = [value for name in _FORMATS for value in found.get(name, [])]
    return Asked(queries[0], default, named, formats[0] if formats else "")


def decoded(data: bytes) -> list[tuple[str, str]]:
    """Return the parameters of a query string or a url-encoded body, decoded once.

    Raises:
        ProblemError: They are not in UTF-8, or too many.
    """
    pairs = data.split(b"&", MOST_PARAMETERS)
    if len(pairs) > MOST_PARAMETERS:
        raise usage(
            f"参数超过 {MOST_PARAMETERS} 个。",
            f"There are more than {MOST_PARAMETERS} parameters.",
            Text("值中的 & 须写成 %26。", "Write an & in a value as %26."),
        )
    return [(_text(name), _text(value)) for name, _, value in (pair.partition(b"=") for pair in pairs if pair)]


def update_refused() -> ProblemError:
    """Return the problem of an update."""
    return usage("不允许更新：此图只读。", "Updates are not allowed: this graph is read-only.", _READ_ONLY, FORBIDDEN)


async def _body(request: Request) -> list[tuple[str, str]]:
    """Return the parameters in the body of a POST.

    Raises:
        ProblemError: Its media type or charset is not one of the protocol, or it is an update.
    """
    header = request.headers.get("content-type", "")
    media_type = header.partition(";")[0].strip().lower()
    if media_type == UPDATE:
        raise update_refused()
    charset = match[1].lower() if (match := _CHARSET.search(header)) else ""
    if media_type not in {FORM, DIRECT} or charset not in _CHARSETS:
        raise usage(
            f"不接受“{header[:100]}”。" if header else "请求体没有 Content-Type。",
            f"“{header[:100]}” is not accepted." if header else "The body has no Content-Type.",
            Text(f"请用 {DIRECT} 或 {FORM}，编码为 UTF-8。", f"Use {DIRECT} or {FORM}, in UTF-8."),
            MEDIA,
            {"Accept": f"{DIRECT}, {FORM}"},
        )
    body = await bodies.read(request, MOST_BYTES)
    return decoded(body) if media_type == FORM else [("query", _utf8(body.removeprefix(b"\xef\xbb\xbf")))]


def _text(encoded: bytes) -> str:
    return _utf8(unquote_to_bytes(encoded.replace(b"+", b" ")))


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise usage(
            "请求不是 UTF-8 编码。",
            "The request is not encoded in UTF-8.",
            Text("请将查询与图的 IRI 编码为 UTF-8。", "Encode the query and the IRIs of graphs in UTF-8."),
        ) from None


def _graphs(name: str, iris: Sequence[str]) -> tuple[str, ...]:
    """Return the IRIs of graphs, each once, in their order."""
    unique = tuple(dict.fromkeys(iris))
    if len(unique) > MOST_GRAPHS:
        raise usage(
            f"{name} 给了 {len(unique)} 个图，上限为 {MOST_GRAPHS}。",
            f"{name} names {len(unique)} graphs, at most {MOST_GRAPHS}.",
            Text("请减少图的数目。", "Name fewer graphs."),
            LIMIT,
        )
    for iri in unique:
        if not _IRI.fullmatch(iri):
            raise usage(
                f"{name} 的值“{iri[:100]}”不是绝对 IRI。",
                f"The value “{iri[:100]}” of {name} is no absolute IRI.",
                Text(f"例如 {name}=https%3A%2F%2Fexample.com%2Fg", f"For instance {name}=https%3A%2F%2Fexample.com%2Fg"),
            )
    return unique
