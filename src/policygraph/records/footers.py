"""Rows below a table that are no records: totals, and who filled it in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.records.spelling import alike, spelt

if TYPE_CHECKING:
    from policygraph.records.raw import RawRow

TOTAL_ROW = Text("合计行或表尾，不是记录，未读取。", "A total or a footer, no record; it was not read.")
NO_FACT = Text("这一行没有任何字段的内容，未读取。", "This row states no field; it was not read.")

_TOTALS = frozenset({"合计", "小计", "总计", "共计", "累计", "total", "subtotal", "grandtotal"})
_ROLES, _WHAT = "填表|制表|填报|审核|复核|负责|经办|联系", "人|单位|日期|时间|电话"
_FOOTER = re.compile(rf"\s*(?:(?:{_ROLES})(?:{_WHAT})?(?:\([^()]*\))?|注|备注|说明)\s*:")


def is_footer(row: RawRow) -> bool:
    """Say whether a row is a total or the foot of a table: a cell of it says so by itself."""
    words = (cell.text for cell in row.cells if cell and cell.sort == "text")
    return any(spelt(word) in _TOTALS or _FOOTER.match(alike(word)) is not None for word in words)
