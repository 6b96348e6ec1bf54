"""The VoID description of the dataset: where to get it, how much there is, and of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.linked.description import bounded, labels
from policygraph.app.published.statements import about, whole, words
from policygraph.errors import Text
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.vocab import BASE, DCTERMS, PG, RDF, RDFS, VOID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.app.published.dumps import Form
    from policygraph.app.published.figures import Figures
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term, Triple

DOCUMENT = BASE + "void"
_FOAF = "http://xmlns.com/foaf/0.1/"
_FEATURES = "http://www.w3.org/ns/formats/"
_TITLE = Text("数据集说明（VoID）", "description of the dataset (VoID)")
# Classes of which the description names an example.
_SHOWN = (PG.Policy, PG.Measure, PG.Provision, PG.Parameter, PG.Rule, PG.Agency)


def void(graph: Graph, figures: Figures, root: str, forms: tuple[Form, ...]) -> tuple[Triple, ...]:
    """Return the VoID description of a graph's dataset.

    Args:
        graph: The graph; it names the dataset, its publisher and its licence.
        figures: What there is in it.
        root: Address of the service's root.
        forms: In which forms there are dumps.
    """
    found: list[Triple] = []
    for dataset in datasets(graph):
        found += bounded(graph, dataset)
        found += _described(graph, dataset, figures, root, forms)
    topics = datasets(graph)
    found += about(
        Iri(DOCUMENT),
        {
            RDF.type: Iri(VOID.DatasetDescription),
            RDFS.label: words(_TITLE),
            DCTERMS["title"]: words(_TITLE),
            _FOAF + "primaryTopic": topics[:1],
            _FOAF + "topic": topics,
        },
    )
    return tuple(dict.fromkeys([*found, *labels(graph, found)]))


def datasets(graph: Graph) -> tuple[Iri, ...]:
    """Return the datasets that a graph describes as its own."""
    return tuple(sorted(node for node in graph.subjects(RDF.type, Iri(VOID.Dataset)) if isinstance(node, Iri)))


def _described(graph: Graph, dataset: Iri, figures: Figures, root: str, forms: tuple[Form, ...]) -> Iterator[Triple]:
    examples = [min(found) for kind in _SHOWN if (found := _things(graph, kind))]
    yield from about(
        dataset,
        {
            VOID.uriSpace: Literal(BASE),
            VOID.sparqlEndpoint: Iri(root + "sparql"),
            VOID.dataDump: [Iri(root + form.path) for form in forms],
            VOID.feature: [Iri(_FEATURES + form.feature) for form in forms],
            VOID.triples: whole(figures.triples),
            VOID.entities: whole(figures.entities),
            VOID["classes"]: whole(len(figures.classes)),
            VOID["properties"]: whole(len(figures.properties)),
            VOID.distinctSubjects: whole(figures.subjects),
            VOID.distinctObjects: whole(figures.objects),
            VOID.vocabulary: [Iri(space) for space in figures.vocabularies],
            VOID.exampleResource: examples,
            VOID.rootResource: _things(graph, PG.Policy),
            _FOAF + "homepage": Iri(root),
        },
    )
    for number, (kind, members) in enumerate(figures.classes.items()):
        part = Blank(f"class{number}")
        yield from about(dataset, {VOID.classPartition: (part,)})
        yield from about(part, {VOID["class"]: Iri(kind), VOID.entities: whole(members)})
    for number, (predicate, triples) in enumerate(figures.properties.items()):
        part = Blank(f"property{number}")
        yield from about(dataset, {VOID.propertyPartition: (part,)})
        yield from about(part, {VOID.property: Iri(predicate), VOID.triples: whole(triples)})
    for number, links in enumerate(figures.links):
        node, other = Iri(f"{DOCUMENT}#links-{number + 1}"), Blank(f"target{number}")
        yield from about(dataset, {VOID.subset: node})
        yield from about(
            node,
            {
                RDF.type: Iri(VOID.Linkset),
                VOID.linkPredicate: Iri(links.predicate),
                VOID.triples: whole(links.triples),
                VOID.subjectsTarget: dataset,
                VOID.objectsTarget: (other,),
            },
        )
        yield from about(other, {VOID.uriSpace: Literal(links.space)})


def _things(graph: Graph, kind: str) -> list[Term]:
    return sorted(node for node in graph.subjects(RDF.type, Iri(kind)) if isinstance(node, Iri) and node.value.startswith(BASE))
