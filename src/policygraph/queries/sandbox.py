"""Runs foreign SPARQL over the policy graph in a child that can be killed.

Caps on length, nesting and counts come first; SERVICE, updates and FROM are refused by their tokens. The child then runs under a
deadline, with limits on processor time, memory, output and open files, so that even what slips through reaches no network.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.errors import InputError, LimitError, Text, UsageError
from policygraph.graph import confine
from policygraph.graph.parsing import read_ntriples
from policygraph.graph.results import read_table
from policygraph.queries.lexer import Scan, decode, scan

if TYPE_CHECKING:
    from policygraph.model.terms import Table, Triple
    from policygraph.paths import DataRoots

LIMITS = confine.Limits(seconds=10.0, memory=1 << 30, output=32 << 20)
MAX_CHARACTERS, MAX_TOKENS, MAX_DEPTH = 50_000, 10_000, 60
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})


def run(query: str, roots: DataRoots, limits: confine.Limits = LIMITS) -> Table | bool | tuple[Triple, ...]:
    """Run a foreign query over the policy graph.

    Prefixes that the graph's files declare need no PREFIX line.

    Args:
        query: SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE.
        roots: Where the graph's files are.
        limits: What the child may use.

    Returns:
        Rows, a truth value, or triples (sorted, blank nodes named by RDFC-1.0).

    Raises:
        UsageError: It is an update, or uses SERVICE or FROM.
        InputError: It breaks SPARQL's syntax; names line and column.
        LimitError: It is too long, nested too deeply, or was stopped.
    """
    inspect(query)
    job = {"roots": [str(root) for root in roots.roots]}
    head, body = confine.run("policygraph.queries.child", job, query.encode(), limits)
    if head["form"] == "ask":
        return bool(head["value"])
    if head["form"] == "graph":
        return tuple(read_ntriples(body))
    try:
        return read_table(json.loads(body))
    except ValueError as error:
        raise InputError(
            Text("结果含 RDF 1.2 的三元组项。", "The result has triple terms of RDF 1.2."),
            Text("请只选普通的值。", "Select plain values only."),
        ) from error


def inspect(query: str, *, datasets: bool = False) -> Scan:
    """Refuse a query that must not run, without parsing it; return what it is made of.

    Args:
        query: The foreign text.
        datasets: It may choose among stored graphs with FROM.

    Raises:
        UsageError: It is an update, or uses SERVICE, or FROM where it may not.
        InputError: It is empty.
        LimitError: It is too long, or nested too deeply.
    """
    if len(query) > MAX_CHARACTERS:
        raise _too_big(Text(f"{len(query)} 个字符", f"{len(query)} characters"), MAX_CHARACTERS)
    decoded = decode(query)
    found = scan(decoded)
    if not found.tokens:
        raise InputError(
            Text("查询是空的。", "The query is empty."),
            Text("请给出 SPARQL 查询。", "Give a SPARQL query."),
        )
    if found.tokens > MAX_TOKENS:
        raise _too_big(Text(f"{found.tokens} 个词", f"{found.tokens} tokens"), MAX_TOKENS)
    if found.depth > MAX_DEPTH:
        raise _too_big(Text(f"{found.depth} 层嵌套", f"{found.depth} levels of nesting"), MAX_DEPTH)
    # Undecoded as well: whichever way an engine reads it, the word must not stand there.
    words = found.words if decoded == query else found.words + scan(query).words
    if "SERVICE" in words:
        raise UsageError(
            Text("不允许 SERVICE：查询不得联网。", "SERVICE is not allowed: a query must not reach the network."),
            Text("请只查询本图。", "Query this graph only."),
        )
    if found.first in _UPDATES:
        raise UsageError(
            Text(f"不允许更新操作 {found.first}：此图只读。", f"The update {found.first} is not allowed: this graph is read-only."),
            Text("请使用 SELECT、ASK、CONSTRUCT 或 DESCRIBE。", "Use SELECT, ASK, CONSTRUCT or DESCRIBE."),
        )
    if found.first not in _FORMS:
        raise InputError(
            Text(f"“{found.first.lower()}”不是查询的开头。", f"A query does not begin with “{found.first.lower()}”."),
            Text("请用 SELECT、ASK、CONSTRUCT 或 DESCRIBE 开头。", "Begin it with SELECT, ASK, CONSTRUCT or DESCRIBE."),
        )
    if "FROM" in words and not datasets:
        raise UsageError(
            Text("不允许 FROM：所有陈述都在默认图中。", "FROM is not allowed: all statements are in the default graph."),
            Text("请去掉 FROM 子句。", "Leave the FROM clause out."),
        )
    return found


def _too_big(size: Text, most: int) -> LimitError:
    return LimitError(
        Text("查询过大：{size}，上限为 {most}。", "The query is too big: {size}, at most {most}.").format(size=size, most=most),
        Text("请简化查询，或拆成几个。", "Simplify the query, or split it."),
    )
