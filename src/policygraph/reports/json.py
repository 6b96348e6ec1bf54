"""Reports as JSON, record by record, without holding the whole.

A record stands on one line: indented, a report of many records would be twice as long. Labels, questions and sentences are repeated where
they are read, so that each record can be used without the others; compression takes them away.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, BinaryIO

from policygraph.reports.plain import to_plain

if TYPE_CHECKING:
    from policygraph.model.answers import CheckReport


def write_json(report: CheckReport, out: BinaryIO) -> None:
    """Write a report in the form that `policygraph schema check` describes."""
    out.write(b"{")
    for number, field in enumerate(fields(report)):
        out.write(f"{',' if number else ''}\n  {json.dumps(field.name)}: ".encode())
        if field.name == "records":
            _write_records(report, out)
        else:
            out.write(_indented(getattr(report, field.name), 2))
    out.write(b"\n}\n")


def _write_records(report: CheckReport, out: BinaryIO) -> None:
    first = True
    for record in report.records:
        out.write(b"[\n    " if first else b",\n    ")
        out.write(json.dumps(to_plain(record), ensure_ascii=False, separators=(",", ":")).encode())
        first = False
    out.write(b"[]" if first else b"\n  ]")


def _indented(value: object, depth: int) -> bytes:
    # Line ends inside strings are escaped, so every one here is the encoder's own.
    return json.dumps(to_plain(value), ensure_ascii=False, indent=2).replace("\n", "\n" + " " * depth).encode()
