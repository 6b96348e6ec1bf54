"""Reports as PDF, set by Typst with fonts that come with a package: nothing of the system is used, subsets are embedded."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, BinaryIO

from policygraph.errors import MachineError, Text

if TYPE_CHECKING:
    from policygraph.model.answers import CheckReport

_ABSENT = Text("写 PDF 所用的程序包没有安装（{name}）。", "The packages that write PDF are not installed ({name}).")
_INSTALL = Text(
    "请安装：pip install 'policygraph[pdf]'；或用 --format html，再由浏览器打印成 PDF。",
    "Install them with pip install 'policygraph[pdf]', or use --format html and print it to PDF in a browser.",
)


def write_pdf(report: CheckReport, language: str, out: BinaryIO, *, decisions: bool) -> None:
    """Write a report; the same report gives the same bytes.

    Args:
        report: The report.
        language: zh or en, for the whole document; quotes of the policy stay verbatim.
        out: Where to write.
        decisions: Whether decisions are shown with their conditions.

    Raises:
        MachineError: The extra `pdf` is not installed.
    """
    try:
        import typst
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError as error:
        raise MachineError(_ABSENT.format(name=error.name), _INSTALL, "--format pdf") from None
    from policygraph.reports.pdf.gathering import gather
    from policygraph.reports.pdf.glyphs import Glyphs

    data = gather(report, language, Glyphs(sans_path()), decisions=decisions)
    template = files("policygraph.reports").joinpath("assets/report.typ").read_bytes()
    source: Any = {"main": template, "report.json": json.dumps(data, ensure_ascii=False).encode()}
    made = typst.compile(source, ignore_system_fonts=True, font_paths=[str(sans_path().parent)])
    out.write(made)
