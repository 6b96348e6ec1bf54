"""Replays a receipt: verifies its seals, decides its facts again, and says what is identical and what differs, and why."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph import __version__
from policygraph.app import signing
from policygraph.app.checking import check_read
from policygraph.app.deciding import Decider
from policygraph.app.receipts import circumstances, digest_of
from policygraph.errors import InputError, Text, clean
from policygraph.graph.parsing import parse_file
from policygraph.model.terms import Iri, Literal
from policygraph.records.copying import copy_submission
from policygraph.records.record import OWN_BASE
from policygraph.reports.receipt import RECEIPT, record_triples
from policygraph.vocab import BASE, PG, PROV, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from policygraph.app.setting import Setting
    from policygraph.model.answers import Named
    from policygraph.model.terms import Term, Triple
    from policygraph.records.record import Record, Submission

    # Subject → predicate → values; and decision, or condition of one, → predicate → values as text.
    _Values = Mapping[str, Mapping[str, list[Term]]]
    _Told = dict[str, dict[str, frozenset[str]]]

# What a receipt says of the run itself; it is compared apart.
_RESTED = tuple(f"{BASE}submission#{name}" for name in ("receipt", "run", "engine", "graph", "text-", "overlay-"))
_PLACE = re.compile("[0-9]{1,7}")
UNSIGNED, VALID, UNTRUSTED = "unsigned", "valid", "untrusted"
_NOT_ALIKE = {RDF.type, PROV.wasDerivedFrom, PROV.used}
_CORRUPT = Text(
    "请向出具者索取原件；凭证一经改动即不能重演。", "Ask whoever issued it for the original; an edited receipt cannot be replayed."
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the receipt says.

    Attributes:
        where: What differs: the engine, the graph, a text, or a decision of a record.
        was: What the receipt says, '' if nothing.
        now: What is so now, '' if nothing.
    """

    where: Text
    was: Text
    now: Text


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found.

    Attributes:
        records: How many records were decided again.
        decisions: How many decisions were compared.
        made: When the receipt was made.
        seal: `unsigned`, `valid` (by the key that was asked for) or `untrusted` (sound, but by whom is not known).
        key: Public key of the signature in base64, '' if unsigned.
        answers: Differences in what is concluded; empty when identical.
        circumstances: Differences in what it rests on: engine, graph, texts, overlays.
    """

    records: int
    decisions: int
    made: str
    seal: str
    key: str
    answers: tuple[Difference, ...]
    circumstances: tuple[Difference, ...]

    @property
    def identical(self) -> bool:
        """Whether every conclusion is as the receipt says."""
        return not self.answers


def replay(setting: Setting, path: Path, overlays: Sequence[Path] = (), key: str = "") -> Replay:
    """Decide the facts of a receipt again.

    Args:
        setting: What the run rests on, overlays applied.
        path: The receipt.
        overlays: Overlay files that were applied.
        key: PEM file with the public key that must have signed it, '' for any.

    Raises:
        InputError: The file is no receipt, was edited, or was not signed by that key.
    """
    triples = parse_file(path, base=OWN_BASE)
    values = _values(triples)
    seal, public = _verify(triples, values, str(path), key)
    decider = Decider(setting)
    submission = _submission(triples, decider, str(path))
    now = tuple(_concluded(setting, submission, values, str(path)))
    found = _values(now)
    named = decider.explainer.named
    answers: list[Difference] = []
    for record in submission.records:
        answers += _compare(record, _told(values, record.iri), _told(found, record.iri), named)
    answers = answers or _leftover(triples, now, named)
    about = circumstances(setting, overlays, dt.datetime.fromtimestamp(0, tz=dt.UTC))
    run = next((o.value for o in values[RECEIPT][PROV.wasGeneratedBy]), "")
    return Replay(
        records=len(submission.records),
        decisions=sum(p.value == PG.byRule for _, p, _ in now),
        made=clean(_one(values[run][PROV.endedAtTime])),
        seal=seal,
        key=public,
        answers=tuple(answers),
        circumstances=tuple(_changed(values, {"graph": about.graph, **about.texts, **about.overlays})),
    )


# ---------------------------------------------------------------- reading
def _values(triples: Iterable[Triple]) -> _Values:
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        found[subject.value][predicate.value].append(value)
    return found


def _one(terms: Sequence[Term]) -> str:
    return terms[0].value if len(terms) == 1 else ""


def _verify(triples: Sequence[Triple], values: _Values, name: str, key: str) -> tuple[str, str]:
    receipt = values[RECEIPT]
    digest = _one(receipt[PG.receiptDigest])
    if not digest:
        raise InputError(
            Text("文件不是本程序出具的凭证。", "The file is no receipt of this program."),
            Text(
                "请先用 policygraph decide FILE --receipt RECEIPT.ttl 出具。",
                "Make one with: policygraph decide FILE --receipt RECEIPT.ttl",
            ),
            name,
        )
    if digest_of(triples) != digest:
        raise InputError(
            Text("凭证的内容与其摘要不符：已被改动或损坏。", "The receipt does not match its digest: it was edited or damaged."),
            _CORRUPT,
            name,
        )
    signature, public = _one(receipt[PG.signature]), _one(receipt[PG.publicKey])
    if not signature:
        if key:
            raise InputError(Text("凭证没有签名。", "The receipt is not signed."), _CORRUPT, name)
        return UNSIGNED, ""
    if not signing.verify(digest.encode(), signature, public):
        raise InputError(Text("凭证的签名无效。", "The receipt's signature is not valid."), _CORRUPT, name)
    if key and signing.public_key(key) != public:
        raise InputError(Text("凭证由另一把密钥签名。", "The receipt was signed with another key."), _CORRUPT, name)
    return (VALID if key else UNTRUSTED), public


def _submission(triples: Sequence[Triple], decider: Decider, name: str) -> Submission:
    """Return the records of a receipt, copied through their kinds' shapes; what they repeat may be known from a register alone."""
    place = {s.value: int(o.value) for s, p, o in triples if p.value == PG.sourcePosition and _PLACE.fullmatch(o.value)}
    fields = {field.path for kind in decider.kinds.values() for field in kind.fields}
    kinds = set(decider.kinds)
    # What the engine says of a record carries a dot in its name; facts do not.
    stated = [
        t
        for t in triples
        if not any(term.value.startswith(BASE + "submission#") and "." in term.value.rpartition("#")[2] for term in (t[0], t[2]))
    ]
    facts = [t for t in stated if t[1].value in fields or (t[1].value == RDF.type and t[2].value in kinds)]
    # Records are numbered by their place, and rows by theirs; the copy gives the same names again.
    facts.sort(key=lambda t: (place.get(t[0].value, len(place) + 1), t[0].value, t[1].value, _row_number(t[2]), t[2].value))
    submission = copy_submission(facts, decider.kinds, lambda _: False, name)
    if submission.refusals or [r.iri for r in submission.records] != [r.source for r in submission.records]:
        raise InputError(
            Text("凭证中的事实不再合于该种申报的形状。", "The receipt's facts no longer fit the shape of their kind."),
            Text("请用出具时的版本重演。", "Replay it with the version that made it."),
            name,
        )
    known = {t[0].value: (t,) for t in stated if t[1].value == PG.duplicateOf}
    records = tuple(replace(r, added=known.get(r.iri, ())) for r in submission.records)
    return replace(submission, records=records)


