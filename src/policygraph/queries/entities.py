"""Finds the entity that a caller means, and names entities for reading: by IRI, prefixed name, label or short name."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError
from policygraph.graph.turtle import compact
from policygraph.model.terms import Iri, Literal, Term, local_name
from policygraph.vocab import DCTERMS, PG, PREFIXES, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from policygraph.graph.memory import Graph

LABELS = (RDFS.label, SKOS.prefLabel)
NAMES = (*LABELS, SKOS.altLabel, PG.formalName, PG["title"], PG.documentNumber, DCTERMS["title"])
_KINDS = (RDF.type, SKOS.inScheme)
_BRACKETS = str.maketrans("〔［【〕］】", "[[[]]]")
_SUGGESTIONS = 6


class Entities:
    """Names of a graph's entities.

    Args:
        graph: The policy graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._by_namespace = {n: p for p, n in sorted(graph.namespaces().items(), key=lambda pair: (-len(pair[0]), pair[0]))}

    def label(self, term: Term, language: str) -> str:
        """Return a term's label in a language, else in another one, else its short name; a literal is its own label."""
        if isinstance(term, Literal):
            return term.value
        found: dict[str, str] = {}
        for predicate in LABELS:
            for value in sorted(self.graph.objects(term, predicate), key=lambda v: v.value):
                if isinstance(value, Literal):
                    found.setdefault(value.language, value.value)
        for wanted in (language, "zh", "en", ""):
            if wanted in found:
                return found[wanted]
        return found[min(found)] if found else self.short(term)

    def short(self, term: Term) -> str:
        """Return an IRI as `prefix:name` when files agree on a prefix, else in angle brackets."""
        if isinstance(term, Iri):
            return compact(term.value, self._by_namespace) or f"<{term.value}>"
        return term.value if isinstance(term, Literal) else f"_:{term.value}"

    def described(self, term: Term, language: str) -> str:
        """Return label and short name, for messages."""
        label, short = self.label(term, language), self.short(term)
        if isinstance(term, Iri) and label != short and short.startswith("<"):
            short = local_name(term.value)  # is understood as well, and easier to read than the whole IRI
        return short if label == short else f"{label} ({short})"

    def both(self, term: Term) -> Text:
        """Return label and short name in both languages."""
        return Text(self.described(term, "zh"), self.described(term, "en"))

    def resolve(self, text: str, *, like: Term | None = None) -> Iri:
        """Return the one entity that a caller means.

        Args:
            text: An IRI, `prefix:name`, a label in any language, or the last part of an IRI.
            like: An entity of the kind that is wanted; its likes win over others of the same name.

        Raises:
            UsageError: Nothing, or more than one thing, goes by that name; lists candidates or near misses.
        """
        found = self._closest(self.find(text), like)
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise UsageError(
                Text(f"“{text}”不止一个。", f"“{text}” is the name of more than one thing."),
                Text("请用其中之一：{list}", "Use one of these:{list}").format(list=self._listing(sorted(found), short_first=True)),
            )
        near = self.near(text, like=like)
        fix = Text(
            "请给出名称、简称或 IRI；policygraph show pg:Policy 列出各项政策。",
            "Give a label, a short name or an IRI; `policygraph show pg:Policy` lists the policies.",
        )
        if near:
            fix = Text("您是否要找：{list}", "Did you mean:{list}").format(list=self._listing(near))
        raise UsageError(Text(f"没有叫“{text}”的对象。", f"Nothing is called “{text}”."), fix)

    def find(self, text: str) -> frozenset[Iri]:
        """Return every entity that goes by a name."""
        stripped = text.strip()
        bare = stripped[1:-1] if stripped.startswith("<") and stripped.endswith(">") else stripped
        if "://" in bare or bare.startswith("urn:"):
            return frozenset({Iri(bare)} if _is_iri(bare) and Iri(bare) in self.graph else ())
        found = set(self._index.get(_normal(bare), ()))
        prefix, colon, local = bare.partition(":")
        if colon and _is_iri(local):
            spaces = {*self.graph.prefixes.get(prefix, ()), *filter(None, [PREFIXES.get(prefix)])}
            found |= {iri for iri in (Iri(space + local) for space in spaces) if iri in self.graph}
        return frozenset(found)

    def near(self, text: str, *, like: Term | None = None) -> tuple[Iri, ...]:
        """Return entities whose names resemble a text, the best first."""
        import difflib

        wanted = _normal(text.partition(":")[2] or text)

        def distance(name: str) -> tuple[int, str]:
            return abs(len(name) - len(wanted)), name

        found: dict[Iri, None] = {}
        for names in (self._index_of(like), self._index):
            holding = sorted((n for n in names if wanted in n or (len(n) > 1 and n in wanted)), key=distance)
            for name in [*holding[:_SUGGESTIONS], *difflib.get_close_matches(wanted, names, _SUGGESTIONS, 0.6)]:
                found |= dict.fromkeys(sorted(names[name]))
            if found:
                break
        return tuple(found)[:_SUGGESTIONS]

    def kinds(self, term: Term) -> frozenset[Term]:
        """Return the classes and schemes that an entity belongs to."""
        return frozenset(value for predicate in _KINDS for value in self.graph.objects(term, predicate))

    def specific_kinds(self, term: Term) -> frozenset[Term]:
        """Return the classes and schemes of an entity without those that its other classes imply."""
        kinds = self.kinds(term)
        return kinds - {above for kind in kinds for above in self._ancestors(kind)}

    def _ancestors(self, kind: Term) -> set[Term]:
        found: set[Term] = set()
        waiting = [kind]
        while waiting:
            new = set(self.graph.objects(waiting.pop(), RDFS.subClassOf)) - found
            found |= new
            waiting += new
        return found - {kind}

    def _closest(self, found: Collection[Iri], like: Term | None) -> Collection[Iri]:
        """Keep the entities that share most classes and schemes with a sample."""
        if like is None or len(found) < 2:
            return found
        wanted = self.kinds(like)
        shared = {iri: len(wanted & self.kinds(iri)) for iri in found}
        return {iri for iri, count in shared.items() if count == max(shared.values())}

    def _listing(self, entities: Iterable[Iri], *, short_first: bool = False) -> Text:
        def line(iri: Iri, language: str) -> str:
            return f"\n  {self.short(iri)}  {self.label(iri, language)}" if short_first else f"\n  {self.described(iri, language)}"

        chosen = list(entities)
        return Text("".join(line(i, "zh") for i in chosen), "".join(line(i, "en") for i in chosen))

    @cached_property
    def _index(self) -> dict[str, set[Iri]]:
        """Normal form of each name → who goes by it."""
        index: dict[str, set[Iri]] = defaultdict(set)
        for predicate in NAMES:
            for subject, _, value in self.graph.triples(predicate=Iri(predicate)):
                if isinstance(subject, Iri):
                    index[_normal(value.value)].add(subject)
        for subject, _, _ in self.graph.triples(predicate=Iri(RDF.type)):
            if isinstance(subject, Iri):
                index[_normal(local_name(subject.value))].add(subject)
        index.pop("", None)
        return dict(index)

    def _index_of(self, like: Term | None) -> dict[str, set[Iri]]:
        """Return the part of the index that is of one kind with a sample."""
        if like is None:
            return {}
        kinds = self.kinds(like) - {Iri(SKOS.Concept)}
        members = {s for kind in kinds for p in _KINDS for s in self.graph.subjects(p, kind)}
        return {name: kept for name, iris in self._index.items() if (kept := {iri for iri in iris if iri in members})}


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.translate(_BRACKETS)).casefold().split())


def _is_iri(text: str) -> bool:
    return bool(text) and not any(c in '<>"{}|^`\\' or ord(c) <= 32 for c in text)
