"""`policygraph push`: the whole graph into a SPARQL server, verified there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.app.push import Pushed
    from policygraph.cli.context import Context

SUMMARY = Text("把整个图推送到 SPARQL 服务器，并核对到达的内容。", "Put the whole graph into a SPARQL server and verify what arrived.")
EXAMPLE = "policygraph push http://localhost:7878 --dry-run"
_URL = Text(
    "服务器地址：Oxigraph 写 http://主机:7878，Virtuoso 写 http://主机:8890/sparql-auth。用户名与密码取自环境变量"
    " POLICYGRAPH_STORE_USER、POLICYGRAPH_STORE_PASSWORD，或 POLICYGRAPH_STORE_CREDENTIALS 所指的文件（.netrc 格式）",
    "address of the server: http://HOST:7878 for Oxigraph, http://HOST:8890/sparql-auth for Virtuoso. User and password come from"
    " POLICYGRAPH_STORE_USER and POLICYGRAPH_STORE_PASSWORD, or from the file (as .netrc) that POLICYGRAPH_STORE_CREDENTIALS names",
)
_UPDATE = Text("更新服务的地址，与查询地址不同时给出", "address of the update service, where it is another one")
_DRY = Text("只查看将做什么，不写入", "only say what would be done, write nothing")
_GRAPH = Text("图：{name}", "graph: {name}")
_MARK = Text("摘要 sha256：{mark}", "digest, sha256: {mark}")
_THERE = Text(
    "已经在那里：{count:,} 条陈述，核对一致；未写入。", "Already there: {count:,} statements, verified to be the same; nothing was written."
)
_WOULD = Text(
    "演练：将以 {count:,} 条陈述替换现有的 {before:,} 条；未写入。",
    "Rehearsal: {count:,} statements would replace the {before:,} that are there; nothing was written.",
)
_DONE = Text(
    "已推送 {count:,} 条陈述（替换了 {before:,} 条），核对一致。",
    "Pushed {count:,} statements in place of {before:,}; what arrived is the same.",
)
_WRONG = Text(
    "到达的内容与推送的不一致：缺 {missing:,} 条，多 {unexpected:,} 条。",
    "What arrived differs from what was sent: {missing:,} statements missing, {unexpected:,} too many.",
)
_LACKS, _HAS = Text("缺：{line}", "missing: {line}"), Text("多：{line}", "too many: {line}")
_SHOWN = 5


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the arguments."""
    parser.add_argument("url", metavar="URL", help=_URL.in_language(language))
    parser.add_argument("--update", metavar="URL", default="", help=_UPDATE.in_language(language))
    parser.add_argument("--dry-run", action="store_true", help=_DRY.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Push the graph and say what arrived."""
    from policygraph.app.push import push
    from policygraph.cli.progress import showing
    from policygraph.store.opening import connect

    store = connect(args.url, args.update)
    with showing(context.language) as tell:
        pushed = push(store, context.graph, rehearsal=args.dry_run, tell=tell)
    for line in (*_lines(pushed, rehearsal=args.dry_run), _GRAPH.format(name=store.graph), _MARK.format(mark=pushed.fingerprint)):
        print(line.in_language(context.language))
    return 1 if pushed.sent and pushed.difference else 0


def _lines(pushed: Pushed, *, rehearsal: bool) -> list[Text]:
    from policygraph.errors import clean
    from policygraph.graph.terms import spell

    wrong = pushed.difference
    numbers = {"count": pushed.count, "before": pushed.before}
    if not pushed.sent:
        return [(_WOULD if rehearsal and wrong else _THERE).format(**numbers)]
    if not wrong:
        return [_DONE.format(**numbers)]
    listed = [(_LACKS, t) for t in wrong.missing[:_SHOWN]] + [(_HAS, t) for t in wrong.unexpected[:_SHOWN]]
    said = [words.format(line=clean(" ".join(map(spell, triple)))) for words, triple in listed]
    return [_WRONG.format(missing=len(wrong.missing), unexpected=len(wrong.unexpected)), *said]
