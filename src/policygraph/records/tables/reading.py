"""Reads a submitted table or plain JSON file: in a confined child that can be killed, row by row."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

from policygraph.errors import InputError, PolicyGraphError, unreadable
from policygraph.graph import confine
from policygraph.records.tables.faults import EMPTY, UNSAVED
from policygraph.records.tables.wire import Decoder, LinkedData

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.records.raw import Raw

__all__ = ["FORMS", "IDLE", "LIMITS", "LinkedData", "read_table"]

FORMS = ("xlsx", "csv", "tsv", "json", "jsonl")
# A file of a million rows takes minutes; waiting for the caller does not count.
LIMITS = confine.Limits(seconds=900.0, memory=2 << 30, output=4 << 30)
IDLE = 60.0  # seconds without a row, or a sign of life


def read_table(source: Path | IO[bytes], form: str, name: str, limits: confine.Limits = LIMITS, idle: float = IDLE) -> Iterator[Raw]:
    """Yield the sheets and rows, or the objects, of a file in their order.

    What was yielded before an error is the sound beginning of the file.

    Args:
        source: The file, or an open copy of it on disk that nobody else reads or writes meanwhile.
        form: A name of FORMS.
        name: What to call the file in errors.
        limits: What the child may use.
        idle: Seconds of waiting for a row until the child is killed.

    Raises:
        InputError: It cannot be read as what it claims to be; names sheet, row and column, or line.
        LimitError: It holds too much, or takes too long; names sheet, row and column, or line.
        LinkedData: It is JSON that uses JSON-LD's own keys; nothing was yielded.
    """
    if isinstance(source, Path):
        try:
            file = source.open("rb")
        except OSError as error:
            raise InputError(*unreadable(error), name) from error
        with file:
            yield from read_table(file, form, name, limits, idle)
        return
    source.flush()  # what its writer may still hold
    if not os.fstat(source.fileno()).st_size:
        raise InputError(EMPTY, UNSAVED, name)
    decoder = Decoder()
    try:
        for line in confine.stream("policygraph.records.tables.child", {"form": form}, source.fileno(), limits, idle):
            if (raw := decoder.decode(line)) is not None:
                yield raw
    except PolicyGraphError as error:
        where = f"{name}:{error.where}" if error.where and name else name or error.where
        raise type(error)(error.what, error.fix, where) from error
