"""Forms, layouts and templates for tests, of the policy as it stands or with a data folder beside it."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from policygraph.graph.loading import PUBLIC, load
from policygraph.model.terms import local_name
from policygraph.paths import data_roots
from policygraph.records.forms import Forms, load_forms
from policygraph.records.templates.layout import YES, Layout, Table, lay_out
from policygraph.records.templates.workbook import write_workbook
from policygraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from openpyxl import Workbook

DIGEST = "0" * 64
# A data folder that adds a field to one kind, and a kind of its own with a child table.
ADDED = """
@prefix pg: <https://w3id.org/policygraph/core#> .
@prefix tal: <https://w3id.org/policygraph/talent#> .
@prefix shape: <https://w3id.org/policygraph/shape/> .
@prefix scheme: <https://w3id.org/policygraph/scheme/> .
@prefix x: <https://example.org/added#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIELD = """
shape:award-claim sh:property x:hobby-shape .
x:hobby-shape a sh:PropertyShape , pg:FormatShape ; sh:path x:hobby ; sh:order 18.5 ; sh:severity sh:Violation ;
    sh:name "爱好"@zh , "hobby"@en ; sh:description "申报人的爱好。"@zh , "What the claimant likes to do."@en ; skos:example "下棋" ;
    sh:maxCount 1 ; sh:datatype xsd:string ; sh:minLength 1 ; sh:maxLength 20 ;
    sh:message "爱好：请填写文字，不超过 20 字。"@zh , "hobby: Give text of at most 20 characters."@en .
"""
KIND = """
x:parade a sh:NodeShape , pg:FormatShape ; sh:targetClass x:Parade ; sh:severity sh:Violation ;
    rdfs:label "游行申请"@zh , "parade [request]"@en ; pg:onClass x:Parade ; pg:kindLabelField x:route ; pg:claimDateField x:day ;
    pg:uniqueKey x:route ; sh:property x:parade-route , x:parade-day , x:parade-float .
x:parade-route a sh:PropertyShape , pg:FormatShape ; sh:path x:route ; sh:order 1 ; sh:severity sh:Violation ;
    sh:name "路线"@zh , "route"@en ; sh:description "经过的街道。"@zh , "Streets passed."@en ; skos:example "=东街" ;
    sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ; sh:message "路线：请填写文字。"@zh , "route: Give text."@en .
x:parade-day a sh:PropertyShape , pg:FormatShape ; sh:path x:day ; sh:order 2 ; sh:severity sh:Violation ;
    sh:name "日期"@zh , "day"@en ; sh:description "举行的日期。"@zh , "Day of the parade."@en ; skos:example "2025-05-01" ;
    sh:maxCount 1 ; sh:datatype xsd:date ; sh:message "日期：请填写日期。"@zh , "day: Give a date."@en .
x:parade-float a sh:PropertyShape , pg:FormatShape ; sh:path x:float ; sh:order 3 ; sh:severity sh:Violation ;
    sh:name "花车"@zh , "float"@en ; sh:description "各辆花车。"@zh , "The floats."@en ; sh:class x:Float ;
    sh:message "花车：请检查各行。"@zh , "float: Check the rows."@en .
x:float-row a sh:NodeShape , pg:FormatShape ; sh:targetClass x:Float ; sh:severity sh:Violation ;
    rdfs:label "花车"@zh , "float"@en ; pg:onClass x:Float ; sh:property x:float-height , x:float-seat .
x:float-height a sh:PropertyShape , pg:FormatShape ; sh:path x:height ; sh:order 1 ; sh:severity sh:Violation ;
    sh:name "高度（米）"@zh , "height (m)"@en ; sh:description "花车的高度。"@zh , "Height of the float."@en ; skos:example "3.5" ;
    sh:maxCount 1 ; sh:datatype xsd:decimal ; sh:minInclusive 0.5 ;
    sh:message "高度（米）：请填写数字。"@zh , "height (m): Give a number."@en .
x:float-seat a sh:PropertyShape , pg:FormatShape ; sh:path x:seat ; sh:order 2 ; sh:severity sh:Violation ;
    sh:name "所在地"@zh , "seat"@en ; sh:description "花车来自何处。"@zh , "Where the float comes from."@en ; skos:example "本市" ;
    sh:maxCount 1 ; sh:nodeKind sh:IRI ; pg:codeList scheme:seat ; sh:message "所在地：请选取。"@zh , "seat: Choose a value."@en .
"""
CLASSES = """
x:Parade a owl:Class ; rdfs:subClassOf pg:Submission ;
    rdfs:label "游行申请"@zh , "parade [request]"@en ; skos:definition "申请游行的记录。"@zh , "Record that asks for a parade."@en .
x:Float a owl:Class ; rdfs:subClassOf pg:ChildRow ; rdfs:label "花车"@zh , "float"@en .
"""


@cache
def forms(*folders: str) -> Forms:
    roots = data_roots(folders)
    return load_forms(EmbeddedStore(load(roots, PUBLIC)), roots)


def layout(kind: str, *folders: str) -> Layout:
    known = forms(*folders)
    return lay_out(known.find(kind), known)


@cache
def written(kind: str, language: str) -> bytes:
    return write_workbook(layout(kind), language, DIGEST)


def workbook(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def example(of: Layout) -> dict[str, Any]:
    """Return the template's example as a submission in JSON-LD, with its rows."""
    record = {"@type": of.kind.short, **members(of.records)}
    return record | {table.short: members(table) for table in of.children}


def members(table: Table) -> dict[str, Any]:
    found = {}
    for column in table.columns:
        if column.example.zh:
            codes = [local_name(code.iri) for code in column.codes if code.label == column.example]
            value = codes[0] if codes else column.example == YES if column.sort == "truth" else column.example.zh
            found[local_name(column.field.path)] = value
    return found
