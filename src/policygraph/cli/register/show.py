"""`policygraph register show ENTRY`: all that the register holds of an entry."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from policygraph.cli.register import shared
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from policygraph.app.register.entries import Entry, Payload
    from policygraph.app.register.store import Register
    from policygraph.app.register.tabular import Words
    from policygraph.cli.context import Context

SUMMARY = Text(
    "显示一条登记：事实、更正与认定、凭证摘要；可写出凭证供重演。",
    "Show an entry: its facts, corrections and determinations, what its receipt says; write the receipt for replay.",
)
EXAMPLE = "policygraph register show 1 --receipt receipt.ttl --register register.db"
_RECEIPT = Text(
    "写出所存凭证（.ttl、.jsonld、.nt），供 policygraph replay 重演；内含个人信息",
    "write the stored receipt (.ttl, .jsonld, .nt) for policygraph replay; it holds personal data",
)
_TITLE = Text("第 {number} 号  {action}  {kind}", "entry {number}  {action}  {kind}")
_WHEN = Text("  时间 {time}  经办人 {who}", "  at {time} by {who}")
_VERDICT = Text("  结论 {verdict}（判读基准日 {as_of}）", "  verdict {verdict} (as of {as_of})")
_STANDS = Text("  现行", "  it stands")
_CORRECTED = Text("  已由第 {number} 号更正", "  corrected by entry {number}")
_CORRECTS = Text("  更正第 {number} 号", "  corrects entry {number}")
_DETERMINES = Text("  认定第 {number} 号", "  determines a fact of entry {number}")
_ERASES = Text("  删除第 {number} 号的内容，理由：{reason}", "  erases what entry {number} held; reason: {reason}")
_ERASED = Text(
    "  内容已由第 {number} 号删除（{time}），理由：{reason}", "  what it held was erased by entry {number} ({time}); reason: {reason}"
)
_PLACE = Text("  来源 {place}", "  from {place}")
_SHA256 = Text("  文件 sha256 {sha256}", "  file sha256 {sha256}")
_ALSO = Text("  例外登记，理由：{because}", "  entered all the same; reason: {because}")
_FACTS = Text("  事实：", "  facts:")
_FACT = Text("    {name}：{value}", "    {name}: {value}")
_DETERMINATIONS = Text("  认定：", "  determinations:")
_DETERMINATION = Text(
    "    第 {entry} 号  {field}：{value}（{authority}，{by}，{date}，{document}）",
    "    entry {entry}  {field}: {value} ({authority}, {by}, {date}, {document})",
)
_SUMMARY = Text("  凭证 {digest}（{signed}），判读 {n} 项：", "  receipt {digest} ({signed}), decisions: {n}")
_SIGNED, _UNSIGNED = Text("已签名", "signed"), Text("未签名", "unsigned")
_DECISION = Text("    {rule}：{outcome}{amount}", "    {rule}: {outcome}{amount}")
_CHAIN = Text("  链值 {head}", "  chain value {head}")
_WRITTEN = Text("凭证已写入 {path}；内含个人信息，请妥善保管。", "receipt written to {path}; it holds personal data: keep it safe.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("entry", metavar="ENTRY", help=Text("编号", "number of the entry").in_language(language))
    parser.add_argument("--receipt", metavar="FILE", help=_RECEIPT.in_language(language))
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Print the entry, and write its receipt if asked to."""
    from policygraph.app.receipts import write_form
    from policygraph.cli.output import write

    if args.receipt:
        write_form(args.receipt)  # a wrong ending is told before any work
    with shared.opened(args) as register:
        entry = register.entry(shared.number(args.entry))
        payload = register.payload(entry.number)
        text = "\n".join(_lines(register, entry, payload, shared.words(context), context)) + "\n"
    if args.receipt:
        _write_receipt(payload, args.receipt)
        shared.remark(_WRITTEN, context, path=args.receipt)
    write(text)
    return 0


