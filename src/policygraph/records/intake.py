"""Reads submitted files of every form into records, one after the other, to a sequence that lies on disk when it is long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import InputError, LimitError, PolicyGraphError, Text
from policygraph.graph import parsing
from policygraph.model.places import Place
from policygraph.model.submitted import FileRead
from policygraph.records.copying import copy_submission
from policygraph.records.filling import Filler
from policygraph.records.headers import Headings
from policygraph.records.jsonld import prepare
from policygraph.records.kinds import Kind
from policygraph.records.origins import Sheet
from policygraph.records.record import OWN_BASE, Misread, Record, Submission
from policygraph.records.sources import TABLES, Opened, Source, find, private
from policygraph.records.spool import Spool
from policygraph.records.tables.reading import LinkedData, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from policygraph.model.submitted import Unread
    from policygraph.model.terms import Iri
    from policygraph.records.codebook import CodeBook
    from policygraph.records.record import Refusal

_READING = Text("读取", "reading")
_EVERY = 500


class Intake:
    """Reads files.

    Args:
        kinds: Kinds by class IRI.
        codes: Labels of all codes.
        known: Says whether an IRI is a subject of the policy graph.
        progress: Is told how many records were read.
    """

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        codes: CodeBook,
        known: Callable[[Iri], bool],
        progress: Callable[[Text, int, int], None] = lambda *_: None,
    ) -> None:
        self._kinds, self._codes, self._known, self._progress = kinds, codes, known, progress
        self._headings = Headings(kinds, codes)
        self._records: Spool[Record] = Spool((Kind, Sheet))
        self._refusals: list[Refusal] = []
        self._unread: list[Misread] = []

    def read(self, named: Sequence[str], form: str | None = None, kind: str | None = None) -> Submission:
        """Read files.

        Args:
            named: Paths of files and folders, `-` for standard input.
            form: Form of all of them; by default what their endings say.
            kind: Kind of the records in tables that do not say it: its short name, label or IRI.

        Raises:
            InputError: A file cannot be read, or none holds a record.
            LimitError: One is too large, too deep or too slow.
            UsageError: The form of one cannot be told, or there is no such kind.
        """
        sources, left = find(named, form)
        files: list[FileRead] = []
        problems: list[PolicyGraphError] = []
        for source in sources:
            before = len(self._records)
            with private(source) as opened:
                try:
                    read_as, unread = self._read(source, opened, kind)
                except (InputError, LimitError) as error:
                    # One bad file among many is a finding; the others are read.
                    if len(sources) == 1:
                        raise
                    problems.append(error)
                    self._unread.append(Misread(Place(source.name), error.what, error.fix))
                    read_as, unread = source.form, ()
            files.append(FileRead(source.name, read_as, opened.sha256, len(self._records) - before, unread))
        if problems and len(problems) == len(sources):
            raise problems[0]
        if not self._records and not self._unread:
            raise InputError(
                Text("文件中没有申报记录。", "The files hold no record."),
                Text("请填写后再核查。", "Fill them in first."),
                ", ".join(s.name for s in sources[:3]),
            )
        files += [FileRead(each.place.file, "", "", 0, (each,)) for each in left]
        return Submission(self._records, tuple(self._refusals), tuple(files), tuple(self._unread))

    def _read(self, source: Source, opened: Opened, kind: str | None) -> tuple[str, tuple[Unread, ...]]:
        if source.form not in TABLES:
            return self._graph(source, opened, source.form)
        filler = Filler(self._headings, self._codes, source, kind or "", len(self._records) + 1)
        try:
            for count, raw in enumerate(read_table(opened.stream, source.form, source.name), 1):
                filler.take(raw)
                if count % _EVERY == 0:
                    self._progress(_READING, len(self._records) + filler.count, 0)
        except LinkedData:
            opened.stream.seek(0)
            return self._graph(source, opened, "jsonld")
        filled = filler.done()
        self._records.extend(filled.records)
        self._unread += filled.misread
        return source.form, filled.unread

    def _graph(self, source: Source, opened: Opened, form: str) -> tuple[str, tuple[Unread, ...]]:
        data = opened.stream.read(parsing.MAX_BYTES + 1)
        if form == "jsonld" and data.strip() and len(data) <= parsing.MAX_BYTES:
            data = prepare(data.removeprefix(b"\xef\xbb\xbf"), self._kinds, source.name)
        triples, lines = parsing.parse_placed(data, form, name=source.name, base=OWN_BASE)
        found = copy_submission(triples, self._kinds, self._known, source.name, first=len(self._records) + 1, lines=lines)
        self._records.extend(found.records)
        self._refusals += found.refusals
        return form, ()