def _row_number(term: Term) -> int:
    number = term.value.rpartition("-")[2]
    return int(number) if isinstance(term, Iri) and _PLACE.fullmatch(number) else 0


# ---------------------------------------------------------------- comparing
def _concluded(setting: Setting, submission: Submission, values: _Values, name: str) -> Iterator[Triple]:
    """Yield what a receipt of these facts would say now, each record judged on the day that the receipt names."""
    facts = {record.iri: (*record.triples, *record.added) for record in submission.records}
    days = {record.iri: _one(values[record.iri][PG.asOf]) for record in submission.records}
    for day in sorted(set(days.values())):
        try:
            judged = replace(setting, as_of=dt.date.fromisoformat(day))
        except ValueError:
            raise InputError(Text("凭证没有写明判读基准日。", "The receipt does not name the day of judgement."), _CORRUPT, name) from None
        report = check_read(judged, name, submission)
        for record in submission.records:
            if days[record.iri] == day:
                yield from record_triples(record.iri, report, facts)


def _leftover(told: Iterable[Triple], now: Iterable[Triple], named: Callable[[str], Named]) -> list[Difference]:
    """Return what a receipt says beside its decisions that does not follow, or does not say though it does."""

    def spelt(triples: Iterable[Triple]) -> set[tuple[str, str, str]]:
        return {(s.value, p.value, _spelt(o)) for s, p, o in triples if not s.value.startswith(_RESTED)}

    was, found = spelt(told), spelt(now)
    differences = []
    for subject, predicate, value in sorted(was ^ found):
        name, what, own = subject.rpartition("#")[2], named(predicate).label, clean(value)
        where = Text(f"{clean(name)}：{what.zh}", f"{clean(name)}: {what.en}")
        nothing, said = Text("", ""), Text(own, own)
        pair = (said, nothing) if (subject, predicate, value) in was else (nothing, said)
        differences.append(Difference(where, *pair))
    return differences


