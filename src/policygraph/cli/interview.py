"""An interview on a terminal, or through a pipe: questions on standard error, answers from standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from policygraph.app.interview import Interviewer
from policygraph.app.profiles import empty_profile
from policygraph.errors import Text, UsageError, clean
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policygraph.app.entitlements import Entitler
    from policygraph.app.interview import Asked, Interview
    from policygraph.app.setting import Setting
    from policygraph.records.record import Record

INTRODUCTION = Text(
    "下面一次问一个问题，只问仍能影响结果的事实。输入编号或内容；? 表示不知道，< 返回上一题，q 结束并显示结果。",
    "One question at a time, and only about facts that can still change an answer."
    " Type a number or a value; ? means not known, < goes back, q ends and shows the result.",
)
PRIVATE = Text("所填内容只留在本机，不作记录。", "What you type stays on this machine and is not logged.")
WHOM = Text("要了解谁的情况？", "Whom is it about?")
MORE = Text("还有没有其他“{name}”？", "Are there further “{name}”?")
ANY = Text("有没有“{name}”？", "Are there any “{name}”?")
IN_ROW = Text("{row}：{name}", "{row}: {name}")
WHY = Text("为什么问：关系到 {benefits}", "Why: it bears on {benefits}")
AND_MORE = Text("等 {count} 项", " and {count} more")
PROPOSED = Text("直接回车表示：{value}", "Enter alone means: {value}")
HINTS = {
    XSD.date: Text("日期，如 2024-09-20；? 不知道", "a date such as 2024-09-20; ? not known"),
    XSD.integer: Text("整数；? 不知道", "a whole number; ? not known"),
    XSD.decimal: Text("数字；? 不知道", "a number; ? not known"),
    XSD.string: Text("文字；? 不知道", "words; ? not known"),
}
AT_START = Text("这是第一题，不能再往前。", "This is the first question; there is nothing to go back to.")
ENDED = Text("输入到此为止，按已回答的内容给出结果。", "The input has ended; here is the result on what was answered.")
DONE = Text("再没有能影响结果的事实了。", "Nothing else can change an answer.")
PROMPT = "> "
MOST_BENEFITS = 3
_TOO_LONG = 1_000  # characters of one answer; a line that is longer is no answer
_QUIT = frozenset({"q", "quit", "exit", "退出", "结束"})
_BACK = frozenset({"<", "＜", "b", "back", "返回", "上一题"})


class InterviewText:
    """Writes questions in one language.

    Args:
        language: zh or en.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def say(self, text: Text) -> str:
        """Return a sentence."""
        return clean(text.in_language(self._language))

    def choices(self, labels: Sequence[Text]) -> str:
        """Return numbered choices."""
        return "\n".join(f"  {number}) {self.say(label)}" for number, label in enumerate(labels, 1))

    def question(self, asked: Asked, number: int) -> str:
        """Return a question with its choices and why it is asked."""
        return "\n".join(self._lines(asked, number))

    def _lines(self, asked: Asked, number: int) -> Iterator[str]:
        field = asked.question.field
        name = field.name
        if field.row_class:
            name = (MORE if asked.more else ANY).format(name=name)
        elif asked.row.zh:
            name = IN_ROW.format(row=asked.row, name=name)
        yield f"\n[{number}] {self.say(name)}"
        if asked.description.zh and asked.description.in_language(self._language).rstrip("。.") != name.in_language(self._language):
            yield f"  {self.say(asked.description)}"
        yield f"  {self.say(WHY.format(benefits=self._benefits(asked.benefits)))}"
        if asked.citation is not None:
            yield f"    “{clean(asked.citation.quote)}”"
            if self._language == "en" and asked.citation.translation:
                yield f"    ({clean(asked.citation.translation)})"
        if len(asked.choices) > 1:
            yield self.choices([choice.label for choice in asked.choices])
        else:
            yield f"  {self.say(HINTS.get(field.datatype, HINTS[XSD.string]))}"
        if asked.proposal is not None:
            yield f"  {self.say(PROPOSED.format(value=asked.proposal.label))}"

    @staticmethod
    def _benefits(benefits: Sequence[Text]) -> Text:
        shown = benefits[:MOST_BENEFITS]
        zh, en = "、".join(b.zh for b in shown), "; ".join(b.en for b in shown)
        if len(benefits) > MOST_BENEFITS:
            zh += AND_MORE.zh.format(count=len(benefits))
            en += AND_MORE.en.format(count=len(benefits) - MOST_BENEFITS)
        return Text(zh, en)


class Dialogue:
    """An interview on standard input and standard error; standard output is left for the result."""

    def __init__(self, entitler: Entitler, setting: Setting, language: str) -> None:
        self._entitler, self._words = entitler, InterviewText(language)
        self._interviewer = Interviewer(entitler, setting)

    def run(self, profile: Record | None) -> Record:
        """Ask until nothing can change an answer, the person ends, or the input does; return what is known then."""
        self._say(INTRODUCTION)
        self._say(PRIVATE)
        profile = profile or self._subject()
        if profile is None:
            raise UsageError(
                Text("输入在选定主体之前就结束了。", "The input ended before anyone was chosen."),
                Text("请在终端运行，或由管道送入回答。", "Run it on a terminal, or pipe the answers in."),
            )
        interview = self._interviewer.start(profile)
        while interview.asked is not None:
            self._write(self._words.question(interview.asked, len(interview.answers) + 1))
            typed = self._read()
            if typed is None:
                self._say(ENDED)
                return interview.profile
            if typed.strip().casefold() in _QUIT:
                return interview.profile
            interview = self._after(interview, typed)
        self._say(DONE)
        return interview.profile

    def _after(self, interview: Interview, typed: str) -> Interview:
        if typed.strip().casefold() in _BACK:
            if not interview.answers:
                self._say(AT_START)
            return interview.back()
        after = interview.say(typed)
        if isinstance(after, Text):
            self._say(after)
            return interview
        return after

    def _subject(self) -> Record | None:
        kinds = list(self._entitler.projector.profiles.values())
        while len(kinds) > 1:
            self._say(WHOM)
            self._write(self._words.choices([kind.label for kind in kinds]))
            typed = self._read()
            if typed is None or typed.strip().casefold() in _QUIT:
                return None
            said = typed.strip().casefold()
            chosen = [k for n, k in enumerate(kinds, 1) if said in {str(n), k.short.casefold(), k.label.zh, k.label.en.casefold()}]
            if chosen:
                return empty_profile(chosen[0])
        return empty_profile(kinds[0]) if kinds else None

    def _read(self) -> str | None:
        """Return a line, None at the end of the input."""
        print(PROMPT, end="", file=sys.stderr, flush=True)
        try:
            line = sys.stdin.readline(_TOO_LONG)
        except UnicodeDecodeError:
            return ""
        if not sys.stdin.isatty():
            print(file=sys.stderr)
        return line if line else None

    def _say(self, text: Text) -> None:
        self._write(self._words.say(text))

    @staticmethod
    def _write(words: str) -> None:
        print(words, file=sys.stderr)
