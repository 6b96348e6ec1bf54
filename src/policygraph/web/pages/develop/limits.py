"""What the service takes and how long it works on it, read from the settings that bind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.graph import parsing
from policygraph.queries.sandbox import MAX_CHARACTERS
from policygraph.records.tables.faults import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from policygraph.web.api import intake, jobs
from policygraph.web.api.questions import LONGEST
from policygraph.web.bodies import SECONDS
from policygraph.web.register.guarding import MOST_RIGHT, MOST_WRONG

if TYPE_CHECKING:
    from policygraph.web.service import Service

_SECONDS, _MB = Text("{n} 秒", "{n} seconds"), Text("{n} MB", "{n} MB")
_TIMES = Text("每分钟 {n} 次", "{n} a minute")
_LETTERS, _EACH = Text("{n} 字", "{n} characters"), Text("{n} 个，每个 {size} MB", "{n} of {size} MB each")


def limits(service: Service) -> list[tuple[Text, Text]]:
    """Return each limit and its value."""
    options = service.options
    return [
        (Text("一次查询", "A query"), _SECONDS.format(n=f"{options.seconds:g}")),
        (Text("查询文本", "Text of a query"), _LETTERS.format(n=f"{MAX_CHARACTERS:,}")),
        (Text("一次核查、判读或比较", "A check, decision or comparison"), _SECONDS.format(n=f"{options.job_seconds:g}")),
        (Text("请求体（上传）", "A body (upload)"), _MB.format(n=options.upload >> 20)),
        (Text("一次的文件", "Files at once"), Text(str(intake.MOST_FILES), str(intake.MOST_FILES))),
        (Text("叠加文件", "Overlays"), _EACH.format(n=intake.MOST_OVERLAYS, size=intake.MOST_OVERLAY >> 20)),
        (Text("一个文件的行数或记录数", "Rows or records of a file"), Text(f"{MAX_ROWS:,}", f"{MAX_ROWS:,}")),
        (Text("一个表的列数", "Columns of a table"), Text(f"{MAX_COLUMNS:,}", f"{MAX_COLUMNS:,}")),
        (Text("一个单元格", "A cell"), _LETTERS.format(n=f"{MAX_CELL:,}")),
        (Text("一个 RDF 文件", "An RDF file"), _MB.format(n=parsing.MAX_BYTES >> 20)),
        (Text("问题的一个参数", "A parameter of a question"), _LETTERS.format(n=f"{LONGEST:,}")),
        (Text("同时进行的查询", "Queries at once"), Text(str(options.workers), str(options.workers))),
        (Text("同时进行的核查与判读", "Checks and decisions at once"), Text(str(options.jobs), str(options.jobs))),
        (Text("排队的调用（再多则 503）", "Calls that wait (more get 503)"), Text(str(options.queue), str(options.queue))),
        (Text("稍后任务的报告保留", "Reports of jobs are kept"), _SECONDS.format(n=f"{jobs.KEPT:g}")),
        (Text("两段数据之间的等待", "Wait between two pieces of a body"), _SECONDS.format(n=f"{SECONDS:g}")),
        (Text("登记簿：一枚令牌的请求", "Register: requests of a token"), _TIMES.format(n=MOST_RIGHT)),
        (Text("登记簿：一个地址的错误令牌", "Register: wrong tokens of an address"), _TIMES.format(n=MOST_WRONG)),
    ]
