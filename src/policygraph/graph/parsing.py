"""Parses foreign RDF files: in a killable child, to plain triples, with line and column of what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from policygraph.errors import InputError, LimitError, Text, UsageError, unreadable
from policygraph.graph import confine
from policygraph.graph.syntax import Fault, undecodable
from policygraph.graph.terms import from_quad
from policygraph.model.terms import Blank, Term, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Name on the command line → usual file endings. The child maps the name to pyoxigraph's format.
FORMATS: dict[str, tuple[str, ...]] = {
    "turtle": (".ttl", ".turtle"),
    "ntriples": (".nt",),
    "trig": (".trig",),
    "jsonld": (".jsonld", ".json"),
    "rdfxml": (".rdf", ".xml", ".owl"),
}
MAX_BYTES = 32 << 20
LIMITS = confine.Limits(seconds=20.0, memory=2 << 30, output=128 << 20)
_REMOTE_CONTEXT = "No LoadDocumentCallback"


def format_of(path: Path) -> str:
    """Return the RDF format that a file's ending stands for.

    Raises:
        UsageError: The ending is none of a known format.
    """
    for name, endings in FORMATS.items():
        if path.suffix.lower() in endings:
            return name
    known = " ".join(ending for endings in FORMATS.values() for ending in endings)
    raise UsageError(
        Text("无法从文件后缀判断格式。", "The file's ending does not tell its format."),
        Text(f"请使用这些后缀之一：{known}", f"Use one of these endings: {known}"),
        str(path),
    )


def parse_file(path: Path, form: str | None = None, *, base: str | None = None, limits: confine.Limits = LIMITS) -> tuple[Triple, ...]:
    """Parse a foreign file; see `parse`.

    Args:
        path: The file.
        form: A name of FORMATS; by default what the file's ending says.
        base: IRI against which relative IRIs are read.
        limits: What the parser may use.

    Raises:
        InputError: The file cannot be read, or not as what it claims to be.
        LimitError: It is too large, nested too deeply, or takes too long.
    """
    chosen = form or format_of(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            *unreadable(error),
            str(path),
        ) from error
    return parse(data, chosen, name=str(path), base=base, limits=limits)


def parse(data: bytes, form: str, *, name: str = "", base: str | None = None, limits: confine.Limits = LIMITS) -> tuple[Triple, ...]:
    """Parse foreign RDF in a child process.

    Statements of all named graphs are returned together. Blank nodes are named b0, b1 … in the order in which the statements mention
    them, so that the same bytes give the same triples. Nothing is fetched.

    Args:
        data: The bytes.
        form: A name of FORMATS.
        name: What to call the input in errors.
        base: IRI against which relative IRIs are read.
        limits: What the child may use.

    Returns:
        The triples in the order of the file, without repeats.

    Raises:
        InputError: Empty, truncated, not UTF-8, or a syntax error; names line and column where the parser knows them.
        LimitError: Too large, nested too deeply, or too slow.
    """
    return numbered(read_ntriples(_answer(data, form, name, base, limits)[1]))


def parse_placed(
    data: bytes, form: str, *, name: str = "", base: str | None = None, limits: confine.Limits = LIMITS
) -> tuple[tuple[Triple, ...], tuple[int, ...]]:
    """Parse foreign RDF like `parse`, and return with it the line on which each statement ends; none for JSON-LD and RDF/XML."""
    found, body = _answer(data, form, name, base, limits)
    lines: list[int] = found["lines"]
    if not lines:
        return numbered(read_ntriples(body)), ()
    first: dict[Triple, int] = {}
    for triple, line in zip(_named(read_ntriples(body)), lines, strict=True):
        first.setdefault(triple, line)
    return tuple(first), tuple(first.values())


def _answer(data: bytes, form: str, name: str, base: str | None, limits: confine.Limits) -> tuple[dict[str, Any], bytes]:
    text = _checked(data, name)
    try:
        found, body = confine.run("policygraph.graph.child", {"format": form, "base": base}, text, limits)
    except (LimitError, InputError) as error:
        raise type(error)(error.what, error.fix, name) from error
    if "fault" in found:
        raise _refused(Fault(**found["fault"]), name)
    return found, body


def read_ntriples(data: bytes) -> Iterator[Triple]:
    """Yield the triples of N-Triples that a child of ours wrote."""
    return map(from_quad, ox.parse(data, format=ox.RdfFormat.N_TRIPLES))


def numbered(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """Name blank nodes by the order of their first mention and drop repeats."""
    return tuple(dict.fromkeys(_named(triples)))


def _named(triples: Iterable[Triple]) -> Iterator[Triple]:
    names: dict[str, Blank] = {}

    def named(term: Term) -> Term:
        return names.setdefault(term.value, Blank(f"b{len(names)}")) if isinstance(term, Blank) else term

    return ((named(s), p, named(o)) for s, p, o in triples)


def _checked(data: bytes, name: str) -> bytes:
    """Return the bytes as UTF-8 without a byte order mark, or say why they are none."""
    if len(data) > MAX_BYTES:
        raise LimitError(
            Text(f"文件大于 {MAX_BYTES >> 20} MB。", f"The file is larger than {MAX_BYTES >> 20} MB."),
            Text("请拆分文件。", "Split the file."),
            name,
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip(b"\0 \t\r\n"):
        raise InputError(
            Text("文件是空的。", "The file is empty."),
            Text("请检查文件是否保存完整。", "Check that it was saved completely."),
            name,
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            Text("不是 UTF-8 编码（可能是 GBK 或 UTF-16）。", "It is not encoded in UTF-8 (perhaps in GBK or UTF-16)."),
            Text("请另存为 UTF-8，例如：iconv -f GBK -t UTF-8", "Save it as UTF-8, for instance: iconv -f GBK -t UTF-8"),
            undecodable(data, error).place(name),
        ) from error
    return data


def _refused(fault: Fault, name: str) -> InputError:
    if _REMOTE_CONTEXT in fault.words:
        return InputError(
            Text("@context 指向网络地址；本程序从不联网读取。", "@context points at a network address; nothing is ever fetched."),
            Text("请把 @context 的内容写进文件。", "Put the content of @context into the file."),
            name,
        )
    return InputError(
        fault.text(),
        Text("请检查文件是否保存完整。", "Check that the file was saved completely.")
        if fault.at_end
        else Text("请修正该处。", "Correct that place."),
        fault.place(name),
    )
