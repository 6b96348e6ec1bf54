"""The page on which two sides are chosen: policies, a sample, or a file that is laid over a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element
from policygraph.web.negotiation import language
from policygraph.web.pages.check.form import DAY, DAY_HELP
from policygraph.web.pages.check.landing import NOTHING_KEPT
from policygraph.web.pages.compare.sides import policies, samples
from policygraph.web.pages.shell import Page, place, spoken
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from policygraph.model.terms import Iri

TITLE = Text("比较", "Compare")
_LEAD = Text(
    "假如改一改会怎样：把修改或读法叠加在政策上，看哪些条款、数值、规则和答案随之改变，两边原句并列。",
    "What if it were changed: lay an amendment or a reading over the policy, and see which clauses, numbers, rules and answers change, "
    "with the sentences of both sides.",
)
_SAMPLES = Text("现成的示例", "Samples")
_SAMPLES_LEAD = Text("随数据附带的叠加文件，可直接看结果。", "Overlays that come with the data; see at once what they change.")
_OWN, _BASE = Text("叠加自己的文件", "Lay over your own file"), Text("政策", "Policy")
_OVERLAY, _OR = Text("叠加文件（Turtle）", "Overlay (Turtle)"), Text("或选一个示例", "Or choose a sample")
_OVERLAY_HELP = Text(
    "文件写明修改政策的条款与数值，或采用某种读法；示例可下载作样本。",
    "The file states clauses and numbers that amend the policy, or adopts a reading; the samples can be downloaded to start from.",
)
_NONE = Text("（不用示例）", "(no sample)")
_SUBMISSION = Text("申报文件（可不选）", "A submission (optional)")
_SUBMISSION_HELP = Text(
    "选了文件，就逐条列出哪些判读与核查会变、数额增减多少。",
    "With one, you see for each record which decisions and checks change, and what is gained or lost.",
)
_SHOW, _TWO = Text("看有何不同", "Show the differences"), Text("两项政策", "Two policies")
_BEFORE, _AFTER = Text("之前", "Before"), Text("之后", "After")
_ONE = Text(
    "图谱中目前只有一项政策；加入另一项后，可在此逐条比较。",
    "The graph holds one policy so far; when there is another, the two can be compared here.",
)
_DOWNLOAD = Text("文件", "File")


def page(request: Request) -> Page:
    """Return the page."""
    main = (*_samples(request), *_own(request), *_two(request))
    return Page(spoken(TITLE, request), main, "compare", spoken(_LEAD, request), sheets=("check.css", "compare.css"))


def _named(request: Request, iris: Sequence[Iri]) -> list[tuple[str, str]]:
    owner = service(request)
    return [(iri.value, owner.entities.label(iri, language(request))) for iri in iris]


def _select(request: Request, name: str, label: Text, options: Sequence[tuple[str, str]], mark: str = "") -> Markup:
    shown = (element("option", words, value=value) for value, words in options)
    mark = mark or name
    control = element("select", *shown, name=name, id=mark)
    return element("div", element("label", spoken(label, request), for_=mark), control, class_="field")


def _samples(request: Request) -> list[Markup]:
    owner = service(request)
    found, bases = samples(owner), policies(owner)
    if not found or not bases:
        return []
    cards = []
    for each in found:
        link = element("a", spoken(each.title, request), href=place(request, "compare", before=bases[0].value, sample=each.name))
        file = element("a", f"{each.name}.ttl", href=place(request, f"compare/samples/{each.name}"), type="text/turtle")
        cards.append(
            element(
                "li",
                element("h3", link),
                element("p", rest) if (rest := spoken(each.rest, request)) else "",
                element("p", spoken(_DOWNLOAD, request), " ", file, class_="soft"),
                class_="card",
            )
        )
    title = element("h2", spoken(_SAMPLES, request), id="samples")
    return [title, element("p", spoken(_SAMPLES_LEAD, request)), element("ul", *cards, class_="cards")]


def _own(request: Request) -> list[Markup]:
    owner = service(request)
    bases = policies(owner)
    overlay = _file(request, "with", "overlay", _OVERLAY, _OVERLAY_HELP, (".ttl", ".turtle"))
    none = Markup(f'<option value="">{spoken(_NONE, request)}</option>')
    chosen = element(
        "div",
        element("label", spoken(_OR, request), for_="sample"),
        element(
            "select",
            none,
            *(element("option", spoken(each.title, request), value=each.name) for each in samples(owner)),
            name="sample",
            id="sample",
        ),
        class_="field",
    )
    submission = _file(request, "file", "submission", _SUBMISSION, _SUBMISSION_HELP, ())
    day = element(
        "div",
        element("label", spoken(DAY, request), for_="as-of"),
        element("input", type="date", name="as-of", id="as-of", aria_describedby="as-of-help"),
        element("p", spoken(DAY_HELP, request), class_="help", id="as-of-help"),
        class_="field",
    )
    form = element(
        "form",
        element("div", _select(request, "before", _BASE, _named(request, bases), "base"), chosen, class_="grid"),
        element("div", overlay, submission, day, class_="grid"),
        element("p", element("button", spoken(_SHOW, request), type="submit")),
        element("p", spoken(NOTHING_KEPT, request), class_="soft"),
        method="post",
        action=place(request, "compare"),
        enctype="multipart/form-data",
        id="lay",
        class_="panel",
    )
    return [element("h2", spoken(_OWN, request), id="own"), form]


def _file(request: Request, name: str, mark: str, label: Text, about: Text, endings: Sequence[str]) -> Markup:
    return element(
        "div",
        element("label", spoken(label, request), for_=mark),
        element("input", type="file", name=name, id=mark, accept=",".join(endings), aria_describedby=f"{mark}-help"),
        element("p", spoken(about, request), class_="help", id=f"{mark}-help"),
        class_="field",
    )


def _two(request: Request) -> list[Markup]:
    every = _named(request, policies(service(request)))
    title = element("h2", spoken(_TWO, request), id="two")
    if len(every) < 2:
        return [title, element("p", spoken(_ONE, request), class_="empty")]
    english = [Markup('<input type="hidden" name="lang" value="en">')] if language(request) == "en" else []
    form = element(
        "form",
        element("div", _select(request, "before", _BEFORE, every), _select(request, "after", _AFTER, every), class_="grid"),
        *english,
        element("p", element("button", spoken(_SHOW, request), type="submit")),
        method="get",
        action=place(request, "compare").partition("?")[0],
        class_="panel",
    )
    return [title, form]
