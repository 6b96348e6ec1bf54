"""Shows the result of a query in the form asked for; shared by `ask` and `sparql`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.cli.output import columns
from policygraph.errors import Text, UsageError
from policygraph.model.terms import Iri, Literal, Table, Term
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.cli.context import Context
    from policygraph.model.terms import Triple


def shown(
    result: Table | bool | tuple[Triple, ...],
    form: str,
    context: Context,
    *,
    headings: Sequence[str] = (),
    to_screen: bool = True,
) -> str:
    """Return a result as text.

    Raises:
        UsageError: The form does not suit this kind of result.
    """
    if isinstance(result, tuple):
        return _triples(result, form, context)
    if form == "turtle":
        raise UsageError(
            Text("turtle 只用于 CONSTRUCT 或 DESCRIBE 的结果。", "turtle is for the result of a CONSTRUCT or DESCRIBE only."),
            Text("请改用 table、csv、tsv、json 或 markdown。", "Use table, csv, tsv, json or markdown."),
        )
    from policygraph.cli.tables import render, render_boolean

    if isinstance(result, bool):
        return render_boolean(result, form, context.language)

    def show(term: Term) -> str:
        if isinstance(term, Iri):
            return context.entities.short(term)
        if isinstance(term, Literal) and term.datatype == XSD.boolean:
            yes = term.value in {"true", "1"}
            return Text("是", "yes").in_language(context.language) if yes else Text("否", "no").in_language(context.language)
        return context.entities.label(term, context.language)

    return render(result, form, headings=headings, show=show, columns=columns() if to_screen else 0)


def _triples(triples: tuple[Triple, ...], form: str, context: Context) -> str:
    from policygraph.graph.serialising import serialise

    forms = {"table": "turtle", "turtle": "turtle", "json": "jsonld"}
    if form not in forms:
        raise UsageError(
            Text(f"三元组不能写成 {form}。", f"Triples cannot be written as {form}."),
            Text("请改用 --format turtle 或 json。", "Use --format turtle or json."),
        )
    return serialise(triples, forms[form], context.graph.namespaces())