def _write_receipt(payload: Payload | None, path: str) -> None:
    from policygraph.app.receipts import write_form
    from policygraph.app.register.statements import read
    from policygraph.cli.output import write
    from policygraph.graph.serialising import serialise

    if payload is None or not payload.receipt:
        raise UsageError(
            Text("该条登记没有凭证，或已删除。", "The entry has no receipt, or it was erased."),
            Text("请去掉 --receipt。", "Leave --receipt out."),
            "--receipt",
        )
    if os.path.lexists(path):
        raise UsageError(
            Text("凭证不会覆盖已有的文件。", "A receipt replaces no file."), Text("请另取文件名。", "Give it another name."), path
        )
    with shared.private():
        write(serialise(read(payload.receipt), write_form(path)), path)


def _lines(register: Register, entry: Entry, payload: Payload | None, names: Words, context: Context) -> Iterator[str]:
    from policygraph.app.register.entries import CORRECT, DETERMINE, ERASE
    from policygraph.app.register.tabular import ACTIONS
    from policygraph.app.register.times import local

    def say(text: Text, **values: object) -> str:
        return shared.say(text, context, **values)

    yield say(_TITLE, number=entry.number, action=ACTIONS[entry.action], kind=names.kind(entry.kind))
    yield say(_WHEN, time=local(entry.time), who=entry.who)
    if entry.verdict:
        yield say(_VERDICT, verdict=names.verdict(entry.verdict), as_of=entry.as_of)
    if register.stands(entry.number):
        yield say(_STANDS)
    doing = {CORRECT: _CORRECTS, DETERMINE: _DETERMINES, ERASE: _ERASES}.get(entry.action)
    if doing:
        yield say(doing, number=entry.refers_to, reason=entry.reason)
    for later in register.referring(entry.number, CORRECT):
        yield say(_CORRECTED, number=later.number)
    for later in register.referring(entry.number, ERASE):
        yield say(_ERASED, number=later.number, time=local(later.time), reason=later.reason)
    if payload is not None:
        yield from _held(entry, payload, names, context)
    if entry.records and (found := register.determinations_of(entry.number)):
        yield say(_DETERMINATIONS)
        for each in found:
            said = {name: getattr(each, name) for name in ("entry", "authority", "by", "date", "document")}
            yield say(_DETERMINATION, **said, field=names.field(each.field, entry.kind), value=names.value(each.value))
    if payload is not None and payload.receipt:
        yield from _receipt(payload.receipt, context)
    yield say(_CHAIN, head=entry.head)


def _held(entry: Entry, payload: Payload, names: Words, context: Context) -> Iterator[str]:
    from policygraph.app.register.statements import read, term

    said = payload.document
    if "place" in said:
        yield shared.say(_PLACE, context, place=Text(str(said["place"]["zh"]), str(said["place"]["en"])))
    if said.get("sha256"):
        yield shared.say(_SHA256, context, sha256=said["sha256"])
    if said.get("because"):
        yield shared.say(_ALSO, context, because=said["because"])
    if "facts" in said:
        yield shared.say(_FACTS, context)
        for _, name, value in names.facts(read(str(said["facts"])), entry.kind):
            yield shared.say(_FACT, context, name=name, value=value)
    if "field" in said:
        yield shared.say(_FACT, context, name=names.field(str(said["field"]), entry.kind), value=names.value(term(str(said["value"]))))
        words = {name: said[name] for name in ("authority", "by", "date", "document")}
        yield shared.say(Text("    {authority}，{by}，{date}，{document}", "    {authority}, {by}, {date}, {document}"), context, **words)


def _receipt(receipt: str, context: Context) -> Iterator[str]:
    from policygraph.app.register.summary import summary

    found = summary(receipt)
    signed = _SIGNED if found.signed else _UNSIGNED
    yield shared.say(_SUMMARY, context, digest=found.digest[:16], signed=signed, n=len(found.decisions))
    for decision in found.decisions:
        rule, outcome = (context.entities.label(node, context.language) for node in (decision.rule, decision.outcome))
        amount = f" {decision.low}" if decision.low and decision.low == decision.high else ""
        amount = amount or (f" {decision.low or '0'} … {decision.high}" if decision.high else "")
        yield shared.say(_DECISION, context, rule=rule, outcome=outcome, amount=amount)
