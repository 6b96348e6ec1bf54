"""What every page of an interview has: the form that holds all answers, the list of them, how far it is, and ways to save them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element, foreign
from policygraph.web.negotiation import language
from policygraph.web.pages.shell import LANGUAGES, place, spoken

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.web.pages.entitled.handling import Filled

FORM = "interview"
_PATH = "entitlements"
_CHANGE, _REMOVE = Text("改", "change"), Text("去掉", "remove")


def word(request: Request, said: dict[str, str] | None) -> str:
    """Return a text that a worker told, in the page's language."""
    return said[language(request)] if said else ""


def hidden(name: str, value: str) -> Markup:
    """Return a hidden field."""
    return element("input", type="hidden", name=name, value=value)


def button(words: str, act: str, *, quiet: bool = True, label: str = "", **attributes: str) -> Markup:
    """Return a button that does something with the interview, wherever it stands on the page."""
    return element(
        "button", words, type="submit", form=FORM, name="act", value=act, class_="quiet" if quiet else "", aria_label=label,
        formnovalidate="formnovalidate" if act not in {"next"} else "", **attributes,
    )  # fmt: skip


def form(request: Request, told: dict[str, Any], was: dict[str, str], view: str, *parts: str) -> Markup:
    """Return the form that holds the interview.

    Args:
        request: The request.
        told: What the step told.
        was: Rule → outcome as last shown.
        view: What is to be shown after an answer: ask or show.
        *parts: What stands in it.
    """
    held = [hidden("kind", told["kind"]), hidden("view", view)]
    held += [hidden("line", line) for line in told["lines"]]
    held += [hidden("was", f"{rule} {outcome}") for rule, outcome in was.items()]
    return element("form", *held, *parts, method="post", action=place(request, _PATH), id=FORM, autocomplete="off")


def day_field(request: Request, filled: Filled, view: str) -> Markup:
    """Return the day as of which it is judged."""
    said = spoken(Text("判读基准日（空着就是今天）", "As of (empty for today)"), request)
    again = button(spoken(Text("按此日判读", "Judge as of this day"), request), view)
    field = element("input", type="date", id="as-of", name="as-of", value=filled.as_of, form=FORM)
    return element("div", element("label", said, for_="as-of"), element("span", field, " ", again, class_="row"), class_="field day")


def answers(request: Request, told: dict[str, Any], *extra: str) -> Markup:
    """Return the answers so far beside the page, each of which can be changed or removed."""
    title = element("h2", spoken(Text("已答", "Answers"), request), id="answers-title")
    kind = element("p", spoken(Text("主体：", "Subject: "), request), element("strong", word(request, told["kindName"])))
    parts: list[str] = []
    rows: dict[str, Markup] = {}
    for row, own in groupby(sorted(told["answers"], key=_row_order), key=_row):
        items = []
        for each in own:
            if each["sort"] == "row":
                rows[row] = _item_buttons(request, each, word(request, each["name"]), row=True)
            else:
                items.append(_item(request, each))
        if row:
            head = element("h3", rows_name(request, told, row), " ", rows.get(row, ""))
            parts.append(element("div", head, element("ul", *items) if items else "", class_="row-answers"))
        elif items:
            parts.append(element("ul", *items))
    body = parts or [element("p", spoken(Text("还没有回答。", "There are none yet."), request), class_="soft")]
    return element("aside", title, kind, *body, *extra, class_="sheet", aria_labelledby="answers-title", id="answers")


def rows_name(request: Request, told: dict[str, Any], row: str) -> str:
    """Return what the row at a pointer is called."""
    return next((word(request, each["name"]) for each in told["answers"] if each["sort"] == "row" and each["pointer"] == row), "")


def _row(each: dict[str, Any]) -> str:
    parts = each["pointer"].split("/")
    return "/".join(parts[:3]) if each["sort"] == "row" or len(parts) > 3 else ""  # /table/number/field


def _row_order(each: dict[str, Any]) -> tuple[str, int]:
    row = _row(each)
    table, _, number = row.rpartition("/")
    return table, int(number) if number else 0


def _item(request: Request, each: dict[str, Any]) -> Markup:
    name, value = word(request, each["name"]), word(request, each["value"])
    shown = foreign(value) if each["known"] else element("span", value, class_="soft")
    said = element("span", element("span", name, class_="asked"), " ", shown, class_="said")
    return element("li", said, " ", _item_buttons(request, each, name))


def _item_buttons(request: Request, each: dict[str, Any], name: str, *, row: bool = False) -> Markup:
    mark = spoken(Text("：", ": "), request)
    acts = [] if row else [(_CHANGE, "change")]
    made = [
        button(spoken(words, request), f"{act} {each['pointer']}", label=f"{spoken(words, request)}{mark}{name}")
        for words, act in [*acts, (_REMOVE, "remove")]
    ]
    return element("span", *made, class_="acts")


def progress(request: Request, told: dict[str, Any]) -> Markup:
    """Return how far the interview is."""
    every, settled = len(told["outcomes"]), told["settled"]
    said = spoken(
        Text(
            "{all} 项待遇中 {n} 项已定；还有 {left} 个问题可能改变结果。",
            "{n} of {all} benefits settled; {left} questions could still change a result.",
        ),
        request,
    ).format(all=every, n=settled, left=told["left"])  # fmt: skip
    bar = element("progress", max=str(max(1, every)), value=str(settled) if settled else "0", aria_labelledby="progress")
    return element("div", bar, element("p", said, id="progress"), class_="progress")


def saving(request: Request, *, result: bool) -> Markup:
    """Return the buttons that save the answers, and the result where there is one."""

    def save(words: str, form_: str, label: str) -> Markup:
        return element(
            "button", words, type="submit", form=FORM, name="format", value=form_, formaction=place(request, f"{_PATH}/file"),
            formnovalidate="formnovalidate", class_="quiet", aria_label=label,
        )  # fmt: skip

    own = spoken(Text("存下回答", "Save the answers"), request)
    told = spoken(Text("存下结果", "Save the result"), request)
    groups = [element("p", own, " ", *(save(f".{name}", name, f"{own} .{name}") for name in ("ttl", "jsonld", "json")), class_="row")]
    if result:
        groups.append(
            element("p", told, " ", *(save(f".{n}", f"result-{n}", f"{told} .{n}") for n in ("json", "ttl", "txt")), class_="row")
        )
    hint = spoken(
        Text(
            "存下的回答是一份主体情况，可以再载入，也可用 policygraph 读取。",
            "Saved answers are a profile: load it again, or read it with policygraph.",
        ),
        request,
    )  # fmt: skip
    return element("div", *groups, element("p", hint, class_="soft small"), class_="saving")


def other_language(request: Request, view: str) -> Markup:
    """Return the button that says the same in the other language: what was sent must not come into an address, as a link would have it."""
    other = "zh" if language(request) == "en" else "en"
    return element(
        "button", {"zh": "中文", "en": "English"}[other], type="submit", form=FORM, name="act", value=view, lang=LANGUAGES[other],
        formaction=f"{place(request, _PATH).partition('?')[0]}?lang={other}", formnovalidate="formnovalidate", class_="quiet",
    )  # fmt: skip
