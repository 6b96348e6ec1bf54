"""The DCAT-AP description of what is published: catalogue, dataset, its dumps with sizes and checksums, and the services on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.linked.description import bounded, labels
from policygraph.app.published.statements import about, whole, words
from policygraph.app.published.void import datasets
from policygraph.errors import Text
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.vocab import BASE, DCAT, DCTERMS, ELI, OWL, PG, RDF, RDFS, SKOS, XSD

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from policygraph.app.published.dumps import Dump
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term, Triple

DOCUMENT = BASE + "catalog"
_SPDX, _FOAF = "http://spdx.org/rdf/terms#", "http://xmlns.com/foaf/0.1/"
_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_DUMP = Text("全部数据（{form}）", "full dump ({form})")
_PACKED = Text("全部数据（{form}，gzip 压缩）", "full dump ({form}, packed by gzip)")
_PUBLIC = Text("公开", "public")
# What a service is reached at, and what describes it, by the standard that it conforms to.
_SERVED = {"sparql": ("sparql", "sparql"), "openapis": ("", "openapi.json")}


def dcat(graph: Graph, dumps: tuple[Dump, ...], root: str, modified: dt.datetime, version: str) -> tuple[Triple, ...]:
    """Return the DCAT description of what a service publishes.

    Args:
        graph: The graph; it names catalogue, dataset, services, publisher and licence.
        dumps: The dumps.
        root: Address of the service's root.
        modified: When the data were changed last.
        version: State of the data.
    """
    catalogues = [node for node in graph.subjects(RDF.type, Iri(DCAT.Catalog)) if isinstance(node, Iri)]
    found = [triple for node in catalogues for triple in bounded(graph, node)]
    day = Literal(modified.isoformat().replace("+00:00", "Z"), XSD.dateTime)
    for catalogue in catalogues:
        found += about(catalogue, {DCTERMS.modified: day, _FOAF + "homepage": Iri(root)})
    found += about(Iri(root), {RDF.type: Iri(_FOAF + "Document"), DCTERMS["title"]: words(Text("首页", "home"))})
    for dataset in datasets(graph):
        found += bounded(graph, dataset)
        found += _dataset(graph, dataset, dumps, root)
        found += about(dataset, {DCTERMS.modified: day, DCAT.version: Literal(version)})
    found += _services(graph, root)
    # The types of what is referred to: the shapes of DCAT-AP look at them.
    mentioned = dict.fromkeys(value for _, predicate, value in found if isinstance(value, Iri) and predicate.value != RDF.type)
    for node in mentioned:
        if any(True for _ in graph.triples(node, Iri(RDF.type))) and node.value.startswith((DOCUMENT, _EU, "http")):
            found += [t for t in bounded(graph, node) if t[1].value in _TELLING] if node not in datasets(graph) else []
    return tuple(dict.fromkeys([*found, *labels(graph, found)]))


_TELLING = frozenset(
    {RDF.type, RDFS.label, SKOS.prefLabel, SKOS.inScheme, DCTERMS["title"], DCTERMS.identifier, _FOAF + "name", OWL.versionInfo}
)


def _dataset(graph: Graph, dataset: Iri, dumps: tuple[Dump, ...], root: str) -> Iterator[Triple]:
    ontologies = [node for node in graph.subjects(RDF.type, Iri(OWL.Ontology)) if isinstance(node, Iri)]
    areas = sorted({value for _, _, value in graph.triples(predicate=Iri(PG.jurisdiction)) if isinstance(value, Iri)})
    rights = Iri(_EU + "access-right/PUBLIC")
    yield from about(
        dataset,
        {
            DCTERMS.conformsTo: sorted(ontologies),
            DCTERMS.spatial: areas,
            DCTERMS.accessRights: rights,
            DCAT.landingPage: Iri(root),
        },
    )
    yield from about(rights, {RDF.type: Iri(DCTERMS.RightsStatement), RDFS.label: words(_PUBLIC)})
    for ontology in ontologies:
        yield from about(ontology, {RDF.type: Iri(DCTERMS.Standard), DCTERMS["title"]: graph.objects(ontology, RDFS.label)})
    for area in areas:
        yield from about(area, {RDF.type: Iri(DCTERMS.Location)})
    issued = sorted(
        value.value
        for policy in graph.subjects(RDF.type, Iri(PG.Policy))
        for value in graph.objects(policy, ELI.date_document)
        if isinstance(value, Literal)
    )
    if issued:
        period = Blank("period")
        yield from about(dataset, {DCTERMS.temporal: (period,)})
        yield from about(period, {RDF.type: Iri(DCTERMS.PeriodOfTime), DCAT.startDate: Literal(issued[0], XSD.date)})
    licences = graph.objects(dataset, DCTERMS.license)
    for dump in dumps:
        for packed in (False, True):
            yield from _distribution(dataset, dump, root, licences, packed=packed)


def _distribution(dataset: Iri, dump: Dump, root: str, licences: tuple[Term, ...], *, packed: bool) -> Iterator[Triple]:
    form, ending = dump.form, ".gz" if packed else ""
    node = Iri(f"{DOCUMENT}#dump-{form.ending}{'-gz' if packed else ''}")
    checksum, algorithm = Iri(f"{node.value}-checksum"), Iri(_SPDX + "checksumAlgorithm_sha256")
    place = Iri(root + form.path + ending)
    media, kind = Iri(_IANA + form.media_type), Iri(f"{_EU}file-type/{form.file_type}")
    title = (_PACKED if packed else _DUMP).format(form=form.label)
    rows: dict[str, Term | tuple[Term, ...]] = {
        RDF.type: Iri(DCAT.Distribution),
        RDFS.label: words(title),
        DCTERMS["title"]: words(title),
        DCTERMS.license: licences,
        DCTERMS.conformsTo: Iri(form.standard),
        DCTERMS["format"]: kind,
        DCAT.accessURL: place,
        DCAT.downloadURL: place,
        DCAT.mediaType: media,
        DCAT.byteSize: whole(dump.packed_size if packed else dump.size, XSD.nonNegativeInteger),
        _SPDX + "checksum": checksum,
    }
    if packed:
        squeezed = Iri(_IANA + "application/gzip")
        rows[DCAT.compressFormat] = squeezed
        yield from about(squeezed, {RDF.type: Iri(DCTERMS.MediaType)})
    yield from about(dataset, {DCAT.distribution: node})
    yield from about(node, rows)
    yield from about(
        checksum,
        {
            RDF.type: Iri(_SPDX + "Checksum"),
            _SPDX + "algorithm": algorithm,
            _SPDX + "checksumValue": Literal(dump.packed_sha256 if packed else dump.sha256, XSD.hexBinary),
        },
    )
    yield from about(algorithm, {RDF.type: Iri(_SPDX + "ChecksumAlgorithm")})
    yield from about(media, {RDF.type: Iri(DCTERMS.MediaType)})
    yield from about(kind, {RDF.type: Iri(DCTERMS.MediaTypeOrExtent)})
    yield from about(place, {RDF.type: Iri(RDFS.Resource)})
    name = words(Text(form.label, form.label))
    yield from about(Iri(form.standard), {RDF.type: Iri(DCTERMS.Standard), RDFS.label: name, DCTERMS["title"]: name})


def _services(graph: Graph, root: str) -> Iterator[Triple]:
    for node in graph.subjects(RDF.type, Iri(DCAT.DataService)):
        yield from bounded(graph, node)
        told = " ".join(value.value for value in graph.objects(node, DCTERMS.conformsTo))
        for mark, (path, description) in _SERVED.items():
            if mark in told:
                yield from about(node, {DCAT.endpointURL: Iri(root + path), DCAT.endpointDescription: Iri(root + description)})
