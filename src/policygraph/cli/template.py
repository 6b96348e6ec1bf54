"""`policygraph template KIND -o FILE`: a form to fill in, derived from the kind's shape; `check` reads it back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "生成某种申报的填报模板：Excel、CSV 或 JSON，含说明、下拉选项与示例。",
    "Make the template of a kind of submission: Excel, CSV or JSON, with help, drop-downs and an example.",
)
EXAMPLE = "policygraph template AwardClaim -o award-claims.xlsx"
FORMATS = ("xlsx", "csv", "json")
_KIND = Text(
    "申报种类：短名、中英文名称或 IRI；policygraph kinds 列出全部", "kind: short name, label or IRI; `policygraph kinds` lists them"
)
_FORMAT = Text("xlsx、csv 或 json；缺省看 -o 的后缀，否则 xlsx", "xlsx, csv or json; by default what the ending of -o says, else xlsx")
_OUTPUT = Text("写入的文件；csv 与 json 可写到屏幕", "file to write; csv and json may go to the screen")
_FORCE = Text("覆盖已有的文件", "overwrite a file that exists")
_WRITTEN = Text("已写入 {path}（{sheets}）。", "Wrote {path} ({sheets}).")
_THEN = Text("填好后核查：policygraph check {path}", "When it is filled in: policygraph check {path}")
_KIND_OPTION = " --kind {name}"  # the columns of some delimited files are those of several kinds
_SHEETS = Text("{count} 列；子表：{tables}", "{count} columns; child tables: {tables}")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("kind", metavar="KIND", help=_KIND.in_language(language))
    parser.add_argument("--format", choices=FORMATS, metavar="FORMAT", help=_FORMAT.in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=_OUTPUT.in_language(language))
    parser.add_argument("--force", action="store_true", help=_FORCE.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Write the template."""
    from policygraph.cli.output import note, write
    from policygraph.graph.loading import digest
    from policygraph.records.forms import load_forms
    from policygraph.records.templates.layout import lay_out
    from policygraph.store.embedded import EmbeddedStore

    # The kind first: whoever mistypes it learns so before anything is said of the file.
    forms = load_forms(EmbeddedStore(context.graph), context.roots)
    kind = forms.find(args.kind)
    form = _form(args.format, args.output)
    _refuse_overwriting(args.output, force=args.force)
    layout = lay_out(kind, forms)
    if form == "xlsx":
        from policygraph.records.templates.workbook import write_workbook

        write(write_workbook(layout, context.language, digest(context.roots)), args.output)
    elif form == "csv":
        from policygraph.records.templates.delimited import write_delimited

        write(write_delimited(layout, context.language), args.output)
    else:
        from policygraph.records.templates.plainjson import write_json

        write(write_json(layout, context.language), args.output)
    if args.output not in {None, "-"}:
        names = Text("、".join(t.label.zh for t in layout.children), ", ".join(t.label.en for t in layout.children))
        sheets = _SHEETS.format(count=len(layout.records.columns), tables=names)
        note(_WRITTEN.format(path=args.output, sheets=sheets).in_language(context.language))
        then = _THEN.format(path=shlex.quote(args.output)).in_language(context.language)
        note(then + (_KIND_OPTION.format(name=layout.name) if form == "csv" else ""))
    return 0


def _form(wanted: str | None, output: str | None) -> str:
    """Return the format by name, or by the ending of the file.

    Raises:
        UsageError: The file has another ending, or a spreadsheet would go to the screen.
    """
    to_screen = output in {None, "-"}
    ending = "" if to_screen else Path(str(output)).suffix.removeprefix(".").lower()
    if wanted is None and ending and ending not in FORMATS:
        raise UsageError(
            Text(f"没有后缀为 .{ending} 的模板。", f"There are no templates with the ending .{ending}."),
            Text("请用 .xlsx、.csv 或 .json，或以 --format 指明。", "Use .xlsx, .csv or .json, or say which with --format."),
            "-o",
        )
    form = wanted or ending or FORMATS[0]
    if form == "xlsx" and to_screen:
        raise UsageError(
            Text("Excel 文件不能写到屏幕。", "A spreadsheet cannot go to the screen."),
            Text("请加 -o 文件名.xlsx，或用 --format csv、json。", "Add -o FILE.xlsx, or use --format csv or json."),
            "-o",
        )
    return form


def _refuse_overwriting(output: str | None, *, force: bool) -> None:
    """Refuse to replace a file that may have been filled in.

    Raises:
        UsageError: The file exists.
    """
    if output not in {None, "-"} and not force and Path(str(output)).expanduser().is_file():
        raise UsageError(
            Text("文件已存在，未覆盖。", "The file exists and was left as it is."),
            Text("请换一个文件名；确要覆盖请加 --force。", "Name another file, or add --force to overwrite it."),
            output or "",
        )
