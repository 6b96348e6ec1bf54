"""Receipts: what a run of `decide` rested on and concluded, sealed by a digest and, with a key, by a signature."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph import __version__
from policygraph.app import signing
from policygraph.errors import InputError, Text, UsageError, unreadable
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri, Literal
from policygraph.reports.receipt import RECEIPT, SEALS, Circumstances, receipt_triples
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from policygraph.app.setting import Setting
    from policygraph.model.answers import CheckReport
    from policygraph.model.terms import Triple
    from policygraph.records.record import Record

FORMATS = {".ttl": "turtle", ".jsonld": "jsonld", ".nt": "ntriples"}
# The clock can be set from outside, so that the same input gives the same receipt (reproducible-builds.org).
ENV_CLOCK = "SOURCE_DATE_EPOCH"
_TEXTS = f"SELECT ?policy ?sha256 WHERE {{ ?policy <{PG.text}> ?text . ?text <{PG.sha256}> ?sha256 }} ORDER BY ?policy"


def now(environment: Mapping[str, str] = os.environ) -> dt.datetime:
    """Return the moment in UTC, or the one that the environment sets.

    Raises:
        UsageError: What the environment sets is no number of seconds.
    """
    moment = environment.get(ENV_CLOCK)
    if moment is None:
        return dt.datetime.now(tz=dt.UTC).replace(microsecond=0)
    try:
        return dt.datetime.fromtimestamp(int(moment), tz=dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            Text("不是秒数。", "This is no number of seconds."), Text("请改正或删去。", "Correct or unset it."), ENV_CLOCK
        ) from None


def circumstances(setting: Setting, overlays: Iterable[Path], made: dt.datetime) -> Circumstances:
    """Return what a run rests on.

    Raises:
        InputError: An overlay cannot be read.
    """
    from policygraph.store.embedded import EmbeddedStore

    rows = EmbeddedStore(setting.graph).select(_TEXTS).dicts()
    return Circumstances(
        version=__version__,
        graph=setting.digest,
        texts={row["policy"].value: row["sha256"].value for row in rows},
        overlays={path.name: _digest_of(path) for path in overlays},
        made=made.isoformat().replace("+00:00", "Z"),
    )


def make(report: CheckReport, records: Sequence[Record], about: Circumstances) -> tuple[Triple, ...]:
    """Return the sealed receipt of a run."""
    triples = receipt_triples(report, {record.iri: (*record.triples, *record.added) for record in records}, about)
    return (*triples, *_seals(triples))


def write_form(path: str) -> str:
    """Return the format in which a receipt is written, by the file's ending.

    Raises:
        UsageError: The ending is none of them.
    """
    form = FORMATS.get(Path(path).suffix.lower())
    if form is None:
        raise UsageError(
            Text("无法从文件后缀判断凭证的格式。", "The ending does not say the format of the receipt."),
            Text("请用 .ttl、.jsonld 或 .nt。", "Use .ttl, .jsonld or .nt."),
            path,
        )
    return form


def digest_of(triples: Iterable[Triple]) -> str:
    """Return the sha256 (hex) over a receipt's statements in canonical order, its seals left out."""
    covered = [t for t in triples if not (t[0].value == RECEIPT and t[1].value in SEALS)]
    return hashlib.sha256(serialise(covered, "ntriples").encode()).hexdigest()


def _seals(triples: Sequence[Triple]) -> tuple[Triple, ...]:
    digest = digest_of(triples)
    receipt = Iri(RECEIPT)
    seals = [(receipt, Iri(PG.receiptDigest), Literal(digest))]
    if signed := signing.sign(digest.encode()):
        seals += [(receipt, Iri(PG.signature), Literal(signed[0])), (receipt, Iri(PG.publicKey), Literal(signed[1]))]
    return tuple(seals)


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(*unreadable(error), str(path)) from error
