"""A comparison of two policies as a part of a page: counts, then the differences by what they concern, with the sentences of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.answers import NOTICE
from policygraph.reports.comparison import NAMES, NONE, SAME, SAY_IT, own_citations
from policygraph.reports.html.markup import Markup, chinese, element, foreign, join, table, with_quotes
from policygraph.reports.html.quotes import cited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from policygraph.model.comparison import Aspect, Comparison, Difference
    from policygraph.model.grounds import Named

    Address = Callable[[str], str]

_KINDS = {"added": Text("新增", "added"), "removed": Text("删除", "removed"), "changed": Text("改动", "changed")}
_MARKS = {"added": "+", "removed": "−", "changed": "±"}
_HEADS = (Text("方面", "What"), Text("新增", "Added"), Text("删除", "Removed"), Text("改动", "Changed"), Text("相同", "The same"))


def comparison_part(comparison: Comparison, language: str, address: Address) -> Markup:
    """Return a comparison as a part of a page.

    Args:
        comparison: The comparison.
        language: zh or en.
        address: Where a thing of the graph is served.
    """
    return join(_Part(comparison, language, address).parts())


class _Part:
    def __init__(self, comparison: Comparison, language: str, address: Address) -> None:
        self._comparison, self._language, self._address = comparison, language, address

    def parts(self) -> Iterator[Markup]:
        compared = self._comparison
        yield element("p", self._w(NOTICE), class_="notice")
        sides = (
            (Text("之前", "Before"), compared.before, compared.policies_before),
            (Text("之后", "After"), compared.after, compared.policies_after),
        )
        rows = (
            part
            for word, name, policies in sides
            for part in (element("dt", self._w(word)), element("dd", self._side_named(name, policies)))
        )
        yield element("dl", *rows)
        counts = [[self._w(NAMES[t.aspect]), str(t.added), str(t.removed), str(t.changed), str(t.same)] for t in compared.tallies]
        caption = self._w(Text("各方面的差别", "Differences by what they concern"))
        yield element("div", table(caption, map(self._w, _HEADS), counts, class_="tally"), class_="scroll", tabindex="0")
        if not compared.differences:
            yield element("p", self._w(SAME), class_="empty")
        for tally in compared.tallies:
            own = [d for d in compared.differences if d.aspect == tally.aspect]
            if own:
                title = element("h2", f"{self._w(NAMES[tally.aspect])} ", element("span", str(len(own)), class_="soft"))
                yield element("section", title, *map(self._difference, own), id=f"changes-{tally.aspect}")

    def _w(self, text: Text) -> str:
        return text.in_language(self._language)

    def _side_named(self, name: str, policies: Iterable[Named]) -> Markup:
        """Return what a side is: as the caller named it, unless that is one of its policies, and its policies."""
        every = list(policies)
        named = any(name in (policy.iri, self._w(policy.label)) for policy in every)
        return join([*([] if named else [element("div", foreign(name))]), *(element("div", self._link(policy)) for policy in every)])

    def _link(self, node: Named) -> Markup:
        return element("a", self._w(node.label), href=self._address(node.iri))

    def _difference(self, difference: Difference) -> Markup:
        node = (difference.after or difference.before).node  # type: ignore[union-attr]
        kind = difference.kind
        badge = element("span", element("span", _MARKS[kind], aria_hidden="true"), f" {self._w(_KINDS[kind])}", class_=f"badge {kind}")
        shown = difference.aspect in SAY_IT
        sides = ((difference.before, difference.after, "before"), (difference.after, difference.before, "after"))
        said = [side.words if side else NONE for side, _, _ in sides]
        changes = [c for c in difference.changes if not shown or [c.before, c.after] != said]
        rows = [[self._w(c.field), self._value(c.before), self._value(c.after)] for c in changes]
        heads = [self._w(h) for h in (Text("内容", "What"), Text("之前", "Before"), Text("之后", "After"))]
        caption = self._w(Text("改动的内容", "What changed"))
        fields = [element("div", table(caption, heads, rows, class_="changed-fields"), class_="scroll", tabindex="0")] if rows else []
        columns = [self._side(side, other, name, shown=shown) for side, other, name in sides if side is not None]
        return element(
            "article",
            element("h3", self._link(node), " ", badge),
            *fields,
            element("div", *columns, class_="sides") if columns else "",
            class_=f"difference {kind}",
        )

    def _value(self, text: Text) -> str:
        return with_quotes(self._w(text)) if text.zh else element("span", self._w(NONE), class_="soft")

    def _side(self, side: Aspect, other: Aspect | None, name: str, *, shown: bool) -> Markup:
        word = Text("之前", "Before") if name == "before" else Text("之后", "After")
        if shown or not side.citations:
            own = [element("blockquote", element("p", chinese(self._w(side.words))))]
        else:
            own = [cited(citation, self._language, self._address) for citation in own_citations(side, other)]
        return element("div", element("h4", self._w(word)), *own, class_=f"side {name}")
