"""Between plain values and rdflib, in which pySHACL reads data and shapes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from policygraph.graph.loading import Graph
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.vocab import RDF, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.terms import Term, Triple
    from policygraph.shapes.shapeset import ShapeSet

# Shape sets with their graphs, the last few. Whoever reads one holds the lock of a run.
_BUILT: deque[tuple[ShapeSet, Any]] = deque(maxlen=4)


def data_graph(data: Graph | Iterable[Triple]) -> Any:
    """Return an rdflib graph over a pyoxigraph store, without copying when the data are in one already."""
    from oxrdflib import OxigraphStore
    from rdflib import Graph as RdflibGraph
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

    class DataStore(OxigraphStore):
        """A store whose length is cheap: pySHACL asks for it at each result, and the stock one counts all triples."""

        def __len__(self, context: object = None) -> int:
            return 1

    store = (data if isinstance(data, Graph) else Graph(data)).store
    return RdflibGraph(DataStore(store=store), identifier=DATASET_DEFAULT_GRAPH_ID, bind_namespaces="none")


def shapes_graph(shapes: ShapeSet) -> Any:
    """Return the shapes for pySHACL; building them costs more than most runs, so the last few are kept."""
    for known, graph in _BUILT:
        if known is shapes:
            return graph
    graph = _build_shapes_graph(shapes)
    _BUILT.append((shapes, graph))
    return graph


def _build_shapes_graph(shapes: ShapeSet) -> Any:
    """Return shapes as an rdflib graph: literals as the data store writes them (0.60 is 0.6 there), messages blanked."""
    from rdflib import Graph as RdflibGraph

    facts = list(shapes.facts.triples())
    rules = [subject for subject, predicate, _ in facts if predicate.value == SH.rule]
    if rules:
        raise ValueError(f"sh:rule on {shapes.owner(rules[0])}: rules would write into the data")
    graph = RdflibGraph(bind_namespaces="none")
    for triple in Graph((s, p, Literal("-") if p.value == SH.message else o) for s, p, o in facts):
        graph.add(tuple(map(to_rdflib, triple)))
    return graph


def to_rdflib(term: Term) -> Any:
    """Return a term as rdflib has it, its words as they are."""
    from rdflib import BNode, URIRef
    from rdflib import Literal as RdflibLiteral

    match term:
        case Iri(value):
            return URIRef(value)
        case Blank(value):
            return BNode(value)
        case Literal(value, datatype, language):
            if language:
                return RdflibLiteral(value, lang=language)
            return RdflibLiteral(value, datatype=URIRef(datatype), normalize=False)


def from_rdflib(term: Any) -> Term:
    """Return a term of rdflib as a plain value."""
    from rdflib import BNode
    from rdflib import Literal as RdflibLiteral

    if isinstance(term, RdflibLiteral):
        if term.language:
            return Literal(str(term), RDF.langString, term.language)
        return Literal(str(term), str(term.datatype or XSD.string))
    return Blank(str(term)) if isinstance(term, BNode) else Iri(str(term))
