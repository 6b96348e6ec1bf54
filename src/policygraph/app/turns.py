"""One turn of an interview without a memory: the caller sends the facts and every answer, and gets the benefits and the next question.

A request is a profile in any form that `check` reads, or `{"facts": …, "answers": […], "unknown": […], "last": …}` in JSON. `answers` are
what a person would type, one after the other as the questions came; `unknown` are pointers to facts that were asked for and are not known,
and to tables without further rows; `last` is one to the row that was talked about last. The answer holds them with all answers folded in,
so that a caller may send those and its next answer alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.app.interview import Answer, Interview
from policygraph.app.placing import pointer_to, slot_at
from policygraph.app.profiles import empty_profile, read_profile, write_profile
from policygraph.app.weighing import Slot
from policygraph.errors import InputError, Text
from policygraph.model.terms import Iri, local_name
from policygraph.records.recognition import kind_called
from policygraph.reports.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.app.interview import Asked, Choice, Interviewer
    from policygraph.app.setting import Setting
    from policygraph.model.answers import Finding
    from policygraph.records.record import Record

_FACTS, _ANSWERS, _UNKNOWN, _LAST = "facts", "answers", "unknown", "last"
_ENVELOPE = frozenset({_FACTS, _ANSWERS, _UNKNOWN, _LAST})
_KIND_KEYS = ("@type", "kind", "种类")
MOST_ANSWERS = 200


class Turn:
    """One turn.

    Args:
        interviewer: Conducts it.
        setting: What it rests on.
        head: The call: `files` (one), `kind`, `past`, `form`, `language`.
    """

    def __init__(self, interviewer: Interviewer, setting: Setting, head: Mapping[str, Any]) -> None:
        self._by, self._setting, self._head = interviewer, setting, head

    def answer(self) -> bytes:
        """Return the benefits and the next question in the form asked for.

        Raises:
            InputError: The facts or an answer cannot be taken; names the place.
        """
        file = self._head["files"][0]
        envelope = _opened(Path(file)) if file.endswith(".json") else {}
        if envelope:
            Path(file).unlink()
            Path(file).write_text(json.dumps(envelope.get(_FACTS, {}), ensure_ascii=False), encoding="utf-8")
        profile, findings = self._profile(file)
        interview = Interview(self._by, profile, ())
        if not findings:
            interview = self._said(profile, envelope)
        report = self._by.entitler.report(interview.profile, file, findings, past=self._head.get("past", False))
        match self._head["form"]:
            case "turtle":
                from policygraph.graph.serialising import serialise
                from policygraph.reports.entitled import report_triples

                return serialise(report_triples(report), "turtle").encode()
            case "text":
                from policygraph.reports.entitlements import EntitlementText

                return EntitlementText(self._head["language"]).report(report).encode()
        return _json({"report": to_plain(report), **self._next(interview, findings)})

    def _next(self, interview: Interview, findings: Sequence[Finding]) -> dict[str, Any]:
        """Return the next question, and what is known and asked for so far."""
        profile = interview.profile
        asked = None if findings else interview.asked
        silent = dict.fromkeys(a.slot.place for a in interview.answers if not a.row and a.slot.path and (a.value is None or not a.known))
        return {
            "question": None if asked is None else question_plain(asked, profile),
            _FACTS: json.loads(write_profile(profile, self._by.entitler.kinds, "jsonld")),
            _UNKNOWN: [pointer_to(slot, profile) for slot in silent],
            _LAST: pointer_to(Slot(interview.row, ""), profile) if interview.row not in {"", profile.iri} else None,
        }

    # ---------------------------------------------------------------- reading
    def _profile(self, file: str) -> tuple[Record, tuple[Finding, ...]]:
        kinds = self._by.entitler.kinds
        if file.endswith(".json") and (named := bare(Path(file), self._head.get("kind"))) is not None:
            kind = kind_called(named, kinds)
            if kind.iri in self._by.entitler.projector.profiles:
                return empty_profile(kind), ()
        return read_profile(self._setting, self._by.entitler, file, kind=self._head.get("kind"))

    def _said(self, profile: Record, envelope: Mapping[str, Any]) -> Interview:
        kinds, given = self._by.entitler.kinds, _strings(envelope, _UNKNOWN)
        silent = [slot_at(pointer, profile, kinds, f"/{_UNKNOWN}/{n}") for n, pointer in given]
        if (last := envelope.get(_LAST)) is not None:  # an answer that says nothing, so that the next question goes on with its row
            silent.append(slot_at(f"{last}/" if isinstance(last, str) else "", profile, kinds, f"/{_LAST}"))
        interview = Interview(self._by, profile, tuple(Answer(slot, known=False) for slot in silent))
        for number, typed in _strings(envelope, _ANSWERS):
            if interview.asked is None:
                raise InputError(
                    Text("没有更多问题，多出了回答。", "There is no further question for this answer."),
                    Text("请去掉多余的回答。", "Leave it out."),
                    f"/{_ANSWERS}/{number}",
                )
            after = interview.say(typed)
            if isinstance(after, Text):
                name = interview.asked.question.field.name
                fix = Text("所问：{name}。“?”表示不知道。", "What was asked: {name}. “?” stands for not known.").format(name=name)
                raise InputError(after, fix, f"/{_ANSWERS}/{number}")
            interview = after
        return interview


def _opened(path: Path) -> dict[str, Any]:
    """Return the envelope that a file is; empty when it is a profile itself, which is then read as any submission."""
    data = path.read_bytes()
    try:
        found = json.loads(data, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return {}  # the reader of submissions says what is wrong, and where
    if not isinstance(found, dict) or not _ENVELOPE & set(found):
        return {}
    for key in found:
        if key not in _ENVELOPE:
            raise InputError(
                Text("facts、answers、unknown、last 之外还有“{key}”。", "There is “{key}” beside facts, answers, unknown and last.").format(
                    key=key[:80]
                ),
                Text("事实请写在 facts 之内。", "Write facts inside facts."),
                f"/{key[:80]}",
            )
    if not isinstance(found.get(_FACTS), dict):
        raise InputError(
            Text("facts 应是一个对象。", "facts must be an object."),
            Text("请写主体的种类与已知情况。", "State the kind of subject and what is known."),
            f"/{_FACTS}",
        )
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object; one with a key given twice is left to the reader of submissions, which says so."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def bare(path: Path, stated: str | None) -> str | None:
    """Return the kind of subject when a file states nothing else, and no reader would find a record in it."""
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or set(found) - {*_KIND_KEYS, "@context"}:
        return None
    kind = next((found[key] for key in _KIND_KEYS if key in found), stated)
    return kind if isinstance(kind, str) else None


def _strings(envelope: Mapping[str, Any], key: str) -> list[tuple[int, str]]:
    given = envelope.get(key, [])
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given) or len(given) > MOST_ANSWERS:
        raise InputError(
            Text(f"{key} 应是字符串的列表，最多 {MOST_ANSWERS} 项。", f"{key} must be a list of at most {MOST_ANSWERS} strings."),
            Text('例如 ["是", "2024-05-01", "?"]。', 'For instance ["yes", "2024-05-01", "?"].'),
            f"/{key}",
        )
    return list(enumerate(given))


# ---------------------------------------------------------------- the question
def question_plain(asked: Asked, profile: Record) -> dict[str, Any]:
    """Return a question as plain values."""
    question = asked.question
    field = question.field
    sort = "rows" if field.row_class else "choice" if len(asked.choices) > 1 else local_name(field.datatype) or "string"
    return {
        "field": {"iri": field.path, "label": to_plain(field.name)},
        "pointer": pointer_to(question.slot, profile),
        "row": to_plain(asked.row) if asked.row.zh else None,
        "description": to_plain(asked.description),
        "sort": sort,
        "unit": field.unit or None,
        "more": asked.more,
        "choices": [_choice(choice, n, last=n == len(asked.choices)) for n, choice in enumerate(asked.choices, 1)],
        "proposal": to_plain(asked.proposal.label) if asked.proposal else None,
        "benefits": [to_plain(benefit) for benefit in asked.benefits],
        "citation": to_plain(asked.citation) if asked.citation else None,
    }


def _choice(choice: Choice, number: int, *, last: bool) -> dict[str, Any]:
    """Return a choice with what to send as the answer: `?` for not known, else its number."""
    value = choice.answer.value
    return {"answer": "?" if last else str(number), "label": to_plain(choice.label), "iri": value.value if isinstance(value, Iri) else None}


def _json(told: dict[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
