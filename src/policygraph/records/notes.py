"""What of a file became part of no record: findings on their places, and what was left with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import LimitError, Text
from policygraph.model.submitted import Unread

if TYPE_CHECKING:
    from policygraph.model.places import Place
    from policygraph.records.record import Misread

MOST = 500
MANY = Text("有超过 {n} 处不能归入任何记录。", "More than {n} places belong to no record.")

HIDDEN_SHEET = Text("隐藏的工作表，未读取。", "A hidden sheet; it was not read.")
KINDLESS = Text("这一行没有写明申报种类。", "This row does not say of which kind of submission it is.")
NAME_KIND = Text("请填写申报种类；policygraph kinds 列出全部种类。", "Name its kind; `policygraph kinds` lists them all.")
# What a workbook holds beside its sheets, as readers name it.
LEFT = {
    "macros": Text("工作簿含有宏；宏未读取，也未运行。", "The workbook has macros; they were neither read nor run."),
    "links": Text(
        "工作簿链接到其他文件；链接未打开，公式取其保存时的值。",
        "The workbook links to other files; they were not opened, and formulas have the values that were saved.",
    ),
}
NO_OWNER = Text("这一行没有写明所属记录的序号。", "This row does not say to which record it belongs.")
UNKNOWN_OWNER = Text("没有序号为“{key}”的记录。", "No record is numbered “{key}”.")
TWO_OWNERS = Text("序号为“{key}”的记录不止一条。", "More than one record is numbered “{key}”.")
OWNER_FIX = Text(
    "请在“所属序号”列填写主表中该记录的“序号”，各记录的序号不得重复。",
    "Give the record's number in the first sheet under “belongs to No.”; number each record differently.",
)


class Notes:
    """Collects what is said of a file beside its records, without repeats and without end."""

    def __init__(self) -> None:
        self._misread: dict[Misread, None] = {}
        self._unread: dict[Unread, None] = {}

    @property
    def misread(self) -> tuple[Misread, ...]:
        """What should have become part of a record and did not."""
        return tuple(self._misread)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What was left, and why."""
        return tuple(self._unread)

    def fault(self, misread: Misread) -> None:
        """Add a place that should have become part of a record.

        Raises:
            LimitError: There are too many.
        """
        self._misread[misread] = None
        if len(self._misread) > MOST:
            raise LimitError(MANY.format(n=MOST), misread.mending, misread.place.words().zh)

    def leave(self, place: Place, why: Text) -> None:
        """Add a place that is left; of very many the first are kept."""
        if len(self._unread) < MOST:
            self._unread[Unread(place, why)] = None
