"""The whole graph in every form, made once and kept as files, plain and packed."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.app.export import exports

if TYPE_CHECKING:
    from policygraph.paths import DataRoots

FOLDER, NAME = "dumps", "policygraph"


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which there is a dump.

    Attributes:
        ending: Ending of its address.
        writer: Name of the writer behind it.
        media_type: Its media type.
        file_type: Its name in the EU's table of file types, as DCAT-AP wants it.
        feature: Its name in the W3C's list of formats, as VoID wants it.
        standard: What it conforms to.
        label: What that is called.
    """

    ending: str
    writer: str
    media_type: str
    file_type: str
    feature: str
    standard: str
    label: str

    @property
    def path(self) -> str:
        """Its address below the service's root."""
        return f"{FOLDER}/{NAME}.{self.ending}"


FORMS = (
    Form("ttl", "turtle", "text/turtle", "RDF_TURTLE", "Turtle", "http://www.w3.org/TR/turtle/", "RDF 1.1 Turtle"),
    Form("trig", "trig", "application/trig", "RDF_TRIG", "TriG", "http://www.w3.org/TR/trig/", "RDF 1.1 TriG"),
    Form("nt", "ntriples", "application/n-triples", "RDF_N_TRIPLES", "N-Triples", "http://www.w3.org/TR/n-triples/", "RDF 1.1 N-Triples"),
    Form("jsonld", "jsonld", "application/ld+json", "JSON_LD", "JSON-LD", "http://www.w3.org/TR/json-ld11/", "JSON-LD 1.1"),
    Form("rdf", "rdfxml", "application/rdf+xml", "RDF_XML", "RDF_XML", "http://www.w3.org/TR/rdf-syntax-grammar/", "RDF 1.1 XML Syntax"),
)


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump that was made.

    Attributes:
        form: Its form.
        plain: The file.
        packed: The same, packed by gzip.
        size: Bytes of the plain one.
        packed_size: Bytes of the packed one.
        sha256: Digest of the plain one, in hexadecimal.
        packed_sha256: Digest of the packed one.
    """

    form: Form
    plain: Path
    packed: Path
    size: int
    packed_size: int
    sha256: str
    packed_sha256: str


class Dumps:
    """The dumps of a graph; the first call makes them, which takes seconds: call it in a thread.

    Args:
        roots: Where the policy's files are.
    """

    def __init__(self, roots: DataRoots) -> None:
        self._roots = roots
        self._making = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._made: tuple[Dump, ...] = ()

    def all(self) -> tuple[Dump, ...]:
        """Return the dumps in the order of `FORMS`."""
        with self._making:
            if not self._made:
                self._folder = tempfile.TemporaryDirectory(prefix="policygraph-dumps-")
                folder = Path(self._folder.name)
                by_writer = {form.writer: form for form in FORMS}
                self._made = tuple(_kept(folder, by_writer[writer], text) for writer, text in exports(self._roots, by_writer))
            return self._made

    def close(self) -> None:
        """Remove the files."""
        with self._making:
            if self._folder is not None:
                self._folder.cleanup()
            self._folder, self._made = None, ()


def _kept(folder: Path, form: Form, text: str) -> Dump:
    plain, packed = folder / f"{NAME}.{form.ending}", folder / f"{NAME}.{form.ending}.gz"
    data = text.encode()
    small = gzip.compress(data, 6, mtime=0)
    plain.write_bytes(data)
    packed.write_bytes(small)
    return Dump(form, plain, packed, len(data), len(small), hashlib.sha256(data).hexdigest(), hashlib.sha256(small).hexdigest())
