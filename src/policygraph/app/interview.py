"""An interview about one subject: asks only what can still change an answer, and is the same each time for the same answers.

The state is the list of answers given; everything else follows from it. Going back drops the last one. Nothing is read from or written to
a terminal here, and nothing is assumed: a value that a form proposes is only taken when it is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.app.placing import FALSE, TRUE, field_at, with_answer
from policygraph.app.profiles import Form
from policygraph.app.questions import Question
from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.records.order import CodeOrder
from policygraph.records.values import normalise
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import SH, XSD

if TYPE_CHECKING:
    from policygraph.app.entitlements import Entitler
    from policygraph.app.questions import Judged
    from policygraph.app.setting import Setting
    from policygraph.app.weighing import Slot
    from policygraph.model.entitled import EntitlementReport
    from policygraph.model.grounds import Citation
    from policygraph.model.terms import Term
    from policygraph.records.kinds import Field
    from policygraph.records.record import Record

UNKNOWN_WORDS = frozenset({"?", "？", "不知道", "不详", "unknown", "don't know", "do not know"})
YES_WORDS, NO_WORDS = frozenset({"是", "有", "y", "yes", "true"}), frozenset({"否", "没有", "无", "n", "no", "false"})
YES, NO = Text("是", "yes"), Text("否", "no")
MORE, NO_MORE, UNKNOWN = Text("有，添加一项", "yes, add one"), Text("没有", "no"), Text("不知道", "I do not know")
NOT_A_CHOICE = Text("请输入所列的编号。", "Type one of the numbers listed.")
_EXTRAS = f"""
SELECT ?shape ?property ?value WHERE {{
  ?shape <{SH.path}> ?path ; ?property ?value . VALUES ?property {{ <{SH.defaultValue}> <{SH.description}> <{SH.message}> }}
}} ORDER BY ?shape ?property STR(?value)"""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question: a value, another row, no further row, or not known.

    Attributes:
        slot: What was asked.
        value: The value; None for a row or when it is not known.
        row: Whether a row was added.
        known: Whether it was answered at all.
    """

    slot: Slot
    value: Term | None = None
    row: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that a question offers."""

    label: Text
    answer: Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put to a person.

    Attributes:
        question: What is asked.
        row: Row that it is about, '' for the subject itself.
        description: What the field means.
        choices: Answers to choose from by number; the last one says that it is not known.
        proposal: Value that the form proposes, None if none; taken only when accepted.
        more: For a table: whether it has rows already.
        benefits: Names of the benefits that the answer can change.
        citation: The sentence for which it matters, if it is known.
    """

    question: Question
    row: Text
    description: Text
    choices: tuple[Choice, ...]
    proposal: Choice | None
    more: bool
    benefits: tuple[Text, ...]
    citation: Citation | None


class Interviewer:
    """Conducts interviews; may be used any number of times.

    Args:
        entitler: Decides benefits.
        setting: What the run rests on.
    """

    def __init__(self, entitler: Entitler, setting: Setting) -> None:
        self.entitler = entitler
        self._form = Form(setting, entitler.kinds)
        self._extras: dict[tuple[str, str], list[Term]] = {}
        for row in EmbeddedStore(setting.graph).select(_EXTRAS).dicts():
            self._extras.setdefault((row["shape"].value, row["property"].value), []).append(row["value"])
        self._order = CodeOrder(setting.roots)

    def start(self, profile: Record) -> Interview:
        """Begin with what a profile states."""
        return Interview(self, profile, ())

    # ---------------------------------------------------------------- putting a question
    def put(self, profile: Record, question: Question) -> Asked:
        """Return a question with its choices, its proposal and why it is asked."""
        cited: tuple[Citation, ...] = ()
        if question.reasons:
            reason = question.reasons[0]
            cited = self.entitler.explainer.citations([c.node.iri for c in reason.conditions]) or reason.decision.citations
        return Asked(
            question=question,
            row=self.entitler.row_name(profile, question),
            description=self._text(question.field, SH.description),
            choices=self._choices(question),
            proposal=self._proposal(question),
            more=bool(profile.values(question.slot.path)),
            benefits=tuple(dict.fromkeys(r.decision.rule.label for r in question.reasons)),
            citation=next(iter(cited), None),
        )

    def _choices(self, question: Question) -> tuple[Choice, ...]:
        field, slot = question.field, question.slot
        unknown = self.entitler.projector.unknown
        last = Choice(UNKNOWN, Answer(slot, known=False))
        if field.row_class:
            return Choice(MORE, Answer(slot, row=True)), Choice(NO_MORE, Answer(slot)), last
        if field.datatype == XSD.boolean:
            return Choice(YES, Answer(slot, TRUE)), Choice(NO, Answer(slot, FALSE)), last
        codes = self._order.of(field.codes)
        named = [Choice(self._label(Iri(code)), Answer(slot, Iri(code))) for code in codes if code not in unknown]
        stated = next((Iri(code) for code in codes if code in unknown), None)
        return (*named, Choice(UNKNOWN, Answer(slot, stated, known=False)))

    def _proposal(self, question: Question) -> Choice | None:
        for value in self._extras.get((question.field.shape, SH.defaultValue), []):
            return Choice(self._label(value), Answer(question.slot, value))
        return None

    def _label(self, value: Term) -> Text:
        return self.entitler.explainer.wording(value)

    def _text(self, field: Field, property_: str) -> Text:
        words = {v.language: v.value for v in self._extras.get((field.shape, property_), []) if isinstance(v, Literal)}
        some = next(iter(words.values()), "")
        return Text(words.get("zh", some), words.get("en", some))

    # ---------------------------------------------------------------- reading an answer
    def understand(self, asked: Asked, typed: str) -> Answer | Text:
        """Return the answer that was typed, or why it cannot be taken; an empty line accepts a proposal."""
        words, field = typed.strip(), asked.question.field
        if not words:
            return asked.proposal.answer if asked.proposal else NOT_A_CHOICE if len(asked.choices) > 1 else self._text(field, SH.message)
        if words.casefold() in UNKNOWN_WORDS:
            return asked.choices[-1].answer
        if len(asked.choices) > 1:
            return self._chosen(asked, words)
        value = normalise(Literal(words), field.datatype or XSD.string)
        if value.datatype != (field.datatype or XSD.string):
            return self._text(field, SH.message)
        return Answer(asked.question.slot, value)

    @staticmethod
    def _chosen(asked: Asked, words: str) -> Answer | Text:
        if words.isdecimal() and 1 <= int(words) <= len(asked.choices):
            return asked.choices[int(words) - 1].answer
        field, said = asked.question.field, words.casefold()
        if (field.row_class or field.datatype == XSD.boolean) and said in YES_WORDS | NO_WORDS:
            return asked.choices[0 if said in YES_WORDS else 1].answer
        for choice in asked.choices:
            short = local_name(choice.answer.value.value) if isinstance(choice.answer.value, Iri) else ""
            if said in {choice.label.zh.casefold(), choice.label.en.casefold(), short.casefold()}:
                return choice.answer
        return NOT_A_CHOICE

    def complaints(self, profile: Record) -> tuple[Text, ...]:
        """Return what the shapes say against a profile."""
        return self._form.complaints(profile)


