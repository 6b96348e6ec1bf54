"""Answers with the map as a page, and with its pictures as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, chinese, element, join, table
from policygraph.vocab import PG
from policygraph.web.answers import Answer, respond
from policygraph.web.pages import outline, saved
from policygraph.web.pages.drawing import SHEET, alone, scrolled
from policygraph.web.pages.keeping import kept
from policygraph.web.pages.matrix.grid import RESPONSIBILITIES, STRENGTHS, Grid, responsibilities, strengths
from policygraph.web.pages.matrix.pictures import Look, draw
from policygraph.web.pages.reading import clauses_of
from policygraph.web.pages.shell import Page, place
from policygraph.web.pages.voice import Voice
from policygraph.web.problems import NOT_FOUND, usage

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.model.terms import Iri
    from policygraph.web.pages.matrix.grid import Head

PICTURES = ("map.svg", "map-strength.svg")
_NOT_STATED = "bearer-not-stated"
_FIX = Text("不带 ?policy= 的 /map 列出各项政策。", "/map without ?policy= lists the policies.")
_SVG = "image/svg+xml; charset=utf-8"


async def page(request: Request) -> Response:
    """Answer with the page."""
    return await kept(request, ("map",), lambda: _page(Voice(request)))


async def picture(request: Request) -> Response:
    """Answer with a picture that stands alone."""
    name, voice = request.url.path.rpartition("/")[2], Voice(request)
    return respond(request, await to_thread.run_sync(_alone, voice, name), voice.owner.modified)


# ---------------------------------------------------------------- the two pictures
_SHOWN = Text(
    "{rows} 项措施与 {columns} 个责任单位；{dots} 个圆点，各表示文本将该单位列为该措施的责任单位；边上为合计。",
    "{rows} measures and {columns} responsible units; each of the {dots} dots says that the text lists the unit for the measure; "
    "sums stand at the edges.",
)


def _responsible(voice: Voice, grid: Grid) -> Look:
    return Look(
        "map",
        voice.t("措施与责任单位", "Measures and responsible units"),
        voice.say(_SHOWN, rows=len(grid.rows), columns=len(grid.columns), dots=len(grid.cells)),
        counted=False,
        link=lambda row, column: "",
        edge=voice.t("措施数", "measures"),
    )


def _bearing(voice: Voice, policy: Iri) -> Look:
    def link(row: Head, column: Head) -> str:
        if row.node is None:
            return place(voice.request, f"ask/{_NOT_STATED}", policy=policy.value)
        return clauses_of(voice, policy, bearer=row.node, strength=column.node)

    return Look(
        "strength",
        voice.t("承担主体与条款强度", "Actors and the strength of what they bear"),
        voice.t(
            "每格为该主体承担的该强度的条款数，颜色越深越多；没有载明承担主体的条款列于末行。",
            "Each cell counts the clauses of a strength that an actor bears, darker for more; clauses without a stated bearer come last.",
        ),
        counted=True,
        link=link,
        edge=voice.t("条款数", "clauses"),
    )


def _alone(voice: Voice, name: str) -> Answer:
    policy = outline.chosen(voice, _FIX)
    if policy is None:
        raise usage("没有政策可画。", "There is no policy to draw.", Text("请先载入政策。", "Load a policy first."), NOT_FOUND)
    if name == PICTURES[0]:
        grid = responsibilities(voice, policy)
        drawn = draw(voice, grid, _responsible(voice, grid))
    else:
        grid = strengths(voice, policy)
        drawn = draw(voice, grid, _bearing(voice, policy))
    root = voice.owner.root(voice.request)
    own = voice.owner.prefix.rstrip("/") + "/"
    body, digest = alone(drawn.replace(f'href="{own}', f'href="{root}'))
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'",
        "Content-Language": voice.language,
        "Content-Disposition": f'inline; filename="{name}"',
        "Vary": "Accept-Language",
    }
    return Answer(body, _SVG, tuple(headers.items()))


# ---------------------------------------------------------------- the page
def _page(voice: Voice) -> Page:
    policy = outline.chosen(voice, _FIX)
    title = voice.t("责任图", "Map of responsibility")
    if policy is None:
        empty = element("p", voice.t("没有载入政策。", "No policy is loaded."), class_="empty")
        return Page(title, (empty,), way="map")
    number = voice.word(policy, PG.documentNumber)
    lead = join([chinese(number), " ", voice.label(policy)]) if number else voice.label(policy)
    parts = (_which(voice, policy), _first(voice, policy), _second(voice, policy))
    return Page(title, parts, way="map", lead=lead, sheets=(SHEET, "map.css"))


def _which(voice: Voice, policy: Iri) -> Markup:
    others = [other for other in outline.policies(voice) if other != policy]
    if not others:
        return Markup("")
    links = [element("li", voice.to("map", voice.label(other), policy=other.value)) for other in others]
    return element("nav", element("ul", *links, class_="which"), aria_label=voice.t("其他政策", "Other policies"))


def _files(voice: Voice, name: str, policy: Iri) -> Markup:
    return element("p", voice.to(name, voice.t("下载图形（SVG）", "Download the picture (SVG)"), policy=policy.value), class_="soft files")


def _first(voice: Voice, policy: Iri) -> Markup:
    grid = responsibilities(voice, policy)
    look = _responsible(voice, grid)
    heading = element("h2", look.title, id="responsible")
    note = element(
        "p",
        voice.t(
            "措施按原文顺序，单位按措施数多少、同数按原文先后。文本没有载明牵头单位，所以图中不画牵头；列在首位不等于牵头。",
            "Measures in the text's order; units by how many measures they have, then as the text has them. "
            "The text names no lead, so none is drawn; standing first is not leading.",
        ),
    )
    if not grid.cells:
        none = element("p", voice.t("这项政策没有列出责任单位。", "This policy lists no responsible units."), class_="empty")
        return element("section", heading, none, saved.behind(voice, RESPONSIBILITIES, policy=policy))
    rows = [
        (
            voice.link(row.node, f"{row.number} {row.label}".strip()) if row.node else row.label,
            element(
                "ol", *(element("li", voice.link(each.node) if each.node else each.label) for each in grid.lists[row]), class_="in-order"
            )
            if grid.lists[row]
            else element("span", voice.t("未载明", "not stated"), class_="soft"),
            str(len(grid.lists[row])),
        )
        for row in grid.rows
    ]
    by_unit = [
        (
            voice.link(column.node) if column.node else column.label,
            element("ol", *(_short(voice, row) for row in grid.rows if (row, column) in grid.cells), class_="in-order"),
            str(grid.of_column(column, meetings=True)),
        )
        for column in grid.columns
    ]
    count, unit, measure = voice.t("合计", "sum"), voice.t("责任单位", "Responsible unit"), voice.t("措施", "Measure")
    in_order = voice.t("责任单位（按原文顺序）", "Responsible units, in the text's order")
    tables = element(
        "details",
        element("summary", voice.t("同样内容的表格", "The same as tables")),
        element("div", table(voice.t("各项措施的责任单位", "Units of each measure"), (measure, in_order, count), rows), class_="scroll"),
        element(
            "div",
            table(voice.t("各单位的措施", "Measures of each unit"), (unit, voice.t("措施", "Measures"), count), by_unit),
            class_="scroll",
        ),
        class_="tables",
        id="responsible-table",
    )
    drawn = scrolled(draw(voice, grid, look), look.title)
    return element(
        "section", heading, note, drawn, _files(voice, PICTURES[0], policy), tables, saved.behind(voice, RESPONSIBILITIES, policy=policy)
    )


def _short(voice: Voice, row: Head) -> Markup:
    words = voice.t(f"措施{row.number}", f"measure {row.number}") if row.number else row.label
    return element("li", voice.link(row.node, words, title=row.label) if row.node else words)


def _second(voice: Voice, policy: Iri) -> Markup:
    grid = strengths(voice, policy)
    look = _bearing(voice, policy)
    heading = element("h2", look.title, id="strength")
    if not grid.cells:
        none = element("p", voice.t("这项政策没有标明强度的条款。", "This policy has no clauses with a strength."), class_="empty")
        return element("section", heading, none)
    note = element(
        "p",
        voice.t(
            "只计文字载明、承前或共同的承担主体；没有载明的从不以责任单位补入。点击数字，在原文中阅读这些条款。",
            "Only bearers that the text states, carries over or joins; one that is not stated is never filled with the responsible units. "
            "A number leads to its clauses.",
        ),
    )
    heads = (voice.t("主体", "Actor"), *(column.label for column in grid.columns), voice.t("合计", "sum"))
    rows = [
        (
            voice.link(row.node) if row.node else row.label,
            *(_count(grid, row, column, look) for column in grid.columns),
            str(grid.of_row(row)),
        )
        for row in grid.rows
    ]
    tables = element(
        "details",
        element("summary", voice.t("同样内容的表格", "The same as a table")),
        element(
            "div", table(look.title, heads, rows, class_="grid-table"), class_="scroll", tabindex="0", role="region", aria_label=look.title
        ),
        class_="tables",
        id="strength-table",
    )
    drawn = scrolled(draw(voice, grid, look), look.title)
    files = _files(voice, PICTURES[1], policy)
    return element("section", heading, note, drawn, files, tables, saved.behind(voice, STRENGTHS, policy=policy), class_="sheet")


def _count(grid: Grid, row: Head, column: Head, look: Look) -> str:
    found = grid.cells.get((row, column))
    if found is None:
        return ""
    target = look.link(row, column)
    return element("a", str(found), href=target) if target else str(found)
