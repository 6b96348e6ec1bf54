"""The reader: the whole text of a policy, every clause marked by its strength and open to its reasons; and the audit of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.linked.parameters import LANG
from policygraph.web.pages.reader.reading import Reader

if TYPE_CHECKING:
    from policygraph.web.service import Service

_TAG = "pages"
_FORMAT = Parameter(
    "format", Text("格式，优先于 Accept", "form of the answer, goes before Accept"), schema={"enum": ["json", "html"]}, example="json"
)
_OBJECT = {"type": "object"}


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    reader = Reader(service)
    policies = list(reader.shelf.policies)
    contents = (Content("application/json", _OBJECT), Content("text/html"))
    several = Operation(
        "GET",
        "readPolicies",
        Text("可以阅读的政策；只有一份时直接到它", "The policies that can be read; straight to the only one"),
        parameters=(LANG,),
        answers=(
            Answers(200, Text("政策的列表", "The list of policies"), contents),
            Answers(303, Text("见唯一的政策", "See the only policy"), headers={"Location": Text("它的地址", "its address")}),
        ),
        problems=(404, 406),
    )
    policy = Parameter(
        "policy",
        Text("政策：其 IRI 中 policy/ 之后的部分", "the policy: what follows policy/ in its IRI"),
        "path",
        required=True,
        example=policies[0] if policies else None,
    )
    one = Operation(
        "GET",
        "readPolicy",
        Text(
            "政策全文，逐条标明强度；可筛选，可看每一条款的依据",
            "The text of a policy, each clause with its strength; to filter, with what stands behind each",
        ),
        Text("筛选值可为短名、名称或 IRI，可重复。", "Filters take a short name, a label or an IRI, and may be repeated."),
        (
            policy,
            Parameter("actor", Text("只看涉及该主体或责任单位的条款", "only clauses that concern this actor or responsible unit")),
            Parameter("measure", Text("只看该章节或措施的条款", "only clauses of this section or measure")),
            Parameter("strength", Text("只看该强度的条款", "only clauses of this strength"), example="grant"),
            Parameter("theme", Text("只看提及该类事物的条款", "only clauses that name things of this kind")),
            Parameter("bearer", Text("只看载明由该主体承担的条款", "only clauses that are stated to bind this actor")),
            Parameter("clause", Text("在文本旁展开的条款", "clause whose panel is open beside the text")),
            Parameter("view", Text("audit：审计", "audit: the audit"), schema={"enum": ["", "audit"]}, example="audit"),
            _FORMAT,
            LANG,
        ),
        answers=(Answers(200, Text("全文或审计", "The text or its audit"), contents), Answers(304, Text("未更改", "Not changed"))),
        problems=(404, 406),
    )
    return (
        Endpoint("/read", _TAG, (several,), reader.listed),
        Endpoint("/read/{policy:path}", _TAG, (one,), reader.read),
    )
