"""Reads a submission file into records: parsed in a killable child, then copied term by term."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import InputError, unreadable
from policygraph.graph import parsing
from policygraph.records.copying import Submission, copy_submission
from policygraph.records.jsonld import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policygraph.model.terms import Iri
    from policygraph.records.kinds import Kind

# Relative IRIs of a file are its own nodes; the base is a reserved name that no published IRI can have.
OWN_BASE = "https://submitted.invalid/"


def read_submission(source: str, form: str | None, kinds: Mapping[str, Kind], known: Callable[[Iri], bool]) -> Submission:
    """Read the records of a file.

    Args:
        source: A path, or `-` for standard input.
        form: turtle, ntriples, trig, jsonld or rdfxml; by default what the file's ending says.
        kinds: Kinds by class IRI.
        known: Says whether an IRI is a subject of the policy graph.

    Raises:
        InputError: The file cannot be read, or holds no record of a known kind.
        LimitError: It is too large, too deep or too slow.
        UsageError: Its format is not known.
    """
    name = "<stdin>" if source == "-" else source
    chosen = form or ("turtle" if source == "-" else parsing.format_of(Path(source)))
    data = _bytes(source, name)
    if chosen == "jsonld" and data.strip():
        data = prepare(data.removeprefix(b"\xef\xbb\xbf"), kinds, name)
    triples = parsing.parse(data, chosen, name=name, base=OWN_BASE)
    return copy_submission(triples, kinds, known, name)


def _bytes(source: str, name: str) -> bytes:
    try:
        if source == "-":
            return sys.stdin.buffer.read(parsing.MAX_BYTES + 1)
        with Path(source).open("rb") as stream:
            return stream.read(parsing.MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            *unreadable(error),
            name,
        ) from error
