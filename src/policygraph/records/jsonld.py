"""JSON-LD submissions: the context derived from the shapes, and numbers that survive the way to RDF.

JSON-LD makes every fraction an xsd:double, so numbers are handed on as strings and typed by the context. A file without a
context, or with the published one, is read with the derived context: plain keys, short codes. Keys that no kind has become
predicates that the copying step refuses by name.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from policygraph.errors import InputError, LimitError, Text
from policygraph.model.terms import local_name
from policygraph.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policygraph.records.kinds import Kind

CONTEXT_IRI = BASE + "context.jsonld"
MAX_CONTEXTS = 8
_KEYWORDS = {"@id", "@type", "@value", "@language", "@graph", "@list", "@set", "@index", "@included", "@direction", "@none", "@reverse"}
_KEY = re.compile(r"(?!_:)[^\x00-\x20<>\"{}|^`\\]+")
_REFERENCE = re.compile(r"[^\x00-\x20<>\"{}|^`\\]*")
UNKNOWN_KEY = BASE + "unknown-key#"


def derive_context(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Return the JSON-LD context of all kinds: plain keys for fields, last segments for codes.

    Each kind has its keys in a context of its own, which its type opens: kinds of different policies may use one word for different
    fields. A kind whose short name another kind shares goes by its full IRI.
    """
    context: dict[str, Any] = {"@version": 1.1, "@vocab": UNKNOWN_KEY}
    shared = [kind.short for kind in kinds.values()]
    for kind in sorted(kinds.values(), key=lambda k: k.iri):
        entry = {"@id": kind.iri, "@context": _fields(kind, kinds)}
        context[kind.iri] = entry
        if shared.count(kind.short) == 1:
            context[kind.short] = entry
    return context


def _fields(kind: Kind, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.fields:
        entry: dict[str, Any] = {"@id": field.path}
        if field.code_list:
            # The codes' own IRIs; a word that is none of them becomes an IRI that the code list does not have.
            codes = {local_name(code): code for code in field.codes}
            entry |= {"@type": "@vocab", "@context": {"@vocab": field.code_list + "/", **codes}}
        elif field.row_class in kinds:
            entry["@context"] = _fields(kinds[field.row_class], kinds)
        elif field.datatype:
            entry["@type"] = field.datatype
        found[local_name(field.path)] = entry
    return found


def prepare(data: bytes, kinds: Mapping[str, Kind], where: str) -> bytes:
    """Return the document with its numbers as strings and the derived context filled in.

    Args:
        data: The file's bytes, in UTF-8.
        kinds: Kinds by class IRI.
        where: What to call the file in errors.

    Raises:
        InputError: It is not JSON; names line and column.
        LimitError: It is nested too deeply.
    """
    try:
        document = json.loads(
            data,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
            object_pairs_hook=lambda pairs: _once(pairs, where),
        )
    except UnicodeDecodeError:
        return data  # the parser says where, with line and column
    except json.JSONDecodeError as error:
        raise InputError(
            Text(f"不是合法的 JSON：{error.msg}", f"This is not valid JSON: {error.msg}"),
            Text(
                "请修正该处，或检查文件是否保存完整。",
                "Correct that place, or check that the file was saved completely.",
            ),
            f"{where}:{error.lineno}:{error.colno}",
        ) from error
    except RecursionError:
        raise _too_deep(where) from None
    context = derive_context(kinds)
    try:
        _refuse_lost(document, _iri_keys(document, context), where)
    except RecursionError:
        raise _too_deep(where) from None
    if isinstance(document, list):
        document = {"@context": context, "@graph": document}
    elif isinstance(document, dict):
        own = document.get("@context", CONTEXT_IRI)
        document = {**document, "@context": _with_derived(own, context)}
    try:
        # ASCII only: half a surrogate pair cannot be encoded, and the parser says so with its place.
        return json.dumps(document).encode()
    except RecursionError:
        raise _too_deep(where) from None


def _too_deep(where: str) -> LimitError:
    return LimitError(
        Text("JSON 嵌套过深。", "The JSON is nested too deeply."),
        Text("请减少嵌套层次。", "Make it flatter."),
        where,
    )


def _once(pairs: list[tuple[str, Any]], where: str) -> dict[str, Any]:
    """Build an object, refusing a key given twice: JSON would keep the last one in silence."""
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise InputError(
                Text("键“{key}”出现了两次。", "The key “{key}” is given twice.").format(key=_writable(key)),
                Text("请只保留一个。", "Keep one of them."),
                where,
            )
        # JSON-LD wants its own version as a number.
        seen[key] = 1.1 if key == "@version" and value == "1.1" else value
    return seen


def _writable(words: str) -> str:
    """Return words for a message: half a surrogate pair can be written in JSON, but to no file."""
    return words.encode("utf-8", "replace").decode()


def _with_derived(own: object, derived: dict[str, Any]) -> object:
    """Return the context to read with: keys that it does not map are named as unknown instead of being dropped."""
    if own == CONTEXT_IRI:
        return derived
    entries = own if isinstance(own, list) else [own]
    return [{"@vocab": UNKNOWN_KEY}, *(derived if entry == CONTEXT_IRI else entry for entry in entries)]


def _iri_keys(document: object, derived: dict[str, Any]) -> frozenset[str]:
    """Return the keys whose values become IRIs, by the derived context and by the document's own."""
    contexts: list[Any] = [derived]
    if isinstance(document, dict):
        own = document.get("@context", [])
        contexts += own if isinstance(own, list) else [own]
    if len(contexts) > MAX_CONTEXTS:
        raise _too_deep("@context")
    typed = (key for context in contexts for key in _references(context))
    return frozenset({"@id", "@type", *typed})


def _references(context: object) -> Iterator[str]:
    """Yield the keys that a context, or one inside it, reads as references."""
    entries = context.items() if isinstance(context, dict) else ()
    for key, entry in entries:
        if isinstance(entry, dict):
            if entry.get("@type") in ("@id", "@vocab"):
                yield key
            yield from _references(entry.get("@context"))


def _refuse_lost(node: object, iri_keys: frozenset[str], where: str) -> None:
    """Refuse what JSON-LD would drop in silence: keys and references that form no IRI.

    Raises:
        InputError: Names the key or value.
    """
    if isinstance(node, list):
        for member in node:
            _refuse_lost(member, iri_keys, where)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "@context":
                continue
            lost = [key] if not _KEY.fullmatch(key) or (key.startswith("@") and key not in _KEYWORDS) else []
            if key in iri_keys:
                lost += [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str) and not _REFERENCE.fullmatch(v)]
            if lost:
                raise InputError(
                    Text("“{word}”不能作键、代码或节点名。", "“{word}” cannot be a key, a code or the name of a node.").format(
                        word=_writable(lost[0])
                    ),
                    Text("请按示例文件书写键与代码，不留空格。", "Write keys and codes as the examples do, without blanks."),
                    where,
                )
            _refuse_lost(value, iri_keys, where)
