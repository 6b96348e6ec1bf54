"""The kinds of submission as pages: the list, and what there is to say about one; the HTML form of `/api/kinds`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.kinds import grouped
from policygraph.errors import Text
from policygraph.model.terms import local_name
from policygraph.records.templates.layout import lay_out
from policygraph.records.templates.wording import SORTS, choices, how_to_fill, roles, unit_of
from policygraph.reports.html.markup import Markup, chinese, element, join, table
from policygraph.web.negotiation import language
from policygraph.web.pages.check.landing import templates
from policygraph.web.pages.shell import Page, crumbs, place, spoken
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from policygraph.app.kinds import About, Check, Clause, Rule
    from policygraph.model.grounds import Named
    from policygraph.records.templates.layout import Column, Table

TITLE = Text("申报种类", "Kinds of submission")
_CHECK = Text("核查", "Check")
_LEAD = Text(
    "可以核查与判读的各种申报、报告与主体情况；每种都由图谱中的一个形状说明。",
    "The claims, reports and profiles that can be checked and decided; a shape in the graph describes each.",
)
_LIST = (
    Text("名称", "Name"), Text("依据", "Serves"), Text("字段", "Fields"), Text("子表", "Tables"), Text("核查", "Checks"),
    Text("规则", "Rules"), Text("模板", "Template"),
)  # fmt: skip
_COLUMNS = (
    Text("字段", "Field"), Text("类型", "Sort"), Text("含义与填写要求", "Meaning, and what to write"), Text("可选值", "Values"),
    Text("作用", "Role"), Text("示例", "Example"),
)  # fmt: skip
_FILL, _DATA = Text("填表并核查", "Fill in and check"), Text("数据：", "Data: ")
_SCHEMA = Text("JSON 模式", "JSON Schema")
_ABOUT = Text("所涉主体：", "About: ")
_FIELDS = Text("字段", "Fields")
_CHILD = Text("子表：{label}", "Child table: {label}")
_CHECKS, _RULES = Text("核查", "Checks"), Text("判读规则", "Rules")
_NO_CHECKS = Text("没有核查看此种记录。", "No check looks at such a record.")
_PROFILE = Text("据此判读其可能享有的各项待遇：", "All benefits are decided from it: ")
_INTERVIEW = Text("我能享受什么", "What am I entitled to")
_BENEFIT, _CONFORMITY = Text("得到：{name}", "gives: {name}"), Text("只判定是否相符", "decides on conformity only")
_PART = Text("部分：{name}", "part: {name}")
_SEVERITIES = {"violation": Text("不符合", "violation"), "warning": Text("提示", "warning"), "note": Text("说明", "note")}
_TEMPLATE, _SHORT = Text("模板：", "Template: "), Text("短名 ", "short name ")


def listing(request: Request) -> Page:
    """Return the list."""
    owner = service(request)
    parts: list[Markup] = []
    for heading, own in grouped(owner.kinds.about.values(), owner.entities):
        said = spoken(heading, request)
        rows = [_row(request, about) for about in own]
        headings = [spoken(text, request) for text in _LIST]
        parts.append(element("div", table(said[0].upper() + said[1:], headings, rows, class_="kind-list"), class_="scroll", tabindex="0"))
    data = element("p", spoken(_DATA, request), element("a", "JSON", href=place(request, "api/kinds", format="json")), class_="soft")
    main = (crumbs(request, [(spoken(_CHECK, request), "check"), (spoken(TITLE, request), "")]), *parts, data)
    return Page(spoken(TITLE, request), main, "check", spoken(_LEAD, request), sheets=("check.css",))


def _row(request: Request, about: About) -> list[str]:
    name = service(request).kinds.forms.name_of(about.kind)
    children = sum(bool(field.row_class) for field in about.kind.fields)
    comma = "、" if language(request) == "zh" else ", "
    links = [element("a", spoken(section.label, request), href=place(request, section.iri)) for section in about.sections]
    served = join(part for number, link in enumerate(links) for part in ([comma, link] if number else [link]))
    counts = (len(about.kind.fields) - children, children, len(about.checks), len(about.rules))
    link = element("a", spoken(about.kind.label, request), href=place(request, f"api/kinds/{name}"))
    return [link, served, *map(str, counts), join(templates(request, about))]


def explained(request: Request, about: About) -> Page:
    """Return the page of a kind."""
    return _Explained(request, about).page()


class _Explained:
    def __init__(self, request: Request, about: About) -> None:
        self._request, self._about, self._language = request, about, language(request)
        self._forms = service(request).kinds.forms
        self._layout = lay_out(about.kind, self._forms)
        self._comma = "、" if self._language == "zh" else ", "

    def page(self) -> Page:
        about, name = self._about, self._forms.name_of(self._about.kind)
        steps = [(self._w(_CHECK), "check"), (self._w(TITLE), "api/kinds"), (self._w(about.kind.label), "")]
        main = (
            crumbs(self._request, steps),
            self._head(name),
            element("h2", self._w(_FIELDS), id="fields"),
            self._table(self._layout.records, self._w(about.kind.label)),
            *(self._table(child, self._w(_CHILD.format(label=child.label))) for child in self._layout.children),
            *self._checks(),
            *self._rules(),
        )
        return Page(self._w(about.kind.label), main, "check", self._w(about.definition), sheets=("check.css",))

    def _w(self, text: Text) -> str:
        return spoken(text, self._request)

    def _link(self, node: Named) -> Markup:
        return element("a", self._w(node.label), href=place(self._request, node.iri))

    def _head(self, name: str) -> Markup:
        about, request = self._about, self._request
        fill = element("a", self._w(_FILL), href=place(request, f"check/{name}"), class_="button")
        schema = element("a", self._w(_SCHEMA), href=place(request, f"schemas/{name}"))
        data = element("a", "JSON", href=place(request, f"api/kinds/{name}", format="json"))
        lines = [
            element("p", fill),
            element("p", self._w(_TEMPLATE), *templates(request, about), " · ", schema),
            element(
                "p",
                self._w(_SHORT),
                element("code", name),
                " · ",
                element("a", about.kind.iri, href=place(request, about.kind.iri)),
                class_="soft",
            ),
            element("p", self._w(_DATA), data, class_="soft"),
        ]
        if about.subjects:
            named = join(part for n, s in enumerate(about.subjects) for part in ([self._comma] if n else []) + [self._link(s)])
            lines.insert(1, element("p", self._w(_ABOUT), named))
        return element("div", *lines, class_="panel")

    # ---------------------------------------------------------------- fields
    def _table(self, of: Table, caption: str) -> Markup:
        rows = [self._row(column, of) for column in of.columns]
        return element(
            "div", table(caption, [self._w(text) for text in _COLUMNS], rows, class_="kind-fields"), class_="scroll", tabindex="0"
        )

    def _row(self, column: Column, of: Table) -> list[str]:
        said = (column.field.description.in_language(self._language), how_to_fill(column).in_language(self._language))
        unit = unit_of(column, self._language)
        name = join([self._w(column.field.name), " ", element("code", local_name(column.field.path), class_="soft")])
        return [
            name,
            self._w(SORTS[column.sort]) + (f"（{unit}）" if unit and self._language == "zh" else f" ({unit})" if unit else ""),
            ("" if self._language == "zh" else " ").join(filter(None, said)),
            self._comma.join(choices(column, self._language)),
            self._comma.join(role.in_language(self._language) for role in roles(column, of.kind)),
            column.example.in_language(self._language),
        ]

    # ---------------------------------------------------------------- checks and rules
    def _checks(self) -> Iterable[Markup]:
        about = self._about
        if about.profile:
            interview = element("a", self._w(_INTERVIEW), href=place(self._request, "entitlements"))
            yield element("p", self._w(_PROFILE), interview)
            return
        yield element("h2", self._w(_CHECKS), id="checks")
        if not about.checks:
            yield element("p", self._w(_NO_CHECKS))
            return
        yield element("ul", *(self._item(c, c.check, self._w(_SEVERITIES[c.severity])) for c in about.checks), class_="kind-checks")

    def _rules(self) -> Iterable[Markup]:
        if self._about.rules:
            yield element("h2", self._w(_RULES), id="rules")
            items = []
            for rule in self._about.rules:
                gives = _BENEFIT.format(name=rule.benefit.label) if rule.benefit else _CONFORMITY
                items.append(self._item(rule, rule.rule, self._w(gives)))
            yield element("ul", *items, class_="kind-checks")

    def _item(self, of: Check | Rule, node: Named, aside: str) -> Markup:
        told = [aside, *([self._w(_PART.format(name=of.part.label))] if of.part else [])]
        said = ("；" if self._language == "zh" else "; ").join(told)
        head = element("p", self._link(node), " ", element("span", f"（{said}）" if self._language == "zh" else f"({said})", class_="soft"))
        return element("li", head, *map(self._clause, of.clauses))

    def _clause(self, clause: Clause) -> Markup:
        translation = clause.translation if self._language == "en" else ""
        return element(
            "blockquote",
            element("p", chinese(f"“{clause.quote}”")),
            element("p", translation, class_="translation") if translation else "",
            element("footer", self._link(clause.section), " › ", self._link(clause.provision)),
            cite=clause.provision.iri,
        )
