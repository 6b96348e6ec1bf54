"""Turns SHACL results and refused statements into findings: words, causes, sentences and how to mend them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.app.malformed import contradicting, no_code
from policygraph.app.reasons import NOT_MET, OPEN, listed, reasons_of_claim, unmet
from policygraph.app.repeating import words_of_repeat
from policygraph.engine.explaining import carrying
from policygraph.errors import Text
from policygraph.model.answers import Finding, Named
from policygraph.model.terms import Iri, namespace
from policygraph.records.near import plain
from policygraph.records.record import OWN_BASE
from policygraph.vocab import CAUSE, OUTCOME, PG, SH, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.engine.explaining import Explainer
    from policygraph.model.answers import DecisionResult
    from policygraph.model.places import Place
    from policygraph.model.terms import Term
    from policygraph.records.keys import Repeat
    from policygraph.records.kinds import Kind
    from policygraph.records.order import CodeOrder
    from policygraph.records.origins import Origin
    from policygraph.records.record import Misread, Record, Refusal
    from policygraph.shapes.runner import Result

_BY_SEVERITY = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "note"}
_CAUSES = {STATUS.missing: CAUSE.missing, STATUS.discretion: CAUSE.discretion, STATUS.silent: CAUSE.silent}
CONFORMS = Text("符合文本。", "The facts conform to the text.")
CONFORMS_BY = Text("符合文本：{reasons}。", "The facts conform to the text: {reasons}.")
NOT_IN_FORCE = Text("判读基准日该条款未施行，不作判读。", "The clause is not in force on the as-of day; nothing is decided.")
OTHER_DAY = Text("请用该条款施行期间的日期作为判读基准日。", "Judge as of a day on which the clause is in force.")
SAME_FACT = Named(PG.uniqueKey, Text("重复", "Duplicates"))
KEEP_ONE = Text("请只保留一个值。", "Keep one of the values.")
CHOOSE = Text(
    "请从中选一个；Turtle 中代码写作 <{space}代码>。",
    "Choose one of them; in Turtle a code is written <{space}code>.",
)
NOT_COPIED = Named(PG.FormatShape, Text("提交文件的陈述", "Statements of the submission"))


class FindingMaker:
    """Makes findings; knows the check shapes as data.

    Args:
        explainer: What the engine concluded.
        kinds: Kinds of submission and of rows.
        order: Order of the codes.
        records: The records that the findings are on.
    """

    def __init__(self, explainer: Explainer, kinds: Mapping[str, Kind], order: CodeOrder, records: Iterable[Record] = ()) -> None:
        self._explainer, self._kinds, self._order = explainer, kinds, order
        self._values: dict[tuple[str, str], list[Term]] = defaultdict(list)
        self._origins: dict[str, Origin] = {}
        for record in records:
            self._origins.update(record.origins)
            for subject, predicate, value in record.triples:
                self._values[subject.value, predicate.value].append(value)
        self._spaces = {namespace(f.path) for kind in kinds.values() for f in kind.fields}
        self._types: dict[str, set[str]] = defaultdict(set)
        self._targets: dict[str, str] = {}
        self._blocks: dict[str, str] = {}
        for row in explainer.shapes:
            shape = row["shape"].value
            self._types[shape].add(row["type"].value)
            if "target" in row:
                self._targets[shape] = row["target"].value
            if "blocks" in row:
                self._blocks[shape] = row["blocks"].value
        self._units = {f.path: f.unit for kind in kinds.values() for f in kind.fields}
        self._fields = {f.shape: (kind, f) for kind in kinds.values() for f in kind.fields}

    def about(self, records: Iterable[Record]) -> FindingMaker:
        """Return a maker of findings on some records."""
        return FindingMaker(self._explainer, self._kinds, self._order, records)

    @property
    def norm_shapes(self) -> tuple[str, ...]:
        """Shapes that compare facts with the policy: what makes a record checked."""
        wanted = {PG.NormShape, PG.ClaimShape}
        return tuple(sorted(s for s, types in self._types.items() if types & wanted))

    def target(self, shape: str) -> str:
        """Return the class that a shape looks at, '' if none."""
        return self._targets.get(shape, "")

    def refusal(self, refusal: Refusal) -> Finding:
        """Return the finding for a statement that was not copied."""
        subject, predicate, value = refusal.statement
        place = refusal.place or self._place(refusal.row or refusal.record, predicate.value)
        if refusal.shape:
            return Finding(
                verdict="invalid",
                shape=self._field_shape(refusal.shape),
                message=refusal.why,
                mending=refusal.mending,
                path=self._explainer.named(predicate.value),
                value=Text(value.value, value.value),
                row=Named(refusal.row, Text("", "")).short if refusal.row else "",
                place=place,
            )
        shown = plain(value.value) if isinstance(value, Iri) else f"“{value.value}”"
        # A record's finding stands under the record and names the row; the parser's name of a node would tell its author nothing.
        about = "" if refusal.record else f"{subject.value} "
        statement = f"{about}{plain(predicate.value, self._spaces)} {shown}".replace(OWN_BASE, "")
        return Finding(
            verdict="invalid",
            shape=NOT_COPIED,
            message=refusal.why,
            mending=refusal.mending,
            path=self._explainer.named(predicate.value),
            value=Text(statement, statement),
            row=Named(refusal.row, Text("", "")).short if refusal.row else "",
            place=place,
        )

    def misread(self, misread: Misread) -> Finding:
        """Return the finding on a place of a file that became part of no record."""
        return Finding(misread.verdict, NOT_COPIED, misread.why, misread.mending, place=misread.place)

    def duplicate(self, record: str, repeat: Repeat) -> Finding:
        """Return the note that a record states the same fact as an earlier one, or may do so, with the sentences it is decided on."""
        message, mending = words_of_repeat(repeat)
        return Finding(
            verdict="note",
            shape=SAME_FACT,
            message=message,
            mending=mending,
            place=self._place(record),
            citations=tuple(dict.fromkeys(c for d in self._explainer.decisions.get(record, ()) for c in d.citations)),
        )

    def _place(self, node: str, path: str = "") -> Place | None:
        return self._origins[node].place(path) if node in self._origins else None

    def _field_shape(self, shape: str) -> Named:
        return Named(shape, self._fields[shape][1].name) if shape in self._fields else self._explainer.named(shape)

    def finding(self, result: Result) -> Finding:
        """Return the finding for a SHACL result."""
        types = self._types.get(result.shape, {PG.FormatShape})
        if PG.FormatShape in types:
            return self._format(result)
        undetermined = PG.UndeterminedShape in types
        record = result.focus.value
        terms = [t for _, t in result.parameters if isinstance(t, Iri)]
        evaluations = [e for t in terms if (e := self._explainer.evaluation(record, t.value))]
        decisions = [d for d in self._explainer.decisions.get(record, ()) if any(d.rule.iri == t.value for t in terms)]
        causes = [self._explainer.named(_CAUSES[e.status.iri]) for e in evaluations if e.status.iri in _CAUSES]
        causes += [c for d in decisions for c in d.causes]
        nodes = [result.shape, *(e.node.iri for e in evaluations)]
        used = [p.node.iri for e in evaluations for p in e.parameters] + [p.node.iri for d in decisions for p in d.parameters]
        target = self._targets.get(result.shape, "")
        citations = self._explainer.citations(nodes, used)
        if decisions:
            citations = tuple(dict.fromkeys(c for d in decisions for c in d.citations))
        judged = [d for d in decisions if d.rule.iri in self._explainer.conformity]
        lacking = unmet(judged, self._explainer.outside, undetermined=undetermined)
        used += [p.node.iri for c in lacking.conditions for p in c.parameters]
        # A rule's own sentences come first, then those of what is not met and of its numbers; conditions that rules share cite them all.
        cited = {c.provision.iri for c in citations}
        behind = self._explainer.citations([c.node.iri for c in lacking.conditions if cited.isdisjoint(c.provisions)], used)
        citations = tuple(dict.fromkeys((*citations, *behind)))
        message = self._amounts(result, decisions)
        reasons = lacking.words() if lacking.conditions else listed(reasons_of_claim(decisions, undetermined=undetermined))
        if reasons.zh:
            message = (OPEN if undetermined else NOT_MET).format(message=message, reasons=reasons)
        closed = any(d.outcome.iri == OUTCOME["not-in-force"] for d in decisions)
        row = result.value.value if isinstance(result.value, Iri) and result.value.value.startswith(f"{record}-") else ""
        return Finding(
            verdict="undetermined" if undetermined else _BY_SEVERITY[result.severity],
            shape=self._explainer.named(result.shape),
            message=NOT_IN_FORCE if closed else message,
            mending=OTHER_DAY if closed else self._explainer.mending(result.shape),
            part=self._explainer.named(target) if target else None,
            component=result.component,
            causes=tuple(dict.fromkeys(causes)) if undetermined else (),
            # A quantifier names the row that counts: the facts of its other rows say nothing here.
            found=tuple(dict.fromkeys(f for e in (*evaluations, *lacking.conditions) for f in e.found if not row or f.row in {"", row})),
            row=Named(row, Text("", "")).short if row else "",
            parameters=self._explainer.parameters(used),
            citations=citations,
            readings=self._explainer.readings(nodes) or tuple(p for d in decisions for p in d.readings),
            open_points=self._explainer.open_points(nodes) or tuple(p for d in decisions for p in d.open_points),
            blocks=self._blocks.get(result.shape, ""),
            place=self._place(row or record, result.path),
        )

    def passed(self, shape: str, record: str) -> Finding | None:
        """Return what a check compared when it found nothing amiss; None for checks that only compare a claim with its decision.

        Where a rule on conformity was asked, the alternative that holds is the reason.
        """
        evaluations = [e for c in self._explainer.check_conditions.get(shape, ()) if (e := self._explainer.evaluation(record, c))]
        required = {rule for rule, shapes in self._explainer.conformity.items() if shape in shapes}
        decisions = [d for d in self._explainer.decisions.get(record, ()) if d.rule.iri in required]
        holding = [a for d in decisions for a in carrying(d.alternatives)]
        evaluations += [c for a in holding for c in a.conditions]
        # A check without a finding may still be open: what is merely encouraged and not stated is no pass to show.
        if not evaluations or any(e.status.iri != STATUS.satisfied for e in evaluations):
            return None
        nodes = [shape, *(a.node.iri for a in holding), *(e.node.iri for e in evaluations)]
        used = [p.node.iri for e in evaluations for p in e.parameters]
        target = self._targets.get(shape, "")
        return Finding(
            verdict="pass",
            shape=self._explainer.named(shape),
            message=CONFORMS_BY.format(reasons=listed(a.node for a in holding)) if holding else CONFORMS,
            mending=Text("", ""),
            part=self._explainer.named(target) if target else None,
            found=tuple(dict.fromkeys(f for e in evaluations for f in e.found)),
            parameters=self._explainer.parameters(used),
            citations=(cited := self._explainer.citations(nodes, used)),
            readings=self._explainer.readings(nodes),
            open_points=self._explainer.open_points([*nodes, *required, *(c.provision.iri for c in cited)]),
        )

    def _amounts(self, result: Result, decisions: list[DecisionResult]) -> Text:
        """Return the message, naming what is claimed and what is due where both are known."""
        message = result.words(self._explainer.wording)
        for decision in decisions:
            settled = decision.outcome.iri == OUTCOME.eligible and decision.low == decision.high
            due = "0" if decision.outcome.iri == OUTCOME["not-eligible"] else decision.low if settled else ""
            field, claimed = self._explainer.claimed(result.focus.value, decision.rule.iri)
            if claimed and due:
                # Where nothing is due, no number of the policy tells the unit.
                own = decision.unit or (self._explainer.named(self._units[field]) if self._units.get(field) else None)
                unit = Text(f" {own.label.zh}", f" {own.label.en}") if own else Text("", "")
                name = decision.amount_name or Text("应得", "due")
                return Text(
                    f"{message.zh}（申报 {claimed}{unit.zh}，{name.zh} {due}{unit.zh}）",
                    f"{message.en} (claimed {claimed}{unit.en}, {name.en} {due}{unit.en})",
                )
        return message

    def _format(self, result: Result) -> Finding:
        field = self._fields.get(result.shape)
        # A constraint on a whole node has that node for its value, which tells its author nothing.
        value = self._explainer.wording(result.value) if result.value not in {None, result.focus} else Text("", "")
        words = result.words(self._explainer.wording)
        if field is None:
            place = self._place(result.focus.value, result.path)
            shape = self._explainer.named(result.shape)
            return Finding("invalid", shape, words, words, value=value, component=result.component, place=place)
        kind, own = field
        stated = self._values.get((result.focus.value, own.path), [])
        mending = words
        if result.component == SH.MaxCountConstraintComponent and len(stated) > 1 and not own.row_class:
            words, value = contradicting(self._explainer, own, stated), Text("", "")
            mending = KEEP_ONE
        elif own.code_list and (strange := [v for v in stated if v.value not in own.codes or not isinstance(v, Iri)]):
            words, value = no_code(self._explainer, kind, own, self._order.of(own.codes), strange), Text("", "")
            mending = CHOOSE.format(space=f"{own.code_list}/")
        return Finding(
            verdict="invalid",
            shape=Named(result.shape, own.name),
            message=words,
            mending=mending,
            part=Named(kind.iri, kind.label),
            path=Named(own.path, own.name),
            value=value,
            component=result.component,
            row="" if kind.is_record else Named(result.focus.value, own.name).short,
            place=self._place(result.focus.value, own.path),
        )
