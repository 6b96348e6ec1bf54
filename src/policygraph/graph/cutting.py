"""Counts the rows of SPARQL results while an engine writes them, and cuts them off at a cap so that what is left is whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policygraph.graph.confine import Capped

if TYPE_CHECKING:
    from policygraph.graph.stopping import Limits


@dataclass(frozen=True, slots=True)
class Form:
    """How a format sets its rows apart.

    Attributes:
        mark: Bytes between, before or after rows; they mean nothing else outside quotes.
        before: How many of them there are more than rows that came before the one that is cut off.
        kept: How much of that last mark stays.
        closing: What closes the document.
        quoted: Text may hold the mark, in double quotes.
        escaped: Backslashes escape quotes.
    """

    mark: bytes
    before: int
    kept: int
    closing: bytes
    quoted: bool = False
    escaped: bool = False


JSON = Form(b"},{", 0, 1, b"]}}", quoted=True, escaped=True)
XML = Form(b"<result>", 1, 0, b"</results></sparql>")
CSV = Form(b"\r\n", 1, 2, b"", quoted=True)
TSV = Form(b"\n", 1, 1, b"")


class EnoughError(Exception):
    """There are as many rows as may be; ends the query."""


class Rows(Capped):
    """A file in memory that takes a number of rows at most.

    Args:
        limits: Holds the most bytes.
        form: The format that is written.
        most: The most rows.
    """

    def __init__(self, limits: Limits, form: Form, most: int) -> None:
        super().__init__(limits)
        self._form, self._last = form, most + form.before
        self._marks = self._at = 0
        self._rest = b""  # what may be the beginning of a mark or of an escape
        self._inside = False  # of quotes
        self._cut: int | None = None

    def write(self, data: Any) -> int:
        """Keep some bytes.

        Raises:
            EnoughError: The rows before them are as many as may be.
            LimitError: There is no room for them.
        """
        written = super().write(data)
        if self._cut is None:
            self._scan(self._rest + bytes(data))
        if self._cut is not None and self.tell() > self._cut:
            raise EnoughError
        return written

    def whole(self) -> tuple[bytes, int, bool]:
        """Return the document, its number of rows, and whether there would have been more."""
        document, form = self.getvalue(), self._form
        if self._cut is not None and len(document) > self._cut:
            return document[: self._cut] + form.closing, self._last - form.before, True
        if form is JSON:
            return document, 0 if document.endswith(b"[]}}") else self._marks + 1, False
        return document, self._marks - (form is not XML), False

    def _scan(self, block: bytes) -> None:
        form = self._form
        held = next((size for size in range(len(form.mark) - 1, 0, -1) if block.endswith(form.mark[:size])), 0)
        if form.escaped and not held:
            held = (len(block) - len(block.rstrip(b"\\"))) % 2
        block, self._rest = block[: len(block) - held], block[len(block) - held :]
        hidden = block.replace(b"\\\\", b"__").replace(b'\\"', b"__") if form.escaped else block
        pieces = hidden.split(b'"') if form.quoted else [hidden]
        marks = b'"'.join(pieces[self._inside :: 2]).count(form.mark)
        if self._marks + marks >= self._last:
            self._cut = self._place(pieces) + form.kept
        self._marks += marks
        self._at += len(block)
        self._inside ^= len(pieces) % 2 == 0

    def _place(self, pieces: list[bytes]) -> int:
        """Return where the last mark stands that may."""
        at, marks = self._at, self._marks
        for index, piece in enumerate(pieces):
            if index % 2 == self._inside:
                found = -len(self._form.mark)
                while (found := piece.find(self._form.mark, found + len(self._form.mark))) >= 0:
                    marks += 1
                    if marks == self._last:
                        return at + found
            at += len(piece) + 1
        raise AssertionError("they were counted before")
