"""`policygraph serve`: the graph as a service over HTTP."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from policygraph.errors import MachineError, Text, UsageError, reason

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "把图谱作为服务：关联数据、SPARQL、JSON 接口，浏览器与程序皆可用。",
    "Serve the graph: linked data, SPARQL and JSON APIs, for browsers and programs.",
)
EXAMPLE = "policygraph serve --port 8080"
_PORT, _MOST_SECONDS = 8080, 600.0
_READY = Text(
    "policygraph 正在服务：{url}\n  SPARQL  {url}sparql\n  接口    {url}openapi.json\n按 Ctrl-C 停止。",
    "policygraph is serving: {url}\n  SPARQL  {url}sparql\n  API     {url}openapi.json\nCtrl-C stops it.",
)
_STOPPED = Text("已停止。", "Stopped.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    parser.add_argument(
        "--host", default="127.0.0.1", help=words("监听地址；0.0.0.0 表示所有网卡", "address to listen on; 0.0.0.0 for all")
    )
    parser.add_argument("--port", type=int, default=_PORT, help=words("端口，0 表示任一空闲端口", "port; 0 for any that is free"))
    parser.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help=words("对外地址（在代理之后，可带路径）", "address under which callers reach it (behind a proxy; may have a path)"),
    )
    parser.add_argument(
        "--store",
        default="memory",
        metavar="memory|DIR|URL",
        help=words(
            "图谱所在：memory（缺省）、本机目录，或用 policygraph push 写入过的 SPARQL 服务",
            "where the graph is: memory (default), a folder, or a SPARQL server to which policygraph push wrote it",
        ),
    )
    parser.add_argument("--register", default="", metavar="FILE", help=words("登记簿文件", "file of the register"))
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS", help=words("一次查询的时限", "deadline of a query"))
    parser.add_argument("--log", action="store_true", help=words("在标准错误输出访问日志", "write an access log to standard error"))


def execute(args: Namespace, context: Context) -> int:
    """Serve until told to stop."""
    from policygraph.web.application import build
    from policygraph.web.server import run
    from policygraph.web.service import Options, Service

    if not 0 < args.timeout <= _MOST_SECONDS:
        raise UsageError(
            Text(f"时限须大于 0，不超过 {_MOST_SECONDS:g} 秒。", f"The time limit must be above 0 and at most {_MOST_SECONDS:g} seconds."),
            Text("例如 --timeout 10。", "For instance --timeout 10."),
        )
    if args.base_url and not args.base_url.startswith(("http://", "https://")):
        raise UsageError(
            Text("对外地址须以 http:// 或 https:// 开头。", "The base URL must begin with http:// or https://."),
            Text("例如 --base-url https://data.example.com/policy/", "For instance --base-url https://data.example.com/policy/"),
            args.base_url,
        )
    with _bound(args.host, args.port) as bound:
        options = Options(base_url=args.base_url, store=args.store, register=args.register, seconds=args.timeout)
        url = args.base_url.rstrip("/") + "/" if args.base_url else _url(args.host, bound.getsockname()[1])

        def ready() -> None:
            print(_READY.format(url=url).in_language(context.language), file=sys.stderr, flush=True)

        if not run(build(Service(context.roots, options)), bound, ready, log=args.log):
            return 2
    print(_STOPPED.in_language(context.language), file=sys.stderr)
    return 0


def _url(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - only shown
    return f"http://{shown}:{port}/"


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: The port is none.
        MachineError: The address is taken, or not this machine's.
    """
    if not 0 <= port < 1 << 16:
        raise UsageError(Text(f"{port} 不是端口。", f"{port} is no port."), Text("请用 0 到 65535。", "Use 0 to 65535."), "--port")
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024)
    except OSError as error:
        raise MachineError(
            Text("无法监听 {host}:{port}：{why}。", "It cannot listen on {host}:{port}: {why}.").format(
                host=host, port=port, why=reason(error)
            ),
            Text("请换一个端口（--port）或地址（--host）。", "Choose another port (--port) or address (--host)."),
        ) from error
