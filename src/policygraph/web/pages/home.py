"""The home page: what a policy is, its goals and measures, who is responsible, and what can be done here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.published.dumps import FORMS
from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal
from policygraph.reports.html.markup import Markup, chinese, element, join
from policygraph.vocab import BASE, DCAT, DCTERMS, OWL, PG, RDF, UNIT
from policygraph.web.pages import outline, saved
from policygraph.web.pages.drawing import rect
from policygraph.web.pages.entity.parts import amount
from policygraph.web.pages.keeping import kept
from policygraph.web.pages.matrix.grid import responsibilities
from policygraph.web.pages.shell import STANDING, Page, place
from policygraph.web.pages.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.app.published.figures import Figures
    from policygraph.model.terms import Term
    from policygraph.web.pages.matrix.grid import Grid, Head

GOALS = "goals-with-figures"
_ABOUT = Text(
    "policygraph 把政策文件变成知识图谱：可以提问、核查申报、判读能否享受，每个答案都附原文逐字引文。",
    "policygraph turns a policy document into a knowledge graph that answers questions, checks submissions and decides who is entitled to "
    "what; every answer carries the verbatim sentence that it rests on.",
)
_SIZE = Text("{triples} 条陈述，关于 {entities} 个事物。", "{triples} statements on {entities} things.")
_FIX = Text("首页不带 ?policy= 时列出各项政策。", "The home page without ?policy= lists the policies.")
_DO = (
    ("read", Text("阅读", "Read"), Text("全文逐句，标明强度与判读", "The whole text, each clause with its strength and how it was read")),
    ("map", Text("看责任图", "See the map"), Text("哪项措施由哪些单位负责", "Which units are responsible for which measure")),
    ("ask", Text("提问", "Ask"), Text("现成的问题，答案附原文", "Saved questions, answered with the words of the text")),
    ("check", Text("核查", "Check"), Text("表格是否合于文本，怎样改正", "Whether a file fits the text, and how to mend it")),
    ("entitlements", Text("我能享受什么", "What am I entitled to"), Text("逐题作答，看可能享受的待遇", "Answer question by question")),
    ("compare", Text("比较与假设", "Compare"), Text("两个版本，或改动之后有何不同", "Two versions, or what a change would change")),
    ("developers", Text("开发者", "Developers"), Text("接口、词汇与数据下载", "Interfaces, vocabulary and downloads")),
)
# Address below the root → what is there.
_WAYS = (
    ("sparql", Text("SPARQL 1.1 端点，只读", "SPARQL 1.1 endpoint, read-only")),
    ("openapi.json", Text("全部接口的说明（OpenAPI 3.1）", "description of all interfaces (OpenAPI 3.1)")),
    ("api/kinds", Text("申报种类与字段", "kinds of submission and their fields")),
    ("schemas", Text("JSON Schema：各种申报与报告", "JSON Schemas of submissions and reports")),
    ("context.jsonld", Text("申报用的 JSON-LD 上下文", "JSON-LD context of submissions")),
    ("catalog", Text("数据目录（DCAT）", "catalogue (DCAT)")),
    ("void", Text("数据集说明（VoID）", "description of the dataset (VoID)")),
    ("problems", Text("问题类型", "types of problems")),
)


async def home(request: Request, link: str, figures: Callable[[], Figures]) -> Response:
    """Answer with the page.

    Args:
        request: The request.
        link: The Link header.
        figures: Counts what there is.
    """
    response = await kept(request, ("home",), lambda: _page(Voice(request), figures()))
    response.headers["Link"] = link
    return response


def _page(voice: Voice, figures: Figures) -> Page:
    policy = outline.chosen(voice, _FIX)
    more = (element("link", rel="alternate", type="text/turtle", href=place(voice.request, "void.ttl")),)
    doing, machines = _doing(voice), _machines(voice, figures)
    if policy is None:
        parts: tuple[str, ...] = (element("p", voice.say(_ABOUT)), doing, machines)
        return Page("policygraph", parts, links=more, sheets=("home.css",))
    grid = responsibilities(voice, policy)
    parts = (
        _others(voice, policy),
        _goals(voice, policy),
        doing,
        _measures(voice, policy, grid),
        _units(voice, policy, grid),
        element("p", STANDING.in_language(voice.language), class_="notice"),
        machines,
    )
    return Page(voice.label(policy), parts, lead=_what(voice, policy), links=more, sheets=("home.css",))


# ---------------------------------------------------------------- the policy
def _what(voice: Voice, policy: Iri) -> str:
    """Return number, date and issuers in a line."""
    issuers = voice.members(voice.one(policy, PG.issuerList)) or voice.objects(policy, PG.issuer)
    by = voice.t("、", ", ").join(voice.label(each) for each in issuers)
    issued = voice.word(policy, PG.dateIssued)
    number = voice.word(policy, PG.documentNumber)
    parts: list[str] = [chinese(number) if number else ""]
    parts.append(voice.t(f"{issued} 印发", f"issued {issued}") if issued else "")
    parts.append(by)
    shown = [part for part in parts if part]
    return join(piece for n, part in enumerate(shown) for piece in ((" · ", part) if n else (part,)))


def _others(voice: Voice, policy: Iri) -> Markup:
    others = [each for each in outline.policies(voice) if each != policy]
    if not others:
        return Markup("")
    found = [element("li", element("a", voice.label(each), href=place(voice.request, "", policy=each.value))) for each in others]
    name = voice.t("其他政策", "Other policies")
    return element("nav", element("h2", name), element("ul", *found), class_="others", aria_label=name)


def _goals(voice: Voice, policy: Iri) -> Markup:
    """Return the goals that state a figure: a big number each, a bar under a share."""
    rows = saved.rows(voice, GOALS, policy=policy)
    if not rows:
        return Markup("")
    cards = [element("li", *_goal(voice, row), class_="goal") for row in rows]
    heading = element("h2", voice.t("目标与数字", "Goals with figures"), id="goals")
    return element("section", heading, element("ul", *cards, class_="goals"), saved.behind(voice, GOALS, policy=policy))


def _goal(voice: Voice, row: dict[str, Term]) -> list[str]:
    value, unit = row["value"], row["unit"].value
    stated = amount(voice, value, unit) if isinstance(value, Literal) else voice.label(value)
    about = row["approximate"].value in ("true", "1")
    english = f"about {stated}" if about else stated
    shown = element("span", row["words"].value, lang="zh-Hans") if voice.language != "en" else english
    deadline = row["deadline"].value if "deadline" in row else ""
    due = voice.t(f"期限 {deadline}", f"by {deadline}") if deadline else voice.t("期限未载明", "no deadline stated")
    return [
        element("p", shown, class_="figure"),
        _bar(value) if isinstance(value, Literal) and unit == UNIT.FRACTION else "",
        element("p", voice.link(row["provision"], row["label"].value)),
        element("p", due, class_="soft"),
    ]


def _bar(value: Literal) -> Markup:
    share = 100 * min(1.0, max(0.0, float(value.value)))
    drawn = (rect(0, 0, 100, 6, "whole", 3), rect(0, 0, share, 6, "share", 3))
    return element(
        "svg",
        *drawn,
        viewBox="0 0 100 6",
        preserveAspectRatio="none",
        class_="share-bar",
        width="100",
        height="6",
        aria_hidden="true",
    )


def _measures(voice: Voice, policy: Iri, grid: Grid) -> Markup:
    """Return the measures as cards in the text's order, under the sections that hold them."""
    measures = outline.parts_of(voice, policy, PG.Measure)
    if not measures:
        return Markup("")
    by_node = {row.node: row for row in grid.rows}
    shown: list[Markup] = [element("h2", voice.t(f"措施（{len(measures)} 项）", f"Measures ({len(measures)})"), id="measures")]
    group: Iri | None = None
    cards: list[Markup] = []
    for measure in measures:
        holder = next(iter(outline.above(voice, measure)[-1:]), None)
        if holder != group:
            shown += [element("ol", *cards, class_="cards measures")] if cards else []
            group, cards = holder, []
            if holder is not None and holder != policy:
                shown.append(element("h3", f"{voice.word(holder, PG.number)} ".lstrip(), voice.link(holder)))
        cards.append(_measure(voice, measure, by_node.get(measure if isinstance(measure, Iri) else None), grid))
    shown.append(element("ol", *cards, class_="cards measures"))
    return element("section", *shown)


