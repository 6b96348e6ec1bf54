"""Reports as workbooks: what was submitted with the findings beside each row, all findings in one sheet, and the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from policygraph.model.answers import CheckReport


def write_xlsx(report: CheckReport, language: str, out: BinaryIO) -> None:
    """Write a report row by row; the same report gives the same bytes.

    Args:
        report: The report.
        language: zh or en.
        out: Where to write.
    """
    from policygraph.reports.xlsx.filling import fill

    fill(report, language, out)
