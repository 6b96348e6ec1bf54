"""IRIs of the schema's own terms. No individual of any policy is named here."""

from __future__ import annotations

BASE = "https://w3id.org/policygraph/"


class Namespace(str):
    """A namespace whose attributes and items are IRIs: `PG.Policy`, `PG["in-set"]`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return str(self) + name

    def __getitem__(self, name: object) -> str:
        return str(self) + str(name)


PG = Namespace(BASE + "core#")
SCHEME = Namespace(BASE + "scheme/")
MODALITY = Namespace(BASE + "scheme/modality/")
OUTCOME = Namespace(BASE + "scheme/outcome/")
CAUSE = Namespace(BASE + "scheme/cause/")
STATUS = Namespace(BASE + "scheme/status/")
VERDICT = Namespace(BASE + "scheme/verdict/")

RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
PROV = Namespace("http://www.w3.org/ns/prov#")
OA = Namespace("http://www.w3.org/ns/oa#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
VOID = Namespace("http://rdfs.org/ns/void#")
UNIT = Namespace("http://qudt.org/vocab/unit/")

PREFIXES: dict[str, str] = {
    "pg": str(PG),
    "tal": BASE + "talent#",
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "xsd": str(XSD),
    "sh": str(SH),
    "skos": str(SKOS),
    "prov": str(PROV),
    "oa": str(OA),
    "eli": str(ELI),
    "dcterms": str(DCTERMS),
    "unit": str(UNIT),
}