def _measure(voice: Voice, measure: Term, row: Head | None, grid: Grid) -> Markup:
    units = grid.lists.get(row, ()) if row is not None else ()
    named = voice.t("、", ", ").join(unit.label for unit in units) or voice.t("责任单位未载明", "responsible units not stated")
    title = element("h4", element("span", voice.word(measure, PG.number), class_="ordinal"), " ", voice.link(measure))
    return element("li", title, element("p", named, class_="soft"), class_="card")


def _units(voice: Voice, policy: Iri, grid: Grid) -> Markup:
    if not grid.columns:
        return Markup("")
    chips = [_unit(voice, column, grid.of_column(column, meetings=True)) for column in grid.columns]
    note = voice.t(
        "数字为列其为责任单位的措施数；文本没有载明牵头单位。",
        "The number counts the measures that list the unit; the text names no lead.",
    )
    to = element("a", voice.t("看责任图", "See the map"), href=place(voice.request, "map", policy=policy.value))
    heading = element("h2", voice.t("谁负责", "Who is responsible"), id="units")
    return element("section", heading, element("ul", *chips, class_="chips"), element("p", note, " ", to, class_="soft"))


def _unit(voice: Voice, column: Head, count: int) -> Markup:
    named = voice.link(column.node) if column.node is not None else column.label
    return element("li", named, " ", element("span", str(count), class_="soft"))


