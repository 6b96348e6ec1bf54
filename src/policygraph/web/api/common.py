"""What the declarations of this part share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.web.api import schemas
from policygraph.web.endpoints import Content, Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.web.negotiation import Media

_BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
LANG = Parameter(
    "lang",
    Text("措辞的语言；缺省看 Accept-Language", "language of the words; by default what Accept-Language says"),
    schema={"enum": ["zh", "en"]},
    example="en",
)


def form_parameter(offered: Sequence[Media]) -> Parameter:
    """Return the parameter that names a form."""
    about = Text("格式，优先于 Accept", "form of the answer, goes before Accept")
    return Parameter("format", about, schema={"enum": [media.name for media in offered]}, example=offered[0].name)


def contents(offered: Sequence[Media], schema: Mapping[str, Any]) -> tuple[Content, ...]:
    """Return the contents of an answer: JSON by its schema, text, or bytes."""
    return tuple(
        Content(m.type, schema if m.name == "json" else schemas.STRING if m.type.startswith("text/") else _BINARY) for m in offered
    )
