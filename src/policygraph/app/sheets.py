"""An interview on paper: each answer is a line with a pointer and what was said, so that any of them can be changed or taken out.

`/rank =2` is a value, `/medal silver` a code, `/results +` a further row, `/results -` no further one, `/medal ?` not known. Rows count
from nought in the order in which they were added, and what is said of a row stands below it: `/results/0/rank =2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.interview import Answer, Interview
from policygraph.app.placing import field_at, pointer_to, slot_at, with_answer
from policygraph.app.profiles import MAX_ROWS, empty_profile
from policygraph.app.weighing import Slot
from policygraph.errors import InputError, LimitError, Text
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.records.values import normalise
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policygraph.app.interview import Interviewer
    from policygraph.records.kinds import Field, Kind
    from policygraph.records.record import Record

MOST_LINES = 600
LONGEST = 1_000  # characters of one answer
ROW, NO_ROW, UNKNOWN = "+", "-", "?"
_VALUE, _IRI = "=", "<"


def read_lines(by: Interviewer, kind: Kind, lines: Sequence[str]) -> Interview:
    """Return the interview whose answers some lines are; nothing is asked again.

    Raises:
        InputError: A line is none of ours.
        LimitError: There are too many of them, or too many rows.
    """
    if len(lines) > MOST_LINES or sum(each.endswith(f" {ROW}") for each in lines) > MAX_ROWS:
        raise LimitError(
            Text(f"回答最多 {MOST_LINES} 条，子表最多 {MAX_ROWS} 行。", f"There may be {MOST_LINES} answers and {MAX_ROWS} rows at most."),
            Text("请去掉一些，或分成几份。", "Remove some of them, or split them."),
        )
    begun = profile = empty_profile(kind)
    projector, answers = by.entitler.projector, []
    for number, given in enumerate(lines):
        pointer, _, said = given.partition(" ")
        slot = slot_at(pointer, profile, by.entitler.kinds, f"/lines/{number}")
        field, _ = field_at(slot, profile, by.entitler.kinds)
        answer = _answer(by, slot, field, said) if field else None
        if answer is None:
            raise InputError(
                Text("第 {n} 条回答不是本页写出的。", "Answer {n} was not written by this page.").format(n=number + 1),
                Text("请从头回答，或载入存下的文件。", "Begin again, or load the file that you saved."),
            )
        answers.append(answer)
        profile = with_answer(profile, answer, projector.completeness(kind, slot.path))
    return Interview(by, begun, tuple(answers))


def _answer(by: Interviewer, slot: Slot, field: Field, said: str) -> Answer | None:
    """Return the answer that a line gives, None when the field cannot take it."""
    if said == UNKNOWN:
        stated = next((Iri(code) for code in field.codes if code in by.entitler.projector.unknown), None)
        return Answer(slot, stated, known=False)
    if field.row_class:
        return {ROW: Answer(slot, row=True), NO_ROW: Answer(slot)}.get(said)
    if field.codes:
        return next((Answer(slot, Iri(code)) for code in field.codes if local_name(code) == said), None)
    if said.startswith(_IRI) and not field.datatype:
        return Answer(slot, Iri(said[1:]))
    if not said.startswith(_VALUE) or len(said) > LONGEST:
        return None
    wanted = field.datatype or XSD.string
    value = normalise(Literal(said[1:]), wanted)
    return Answer(slot, value) if value.datatype == wanted else None


def written(interview: Interview) -> list[str]:
    """Return the answers of an interview as lines."""
    return [line(answer, interview.profile, interview.by.entitler.kinds) for answer in interview.answers]


def line(answer: Answer, profile: Record, kinds: Mapping[str, Kind]) -> str:
    """Return an answer as a line."""
    return f"{pointer_to(answer.slot, profile)} {_said(answer, field_at(answer.slot, profile, kinds)[0])}"


def _said(answer: Answer, field: Field | None) -> str:
    if answer.row:
        return ROW
    if not answer.known:
        return UNKNOWN
    if answer.value is None:
        return NO_ROW
    if isinstance(answer.value, Iri):
        coded = field is not None and answer.value.value in field.codes
        return local_name(answer.value.value) if coded else f"{_IRI}{answer.value.value}"
    return f"{_VALUE}{answer.value.value}"


def lines_of(profile: Record, by: Interviewer) -> list[str]:
    """Return what a profile states as the answers that would have given it."""
    unknown = by.entitler.projector.unknown

    def facts(owner: str, fields: Sequence[Field]) -> Iterator[Answer]:
        for field in fields:
            values = [o for s, p, o in profile.triples if (s.value, p.value) == (owner, field.path)]
            for value in values[-1:] if not field.row_class else ():
                yield Answer(Slot(owner, field.path), value, known=value.value not in unknown)

    answers: list[Answer] = []
    for table in profile.kind.fields:
        for row in profile.values(table.path) if table.row_class else ():
            answers.append(Answer(Slot(profile.iri, table.path), row=True))
            answers += facts(row.value, by.entitler.kinds[table.row_class].fields)
    # That a list is complete is said after its rows: a further one would take it back.
    answers += facts(profile.iri, profile.kind.fields)
    return written(Interview(by, profile, tuple(answers))) if answers else []


# ---------------------------------------------------------------- changing lines
def without(lines: Sequence[str], pointer: str) -> list[str]:
    """Return lines without the answer at a pointer; a row goes with all that is said of it, and later rows of its table move up."""
    table, _, number = pointer.rpartition("/")
    if not number.isdecimal():
        return [line for line in lines if line.partition(" ")[0] != pointer or line.endswith(f" {ROW}")]
    gone, seen, kept = int(number), -1, []
    for line in lines:
        at, _, said = line.partition(" ")
        if at == table and said == ROW:
            seen += 1
            if seen == gone:
                continue
        elif at.startswith(f"{table}/"):
            row, _, rest = at.removeprefix(f"{table}/").partition("/")
            if int(row) == gone:
                continue
            if int(row) > gone:
                line = f"{table}/{int(row) - 1}/{rest} {said}"
        kept.append(line)
    return kept


def with_line(lines: Sequence[str], pointer: str, line: str) -> list[str]:
    """Return lines with one more, in the place of the one that stood at its pointer; a further row comes last."""
    place = next((n for n, old in enumerate(lines) if old.partition(" ")[0] == pointer and not old.endswith(f" {ROW}")), len(lines))
    rest = without(lines, pointer)
    place = len(rest) if line.endswith(f" {ROW}") else place
    return [*rest[:place], line, *rest[place:]]


def said_at(lines: Sequence[str], pointer: str) -> str:
    """Return what was said at a pointer, '' if nothing: of a table, whether there are further rows."""
    said = (line.partition(" ")[2] for line in lines if line.partition(" ")[0] == pointer)
    return next((each for each in said if each != ROW), "").removeprefix(_VALUE)
