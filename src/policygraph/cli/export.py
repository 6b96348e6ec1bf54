"""`policygraph export`: the whole graph in five formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "把整个图导出为 Turtle、TriG、N-Triples、JSON-LD 或 RDF/XML。", "Export the whole graph as Turtle, TriG, N-Triples, JSON-LD or RDF/XML."
)
EXAMPLE = "policygraph export --format jsonld -o graph.jsonld"
_FORMAT = Text(
    "turtle、trig（每个源文件一个命名图）、ntriples、jsonld 或 rdfxml；缺省看 -o 的后缀，否则 turtle",
    "turtle, trig (one named graph a source file), ntriples, jsonld or rdfxml; by default what the ending of -o says, else turtle",
)
_STATED = Text("只导出写明的陈述，不含推导出的", "only what the files state, without what is derived")
_CONTEXT = Text(
    "改为导出申报用的 JSON-LD 上下文：字段与代码的短名", "the JSON-LD context of submissions instead: short names of fields and codes"
)
_OUTPUT = Text("写入文件而不是屏幕", "write to a file instead of the screen")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("--format", metavar="FORMAT", help=_FORMAT.in_language(language))
    parser.add_argument("--stated", action="store_true", help=_STATED.in_language(language))
    parser.add_argument("--context", action="store_true", help=_CONTEXT.in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=_OUTPUT.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Write the graph."""
    from policygraph.cli.output import write

    if args.context:
        write(_context(context), args.output)
        return 0
    from policygraph.app.export import export, export_format

    write(export(context.roots, export_format(args.format, args.output), derived=not args.stated), args.output)
    return 0


def _context(context: Context) -> str:
    """Return the JSON-LD context that plain keys are read with."""
    import json

    from policygraph.records.jsonld import derive_context
    from policygraph.records.kinds import load_kinds
    from policygraph.store.embedded import EmbeddedStore

    derived = derive_context(load_kinds(EmbeddedStore(context.graph)))
    return json.dumps({"@context": derived}, ensure_ascii=False, indent=2) + "\n"
