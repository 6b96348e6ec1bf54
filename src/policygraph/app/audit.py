"""Proves that every sentence of a policy is modelled, and says which words, overlaps and numbers are not accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.anchors import PolicyFolder, policy_folders
from policygraph.errors import Text, UsageError
from policygraph.graph.loading import source_files
from policygraph.model.coverage import Coverage, cover
from policygraph.model.index import Index
from policygraph.model.terms import Iri
from policygraph.vocab import PG, RDF

if TYPE_CHECKING:
    from policygraph.model.anchoring import AnchoredText
    from policygraph.paths import DataRoots


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of one policy.

    Attributes:
        policy: IRI of the policy.
        label: What it is called.
        text: Its text with everything placed, and what could not be placed.
        coverage: How the text is modelled.
        unused: Provisions that no parameter, rule, check, list, reading, question or other provision uses; no fault.
        labels: Names of the nodes that the audit mentions.
    """

    policy: str
    label: Text
    text: AnchoredText
    coverage: Coverage
    unused: tuple[str, ...]
    labels: dict[str, Text]

    @property
    def passed(self) -> bool:
        """Whether everything is covered, placed and accounted for."""
        found = self.coverage
        return found.fraction == 1 and not (self.text.problems or found.overlaps or found.misnested or found.unaccounted)


def run(roots: DataRoots, policy: str = "") -> tuple[Audit, ...]:
    """Audit every policy that has a text.

    Args:
        roots: Where the policies are.
        policy: Audit one only: its IRI, short name, document number or label.

    Raises:
        UsageError: There is no such policy with a text.
        DataError: A source is broken.
    """
    facts = Index.of(triple for file in source_files(roots, ("ontology", "shapes")) for triple in file.triples())
    folders = policy_folders(roots)
    wanted = [folder for folder in folders if not policy or policy in _names(folder.policy, facts)]
    if policy and not wanted:
        known = "、".join(folder.policy.rpartition("/")[2] for folder in folders)
        raise UsageError(
            Text(f"没有带原文的政策“{policy}”。", f"There is no policy with a text called “{policy}”."),
            Text(f"可用：{known}", f"Known: {known.replace('、', ', ')}"),
        )
    return tuple(_audit(folder, facts) for folder in wanted)


def _names(policy: str, facts: Index) -> set[str]:
    node = Iri(policy)
    label = facts.label(node)
    parts = policy.split("/")
    return {policy, parts[-1], "/".join(parts[-2:]), label.zh, label.en, facts.word(node, PG.documentNumber)}


def _audit(folder: PolicyFolder, facts: Index) -> Audit:
    text = folder.anchored()
    coverage = cover(text, facts, folder.facts)
    unused = tuple(
        item.node
        for item in text.items
        if Iri(PG.Provision) in facts.objects(Iri(item.node), RDF.type)
        and not any(Iri(item.node) in row for row in facts.by_object.values())
    )
    named = {*unused, *coverage.idle_exemptions, *coverage.by_kind, *(p.node for p in text.problems)}
    named |= {node for overlap in coverage.overlaps for node in (overlap.first, overlap.second)}
    named |= {node for pair in coverage.misnested for node in pair} | {s.section for s in text.sentences}
    labels = {node: facts.label(Iri(node)) for node in sorted(named)}
    return Audit(folder.policy, facts.label(Iri(folder.policy)), text, coverage, unused, labels)
