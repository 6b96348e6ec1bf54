"""Which of the forms that there are a caller gets: by `?format=`, else by the Accept header; 406 says what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.export import ALIASES
from policygraph.errors import Text
from policygraph.web.negotiation import choose
from policygraph.web.problems import NOT_ACCEPTABLE, usage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.web.negotiation import Media

_FIX = Text("请在 Accept 头或 ?format= 中改用下列之一：{names}。", "Ask for one of these in Accept or ?format=: {names}.")


def chosen(accept: str | None, asked: str | None, offered: Sequence[Media], available: Mapping[str, str]) -> Media:
    """Return the form of an answer.

    Args:
        accept: The Accept header.
        asked: What `?format=` says: a name, an ending or a media type.
        offered: The forms that there are.
        available: Form → its address, for the problem.

    Raises:
        ProblemError: None of them is acceptable (406).
    """
    if asked is None:
        media = choose(accept, offered)
        wanted = accept or ""
    else:
        # In a query, `+` means a space: application/ld+json comes as `application/ld json` when it was not encoded.
        wanted = asked.strip().lower().removeprefix(".")
        names = {wanted, wanted.replace(" ", "+")}
        names.add(ALIASES.get(wanted, wanted))
        media = next((each for each in offered if names & {each.name, each.form, each.type, *each.others}), None)
    if media is not None:
        return media
    listed = Text("、".join(each.name for each in offered), ", ".join(each.name for each in offered))
    raise usage(
        f"没有“{wanted}”这种格式。",
        f"There is no form “{wanted}”.",
        _FIX.format(names=listed),
        NOT_ACCEPTABLE,
        {"Vary": "Accept"},
        available=[{"format": each.name, "type": each.type, "url": available[each.name]} for each in offered if each.name in available],
    )
