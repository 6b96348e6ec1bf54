"""What is said of values that their field cannot take: contradicting ones, and codes that its list does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri, local_name
from policygraph.records.near import described, near, plain
from policygraph.records.record import OWN_BASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.engine.explaining import Explainer
    from policygraph.model.terms import Term
    from policygraph.records.kinds import Field, Kind

CONTRADICTING = Text(
    "{field}：填了 {n} 个互相矛盾的值（{values}），只能填一个。",
    "{field}: {n} contradicting values are given ({values}); one may be given.",
)
NO_CODE = Text("{field}：代码表中没有{values}。可填：{codes}", "{field}: the code list has no {values}. Allowed: {codes}")
MORE = Text(
    "{codes}，另有 {n} 个，见 policygraph show {scheme}（字段见 policygraph ask fields-of-submission --param kind={kind}）",
    "{codes}, and {n} more, see policygraph show {scheme} (fields: policygraph ask fields-of-submission --param kind={kind})",
)
# Longer lists are named by their first codes, near misses before the others.
MOST_SHOWN = 12


def contradicting(explainer: Explainer, field: Field, stated: list[Term]) -> Text:
    """Return what is said of a field that may have one value and has several."""
    words = sorted({explainer.wording(v) for v in stated}, key=lambda w: (len(w.zh), w.zh, w.en))
    shown = words[:MOST_SHOWN]
    values = Text("、".join(w.zh for w in shown), ", ".join(w.en for w in shown))
    if len(words) > MOST_SHOWN:
        values = Text(f"{values.zh}…", f"{values.en}…")
    return CONTRADICTING.format(field=field.name, n=len(stated), values=values)


def no_code(explainer: Explainer, kind: Kind, field: Field, codes: Sequence[str], strange: list[Term]) -> Text:
    """Return what is said of values that are none of a field's code list, with the codes that it has, in their order."""
    labels = {local_name(code): explainer.named(code).label for code in codes}
    spaces = {f"{field.code_list}/"}
    bare = sorted({plain(v.value, spaces).replace(OWN_BASE, "") if isinstance(v, Iri) else v.value[:80] for v in strange})
    names = list(labels)
    if len(names) > MOST_SHOWN:
        names = list(dict.fromkeys([*(n for word in bare for n in near(word, labels)), *names]))[:MOST_SHOWN]
    shown = described(names, labels)
    if len(labels) > len(names):
        shown = MORE.format(codes=shown, n=len(labels) - len(names), scheme=field.code_list, kind=kind.short)
    quoted = [f"“{word}”" for word in bare[:MOST_SHOWN]]
    return NO_CODE.format(field=field.name, values=Text("、".join(quoted), ", ".join(quoted)), codes=shown)
