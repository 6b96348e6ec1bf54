"""The invented policy of tests/small-policy as a data root of its own, with the engine's schema and nothing of any real policy."""

from __future__ import annotations

import shutil
from pathlib import Path

from policygraph.app import anchors
from policygraph.graph.loading import Graph, derive, load
from policygraph.paths import DataRoots

REPOSITORY = Path(__file__).resolve().parent.parent
POLICY = "https://w3id.org/policygraph/policy/test/reading-rooms"
PREFIXES = {
    "t": POLICY + "/",
    "gs": "https://w3id.org/policygraph/shape/graph/",
    "pg": "https://w3id.org/policygraph/core#",
    "modality": "https://w3id.org/policygraph/scheme/modality/",
    "bearer": "https://w3id.org/policygraph/scheme/bearer-status/",
    "review": "https://w3id.org/policygraph/scheme/review-status/",
    "unit": "http://qudt.org/vocab/unit/",
    "sh": "http://www.w3.org/ns/shacl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# The schema's own code lists; those of submissions belong to the vocabulary of talent and to real policies.
SCHEMES = (
    *("aggregate", "bearer-status", "bearing", "cause", "modality", "outcome"),
    *("review-status", "silence", "status", "topic", "units", "verdict"),
)
SPARQL_PREFIXES = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())


def make_root(folder: Path) -> DataRoots:
    """Build the data root in a folder and generate its anchors."""
    policy = folder / "ontology/policies/test/reading-rooms"
    policy.mkdir(parents=True)
    for name in ("source.txt", "policy.ttl"):
        shutil.copyfile(REPOSITORY / "tests/small-policy" / name, policy / name)
    shutil.copyfile(REPOSITORY / "ontology/core.ttl", folder / "ontology/core.ttl")
    (folder / "ontology/schemes").mkdir()
    for name in SCHEMES:
        shutil.copyfile(REPOSITORY / f"ontology/schemes/{name}.ttl", folder / f"ontology/schemes/{name}.ttl")
    for name in ("queries/derive", "queries/hygiene"):
        shutil.copytree(REPOSITORY / name, folder / name)
    (folder / "shapes").mkdir()
    shutil.copyfile(REPOSITORY / "shapes/graph.ttl", folder / "shapes/graph.ttl")
    roots = DataRoots((folder,))
    assert all(found.current for found in anchors.run(roots, write=True)), anchors.run(roots)
    return roots


def broken(source: Graph, roots: DataRoots, change: str) -> Graph:
    """Return the graph with a change made, then everything derived as after loading."""
    graph = source.copy()
    graph.update(SPARQL_PREFIXES + change)
    derive(graph, roots)
    return graph


def source_graph(roots: DataRoots) -> Graph:
    """Return what the files say, nothing derived."""
    return load(roots, derived=False)


def iri(name: str) -> str:
    """Return the IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
