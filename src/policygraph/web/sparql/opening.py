r"""What a query's opening and words tell without parsing it: which kind of answer it has, and whether that may be kept.

Only looks, in time proportional to the length: the query is parsed in a worker, which also refuses what must not run.
"""

from __future__ import annotations

import re

from policygraph.queries.lexer import decode

ROWS, TRUTH, GRAPH, CHANGE = "rows", "ask", "graph", "update"
_KINDS = {"SELECT": ROWS, "ASK": TRUTH, "CONSTRUCT": GRAPH, "DESCRIBE": GRAPH} | dict.fromkeys(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"), CHANGE
)
# Space, a comment, or a declaration; each step is matched once and never given back.
_STEP = re.compile(r"[\s\ufeff]+|\#[^\n\r]*|BASE\b|PREFIX\b|[^\s:<>#?$(){}\"']*:(?=[\s<#])|<[^<>\s]*>", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")
# Over-cautious on purpose: the word may stand in a string or comment, and the answer is then made anew each time.
_VOLATILE = re.compile(r"(?<![?$\w])(?:NOW|RAND|UUID|STRUUID|BNODE)(?!\w)", re.IGNORECASE)


def kind(query: str) -> str:
    """Return rows, ask or graph, update for what would change the graph, '' when the query does not begin like one."""
    text = decode(query) if "\\" in query else query
    at = 0
    while step := _STEP.match(text, at):
        at = step.end()
    word = _WORD.match(text, at)
    return _KINDS.get(word[0].upper(), "") if word else ""


def volatile(query: str) -> bool:
    """Say whether the answer may differ each time, as that of NOW, RAND, UUID, STRUUID and BNODE does."""
    return _VOLATILE.search(decode(query) if "\\" in query else query) is not None
