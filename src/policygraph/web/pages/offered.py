"""What the web face offers. Pages that are the HTML form of an address of another part are made here and answered there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.pages import assets, check, compare, develop, entitled, matrix, notices, reader, registry, search
from policygraph.web.pages.editor import vocabulary

if TYPE_CHECKING:
    from policygraph.web.service import Service


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints of the pages."""
    return (
        Endpoint(
            "/assets/{digest}/{name}",
            "pages",
            (
                Operation(
                    "GET",
                    "getAsset",
                    Text("页面所用的样式、脚本与图形", "Style sheets, scripts and pictures of the pages"),
                    parameters=(
                        Parameter("digest", Text("内容摘要", "digest of its bytes"), "path", required=True, example="0"),
                        Parameter("name", Text("文件名", "name of the file"), "path", required=True, example="app.css"),
                    ),
                    answers=(
                        Answers(200, Text("文件", "The file"), (Content("text/css"), Content("text/javascript"), Content("image/svg+xml"))),
                    ),
                    problems=(404,),
                ),
            ),
            assets.serve,
        ),
        *matrix.endpoints(service),
        *check.endpoints(service),
        *compare.endpoints(service),
        *develop.endpoints(service),
        *entitled.endpoints(service),
        *registry.endpoints(service),
        *reader.endpoints(service),
        *search.endpoints(service),
        vocabulary.endpoint(service),
        notices.endpoint(service),
    )
