"""The text as published: blocks and sentences in their order, every clause a link marked by its strength, hedges underlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.reader.clauses import sign
from policygraph.errors import Text
from policygraph.model.coverage import is_body
from policygraph.model.terms import Iri, local_name
from policygraph.model.text import Span, occurrences
from policygraph.reports.html.markup import Markup, element, join
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from policygraph.app.reader.document import Block, Item, Run, Sentence
    from policygraph.web.pages.reader.links import Links
    from policygraph.web.pages.reader.shelf import Book, Shelf

_HEDGE = Text("限定语：留有余地的说法", "Hedge: words that leave room")
_SENTENCE = Text("第 {number} 句的固定链接", "Link to sentence {number}")
_UNITS = Text("责任单位：{units}", "Responsible units: {units}")
_TALLEST, _LOWEST = 2, 6


class TextView:
    """Writes one text in one language.

    Args:
        shelf: The policies.
        book: The one that is read.
        links: Its links.
        spoken: zh or en.
        shown: Clauses that the filters keep; None without filters.
        current: The item whose panel is open.
    """

    def __init__(self, shelf: Shelf, book: Book, links: Links, spoken: str, shown: Collection[Iri] | None, current: Iri | None) -> None:
        self._shelf, self._book, self._links, self._spoken = shelf, book, links, spoken
        self._shown, self._current, self._document = shown, current, book.document

    def markup(self) -> Markup:
        """Return the whole text."""
        blocks = [self._block(block) for block in self._document.blocks]
        return element(
            "article", *blocks, class_="text", id="text", lang="zh-Hans", aria_label=self._t(Text("政策全文", "Text of the policy"))
        )

    def _t(self, text: Text) -> str:
        return text.in_language(self._spoken)

    # ---------------------------------------------------------------- blocks
    def _block(self, block: Block) -> Markup:
        head, rest = block.sentences[: block.heading], block.sentences[block.heading :]
        parts: list[Markup] = []
        body = [self._sentence(sentence) for sentence in rest]
        if head:
            section = head[0].section
            anchor = local_name(section.value) if section is not None else ""
            translated = self._heading_translated(section) if self._spoken == "en" else ""
            level = f"h{min(_LOWEST, _TALLEST + block.level - 1)}"
            titles, beyond = _parted(head[-1], self._document.words)
            own = [*map(self._sentence, head[:-1]), self._sentence(head[-1], titles)]
            if beyond:  # a heading such as “Article 1” stands within its first sentence
                body.insert(0, element("span", *(self._run(run, head[-1]) for run in beyond), class_="s"))
                rest = (head[-1], *rest)
            parts.append(element(level, *own, translated, id=f"section-{anchor}"))
        if body:
            parts.append(element("p", *body))
        if self._spoken == "en" and (english := self._translated(rest)):
            parts.append(element("p", *english, class_="translation", lang="en"))
        return element("div", *parts, class_=" ".join(filter(None, ["block", block.role, "run-in" if head and body else ""])))

    def _heading_translated(self, section: Iri | None) -> Markup | str:
        if section is None:
            return ""
        return element("span", self._shelf.facts.label(section).en, class_="translation", lang="en")

    def _translated(self, sentences: Iterable[Sentence]) -> list[Markup]:
        """Return the English of sentences, put together from that of their items; each with the number of its sentence."""
        said = []
        for sentence in sentences:
            items = dict.fromkeys(run.item for run in sentence.runs if run.item is not None and run.begins)
            nested = {inner for item in items for inner in self._shelf.facts.iris(item.node, PG.nests)}
            found = [words for item in items if item.node not in nested and (words := self._english(item))]
            if found:
                whole = "; ".join(words.rstrip(".;, ") for words in found)
                said.append(element("span", whole + (" " if whole.endswith(":") else ". "), data_n=str(sentence.number)))
        return said

    def _english(self, item: Item) -> str:
        facts = self._shelf.facts
        if item.kind.value == PG.ResponsibilityStatement:
            units = facts.members(item.section, PG.responsibleAgencyList)
            return _UNITS.en.format(units=", ".join(facts.label(unit).en for unit in units)) if units else ""
        return facts.word(item.node, PG.translation)

    # ---------------------------------------------------------------- sentences
    def _sentence(self, sentence: Sentence, runs: Sequence[Run] | None = None) -> Markup:
        name = self._t(_SENTENCE.format(number=sentence.number))
        mark = element("a", class_="at", href=f"#{sentence.anchor}", data_n=str(sentence.number), aria_label=name, title=name)
        return element(
            "span", mark, *(self._run(run, sentence) for run in (sentence.runs if runs is None else runs)), class_="s", id=sentence.anchor
        )

    def _run(self, run: Run, sentence: Sentence) -> str:
        words = self._document.words(run)
        item = run.item
        if item is None or item.kind.value == PG.Heading:
            return words
        clause = self._book.clauses.get(item.node)
        strength = self._book.strengths.get(clause.strength) if clause is not None and clause.strength is not None else None
        kind = strength.label if strength is not None else self._shelf.facts.label(item.kind)
        mark = strength.sign if strength is not None else sign(kind)
        classes = ["c", f"m-{local_name(strength.node.value)}" if strength is not None else "item"]
        if self._shown is not None and item.node not in self._shown:
            classes.append("off")
        current = item.node == self._current
        return element(
            "a",
            *self._hedged(run, clause.hedges if clause is not None else ()),
            class_=" ".join(classes),
            data_s=self._t(mark) if run.begins else "",
            href="#provision" if current else self._links.clause(self._document.short(item.node), sentence.anchor),
            title=f"{self._t(kind)} · {self._t(self._shelf.facts.label(item.node))}",
            aria_current="true" if current else "",
        )

    def _hedged(self, run: Run, hedges: Iterable[str]) -> list[str]:
        """Return the words of a run with its hedges marked."""
        whole, parts, at = Span(run.start, run.end), [], run.start
        for start, end in sorted((s, s + len(h)) for h in hedges for s in occurrences(self._document.text, h, whole)):
            if start >= at:
                hedge = element("u", self._document.text[start:end], class_="hedge", title=self._t(_HEDGE))
                parts += [self._document.text[at:start], hedge]
                at = end
        return [*parts, self._document.text[at : run.end]]


def _parted(sentence: Sentence, words: Callable[[Run], str]) -> tuple[Sequence[Run], Sequence[Run]]:
    """Return the runs of a sentence that are a heading, with the mark that ends it, and those beyond."""
    last = max((i for i, run in enumerate(sentence.runs) if run.item is not None and run.item.kind.value == PG.Heading), default=-1) + 1
    beyond = sentence.runs[last:]
    return (sentence.runs[:last], beyond) if any(is_body(mark) for run in beyond for mark in words(run)) else (sentence.runs, ())


def toc(shelf: Shelf, book: Book, spoken: str) -> Markup:
    """Return the headings as a list of links."""
    rows = []
    for block in book.document.blocks:
        if block.heading and (section := block.sentences[0].section) is not None:
            number = shelf.facts.word(section, PG.number)
            label = shelf.facts.label(section).in_language(spoken)
            link = element("a", f"{number} {label}".strip(), href=f"#section-{local_name(section.value)}")
            rows.append(element("li", link, class_=f"level-{block.level}"))
    return element("ol", *rows, class_="toc") if rows else join([])
