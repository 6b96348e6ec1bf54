"""The questions in `queries/`: one a file, with a header that states it, tags and parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import DataError, InputError, Text, UsageError
from policygraph.graph.loading import SourceFile
from policygraph.graph.memory import Graph
from policygraph.graph.terms import spell
from policygraph.model.terms import Table, Term
from policygraph.queries.header import Value, read_header
from policygraph.queries.lexer import decode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from policygraph.paths import DataRoots

LANGUAGE_PARAMETER = "lang"
_KEYS = frozenset({"summary", "description", "tags", "audience", "params", "columns", "severity", "fix"})
_VALUES = re.compile(r"^([ \t]*VALUES[ \t]+\?(\w+)[ \t]*\{)([^{}]*)(\}[ \t.]*)$", re.MULTILINE | re.IGNORECASE)
_SERVICE, _COMMENT = re.compile(r"\bSERVICE\b", re.IGNORECASE), re.compile(r"^\s*#.*$", re.MULTILINE)
_PROLOGUE = re.compile(r"^\s*PREFIX\s+[^\s:]*:\s*<[^<>]*>", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """One query file.

    Attributes:
        name: The file's name without ending.
        summary: The question in words.
        description: How to read the answer.
        tags: What it is about; the first is its topic.
        audience: Who would ask it.
        params: Parameter → what may stand there.
        columns: Column → its heading, where the variable's name does not do.
        severity: For fault queries: how bad a row is.
        fix: For fault queries: how to repair a row.
        text: The whole file.
        path: Where it is.
    """

    name: str
    summary: Text
    description: Text | None
    tags: tuple[str, ...]
    audience: tuple[str, ...]
    params: Mapping[str, Text]
    columns: Mapping[str, Text]
    severity: str
    fix: Text | None
    text: str
    path: Path

    def sample(self, name: str) -> Term:
        """Return the term that stands in the file for a parameter.

        Raises:
            DataError: No single term stands there.
        """
        line = _line(self.text, name, self.path)
        prologue = "\n".join(_PROLOGUE.findall(self.text))
        try:
            found = Graph().query(f"{prologue}\nSELECT ?{name} WHERE {{ VALUES ?{name} {{{line[3]}}} }}")
        except InputError as error:
            raise _error(Text(f"参数 {name} 的值不合语法。", f"The value of the parameter {name} breaks the syntax."), self.path) from error
        cells = [row[0] for row in found.rows] if isinstance(found, Table) else []
        if len(cells) != 1 or cells[0] is None:
            raise _error(Text(f"参数 {name} 须恰有一个示例值。", f"The parameter {name} needs exactly one sample value."), self.path)
        return cells[0]

    def bind(self, values: Mapping[str, Term], language: str = "zh") -> str:
        """Return the query with values in the place of the samples, and labels in a language.

        Args:
            values: Parameter → term; parameters left out keep their sample.
            language: zh or en, for the reserved parameter `lang`.

        Raises:
            UsageError: The question has no such parameter.
        """
        text = self.text
        for name, term in values.items():
            if name not in self.params:
                raise UsageError(
                    Text(f"问题 {self.name} 没有参数 {name}。", f"The question {self.name} has no parameter {name}."),
                    self._parameters(),
                )
            text = _swap(text, name, spell(term), self.path)
        if any(match[2] == LANGUAGE_PARAMETER for match in _VALUES.finditer(text)):
            text = _swap(text, LANGUAGE_PARAMETER, f'"{language}"', self.path)
        return text

    def _parameters(self) -> Text:
        if not self.params:
            return Text("此问题不带参数。", "It takes none.")
        names = ", ".join(self.params)
        return Text(f"可用参数：{names}", f"Its parameters: {names}")


def read_questions(roots: DataRoots, folder: str = "queries/ask") -> dict[str, Question]:
    """Return the questions of a folder in all data roots, by name.

    Raises:
        DataError: A file is malformed, or two have one name; names file and line.
    """
    found: dict[str, Question] = {}
    for name, path in roots.files(folder, "*.rq"):
        question = read_question(path.stem, path, SourceFile(name, path).read().decode("utf-8"))
        if question.name in found:
            other = str(found[question.name].path)
            raise _error(Text(f"与 {other} 同名。", f"It has the same name as {other}."), path)
        found[question.name] = question
    return dict(sorted(found.items()))


def read_named(roots: DataRoots, name: str, folder: str = "queries/ask") -> Question | None:
    """Return one question by its exact name without reading the others, or None when there is not exactly one.

    Raises:
        DataError: Its file is malformed.
    """
    if not re.fullmatch(r"[\w-]+", name):
        return None
    found = roots.files(folder, f"{name}.rq")
    return read_question(name, found[0][1], SourceFile(*found[0]).read().decode("utf-8")) if len(found) == 1 else None


def read_headings(roots: DataRoots) -> dict[str, Text]:
    """Return variable → heading of its column for people, from `queries/headings.txt` of all data roots.

    Raises:
        DataError: A line is malformed.
    """
    found: dict[str, Text] = {}
    for name, path in roots.files("queries", "headings.txt"):
        for line in SourceFile(name, path).read().decode("utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                variable, _, words = line.partition(": ")
                found[variable] = _bilingual(words, f"headings.{variable}", path)
    return found


def read_question(name: str, path: Path, text: str) -> Question:
    """Read one query file.

    Raises:
        DataError: Its header is malformed, or a parameter has no line of its own.
    """
    header = read_header(text, str(path))
    if _SERVICE.search(_COMMENT.sub("", decode(text))):
        raise _error(Text("查询不得用 SERVICE 联网。", "A query must not reach the network with SERVICE."), path)
    unknown = sorted(set(header) - _KEYS)
    if unknown:
        raise _error(Text(f"未知的键：{unknown[0]}", f"Unknown key: {unknown[0]}"), path)
    if "summary" not in header:
        raise _error(Text("缺少 summary。", "The summary is missing."), path)
    severity = header.get("severity", "")
    if not isinstance(severity, str):
        raise _error(Text("severity 须为一个词。", "severity must be a word."), path)
    question = Question(
        name=name,
        summary=_bilingual(header["summary"], "summary", path),
        description=_bilingual(header["description"], "description", path) if "description" in header else None,
        tags=_words(header.get("tags", []), "tags", path),
        audience=_words(header.get("audience", []), "audience", path),
        params=_texts(header.get("params", {}), "params", path),
        columns=_texts(header.get("columns", {}), "columns", path),
        severity=severity,
        fix=_bilingual(header["fix"], "fix", path) if "fix" in header else None,
        text=text,
        path=path,
    )
    for parameter in question.params:
        _line(text, parameter, path)
    return question


def _texts(value: Value, key: str, path: Path) -> dict[str, Text]:
    if not isinstance(value, dict):
        raise _error(Text(f"{key} 须为映射。", f"{key} must be a mapping."), path)
    return {name: _bilingual(text, f"{key}.{name}", path) for name, text in value.items()}


def _words(value: Value, key: str, path: Path) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(value)
    raise _error(Text(f"{key} 须为列表。", f"{key} must be a list."), path)


def _bilingual(value: Value, key: str, path: Path) -> Text:
    """Return both wordings, from `{zh: …, en: …}` or, inside params and columns, `zh / en`."""
    if isinstance(value, str) and "." in key and value.count(" / ") == 1:
        value = dict(zip(("zh", "en"), value.split(" / "), strict=True))
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        zh, en = value["zh"], value["en"]
        if isinstance(zh, str) and isinstance(en, str):
            return Text(zh, en)
    raise _error(Text(f"{key} 须写成 {{zh: …, en: …}}。", f"{key} must be written {{zh: …, en: …}}."), path)


def _line(text: str, name: str, path: Path) -> re.Match[str]:
    """Return the only line `VALUES ?name { … }` of a parameter."""
    found = [match for match in _VALUES.finditer(text) if match[2] == name]
    if len(found) != 1:
        raise _error(
            Text(
                f"参数 {name} 须恰有一行 VALUES ?{name} {{ … }}。",
                f"The parameter {name} needs exactly one line VALUES ?{name} {{ … }}.",
            ),
            path,
        )
    return found[0]


def _swap(text: str, name: str, value: str, path: Path) -> str:
    line = _line(text, name, path)
    return f"{text[: line.start()]}{line[1]} {value} {line[4]}{text[line.end() :]}"


def _error(what: Text, path: Path) -> DataError:
    return DataError(what, Text("请按 queries/README.md 的形式改正。", "Correct it as queries/README.md shows."), str(path))