# ---------------------------------------------------------------- ways on
def _doing(voice: Voice) -> Markup:
    cards = [
        element("li", element("h3", voice.to(path, voice.say(name))), element("p", voice.say(about), class_="soft"), class_="card")
        for path, name, about in _DO
    ]
    heading = element("h2", voice.t("在这里可以做什么", "What you can do here"), id="do")
    return element("section", heading, element("ul", *cards, class_="cards do"))


def _machines(voice: Voice, figures: Figures) -> Markup:
    """Return the ways in for programs, the data as a whole, vocabularies, publisher and licence."""
    dataset = next(iter(_all(voice, DCAT.Dataset)), None)
    rights = [v for p in (DCTERMS.publisher, DCTERMS.license) for v in voice.objects(dataset, p)] if dataset is not None else []
    ways = [element("li", voice.to(path, path), " ", voice.say(about)) for path, about in _WAYS]
    dumps = [element("li", element("a", form.label, href=voice.owner.address(BASE + form.path), type=form.media_type)) for form in FORMS]
    groups = (
        (voice.t("入口", "Ways in"), element("ul", *ways)),
        (
            voice.t("全部数据", "All data"),
            join([element("p", voice.say(_SIZE, triples=figures.triples, entities=figures.entities)), element("ul", *dumps)]),
        ),
        (voice.t("词汇", "Vocabularies"), _named(voice, _all(voice, OWL.Ontology))),
        (voice.t("发布者与许可", "Publisher and licence"), _named(voice, rights)),
    )
    columns = [element("div", element("h3", title), content) for title, content in groups]
    heading = element("h2", voice.t("开发者与数据", "Developers and data"), id="data")
    return element("section", heading, element("p", voice.say(_ABOUT), class_="soft"), element("div", *columns, class_="machines"))


def _all(voice: Voice, kind: str) -> list[Term]:
    return [node for node in voice.subjects(RDF.type, Iri(kind)) if isinstance(node, Iri)]


def _named(voice: Voice, nodes: Sequence[Term]) -> Markup:
    return element("ul", *(element("li", voice.link(node)) for node in nodes))
