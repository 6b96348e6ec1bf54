"""What is said of a record that states the same fact as an earlier one, or may do so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from policygraph.records.keys import Repeat

SAME = Text("与{earlier}是同一事实；先者成立。", "It states the same fact as {earlier}; the first stands.")
VERBATIM = Text("疑似与{earlier}重复：两者逐字相同。", "It may repeat {earlier}: both are word for word the same.")
SPELT = Text(
    "疑似与{earlier}重复：识别同一事实的各字段看来相同，只是写法不同（编号写在名称之中，或繁体、形近字符）。",
    "It may repeat {earlier}: the fields that identify the fact look the same and are only spelt otherwise"
    " (a number within a name, traditional or look-alike characters).",
)
ALIKE = Text(
    "疑似与{earlier}重复：所填内容没有不同，而识别同一事实的字段未填全。",
    "It may repeat {earlier}: nothing stated tells them apart, and the fields that identify the fact are incomplete.",
)
COMPARE = Text("请比对两者的原件；确为同一事实的，先者成立。", "Compare the documents of both; if the fact is the same, the first stands.")
TELL_APART = Text("请填全识别同一事实的各个字段。", "State every field that identifies the fact.")
RECORD_NUMBER = Text("记录 {position} ", "record {position}")


def words_of_repeat(repeat: Repeat) -> tuple[Text, Text]:
    """Return what is said of a repeat, and how it is mended."""
    earlier = repeat.named or RECORD_NUMBER.format(position=repeat.position)
    if repeat.certain:
        return SAME.format(earlier=earlier), Text("", "")
    if repeat.verbatim:
        return VERBATIM.format(earlier=earlier), COMPARE
    if repeat.spelt:
        return SPELT.format(earlier=earlier), COMPARE
    return ALIKE.format(earlier=earlier), TELL_APART
