"""Parameters and headers that documents have in common, as the documentation names them."""

from __future__ import annotations

from policygraph.errors import Text
from policygraph.web.endpoints import Parameter
from policygraph.web.negotiation import DOCUMENTS

FORMAT = Parameter(
    "format",
    Text("所要的格式，优先于 Accept", "the form that is wanted; goes before Accept"),
    schema={"type": "string", "enum": [media.name for media in DOCUMENTS]},
    example="ttl",
)
PAGE = Parameter("page", Text("第几页", "which page"), schema={"type": "integer", "minimum": 1}, example=1)
LANG = Parameter("lang", Text("HTML 的语言", "language of HTML"), schema={"type": "string", "enum": ["zh", "en"]}, example="en")
HEADERS = {
    "Link": Text(
        "canonical、各格式（alternate）、describedby、type，以及分页的 next 与 prev",
        "canonical, every form (alternate), describedby, type; next and prev of pages",
    ),
    "Vary": Text("答复随哪些请求头而变", "on which headers of the request the answer depends"),
}
VALIDATORS = {"ETag": Text("内容的标识", "tag of the content"), "Last-Modified": Text("数据何时更改", "when the data were changed")}
