"""Answers of saved questions for pages of ours: a picture shows what the question answers, and links to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.ask import find_question
from policygraph.model.terms import Table
from policygraph.reports.html.markup import Markup, element, join

if TYPE_CHECKING:
    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice

_FORMS = ("json", "csv", "xlsx")


def rows(voice: Voice, name: str, **values: Term) -> list[dict[str, Term]]:
    """Return the rows of a saved question; cells without a value are left out.

    Args:
        voice: The page.
        name: The question's name.
        values: Its parameters.
    """
    asked = find_question(name, voice.owner.roots).bind(values, voice.language)
    table = voice.graph.query(asked)
    return table.dicts() if isinstance(table, Table) else []


def behind(voice: Voice, name: str, **values: Term) -> Markup:
    """Return where the answer that a picture shows is found: the question, and the same as data."""
    question = find_question(name, voice.owner.roots)
    query = {key: term.value for key, term in values.items()}
    forms = [voice.data(f"ask/{name}", form, **query) for form in _FORMS]
    shown = voice.to(f"ask/{name}", voice.say(question.summary), **query)
    marks = [element("span", form, class_="form") for form in forms]
    return element("p", voice.t("数据：", "Data: "), shown, " ", join(marks), class_="soft behind")
