"""`policygraph ask`: lists the questions by topic, or answers one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from policygraph.app.ask import Answer
    from policygraph.cli.context import Context
    from policygraph.queries.catalogue import Question

SUMMARY = Text(
    "按名称提问并显示答案；不给名称则按主题列出全部问题。", "Answer a question by its name; without a name, list all questions by topic."
)
EXAMPLE = "policygraph ask units-of-measure --param measure=m7"
FORMATS = ("table", "csv", "tsv", "json", "markdown", "turtle")
_NAME = Text("问题的名称", "name of the question")
_PARAM = Text("参数的值：名称、简称或 IRI（可重复）", "value of a parameter: label, short name or IRI (repeatable)")
_FORMAT = Text("输出格式：table、csv、tsv、json、markdown；CONSTRUCT 用 turtle", "table, csv, tsv, json, markdown; turtle for a CONSTRUCT")
_OUTPUT = Text("写入文件而不是屏幕", "write to a file instead of the screen")
_TEXT = Text("只显示问题的 SPARQL 查询（已代入参数）", "show the question's SPARQL, with the values put in, instead of asking")
_PARAMETER = Text("{words}（{name}）：{value}", "{words} ({name}): {value}")
_SAMPLE = Text(
    "{words}（{name}）：{value}，为示例；可用 --param {name}=… 另选", "{words} ({name}): {value}, a sample; choose with --param {name}=…"
)
_ROWS = Text("共 {count} 行。", "Rows: {count}.")
_NONE = Text("没有结果：图中没有符合此问题的内容。", "No result: nothing in the graph matches this question.")
_COUNT = Text(
    "共 {count} 个问题。policygraph ask 名称 显示答案，例如：{example}",
    "{count} questions. `policygraph ask NAME` answers one, for instance: {example}",
)
_EMPTY = Text("没有问题：数据目录中没有 queries/ask/*.rq。", "No questions: the data folders hold no queries/ask/*.rq.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=_NAME.in_language(language))
    parser.add_argument("-p", "--param", action="append", default=[], metavar="NAME=VALUE", help=_PARAM.in_language(language))
    parser.add_argument("--format", choices=FORMATS, default="table", help=_FORMAT.in_language(language), metavar="FORMAT")
    parser.add_argument("--query", action="store_true", help=_TEXT.in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=_OUTPUT.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """List the questions, or answer one; 0 whatever the answer."""
    from policygraph.cli.output import write
    from policygraph.queries.catalogue import read_questions
    from policygraph.queries.parameters import resolve, split_parameters

    given = split_parameters(args.param)
    if args.name is None:
        if given or args.query:
            raise UsageError(
                Text("缺少问题的名称。", "The name of the question is missing."),
                Text("policygraph ask 列出全部问题。", "`policygraph ask` lists all questions."),
            )
        write(_catalogue(read_questions(context.roots), args.format, context), args.output)
        return 0
    from policygraph.app.ask import answer, find_question

    question = find_question(args.name, context.roots)
    if args.query:
        write(question.bind(resolve(question, given, context.entities), context.language), args.output)
        return 0
    found = answer(question, given, context.entities, context.language)
    write(_shown(found, args, context), args.output)
    return 0


def _shown(found: Answer, args: Namespace, context: Context) -> str:
    from policygraph.app.ask import headings_of
    from policygraph.cli.results import shown
    from policygraph.model.terms import Table

    form, language = args.format, context.language
    headings: list[str] = []
    if isinstance(found.result, Table) and form in {"table", "markdown"}:
        headings = [text.in_language(language) for text in headings_of(found.question, found.result.columns, context.roots)]
    body = shown(found.result, form, context, headings=headings, to_screen=args.output is None)
    if form != "table":
        return body
    lines = [found.question.summary.in_language(language)]
    for name, term in found.values.items():
        template = _SAMPLE if name in found.samples else _PARAMETER
        words = found.question.params[name].in_language(language)
        value = context.entities.described(term, language)
        lines.append(template.in_language(language).format(words=words, name=name, value=value))
    if found.question.description:
        lines.append(found.question.description.in_language(language))
    if isinstance(found.result, Table):
        empty = [_NONE, *found.notes]
        count = [_ROWS.format(count=len(found.result))] if len(found.result) else empty
        tail = "\n".join(text.in_language(language) for text in count)
        body = f"{body}\n{tail}\n" if len(found.result) else f"{tail}\n"
    return "\n".join(lines) + "\n\n" + body


def _catalogue(questions: Mapping[str, Question], form: str, context: Context) -> str:
    from policygraph.app.ask import by_topic

    if form == "json":
        return json.dumps([_plain(question) for question in questions.values()], ensure_ascii=False, indent=2) + "\n"
    if form != "table":
        raise UsageError(
            Text("问题目录只有 table 与 json 两种格式。", "The list of questions comes as table or json only."),
            Text("请改用 --format json。", "Use --format json."),
        )
    language = context.language
    if not questions:
        return _EMPTY.in_language(language) + "\n"
    lines = []
    widest = max(map(len, questions))
    for heading, group in by_topic(questions, context.graph, context.entities):
        lines.append(heading.in_language(language))
        for question in group:
            params = "".join(f" [{name}]" for name in question.params)
            lines.append(f"  {question.name:{widest}}  {question.summary.in_language(language)}{params}")
        lines.append("")
    return "\n".join(lines) + _COUNT.format(count=len(questions), example=EXAMPLE).in_language(language) + "\n"


def _plain(question: Question) -> dict[str, object]:
    from policygraph.graph.terms import spell

    def both(text: Text) -> dict[str, str]:
        return {"zh": text.zh, "en": text.en}

    return {
        "name": question.name,
        "summary": both(question.summary),
        "description": both(question.description) if question.description else None,
        "tags": list(question.tags),
        "audience": list(question.audience),
        "params": {name: {**both(text), "sample": spell(question.sample(name))} for name, text in question.params.items()},
    }
