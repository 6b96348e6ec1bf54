"""Reports as comma-separated values (RFC 4180) that spreadsheet programs open as text: UTF-8 with BOM, CRLF, no formulas."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, BinaryIO

from policygraph.reports.entries import Entries
from policygraph.reports.rows import DECISION_HEADERS, FINDING_HEADERS, Rows

if TYPE_CHECKING:
    from policygraph.model.answers import CheckReport
    from policygraph.reports.rows import Value

# What makes a program read a cell as a formula; full-width forms do so under East Asian settings.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(report: CheckReport, language: str, out: BinaryIO, *, decisions: bool) -> None:
    """Write a report row by row.

    Args:
        report: The report.
        language: zh or en.
        out: Where to write.
        decisions: Whether one row a decision is wanted instead of one a finding.
    """
    rows = Rows(Entries(language))
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
    try:
        text.write("\ufeff")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([header.in_language(language) for header in (DECISION_HEADERS if decisions else FINDING_HEADERS)])
        for row in rows.decisions(report) if decisions else rows.findings(report):
            writer.writerow([harmless(value) for value in row])
        text.flush()
    finally:
        text.detach()  # the caller closes what it opened


def harmless(value: Value) -> Value:
    """Return a value that no spreadsheet program takes for a formula; numbers are ours and stay."""
    if isinstance(value, str) and value.lstrip(" \u3000").startswith(_FORMULA):
        return f"'{value}"
    return value
