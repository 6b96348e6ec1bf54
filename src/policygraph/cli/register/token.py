"""`policygraph register token make|list|revoke|uses`: who may reach the register through the service, and who did."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from policygraph.cli.register import shared
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.app.register.tokens import Token, Tokens
    from policygraph.cli.context import Context

SUMMARY = Text(
    "经由服务使用登记簿的令牌：发放、列出、撤销，查看使用记录。",
    "Tokens for reaching the register through the service: make, list and revoke them, see their uses.",
)
EXAMPLE = "policygraph register token make --role reader --name portal --register register.db"
_ACTIONS = ("make", "list", "revoke", "uses")
_ROLE = Text(
    "reader 查阅；clerk 查阅与登记；auditor 查阅、核验、导出与查看使用记录",
    "reader: look up; clerk: also enter; auditor: look up, verify, export, see the uses",
)
_ONCE = Text(
    "令牌只显示这一次，请妥善保管；程序以“Authorization: Bearer 令牌”出示。",
    "The token is shown this once: keep it safe. Programs present it as “Authorization: Bearer TOKEN”.",
)
_MADE = Text("已发放第 {number} 号令牌“{name}”（{role}）。", "token {number} “{name}” ({role}) made.")
_REVOKED = Text("第 {number} 号令牌“{name}”已撤销，即时生效。", "token {number} “{name}” is revoked, at once.")
_LINE = Text("{number}  {name}  {role}  发放于 {made}{state}", "{number}  {name}  {role}  made {made}{state}")
_STATES = {
    "revoked": Text("  已于 {day} 撤销", "  revoked {day}"),
    "expired": Text("  已于 {day} 到期", "  expired {day}"),
    "until": Text("  至 {day}（不含）有效", "  works until {day} (not included)"),
    "always": Text("  长期有效", "  works"),
}
_USE = Text("{time}  第 {token} 号令牌  {operation}  {status}", "{time}  token {token}  {operation}  {status}")
_NO_USES = Text("还没有使用记录。", "There are no uses yet.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the action and its options."""
    from policygraph.app.register.tokens import ROLES

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    actions = words("make 发放、list 列出、revoke 撤销、uses 使用记录", "make, list, revoke, or uses: what was done with them")
    parser.add_argument("action", choices=_ACTIONS, metavar="ACTION", help=actions)
    parser.add_argument("token", nargs="?", metavar="NAME", help=words("所撤销令牌的名称或编号", "name or number of the token to revoke"))
    parser.add_argument("--role", choices=ROLES, help=_ROLE.in_language(language))
    parser.add_argument("--name", metavar="NAME", help=words("由谁使用：程序或单位", "who uses it: a program or an office"))
    parser.add_argument("--expires", metavar="DATE", help=words("自此日起失效", "first day on which it no longer works"))
    parser.add_argument("--most", type=int, default=50, metavar="N", help=words("最近多少次使用", "how many of the latest uses"))
    parser.add_argument("--format", choices=("text", "json"), default="text", help=words("输出格式", "form of the output"))
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Do what is asked."""
    from policygraph.app.register.opening import named
    from policygraph.app.register.tokens import Tokens, beside

    path = named(args.register)
    shared.opened(args).close()  # a token for what is no register would never work
    {"make": _make, "list": _list, "revoke": _revoke, "uses": _uses}[args.action](args, context, Tokens(beside(path)))
    return 0


def _make(args: Namespace, context: Context, tokens: Tokens) -> None:
    from policygraph.app.receipts import now
    from policygraph.app.register import times
    from policygraph.app.register.tokens import ROLE_NAMES

    if not args.role or not args.name:
        raise UsageError(
            Text("发放令牌须写明角色与名称。", "A token needs a role and a name."),
            Text("例如 --role reader --name portal。", "For instance --role reader --name portal."),
        )
    token, spelling = tokens.make(args.name, args.role, now(), times.day(args.expires, "--expires") if args.expires else None)
    said = shared.say(_MADE, context, number=token.number, name=token.name, role=ROLE_NAMES[token.role])
    print(f"{said}\n{shared.say(_ONCE, context)}", file=sys.stderr)
    print(spelling)


def _list(args: Namespace, context: Context, tokens: Tokens) -> None:
    from policygraph.app.register.times import local
    from policygraph.app.register.tokens import ROLE_NAMES

    found = tokens.all()
    if args.format == "json":
        print(json.dumps([asdict(token) for token in found], ensure_ascii=False, indent=2))
        return
    for token in found:
        said = {"number": token.number, "name": token.name, "role": ROLE_NAMES[token.role], "made": local(token.made)}
        print(shared.say(_LINE, context, **said, state=_state(token)))


def _state(token: Token) -> Text:
    from policygraph.app.receipts import now
    from policygraph.app.register.times import local

    if token.revoked:
        return _STATES["revoked"].format(day=local(token.revoked))
    if not token.expires:
        return _STATES["always"]
    return _STATES["until" if token.works(now().date()) else "expired"].format(day=token.expires)


def _revoke(args: Namespace, context: Context, tokens: Tokens) -> None:
    from policygraph.app.receipts import now

    if not args.token:
        raise UsageError(
            Text("请写明要撤销哪个令牌。", "Say which token to revoke."),
            Text("例如 policygraph register token revoke portal。", "For instance policygraph register token revoke portal."),
        )
    token = tokens.revoke(args.token, now())
    print(shared.say(_REVOKED, context, number=token.number, name=token.name))


def _uses(args: Namespace, context: Context, tokens: Tokens) -> None:
    from policygraph.app.register.times import local

    found = tokens.uses(max(1, args.most))
    if args.format == "json":
        print(json.dumps([asdict(use) for use in found], ensure_ascii=False, indent=2))
        return
    for use in found:
        print(shared.say(_USE, context, time=local(use.time), token=use.token or "-", operation=use.operation, status=use.status))
    if not found:
        print(shared.say(_NO_USES, context))
