"""The small picture of a thing's neighbourhood: a few neighbours, grouped by how they belong to it. Narrow enough for a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.reports.html.markup import Markup, element
from policygraph.web.pages.drawing import line, lines, rect, svg, text
from policygraph.web.pages.shell import place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.model.terms import Iri, Term
    from policygraph.web.pages.voice import Voice

_WIDTH, _INDENT, _PAD, _LINE = 330, 34, 8, 18
_GROUPS, _EACH, _ALL = 5, 3, 11


def neighbourhood(voice: Voice, node: Iri, near: Mapping[str, Sequence[Term]]) -> Markup:
    """Return the picture with a caption, nothing where there are no neighbours."""
    groups = [(heading, nodes) for heading, all_of in near.items() if (nodes := _others(all_of, node))][:_GROUPS]
    if not groups:
        return Markup("")
    parts: list[Markup] = []
    said = lines(voice.label(node), 20)
    height = len(said) * _LINE + 2 * _PAD
    parts.append(rect(1, 1, _WIDTH - 2, height, "centre", 8))
    parts.append(text(_PAD + 6, 1 + height / 2 + 5, said, "centre-name", _LINE))
    at, trunk, shown = height + 1.0, height + 1.0, 0
    for number, (heading, nodes) in enumerate(groups):
        at += 24
        kept = nodes[: max(1, min(_EACH, _ALL - shown - (len(groups) - number - 1)))]
        shown += len(kept)
        counted = f"{heading} {len(nodes)}" if len(nodes) > len(kept) else heading
        parts.append(text(_INDENT, at, [counted], "relation"))
        at += 8
        for each in kept:
            named = lines(voice.label(each), 20)
            own = len(named) * _LINE + _PAD
            box = rect(_INDENT, at, _WIDTH - _INDENT - 1, own, "node", 6)
            words = text(_INDENT + 10, at + own / 2 + 5, named, "name", _LINE)
            parts.append(
                element("a", element("title", f"{heading}: {voice.label(each)}"), box, words, href=place(voice.request, each.value))
            )
            parts.append(line(14, at + own / 2, _INDENT, at + own / 2, "trunk"))
            trunk = at + own / 2
            at += own + 6
    parts.insert(0, line(14, height, 14, trunk, "trunk"))
    counts = voice.t("；", "; ").join(f"{heading} {len(nodes)}" for heading, nodes in groups)
    title = voice.t(f"“{voice.label(node)}”的周围", f"Around “{voice.label(node)}”")
    about = voice.t(f"与它直接相关的事物：{counts}。", f"What it is directly connected with: {counts}.")
    drawn = svg("near", title, about, (_WIDTH, at + 2), parts)
    return element("figure", drawn, element("figcaption", about, class_="soft"), class_="near")


def _others(nodes: Sequence[Term], node: Iri) -> list[Term]:
    return [each for each in dict.fromkeys(nodes) if each != node]
