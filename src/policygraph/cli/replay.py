"""`policygraph replay RECEIPT`: decide a receipt's facts again and say what is identical and what differs."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable

    from policygraph.app.replay import Difference, Replay
    from policygraph.cli.context import Context

SUMMARY = Text(
    "重演凭证：核验摘要与签名，重新判读其事实，说明一致还是不同、为何不同。",
    "Replay a receipt: verify digest and signature, decide its facts again, say what is identical or what differs and why.",
)
EXAMPLE = "policygraph replay examples/receipt-award.ttl"
_IDENTICAL = Text("✓ 一致：{n} 项判读与凭证完全相同。", "✓ identical: {n} decisions are as the receipt says.")
_NONE = Text("✓ 凭证中没有判读（记录无效），与现在相同。", "✓ the receipt holds no decision (invalid records), as now.")
_DIFFERENT = Text("✗ 不同：{n} 处与凭证不符。", "✗ different: {n} things are not as the receipt says.")
_RESTED = Text("凭证所依与现在不同之处：", "What the receipt rested on and what is so now:")
_SAME = Text("引擎、图谱与文本均与出具时相同。", "Engine, graph and texts are as they were.")
_LINE = Text("  {where}：凭证为“{was}”，现为“{now}”", "  {where}: the receipt says “{was}”, now it is “{now}”")
_NOTHING = Text("无", "nothing")
_SEALS = {
    "unsigned": Text(
        "未签名：摘要只能发现损坏，不能证明由谁出具。", "unsigned: the digest detects damage and does not prove who issued it."
    ),
    "valid": Text("签名有效，由所给公钥的持有者签署。", "signature valid, by the holder of the key given."),
    "untrusted": Text(
        "签名完好；未给 --public-key，不能判断由谁签署（公钥 {key}）。",
        "the signature is sound; without --public-key it is not known whose it is (public key {key}).",
    ),
}
_MADE = Text("凭证出具于 {made}，{n} 条记录", "receipt made at {made}, {n} records")
NOTICE = Text("依文本判读，非行政决定。", "Read from the text; not an administrative decision.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    parser.add_argument("receipt", metavar="RECEIPT", help=words("凭证（.ttl、.jsonld、.nt）", "receipt (.ttl, .jsonld, .nt)"))
    parser.add_argument(
        "--public-key", metavar="FILE", help=words("须由此公钥签名（PEM）", "PEM file with the public key that must have signed it")
    )
    parser.add_argument(
        "--with",
        dest="overlays",
        metavar="FILE",
        action="append",
        default=[],
        help=words("出具时所用的叠加文件", "overlay that was applied when it was made"),
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help=words("输出格式", "form of the report"))
    parser.add_argument("-o", "--output", metavar="FILE", help=words("写入文件而不是屏幕", "write to a file instead of the screen"))


def execute(args: Namespace, context: Context) -> int:
    """Replay a receipt; 0 when every conclusion is as it says, 1 when one differs."""
    from policygraph.app.overlays import overlay
    from policygraph.app.replay import replay
    from policygraph.app.setting import setting
    from policygraph.cli.output import write

    overlays = [Path(name) for name in args.overlays]
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    base = setting(context.roots, today)
    found = replay(overlay(base, overlays) if overlays else base, Path(args.receipt), overlays, args.public_key or "")
    if args.format == "json":
        text = json.dumps({"identical": found.identical, **asdict(found)}, ensure_ascii=False, indent=2) + "\n"
    else:
        text = "\n".join(_lines(found, context.language)) + "\n"
    write(text, args.output)
    return int(not found.identical)


def _lines(found: Replay, language: str) -> Iterable[str]:
    def words(text: Text, **values: object) -> str:
        return text.in_language(language).format(**values)

    def shown(differences: Iterable[Difference]) -> Iterable[str]:
        for d in differences:
            was, now = (t.in_language(language) or _NOTHING.in_language(language) for t in (d.was, d.now))
            yield words(_LINE, where=d.where.in_language(language), was=was, now=now)

    yield words(NOTICE)
    yield words(_MADE, made=found.made, n=found.records)
    yield words(_SEALS[found.seal], key=found.key)
    if found.identical:
        yield words(_IDENTICAL if found.decisions else _NONE, n=found.decisions)
    else:
        yield words(_DIFFERENT, n=len(found.answers))
        yield from shown(found.answers)
    if found.circumstances:
        yield words(_RESTED)
        yield from shown(found.circumstances)
    else:
        yield words(_SAME)