def _told(values: _Values, record: str) -> _Told:
    """Return decisions by rule, and conditions by rule, alternative and condition, with what is said of each."""
    told: _Told = {}
    for decision in values[record][PG.decision]:
        own = values[decision.value]
        rule = _one(own[PG.byRule])
        told[rule] = {p: frozenset(_spelt(o) for o in os) for p, os in own.items() if p not in {*_NOT_ALIKE, PG.attempt}}
        for attempt in own[PG.attempt]:
            for evaluation in values[attempt.value][PG.evaluation]:
                said = values[evaluation.value]
                told[f"{rule} {_one(values[attempt.value][PG.alternative])} {_one(said[PG.onCondition])}"] = {
                    PG.status: frozenset(map(_spelt, said[PG.status]))
                }
    return told


def _spelt(term: Term) -> str:
    return f"{term.value}@{term.language}" if isinstance(term, Literal) and term.language else term.value


def _compare(record: Record, told: _Told, found: _Told, named: Callable[[str], Named]) -> list[Difference]:
    place = Text(f"记录 {record.position}", f"record {record.position}")

    def words(values: frozenset[str]) -> Text:
        shown = [named(v).label if v.startswith("http") else Text(clean(v), clean(v)) for v in sorted(values)]
        return Text("、".join(t.zh for t in shown), ", ".join(t.en for t in shown))

    differences = []
    for key in sorted({*told, *found}):
        names = [named(part).label for part in key.split(" ")]
        where = Text("，".join([place.zh, *(n.zh for n in names)]), ", ".join([place.en, *(n.en for n in names)]))
        was, now = told.get(key, {}), found.get(key, {})
        for predicate in sorted({*was, *now}):
            if was.get(predicate, frozenset()) != now.get(predicate, frozenset()):
                what = named(predicate).label
                differences.append(
                    Difference(
                        Text(f"{where.zh}：{what.zh}", f"{where.en}: {what.en}"),
                        words(was.get(predicate, frozenset())),
                        words(now.get(predicate, frozenset())),
                    )
                )
    return differences


def _changed(values: _Values, now: Mapping[str, str]) -> Iterable[Difference]:
    """Yield what the run rested on that is not so now."""
    engine = next((_one(v[PG.engineVersion]) for v in values.values() if PG.engineVersion in v), "")
    was: dict[str, str] = {}
    for said in values.values():
        if PG.policyDigest in said:
            was["graph"] = _one(said[PG.policyDigest])
        elif PG.sha256 in said and PROV.specializationOf in said:
            was[_one(said[PROV.specializationOf])] = _one(said[PG.sha256])
        elif PG.sha256 in said and Iri(PG.Overlay) in said.get(RDF.type, []):
            was[_one(said[RDFS.label])] = _one(said[PG.sha256])
    if engine != __version__:
        yield Difference(Text("引擎版本", "version of the engine"), Text(clean(engine), clean(engine)), Text(__version__, __version__))
    for key in sorted({*was, *now}):
        before, after = clean(was.get(key, "")), now.get(key, "")
        name = clean(key)
        if before != after:
            what = (
                Text("政策图谱、形状与查询的摘要", "digest of graph, shapes and queries")
                if key == "graph"
                else Text(f"摘要 {name}", f"digest of {name}")
            )
            yield Difference(what, Text(before, before), Text(after, after))
