"""How to cite a policy or a sentence of it: by GB/T 7714, and as official documents name each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.reader.facts import Facts
from policygraph.errors import Text
from policygraph.vocab import ELI, PG

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Iri

_INNER = str.maketrans("《》〈〉", "〈〉《》")
_BEYOND = "[\u3000-\u9fff\uff00-\uffef]"
_BREAK = re.compile(rf"(?<={_BEYOND}) +(?={_BEYOND})")


@dataclass(frozen=True, slots=True)
class Citation:
    """One form of a citation.

    Attributes:
        name: A short name of the form.
        label: What it is called.
        words: The citation, in the language of the policy.
    """

    name: str
    label: Text
    words: str


def citations(graph: Graph, policy: Iri, section: Iri | None = None, quote: str = "") -> tuple[Citation, ...]:
    """Return the citations of a policy.

    Args:
        graph: The policy graph.
        policy: The policy.
        section: Where the words stand that are cited.
        quote: These words.
    """
    facts = Facts(graph)
    issuers = [facts.label(node).zh for node in facts.members(policy, PG.issuerList) or facts.iris(policy, PG.issuer)]
    number = facts.word(policy, PG.documentNumber)
    title = facts.word(policy, PG["title"], "zh") or facts.label(policy).zh
    dated = facts.word(policy, ELI.date_document) or facts.word(policy, PG.dateIssued)
    place = printed(facts, section)
    whole = _joined(title)
    own = f"《{whole.translate(_INNER)}》" + (f"（{number}）" if number else "")
    by = f"{', '.join(issuers)}. " if issuers else ""
    standard = f"{by}{_without(title, issuers)}" + (f": {number}" if number else "") + "[Z]." + (f" {dated}" if dated else "")
    standard += (f": {place}." if place else "." if dated else "") if quote else ("." if dated else "")
    official = f"{own}{place}：“{quote}”" if quote else own
    return (
        Citation("gbt7714", Text("GB/T 7714 著录格式", "GB/T 7714"), standard),
        Citation("official", Text("公文引用格式", "As official documents cite"), official),
    )


def printed(facts: Facts, section: Iri | None) -> str:
    """Return the printed numbers that lead to a section, the outermost first: 二（二）8."""
    numbers: list[str] = []
    seen: set[Iri] = set()
    while section is not None and section not in seen:
        seen.add(section)
        numbers.append(facts.word(section, PG.number).translate(str.maketrans("()", "（）")))
        section = facts.iri(section, ELI.is_part_of)
    return "".join(reversed(numbers))


def _joined(title: str) -> str:
    """Return a title without the spaces at which its lines were broken; a space between issuers stays."""
    about = title.find("关于")
    head, rest = (title[:about], title[about:]) if about > 0 else ("", title)
    return head.strip() + _BREAK.sub("", rest)


def _without(title: str, issuers: list[str]) -> str:
    """Return a title without the issuers before it, whom a bibliography names first."""
    rest = title
    for issuer in issuers:
        rest = rest.removeprefix(issuer).lstrip()
    return _BREAK.sub("", rest)