@dataclass(frozen=True)
class Interview:
    """An interview as it stands.

    Attributes:
        by: Who conducts it.
        begun: What was known before.
        answers: The answers so far.
    """

    by: Interviewer
    begun: Record
    answers: tuple[Answer, ...]

    @cached_property
    def profile(self) -> Record:
        """What is known now."""
        profile = self.begun
        for answer in self.answers:
            profile = with_answer(profile, answer, self.by.entitler.projector.completeness(profile.kind, answer.slot.path))
        return profile

    @cached_property
    def asked(self) -> Asked | None:
        """The question to put next, None when nothing can change an answer any more.

        While something of the row that was talked about last is to be asked, that comes first.
        """
        row = self.row
        next_ = next((q for q in self.open if q.table and q.slot.owner == row), None) or next(iter(self.open), None)
        return self.by.put(self.profile, next_) if next_ else None

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """What the rules say on what is known now."""
        return self.by.entitler.judge(self.profile)

    @cached_property
    def open(self) -> tuple[Question, ...]:
        """Every question that can still change an answer, most decisive first."""
        settled = {a.slot for a in self.answers if not a.row and (a.value is None or not a.known)}
        return self.by.entitler.questions(self.profile, self.judged, settled)

    def about(self, slot: Slot) -> Asked | None:
        """Return the question on one fact, whether or not it can still change an answer; None where there is no such fact."""
        found = next((question for question in self.open if question.slot == slot), None)
        if found is None:
            field, table = field_at(slot, self.profile, self.by.entitler.kinds)
            found = Question(slot, field, table, ()) if field else None
        return self.by.put(self.profile, found) if found else None

    @property
    def row(self) -> str:
        """The row that was talked about last, '' if none."""
        if not self.answers:
            return ""
        last = self.answers[-1]
        rows = self.profile.values(last.slot.path) if last.row else ()
        return rows[-1].value if rows else last.slot.owner

    def report(self, source: str) -> EntitlementReport:
        """Return what the subject is entitled to on what is known now."""
        return self.by.entitler.report(self.profile, source)

    def say(self, typed: str) -> Interview | Text:
        """Return the interview with an answer to its question, or why the answer cannot be taken."""
        asked = self.asked
        if asked is None:
            return self
        answer = self.by.understand(asked, typed)
        if isinstance(answer, Text):
            return answer
        after = replace(self, answers=(*self.answers, answer))
        # Chosen codes are valid by themselves; what is typed is held against its shape and those of the facts beside it.
        faults = self.by.complaints(after.profile) if isinstance(answer.value, Literal) and answer.value not in {TRUE, FALSE} else ()
        return faults[0] if faults else after

    def back(self) -> Interview:
        """Return the interview without its last answer."""
        return replace(self, answers=self.answers[:-1])
