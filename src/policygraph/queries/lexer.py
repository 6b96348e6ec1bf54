r"""Splits SPARQL into tokens, to refuse what must not run before any parser sees it.

Code point escapes are decoded first, as SPARQL 1.1 section 19.2 has it, so that `SERV\u0049CE` is SERVICE. Words inside strings, IRIs,
comments, variables and prefixed names are no keywords.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_NAME = r"\w\u00B7\u0300-\u036F\u203F\u2040.\-"
_TOKEN = re.compile(
    rf"""
      (?P<comment> \#[^\n\r]*)
    | (?P<iri>     <[^<>"{{}}|^`\\\x00-\x20]*>)
    | (?P<string>  \"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
                 | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<variable>[?$][\w\u00B7\u0300-\u036F\u203F\u2040]+)
    | (?P<tag>     @[A-Za-z0-9-]+)
    | (?P<name>    (?:[^\W\d][{_NAME}]*)?:(?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*)
    | (?P<word>    [^\W\d]\w*)
    | (?P<number>  (?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<open>    [(\[{{])
    | (?P<close>   [)\]}}])
    | (?P<space>   \s+)
    | (?P<sign>    .)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a query is made of.

    Attributes:
        words: Bare words (keywords and function names) in upper case, with their counts.
        first: The first bare word after the prologue, in upper case.
        tokens: Number of tokens.
        depth: Deepest nesting of brackets.
        prefixes: Prefixes used, without the colon.
        declared: Prefixes declared.
    """

    words: Counter[str]
    first: str
    tokens: int
    depth: int
    prefixes: frozenset[str]
    declared: frozenset[str]


def decode(text: str) -> str:
    """Decode code point escapes everywhere."""
    return _ESCAPE.sub(_character, text)


def scan(text: str) -> Scan:
    """Split a query, its escapes decoded before, and return what it is made of."""
    words: list[str] = []
    used: set[str] = set()
    declared: set[str] = set()
    tokens = depth = deepest = 0
    first = before = ""
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup or "", match[0]
        if kind in {"space", "comment"}:
            continue
        tokens += 1
        if kind == "open":
            depth += 1
            deepest = max(deepest, depth)
        elif kind == "close":
            depth -= 1
        elif kind == "word":
            words.append(token.upper())
            if not first and words[-1] not in {"PREFIX", "BASE", "VERSION"}:
                first = words[-1]
        elif kind == "name":
            (declared if before == "PREFIX" else used).add(token.partition(":")[0])
        before = token.upper() if kind == "word" else ""
    return Scan(Counter(words), first, tokens, deepest, frozenset(used - {"_"}), frozenset(declared))


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
