"""One step of an interview whose answers the caller holds: an answer is taken, changed or taken out, and what is to be shown follows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.app.entitlements import MERGED
from policygraph.app.placing import field_at, pointer_to, slot_at
from policygraph.app.profiles import empty_profile, read_profile, write_profile
from policygraph.app.sheets import line, lines_of, read_lines, said_at, with_line, without, written
from policygraph.app.turns import bare, question_plain
from policygraph.errors import Text, UsageError
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Literal
from policygraph.records.recognition import kind_called
from policygraph.reports.entitled import report_triples
from policygraph.reports.entitlements import EntitlementText
from policygraph.reports.plain import to_plain
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.app.interview import Answer, Asked, Interview, Interviewer
    from policygraph.app.setting import Setting
    from policygraph.model.answers import Finding
    from policygraph.model.entitled import EntitlementReport
    from policygraph.records.kinds import Kind

ASK, SHOW = "ask", "show"
_NO_MORE = Text("没有其他", "no others")
_UNKNOWN = Text("不知道", "not known")
_NO_KIND = Text("没有这种主体。", "There is no such kind of subject.")
_CHOOSE = Text("请从头选择。", "Choose again at the beginning.")
_FORMS = {"ttl": "turtle", "jsonld": "jsonld", "json": "jsonld"}


class Step:
    """One step.

    Args:
        interviewer: Conducts the interview.
        setting: What it rests on.
        head: What is done: `kind`, `lines`, `act` (next, unknown, change, remove, back, ask, show, load), `at`, `say`, `view`, `files`.
    """

    def __init__(self, interviewer: Interviewer, setting: Setting, head: Mapping[str, Any]) -> None:
        self._by, self._setting, self._head = interviewer, setting, head
        self._complaint: Text | None = None
        self._asked: Asked | None = None
        self.findings: tuple[Finding, ...] = ()

    def taken(self) -> tuple[dict[str, Any], EntitlementReport | None]:
        """Do it, and return what is to be shown, with the benefits when these are.

        Raises:
            InputError: The lines or the file cannot be read.
            UsageError: There is no such kind of subject.
        """
        act, at, view = self._head["act"], self._head.get("at", ""), self._head.get("view", ASK)
        interview = self._loaded() if act == "load" else read_lines(self._by, self._kind(), self._head["lines"])
        if act in {ASK, SHOW}:
            view = act
        elif act == "change":
            view = ASK
        elif act == "remove":
            interview = self._with(interview, without(written(interview), at))
        elif act == "back":
            interview = interview.back()
        elif act in {"next", "unknown"}:
            interview = self._said(interview, at, "?" if act == "unknown" else self._head.get("say", ""))
        asked = self._asked or (self._about(interview, at) if at and act in {"change", ASK} else interview.asked)
        show = (view == SHOW and self._complaint is None) or asked is None
        report = None if self.findings or not show else self._report(interview)
        return self._plain(interview, asked, at, show=show), report

    def file(self, form: str) -> bytes:
        """Return the answers as a submission in a form: ttl, jsonld or json."""
        interview = read_lines(self._by, self._kind(), self._head["lines"])
        text = write_profile(interview.profile, self._by.entitler.kinds, _FORMS[form])
        if form == "json":
            told = json.loads(text)
            told = {"kind": told.pop("@type"), **{name: value for name, value in told.items() if name != "@context"}}
            text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        return text.encode()

    def result(self, form: str) -> bytes:
        """Return the result in a form: result-json, result-ttl or result-txt."""
        report = self._report(read_lines(self._by, self._kind(), self._head["lines"]))
        match form:
            case "result-ttl":
                return serialise(report_triples(report), "turtle").encode()
            case "result-txt":
                return EntitlementText(self._head["language"]).report(report).encode()
        return (json.dumps(to_plain(report), ensure_ascii=False, indent=2) + "\n").encode()

    # ---------------------------------------------------------------- beginning
    def _kind(self) -> Kind:
        wanted = self._head.get("kind")
        found = next((k for k in self._by.entitler.projector.profiles.values() if wanted in {k.short, k.iri}), None)
        if found is None:
            raise UsageError(_NO_KIND, _CHOOSE)
        return found

    def _loaded(self) -> Interview:
        """Return the interview that a file begins; what is wrong in the file goes to `findings`."""
        file, kinds = self._head["files"][0], self._by.entitler.kinds
        if file.endswith(".json") and (named := bare(Path(file), None)) is not None:
            kind = kind_called(named, kinds)
            if kind.iri in self._by.entitler.projector.profiles:
                return self._by.start(empty_profile(kind))
        profile, self.findings = read_profile(self._setting, self._by.entitler, file)
        return read_lines(self._by, profile.kind, [] if self.findings else lines_of(profile, self._by))

    # ---------------------------------------------------------------- answering
    def _said(self, interview: Interview, pointer: str, typed: str) -> Interview:
        """Return the interview with an answer, or as it was where that cannot be taken."""
        lines, kinds = written(interview), self._by.entitler.kinds
        before = self._with(interview, without(lines, pointer))
        slot = slot_at(pointer, before.profile, kinds, "at")
        asked = before.about(slot)
        if asked is None:
            return interview
        answer = self._by.understand(asked, typed)
        if isinstance(answer, Text):
            self._asked, self._complaint = asked, answer
            return interview
        after = self._with(interview, with_line(lines, pointer, line(answer, before.profile, kinds)))
        if isinstance(answer.value, Literal) and answer.value.datatype != XSD.boolean and (faults := self._by.complaints(after.profile)):
            self._asked, self._complaint = asked, faults[0]
            return interview
        return after

    def _about(self, interview: Interview, pointer: str) -> Asked | None:
        """Return the question on one fact, with what it can change while it is not answered."""
        unsaid = self._with(interview, without(written(interview), pointer))
        return unsaid.about(slot_at(pointer, unsaid.profile, self._by.entitler.kinds, "at"))

    def _with(self, interview: Interview, lines: Sequence[str]) -> Interview:
        return read_lines(self._by, interview.begun.kind, lines)

    # ---------------------------------------------------------------- telling
    def _report(self, interview: Interview) -> EntitlementReport:
        return self._by.entitler.report(interview.profile, "", past=self._head.get("past", False))

    def _plain(self, interview: Interview, asked: Asked | None, at: str, *, show: bool) -> dict[str, Any]:
        lines, profile = written(interview), interview.profile
        entitler = self._by.entitler
        question = None
        if asked is not None and not show:
            field, pointer = asked.question.field, pointer_to(asked.question.slot, profile)
            typed = self._head.get("say", "") if self._complaint else said_at(lines, pointer)
            question = question_plain(asked, profile) | {
                "least": field.least, "most": field.most, "example": field.example, "said": typed, "again": pointer == at,
                "numbered": asked.question.field.row_class != "" or len(asked.choices) > 1, "unitName": self._unit(field.unit),
            }  # fmt: skip
        open_ = {reason.decision.rule.iri for q in interview.open for reason in q.reasons}
        outcomes = self._outcomes(interview)
        return {
            "kind": profile.kind.short,
            "kindName": to_plain(profile.kind.label),
            "lines": lines,
            "answers": self._answers(interview, lines),
            "question": question,
            "complaint": to_plain(self._complaint) if self._complaint else None,
            "settled": sum(rule not in open_ for rule in outcomes),
            "outcomes": outcomes,
            "left": len(interview.open),
            "needs": {
                f"{q.field.path} {entitler.row_name(profile, q).zh}": pointer_to(q.slot, profile) for q in interview.open
            },
        }  # fmt: skip

    def _outcomes(self, interview: Interview) -> dict[str, str]:
        """Return the outcome of each benefit on what is known now."""
        seen: dict[str, set[str]] = {rule: set() for rule in self._by.entitler.benefits(interview.profile.kind.iri)}
        for decision in (d for one in interview.judged for d in one.decisions):
            if decision.rule.iri in seen:
                seen[decision.rule.iri].add(decision.outcome.iri)
        return {rule: next((o for o in MERGED if o in own), MERGED[2]) for rule, own in seen.items()}

    def _answers(self, interview: Interview, lines: Sequence[str]) -> list[dict[str, Any]]:
        """Return the answers as a list to be shown: each with its row, its name and what was said."""
        profile, kinds, found = interview.profile, self._by.entitler.kinds, []
        counted: dict[str, int] = {}
        for answer, given in zip(interview.answers, lines, strict=True):
            pointer = given.partition(" ")[0]
            field, table = field_at(answer.slot, profile, kinds)
            if field is None:
                continue
            if answer.row:
                number = counted[pointer] = counted.get(pointer, 0) + 1
                found.append(
                    {"sort": "row", "pointer": f"{pointer}/{number - 1}", "name": to_plain(_row(field.name, number)), "value": None}
                )
                continue
            own = profile.kind.field(table)
            place = int(pointer.split("/")[2]) + 1 if table else 0
            found.append(
                {
                    "sort": "fact",
                    "pointer": pointer,
                    "row": to_plain(_row(own.name, place)) if own else None,
                    "name": to_plain(field.name),
                    "value": to_plain(self._value(answer)),
                    "known": answer.known,
                }
            )
        return found

    def _value(self, answer: Answer) -> Text:
        if not answer.known:
            return _UNKNOWN
        return self._by.entitler.explainer.wording(answer.value) if answer.value is not None else _NO_MORE

    def _unit(self, iri: str) -> Any:
        return to_plain(self._by.entitler.explainer.named(iri).label) if iri else None


def _row(name: Text, number: int) -> Text:
    return Text(f"{name.zh}第 {number} 项", f"{name.en}, no. {number}")


def silences(setting: Setting) -> tuple[Text, ...]:
    """Return what the text leaves open on where and how to claim."""
    texts = {path.stem: path for _, path in setting.roots.files("queries/explain", "where-to-ask.rq")}
    said: dict[str, dict[str, str]] = {}
    for row in EmbeddedStore(setting.graph).select(texts["where-to-ask"].read_text(encoding="utf-8")).dicts():
        statement = row["statement"]
        if isinstance(statement, Literal):
            said.setdefault(row["question"].value, {})[statement.language] = statement.value
    return tuple(Text(words.get("zh", ""), words.get("en", "")) for words in said.values())
