"""Profiles of subjects as files and forms: read and checked, written so that they read back the same, a single answer checked."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policygraph.app.checking import read
from policygraph.app.facts import facts
from policygraph.app.findings import FindingMaker
from policygraph.errors import InputError, LimitError, Text
from policygraph.graph.loading import SourceFile
from policygraph.graph.memory import Graph
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.records.jsonld import CONTEXT_IRI
from policygraph.records.order import CodeOrder
from policygraph.records.record import OWN_BASE, Record
from policygraph.vocab import BASE, PG, RDF, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.app.entitlements import Entitler
    from policygraph.app.setting import Setting
    from policygraph.model.answers import Finding
    from policygraph.model.terms import Term, Triple
    from policygraph.records.kinds import Kind
    from policygraph.shapes.runner import Result
    from policygraph.shapes.shapeset import ShapeSet

# Each row is a candidate beside which all others stand: the cost grows with the square of their number.
MAX_ROWS = 60
_ENDINGS = {".ttl": "turtle", ".jsonld": "jsonld", ".json": "jsonld"}


def read_profile(
    setting: Setting, entitler: Entitler, source: str, form: str | None = None, kind: str | None = None
) -> tuple[Record, tuple[Finding, ...]]:
    """Read the one profile of a file, with what is wrong in the file.

    A claim or report is not taken for a profile: it names one submission and is decided on it, while a profile states what is known of
    its subject.

    Raises:
        InputError: The file holds no profile, more than one, or other records beside it.
        LimitError: The profile has more rows than are decided side by side.
    """
    submission = read(setting, source, form, kind)
    kinds = [record.kind for record in submission.records]
    profiles = entitler.projector.profiles
    if len(kinds) != 1 or kinds[0].iri not in profiles:
        seen, wanted = list(dict.fromkeys(kinds)), list(profiles.values())
        raise InputError(
            Text(
                f"文件应恰有一份主体情况。所见：{len(kinds)} 条记录（{'、'.join(k.label.zh for k in seen)}）。",
                f"The file should hold exactly one profile. Seen: {len(kinds)} record{'s' * (len(kinds) != 1)} "
                f"({', '.join(k.label.en for k in seen)}).",
            ),
            Text(
                "请写成以下之一：" + "；".join(f"{k.label.zh} <{k.iri}>" for k in wanted) + "。一项申报用 policygraph decide 判读。",
                "Write it as one of: " + "; ".join(f"{k.label.en} <{k.iri}>" for k in wanted) + ". policygraph decide decides a claim.",
            ),
            "<stdin>" if source == "-" else source,
        )
    profile = submission.records[0]
    if (rows := len(profile.rows()) - 1) > MAX_ROWS:
        size = Text("情况中有 {n} 行子表，最多 {most} 行。", "The profile has {n} rows in its child tables; {most} are the most.")
        fix = Text(
            "请逐项用 policygraph decide 判读，或分成几份。", "Decide them one by one with policygraph decide, or split the profile."
        )
        raise LimitError(size.format(n=rows, most=MAX_ROWS), fix, "<stdin>" if source == "-" else source)
    maker = FindingMaker(entitler.explainer, entitler.kinds, CodeOrder(setting.roots), submission.records)
    refused = [maker.refusal(refusal) for refusal in (*submission.refusals, *profile.refused)]
    refused += [maker.misread(misread) for misread in submission.unread]
    malformed = [maker.finding(result) for result in Form(setting, entitler.kinds).results(profile)]
    return profile, tuple({(f.message, f.row): f for f in (*refused, *malformed)}.values())


def empty_profile(kind: Kind) -> Record:
    """Return the profile of a subject of whom nothing is known yet."""
    iri = BASE + "submission#record-1"
    return Record(iri, 1, "", kind, ((Iri(iri), Iri(RDF.type), Iri(kind.iri)),))


# ---------------------------------------------------------------- writing
def form_of(path: str) -> str:
    """Return the format that a file's ending asks for, '' if it is none that a profile is written in."""
    return next((form for ending, form in _ENDINGS.items() if path.endswith(ending)), "")


def write_profile(profile: Record, kinds: Mapping[str, Kind], form: str) -> str:
    """Return a profile as a submission that reads back to the same facts in the same order.

    Args:
        profile: The profile.
        kinds: Kinds by class IRI.
        form: turtle or jsonld.
    """
    return _jsonld(profile, kinds) if form == "jsonld" else _turtle(profile)


