"""`policygraph register export`: the register as RDF or as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.cli.register import shared
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "导出登记簿：RDF（PROV-O）或 CSV；可略去个人信息。", "Export the register as RDF (PROV-O) or CSV, without personal data if so wished."
)
EXAMPLE = "policygraph register export --anonymous -o register.ttl --register register.db"
_FORMAT = Text(
    "turtle、trig、ntriples、jsonld、rdfxml 或 csv；缺省看 -o 的后缀，否则 turtle",
    "turtle, trig, ntriples, jsonld, rdfxml or csv; by default what the ending of -o says, else turtle",
)
_ANONYMOUS = Text(
    "略去姓名、证件号等个人字段，以及经办人、理由与认定文件编号",
    "leave out names, ID numbers and the like, who acted, reasons and numbers of documents",
)
_OUTPUT = Text("写入文件而不是屏幕", "write to a file instead of the screen")
_STILL = Text(
    "已略去个人字段；由其余事实（如赛事、名次）仍可能推知本人，公开前请再作评估。",
    "Personal fields are left out; what is left (contest, rank) may still tell who it is: consider that before publishing.",
)
_WHOLE = Text("所导出的内容含个人信息，请妥善保管。", "The export holds personal data: keep it safe.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("--format", metavar="FORMAT", help=_FORMAT.in_language(language))
    parser.add_argument("--anonymous", action="store_true", help=_ANONYMOUS.in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=_OUTPUT.in_language(language))
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Write the register."""
    from policygraph.app.export import export_format
    from policygraph.app.register.personal import personal_fields
    from policygraph.app.register.rdf import register_triples
    from policygraph.app.register.tabular import write_table
    from policygraph.cli.output import write
    from policygraph.graph.serialising import serialise
    from policygraph.store.embedded import EmbeddedStore

    ending = args.output.rpartition(".")[2].lower() if args.output else ""
    table = args.format == "csv" if args.format else ending == "csv"
    form = "" if table else export_format(args.format, args.output)
    without = personal_fields(EmbeddedStore(context.graph)) if args.anonymous else None
    with shared.opened(args) as register:
        if table:
            text = write_table(register, shared.words(context), without)
        else:
            text = serialise(register_triples(register, without), form, context.graph.namespaces())
    with shared.private():
        write(text, args.output)
    shared.remark(_STILL if args.anonymous else _WHOLE, context)
    return 0
