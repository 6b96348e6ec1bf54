"""A report put by as a file, so that another process can write it in any form: pickles that this service wrote for itself."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

from policygraph.records.spool import Spool

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.model.answers import CheckReport, RecordReport


def keep(report: CheckReport, path: Path) -> None:
    """Write a report to a file that only its owner can read; records go one by one."""
    with path.open("xb") as out:
        path.chmod(0o600)
        pickle.dump((replace(report, records=()), len(report.records)), out)
        for record in report.records:
            pickle.dump(record, out)


def kept(path: Path) -> CheckReport:
    """Return a report that was put by. The file must be the service's own."""
    with path.open("rb") as file:
        report, count = pickle.load(file)  # noqa: S301 - `keep` wrote it, in a folder of the service's own
        records: Spool[RecordReport] = Spool()
        for _ in range(count):
            records.append(pickle.load(file))  # noqa: S301 - as above
    found: CheckReport = replace(report, records=records.settled())
    return found
