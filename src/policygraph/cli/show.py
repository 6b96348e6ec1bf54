"""`policygraph show`: everything that the graph holds about an entity."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal, Term
from policygraph.vocab import OWL, RDF, RDFS, XSD

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from policygraph.app.show import Description, Members, Quotation
    from policygraph.cli.context import Context
    from policygraph.queries.entities import Entities

SUMMARY = Text("显示任一对象的陈述、关联与原句。", "Describe any entity: its statements, what points to it, the sentences behind it.")
EXAMPLE = "policygraph show m7"
_ENTITY = Text("名称、简称（如 m7、pg:Policy）或 IRI", "label, short name (such as m7 or pg:Policy) or IRI")
_FORMAT = Text("输出格式：text、json 或 turtle", "form of the output: text, json or turtle")
_ALL = Text("全部列出，不省略", "list everything, leave nothing out")
_OUTPUT = Text("写入文件而不是屏幕", "write to a file instead of the screen")
_STATEMENTS = Text("陈述", "Statements")
_MENTIONS = Text("关联（指向它的）", "Neighbours (what points to it)")
_SENTENCES = Text("原文", "Text")
_MORE = Text("……另有 {count} 项，加 --all 列出", "… and {count} more; list them with --all")
_NOTHING = Text("图中没有关于它的陈述。", "The graph states nothing about it.")
_PLACE = Text("第 {start}–{end} 字", "characters {start}–{end}")
_WHOLE = Text("全句：", "sentence: ")
_YES, _NO = Text("是", "yes"), Text("否", "no")
_FEW = 12
# Names of the vocabulary that every RDF graph shares; all others have theirs in the graph.
_STANDARD = {
    RDF.type: Text("类型", "type"),
    RDF.Property: Text("属性", "property"),
    RDFS.label: Text("名称", "name"),
    RDFS.comment: Text("说明", "comment"),
    RDFS.subClassOf: Text("上位类", "subclass of"),
    RDFS.subPropertyOf: Text("上位属性", "subproperty of"),
    RDFS.domain: Text("定义域", "domain"),
    RDFS.range: Text("值域", "range"),
    RDFS.isDefinedBy: Text("定义于", "defined by"),
    RDFS.seeAlso: Text("参见", "see also"),
    OWL.Class: Text("类", "class"),
    OWL.ObjectProperty: Text("对象属性", "object property"),
    OWL.DatatypeProperty: Text("数据属性", "datatype property"),
    OWL.FunctionalProperty: Text("单值属性", "functional property"),
    OWL.Ontology: Text("本体", "ontology"),
    OWL.inverseOf: Text("互逆于", "inverse of"),
    OWL.versionIRI: Text("版本 IRI", "version IRI"),
    OWL.versionInfo: Text("版本", "version"),
}


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("entity", metavar="ENTITY", help=_ENTITY.in_language(language))
    parser.add_argument("--format", choices=("text", "json", "turtle"), default="text", help=_FORMAT.in_language(language))
    parser.add_argument("--all", action="store_true", help=_ALL.in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=_OUTPUT.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Describe the entity."""
    from policygraph.app.show import describe
    from policygraph.cli.output import write
    from policygraph.graph.loading import PUBLIC, load
    from policygraph.queries.entities import Entities

    graph = load(context.roots, PUBLIC, derived=False)
    entities = Entities(graph)
    found = describe(graph, entities.resolve(args.entity))
    if args.format == "turtle":
        from policygraph.graph.serialising import serialise

        write(serialise(found.triples, "turtle", graph.namespaces()), args.output)
    elif args.format == "json":
        write(json.dumps(_plain(found, entities), ensure_ascii=False, indent=2) + "\n", args.output)
    else:
        few = None if args.all else _FEW
        writer = _Writer(entities, context.language, few)
        write("".join(f"{line}\n" for line in writer.lines(found)), args.output)
    return 0