def _turtle(profile: Record) -> str:
    from policygraph.graph.serialising import serialise

    rows = [row for row in profile.rows() if row != profile.iri]
    places = {f.path: 0 for f in profile.kind.fields}
    names = {profile.iri: f"{OWN_BASE}#subject"}
    for subject, predicate, value in profile.triples:
        if subject.value == profile.iri and value.value in rows:
            places[predicate.value] += 1
            # The writer sorts by name; so that rows keep their order, their numbers have one width.
            names[value.value] = f"{OWN_BASE}#{local_name(predicate.value)}-{places[predicate.value]:03}"

    def own(term: Term) -> Term:
        return Iri(names[term.value]) if isinstance(term, Iri) and term.value in names else term

    text = serialise([(own(s), p, own(o)) for s, p, o in profile.triples], "turtle")
    return text.replace(f"<{OWN_BASE}", "<")


def _jsonld(profile: Record, kinds: Mapping[str, Kind]) -> str:
    shared = [kind.short for kind in kinds.values()].count(profile.kind.short) > 1
    plain = {"@context": CONTEXT_IRI, "@type": profile.kind.iri if shared else profile.kind.short}
    return json.dumps(plain | _plain(profile, profile.iri, profile.kind, kinds), ensure_ascii=False, indent=1) + "\n"


def _plain(profile: Record, node: str, kind: Kind, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.fields:
        values = [o for s, p, o in profile.triples if s.value == node and p.value == field.path]
        if field.row_class:
            plain: list[Any] = [_plain(profile, row.value, kinds[field.row_class], kinds) for row in values]
        else:
            short = {code: local_name(code) for code in field.codes}
            plain = [short.get(value.value) or _value(value) for value in values]
        if plain:
            found[local_name(field.path)] = plain if field.row_class or len(plain) > 1 else plain[0]
    return found


def _value(value: Term) -> Any:
    if isinstance(value, Iri):
        return value.value
    if isinstance(value, Literal) and value.datatype == XSD.boolean:
        return value.value == "true"
    if isinstance(value, Literal) and value.datatype == XSD.integer:
        return int(value.value)
    return value.value  # a decimal stays words: no digit passes through a float


# ---------------------------------------------------------------- checking one answer
class Form:
    """Checks answers by the shapes of the fields they fill.

    Args:
        setting: What the run rests on.
        kinds: Kinds by class IRI.
    """

    def __init__(self, setting: Setting, kinds: Mapping[str, Kind]) -> None:
        self._setting, self._kinds = setting, kinds
        self._shapes: dict[str, ShapeSet] = {}

    @cached_property
    def _codes(self) -> tuple[Triple, ...]:
        scheme = Iri(SKOS.inScheme)
        return tuple(self._setting.graph.triples(predicate=scheme))

    def complaints(self, profile: Record) -> tuple[Text, ...]:
        """Return what the shapes of a profile say against it, in their own words."""
        return tuple(dict.fromkeys(result.message for result in self.results(profile)))

    def results(self, profile: Record) -> tuple[Result, ...]:
        """Run the shapes of a profile and its rows over it."""
        from policygraph.shapes.runner import validate

        data = Graph([*profile.triples, *facts(profile, self._setting), *self._codes])
        own = set(profile.rows())
        return tuple(result for result in validate(data, self._of(profile.kind)) if result.focus.value in own)

    def _of(self, kind: Kind) -> ShapeSet:
        """Return the shapes of a profile and its rows, and the constraint components."""
        if kind.iri not in self._shapes:
            from policygraph.shapes.runner import load_shapes

            roots = self._setting.roots
            classes = {kind.iri, PG.Submission, *(f.row_class for f in kind.fields if f.row_class)}
            described = {s for iri in classes for s in self._setting.graph.subjects(PG.onClass, Iri(iri))}
            files = [path for name, path in roots.files("shapes/records", "*.ttl") if described & _subjects(SourceFile(name, path))]
            self._shapes[kind.iri] = load_shapes([roots.base / "shapes" / "components.ttl", *files])
        return self._shapes[kind.iri]


def _subjects(file: SourceFile) -> set[Term]:
    return {subject for subject, _, _ in file.triples()}
