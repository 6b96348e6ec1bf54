"""What the service publishes of itself: counts agree with the data, sums with the dumps, and the profiles of SEMIC hold on it."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import yaml

from asking import Heard, Inside
from policygraph.graph.terms import from_quad
from policygraph.model.terms import Blank, Iri
from policygraph.paths import data_roots
from policygraph.reports.schema import REPORTS
from policygraph.vocab import BASE, DCAT, RDF, RDFS, VOID
from policygraph.web.problems import SORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.terms import Term, Triple

ROOT = Path(__file__).resolve().parent.parent
THIRD_PARTY = ROOT.parent / "shared" / "third-party"
PROFILES: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "data" / "profiles.yaml").read_text("utf-8"))
SPDX = "http://spdx.org/rdf/terms#"
OWN = "https://data.example.cn/policy/"
DUMPS = ("ttl", "trig", "nt", "jsonld", "rdf")


@pytest.fixture(scope="module")
def inside() -> Iterator[Inside]:
    asked = Inside(data_roots(), OWN)
    yield asked
    asked.close()


def rdf(heard: Heard) -> set[Triple]:
    form = ox.RdfFormat.from_media_type(heard.type)
    assert form is not None
    return {from_quad(quad) for quad in ox.parse(heard.body, format=form, rename_blank_nodes=True)}


@pytest.fixture(scope="module")
def void(inside: Inside) -> set[Triple]:
    return rdf(inside.get("/void.ttl"))


@pytest.fixture(scope="module")
def catalog(inside: Inside) -> set[Triple]:
    return rdf(inside.get("/catalog.ttl"))


def values(triples: set[Triple], subject: Term, predicate: str) -> list[str]:
    return sorted(o.value for s, p, o in triples if s == subject and p.value == predicate)


def the(triples: set[Triple], kind: str) -> Term:
    (found,) = {s for s, p, o in triples if p.value == RDF.type and o == Iri(kind)}
    return found


def test_the_counts_of_void_are_those_of_the_dump(inside: Inside, void: set[Triple]) -> None:
    dump = rdf(inside.get("/dumps/policygraph.nt"))
    dataset = the(void, VOID.Dataset)
    assert values(void, dataset, VOID.triples) == [str(len(dump))]
    subjects = {s for s, _, _ in dump}
    entities = {s for s in subjects if isinstance(s, Iri) and s.value.startswith(BASE)}
    assert values(void, dataset, VOID.entities) == [str(len(entities))]
    assert values(void, dataset, VOID["properties"]) == [str(len({p for _, p, _ in dump}))]
    assert values(void, dataset, VOID["classes"]) == [str(len({o for _, p, o in dump if p.value == RDF.type and isinstance(o, Iri)}))]
    parts = [o for s, p, o in void if s == dataset and p.value == VOID.classPartition]
    counted = {values(void, part, VOID["class"])[0]: int(values(void, part, VOID.entities)[0]) for part in parts}
    for kind, number in counted.items():
        assert number == len({s for s, p, o in dump if p.value == RDF.type and o == Iri(kind)}), kind
    assert len(counted) > 90
    assert any(p.value == VOID.objectsTarget for _, p, _ in void)
    for example in values(void, dataset, VOID.exampleResource):
        assert inside.get("/" + example.removeprefix(BASE)).status == 303
    assert values(void, dataset, VOID.sparqlEndpoint) == [f"{OWN}sparql"]


def test_the_root_is_a_page_for_people_and_void_for_programs(inside: Inside) -> None:
    page = inside.get("/", accept="text/html,*/*;q=0.8")
    assert (page.status, page.type, page.headers["content-language"]) == (200, "text/html", "zh")
    assert "依文本判读，非行政决定" in page.text
    assert "not an administrative decision" in inside.get("/?lang=en", accept="text/html").text
    for place in re.findall(r'<li><a href="/policy(/[^"]*)"', page.text.partition("<main")[2]):
        if not place.startswith(("/ask", "/sparql", "/api", "/openapi")):  # other parts of the service
            assert inside.get(place).status in (200, 303), place
    assert inside.get("/").body == inside.get("/void").body == inside.get("/void.ttl").body
    assert inside.get("/", accept="image/png").status == 406
    known = inside.get("/.well-known/void")
    assert (known.status, known.headers["location"]) == (302, f"{OWN}void")


@pytest.mark.parametrize("name", ["void", "catalog", "problems", f"problems/{SORTS[0].name}"])
@pytest.mark.parametrize("ending", DUMPS)
def test_documents_come_in_every_form(inside: Inside, name: str, ending: str) -> None:
    heard = inside.get(f"/{name}.{ending}")
    assert heard.status == 200
    shown = {triple for triple in rdf(heard) if not any(isinstance(term, Blank) for term in triple)}
    assert shown == {triple for triple in rdf(inside.get(f"/{name}.nt")) if not any(isinstance(term, Blank) for term in triple)}
    assert inside.get(f"/{name}.html").type == "text/html"
    assert inside.get(f"/{name}.xyz").status == 404


def test_every_type_of_problem_has_a_page(inside: Inside) -> None:
    for sort in SORTS:
        assert sort.title.zh in inside.get(f"/problems/{sort.name}", accept="text/html").text
        told = rdf(inside.get(f"/problems/{sort.name}.nt"))
        assert sort.title.en in {o.value for s, p, o in told if s == Iri(f"{BASE}problems/{sort.name}") and p.value == RDFS.label}
    assert inside.get("/problems/none").status == 404


@pytest.mark.parametrize("ending", DUMPS)
def test_dumps_have_the_size_and_sum_that_the_catalogue_says(inside: Inside, catalog: set[Triple], ending: str) -> None:
    for packed in ("", ".gz"):
        place = Iri(f"{OWN}dumps/policygraph.{ending}{packed}")
        (node,) = {s for s, p, o in catalog if p.value == DCAT.downloadURL and o == place}
        heard = inside.get(place.value.removeprefix(OWN.rstrip("/")))
        assert values(catalog, node, DCAT.byteSize) == [str(len(heard.body))]
        (checksum,) = (o for s, p, o in catalog if s == node and p.value == SPDX + "checksum")
        assert values(catalog, checksum, SPDX + "checksumValue") == [hashlib.sha256(heard.body).hexdigest()]
        assert inside.get(f"/dumps/policygraph.{ending}{packed}", if_none_match=heard.headers["etag"]).status == 304
    plain, coded = inside.get(f"/dumps/policygraph.{ending}"), inside.get(f"/dumps/policygraph.{ending}", accept_encoding="br, gzip;q=0.5")
    assert coded.headers["content-encoding"] == "gzip"
    assert gzip.decompress(coded.body) == plain.body
    assert (plain.headers["vary"], coded.headers["etag"] != plain.headers["etag"]) == ("Accept-Encoding", True)
    assert "content-encoding" not in inside.get(f"/dumps/policygraph.{ending}", accept_encoding="gzip;q=0").headers
    part = inside.get(f"/dumps/policygraph.{ending}", range="bytes=10-19")
    assert (part.status, part.body) == (206, plain.body[10:20])
    assert inside.get(f"/dumps/policygraph.{ending}", range="bytes=9-1").status == 200
    assert inside.ask("HEAD", f"/dumps/policygraph.{ending}").headers["content-length"] == str(len(plain.body))


def test_schemas_of_all_kinds_and_reports(inside: Inside) -> None:
    listed = inside.get("/schemas").json["schemas"]
    assert {each["name"] for each in listed} > set(REPORTS)
    assert len(listed) > 20
    for each in listed:
        schema = inside.get(each["url"].removeprefix(OWN.rstrip("/")))
        assert (schema.status, schema.type) == (200, "application/schema+json")
        assert inside.get("/" + schema.json["$id"].removeprefix(BASE)).json == schema.json
    assert inside.get("/schemas/none").status == 404
    assert inside.get("/context.jsonld").json["@context"]


@pytest.mark.skipif(not THIRD_PARTY.is_dir(), reason="shared/third-party does not lie beside this checkout")
@pytest.mark.parametrize("name", sorted(PROFILES))
def test_the_profile_holds_on_what_is_published(inside: Inside, name: str) -> None:
    """No violation of a profile; `profiles.yaml` lists which of its shapes look at nothing here, and which are broken as published."""
    import pyshacl
    import rdflib

    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    profile = PROFILES[name]
    shapes = rdflib.Graph().parse(THIRD_PARTY / profile["shapes"])
    data = rdflib.Graph()
    for path in ("/dumps/policygraph.nt", "/catalog.nt", "/void.nt"):
        data.parse(data=inside.get(path).body, format="nt")
    undefined = [(shape, part) for shape, part in shapes.subject_objects(sh.property) if (part, sh.path, None) not in shapes]
    assert sorted(part.rpartition("#")[2] for _, part in undefined) == sorted(profile["undefined"])
    for shape, part in undefined:  # pySHACL stops at them
        shapes.remove((shape, sh.property, part))
    targets = {(shape, kind) for shape, kind in shapes.subject_objects(sh.targetClass)}
    assert not list(shapes.subject_objects(sh.targetNode))
    dead = {str(kind) for _, kind in targets if (None, rdflib.RDF.type, kind) not in data}
    assert sorted(dead) == sorted(profile["dead"])
    assert len(targets) > len(dead)
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes)
    assert conforms, report[:3000]
