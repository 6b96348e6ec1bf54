"""The audit view: how much of the text is modelled, by what each sentence is covered, and why some items state no norm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.audited import percent
from policygraph.errors import Text
from policygraph.model.terms import Iri, local_name
from policygraph.reports.html.markup import Markup, chinese, element, join, table
from policygraph.vocab import BASE, PG, RDF
from policygraph.web.pages.reader.links import Links
from policygraph.web.pages.reader.view import alternates, record_line, tabs
from policygraph.web.pages.shell import STANDING, Page, place, spoken

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.app.audit import Audit
    from policygraph.app.reader.document import Item, Sentence
    from policygraph.web.pages.reader.shelf import Book, Shelf


class AuditView:
    """Writes the audit of one policy.

    Args:
        request: The request.
        shelf: The policies.
        book: The one that is audited.
        audit: What the audit found.
    """

    def __init__(self, request: Request, shelf: Shelf, book: Book, audit: Audit) -> None:
        self._request, self._shelf, self._book, self._audit = request, shelf, book, audit
        self._spoken = spoken(Text("zh", "en"), request)
        self._links = Links(request, (), shelf.service.address(BASE + book.path))

    def page(self) -> Page:
        """Return the page."""
        return Page(
            title=self._w("审计：", "Audit: ") + self._t(self._shelf.facts.label(self._book.document.policy)),
            main=(
                tabs(self._links, self._spoken, "audit"),
                self._verdict(),
                self._figures(),
                self._faults(),
                element("h2", self._w("不表达规范的文字及理由", "Words that state no norm, and why"), id="non-normative"),
                self._reasons(),
                element("h2", self._w("不作参数的数字及理由", "Numbers that are no parameter, and why"), id="exemptions"),
                self._exemptions(),
                element("h2", self._w("逐句", "Sentence by sentence"), id="sentences"),
                self._sentences(),
                self._unused(),
                element("p", STANDING.in_language(self._spoken), class_="notice"),
            ),
            way="read",
            lead=record_line(self._shelf, self._book.document.policy, self._spoken),
            sheets=("read.css",),
            links=alternates(self._shelf, self._book),
        )

    def _w(self, zh: str, en: str) -> str:
        return en if self._spoken == "en" else zh

    def _t(self, text: Text) -> str:
        return text.in_language(self._spoken)

    def _verdict(self) -> Markup:
        found = self._audit.coverage
        said = self._w(
            f"覆盖率 {percent(found.fraction)}：正文 {found.body} 字中 {found.covered} 字已建模；另有标点和空格 {found.separators} 个。",
            f"Coverage {percent(found.fraction)}: {found.covered} of {found.body} characters of the body are modelled; "
            f"punctuation and spaces: {found.separators}.",
        )
        numbers = self._w(
            f"数字 {len(found.numbers)} 个，其中 {len(found.unaccounted)} 个没有着落。",
            f"Numbers: {len(found.numbers)}, of them not accounted for: {len(found.unaccounted)}.",
        )
        passed = self._audit.passed
        badge = element(
            "span",
            self._w("通过", "passed") if passed else self._w("未通过", "failed"),
            class_=f"badge {'pass' if passed else 'violation'}",
        )
        data = element("a", self._w("数据（JSON）", "as data (JSON)"), href="?view=audit&format=json", type="application/json")
        tool = join([self._w("与命令 ", "The same as "), element("code", "policygraph audit"), self._w(" 所示相同；", " shows; "), data])
        return join([element("p", badge, " ", element("strong", said), " ", numbers, id="verdict"), element("p", tool, class_="soft")])

    def _figures(self) -> Markup:
        rows = [[self._t(self._audit.labels[kind]), str(count)] for kind, count in self._audit.coverage.by_kind.items()]
        caption = self._w("由哪种文本单元覆盖", "By which kind of text item")
        headers = (self._w("种类", "Kind"), self._w("字数", "Characters"))
        return element("div", table(caption, headers, rows), class_="scroll")

    def _faults(self) -> Markup:
        found, text = self._audit.coverage, self._audit.text
        lines = [join([self._w("未建模：", "Not modelled: "), chinese(gap.words)]) for gap in found.gaps]
        lines += [join([self._w("引文重叠：", "Quotes overlap: "), chinese(each.words)]) for each in found.overlaps]
        lines += [join([self._w("数字没有着落：", "Number not accounted for: "), chinese(n.words)]) for n in found.unaccounted]
        lines += [join([problem.node, self._w("：", ": "), self._t(problem.what)]) for problem in text.problems]
        if not lines:
            return element(
                "p",
                self._w(
                    "没有未建模的文字，没有重叠，没有放不进原文的引文。", "No words are left out, no quotes overlap, and all are placed."
                ),
            )
        return element("ul", *(element("li", line) for line in lines), class_="error")

    def _reasons(self) -> Markup:
        rows = []
        for item in self._book.document.items:
            reason = self._shelf.facts.text(item.node, PG.reason)
            if reason.zh:
                rows.append([self._linked(item), chinese(self._book.document.words(item)), self._t(reason)])
        headers = (self._w("文本单元", "Text item"), self._w("原文", "Words"), self._w("理由", "Reason"))
        return element("div", table(self._w("非规范内容", "Non-normative items"), headers, rows), class_="scroll")

    def _exemptions(self) -> Markup:
        facts, policy = self._shelf.facts, self._book.document.policy.value
        rows = []
        for node in facts.pointing(RDF.type, Iri(PG.NumberExemption)):
            if node.value.startswith(policy + "/"):
                name = element("a", self._t(facts.label(node)), href=place(self._request, node.value))
                rows.append([name, chinese(facts.word(node, PG.quote)), self._t(facts.text(node, PG.reason))])
        headers = (self._w("豁免", "Exemption"), self._w("原文", "Words"), self._w("理由", "Reason"))
        return element("div", table(self._w("数字的豁免", "Exemptions of numbers"), headers, rows), class_="scroll")

    def _sentences(self) -> Markup:
        rows = []
        for sentence in (sentence for block in self._book.document.blocks for sentence in block.sentences):
            number = element("a", str(sentence.number), href=f"{self._links.plain()}#{sentence.anchor}")
            items = dict.fromkeys(run.item for run in sentence.runs if run.item is not None)
            covered = element("ul", *(element("li", self._linked(item), " ", self._kind(item)) for item in items), class_="plain small")
            rows.append([number, chinese(self._words(sentence)), covered])
        headers = (self._w("句", "No."), self._w("原文", "Words"), self._w("由什么覆盖", "Covered by"))
        caption = self._w(f"全部 {len(rows)} 句", f"All {len(rows)} sentences")
        return element("div", table(caption, headers, rows, class_="sentences"), class_="scroll")

    def _unused(self) -> Markup:
        nodes = self._audit.unused
        title = self._w(
            f"尚无规则、数值、列举或问题使用的条款：{len(nodes)} 条",
            f"Provisions that no rule, number, list or question uses yet: {len(nodes)}",
        )
        links = (element("li", element("a", self._t(self._audit.labels[node]), href=place(self._request, node))) for node in nodes)
        return element("details", element("summary", title), element("ul", *links)) if nodes else join([])

    def _words(self, sentence: Sentence) -> str:
        return self._book.document.words(sentence)

    def _linked(self, item: Item) -> Markup:
        anchor = self._book.document.sentence_at(item.start).anchor
        label = self._t(self._shelf.facts.label(item.node))
        return element("a", label, href=self._links.clause(self._book.document.short(item.node), anchor))

    def _kind(self, item: Item) -> Markup:
        clause = self._book.clauses.get(item.node)
        strength = self._book.strengths.get(clause.strength) if clause is not None and clause.strength is not None else None
        if strength is None:
            return element("span", self._t(self._shelf.facts.label(item.kind)), class_="soft")
        sign = element("span", self._t(strength.sign), class_="sign", aria_hidden="true")
        return element("span", sign, self._t(strength.label), class_=f"strength m-{local_name(strength.node.value)}")