class _Writer:
    """Writes a description for people."""

    def __init__(self, entities: Entities, language: str, few: int | None) -> None:
        self._entities, self._language, self._few = entities, language, few

    def lines(self, found: Description) -> Iterator[str]:
        names = {self._entities.label(found.entity, language) for language in (self._language, "zh", "en")}
        first = self._entities.label(found.entity, self._language)
        short = self._entities.short(found.entity)
        yield "  ".join([first, *sorted(names - {first}), *([short] if short != first else [])])
        yield found.entity.value
        if not found.statements and not found.mentions:
            yield _NOTHING.in_language(self._language)
        yield from self._block(_STATEMENTS, {p: self._chosen(values) for p, values in found.statements.items()})
        yield from self._block(_MENTIONS, found.mentions)
        if found.quotations:
            yield from ("", _SENTENCES.in_language(self._language))
            for quotation in found.quotations[: self._few]:
                yield from self._quotation(quotation)
            yield from self._more(len(found.quotations), "  ")

    def _block(self, title: Text, rows: dict[Iri, Any] | Any) -> Iterator[str]:
        from policygraph.cli.width import pad, width

        if not rows:
            return
        yield from ("", title.in_language(self._language))
        heads = {predicate: self.name(predicate) for predicate in rows}
        margin = min(max(map(width, heads.values())), 24)
        for predicate, values in rows.items():
            head = heads[predicate]
            for value in values[: self._few]:
                yield f"  {pad(head, margin)}  {self.value(value)}"
                head = ""
            yield from self._more(len(values), f"  {' ' * margin}  ")

    def _more(self, count: int, indent: str) -> Iterator[str]:
        if self._few is not None and count > self._few:
            yield indent + _MORE.format(count=count - self._few).in_language(self._language)

    def _chosen(self, values: Sequence[Term | Members]) -> list[Term | Members]:
        """Keep the wordings in the user's language where there are any."""
        tagged = [v for v in values if isinstance(v, Literal) and v.language]
        wanted = [v for v in tagged if v.language == self._language]
        return [v for v in values if v not in tagged or v in (wanted or tagged)]

    def value(self, value: Term | Members) -> str:
        from policygraph.errors import clean

        if isinstance(value, Iri):
            name, short = self.name(value), self._entities.short(value)
            return name if name == short else f"{name} ({short})"
        if hasattr(value, "members"):
            comma = Text("、", ", ").in_language(self._language)
            return comma.join(self.value(member) for member in value.members)
        if isinstance(value, Literal) and value.datatype == XSD.boolean:
            return (_YES if value.value in {"true", "1"} else _NO).in_language(self._language)
        return clean(value.value)

    def name(self, term: Iri) -> str:
        if term.value in _STANDARD:
            return _STANDARD[term.value].in_language(self._language)
        return self._entities.label(term, self._language)

    def _quotation(self, found: Quotation) -> Iterator[str]:
        yield Text(f"  「{found.words}」", f"  “{found.words}”").in_language(self._language)
        if self._language == "en" and found.translation:
            yield f"      {found.translation}"
        parts = [self._entities.short(found.item)]
        if found.section is not None:
            parts.insert(0, self._entities.label(found.section, self._language))
        if found.start is not None and found.end is not None:
            parts.append(_PLACE.format(start=found.start, end=found.end).in_language(self._language))
        yield "      — " + Text("，", ", ").in_language(self._language).join(parts)
        if found.sentence:
            yield f"      {_WHOLE.in_language(self._language)}{found.sentence}"


def _plain(found: Description, entities: Entities) -> dict[str, Any]:
    """Return a description in JSON's types."""

    def named(term: Term) -> dict[str, Any]:
        if isinstance(term, Iri):
            return {"iri": term.value, "short": entities.short(term), "label": _labels(term, entities)}
        if isinstance(term, Literal):
            tags = {"language": term.language} if term.language else {"datatype": term.datatype}
            return {"value": term.value, **tags}
        return {"blank": term.value}

    def value(term: Term | Members) -> dict[str, Any]:
        return {"list": [named(member) for member in term.members]} if hasattr(term, "members") else named(term)

    return {
        **named(found.entity),
        "statements": [{"predicate": named(p), "values": [value(v) for v in values]} for p, values in found.statements.items()],
        "mentions": [{"predicate": named(p), "subjects": [named(s) for s in subjects]} for p, subjects in found.mentions.items()],
        "quotations": [
            {
                "quote": q.words,
                "translation": q.translation or None,
                "sentence": q.sentence or q.words,
                "item": named(q.item),
                "section": named(q.section) if q.section else None,
                "start": q.start,
                "end": q.end,
            }
            for q in found.quotations
        ],
    }


def _labels(term: Iri, entities: Entities) -> dict[str, str]:
    if term.value in _STANDARD:
        return {"zh": _STANDARD[term.value].zh, "en": _STANDARD[term.value].en}
    return {language: entities.label(term, language) for language in ("zh", "en")}
