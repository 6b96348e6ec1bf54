"""Runs SHACL shapes over data with pySHACL and returns plain results; the only module that knows pySHACL and rdflib.

pySHACL's own messages are switched off: it drops language tags, leaks one result's message into the next and breaks on
backslashes. The words come from the shape's `sh:message` (zh and en) and are filled here.
"""

from __future__ import annotations

import contextlib
import logging
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.errors import DataError, Text
from policygraph.graph.loading import Graph, SourceFile
from policygraph.graph.terms import order
from policygraph.model.terms import Iri
from policygraph.shapes.bridge import data_graph as over_store
from policygraph.shapes.bridge import from_rdflib, shapes_graph
from policygraph.shapes.shapeset import ShapeSet
from policygraph.vocab import SH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from policygraph.model.terms import Term, Triple

_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
# pySHACL and rdflib keep switches for the whole process (NORMALIZE_LITERALS, a validator cache): one run at a time.
_ONE_RUN = threading.Lock()


@dataclass(frozen=True, slots=True)
class Result:
    """One SHACL result.

    Attributes:
        focus: The node that was checked.
        path: IRI of the property, SPARQL's notation for longer paths, '' for none.
        value: The value at fault, if there is one.
        component: IRI of the constraint component.
        severity: IRI of the severity (`sh:Violation`, `sh:Warning`, `sh:Info`).
        shape: IRI of the shape; an anonymous shape goes by the nearest shape that holds it.
        template: The shape's message with its placeholders.
        parameters: What the shape gives to the component, (local name, term), a list as one entry a member.
    """

    focus: Term
    path: str
    value: Term | None
    component: str
    severity: str
    shape: str
    template: Text
    parameters: tuple[tuple[str, Term], ...]

    @property
    def message(self) -> Text:
        """The message, filled with plain values."""
        return self.words(lambda term: Text(term.value, term.value))

    def words(self, name: Callable[[Term], Text]) -> Text:
        """Fill `{?value}`, `{$this}`, `{?path}` and `{$parameter}`, naming terms as the caller does."""
        filled: dict[str, list[Text]] = {"this": [name(self.focus)], "path": [name(Iri(self.path))]}
        if self.value is not None:
            filled["value"] = [name(self.value)]
        for parameter, term in self.parameters:
            filled.setdefault(parameter, []).append(name(term))

        def fill(template: str, language: str) -> str:
            comma = "、" if language == "zh" else ", "

            def put(match: re.Match[str]) -> str:
                return comma.join(text.in_language(language) for text in filled.get(match[1], []))

            return _PLACEHOLDER.sub(put, template)

        return Text(fill(self.template.zh, "zh"), fill(self.template.en, "en"))


def load_shapes(files: Iterable[Path]) -> ShapeSet:
    """Read shape files.

    Raises:
        DataError: A file is not Turtle; names file and line.
    """
    return _read_shapes(tuple((path, *_state(path)) for path in files))


def _state(path: Path) -> tuple[int, int]:
    """Return what changes when a file does; a file that cannot be read says so when it is opened."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


# The same few sets are read again and again in one process: records' shapes and checks.
@lru_cache(maxsize=8)
def _read_shapes(files: tuple[tuple[Path, int, int], ...]) -> ShapeSet:
    paths = tuple(path for path, _, _ in files)
    # SHACL's own description tells which parameters each core component has.
    core = (t for t in _shacl() if t[1].value in {SH.parameter, SH.path})
    return ShapeSet.of(paths, chain(core, *(SourceFile(path.name, path).triples() for path in paths)))


def vocabulary() -> frozenset[str]:
    """Return every term that SHACL and its advanced features define."""
    return frozenset(subject.value for subject, _, _ in _shacl() if subject.value.startswith(SH))


def validate(data: Graph | Iterable[Triple], shapes: ShapeSet | Iterable[Path], *, only: Collection[str] = ()) -> tuple[Result, ...]:
    """Check data against shapes.

    Args:
        data: The data graph: policy and submissions together (`rdfs:subClassOf` is followed inside it). A `Graph` is read in place
            and not changed.
        shapes: Shapes read before with `load_shapes`, or their files.
        only: IRIs of the shapes to run; all of them when empty.

    Returns:
        The results of every severity without repeats, sorted. An empty tuple does not say that anything was checked: see `targets`.

    Raises:
        DataError: A shape is one that the engine cannot run; nothing passes silently.
    """
    from rdflib import URIRef

    shape_files = shapes if isinstance(shapes, ShapeSet) else load_shapes(shapes)
    with _engine(shape_files, data) as (validator, _):
        # pySHACL takes the selection for all shapes there are: one that a chosen shape refers to would be missing, and pass in silence.
        validator.options["use_shapes"] = sorted(shape_files.referred(only)) or None
        report = validator.run()[1]
        found = [
            {str(p).rpartition("#")[2]: from_rdflib(o) for p, o in report.predicate_objects(node)}
            for node in report.objects(None, URIRef(SH.result))
        ]
    results = {_result(shape_files, row) for row in found}
    return tuple(sorted(results, key=_key))


def targets(data: Graph | Iterable[Triple], shapes: ShapeSet | Iterable[Path]) -> tuple[tuple[str, Term], ...]:
    """Return which shape looks at which node, sorted; a shape that matched nothing does not occur."""
    shape_files = shapes if isinstance(shapes, ShapeSet) else load_shapes(shapes)
    found: set[tuple[str, Term]] = set()
    with _engine(shape_files, data) as (validator, data_graph):
        for shape in validator.shacl_graph.shapes:
            if shape.deactivated:
                continue
            shape.set_advanced(True)
            owner = shape_files.owner(from_rdflib(shape.node))
            found.update((owner, from_rdflib(node)) for node in shape.focus_nodes(data_graph))
    return tuple(sorted(found, key=lambda row: (row[0], order(row[1]))))


def _result(shapes: ShapeSet, row: dict[str, Any]) -> Result:
    """Make a result from one node of pySHACL's report, with the words of its shape."""
    shape, component = row["sourceShape"], row["sourceConstraintComponent"].value
    return Result(
        focus=row["focusNode"],
        path=shapes.path(row["resultPath"]) if "resultPath" in row else "",
        value=row.get("value"),
        component=component,
        severity=row["resultSeverity"].value,
        shape=shapes.owner(shape),
        template=_template(shapes, row.get("sourceConstraint"), shape, component),
        parameters=shapes.parameters(shape, component),
    )


def _template(shapes: ShapeSet, constraint: Term | None, shape: Term, component: str) -> Text:
    """Return the message of the constraint, its shape, or its component, whichever is the first to have one."""
    validators = (
        validator
        for predicate in ("validator", "nodeValidator", "propertyValidator")
        for validator in shapes.facts.objects(Iri(component), SH[predicate])
    )
    for node in (constraint, shape, *validators, Iri(component)):
        text = shapes.facts.text(node, SH.message) if node is not None else None
        if text:
            return text
    name = component.rpartition("#")[2]
    return Text(f"不满足约束 {name}。", f"The constraint {name} does not hold.")


def _key(result: Result) -> tuple[object, ...]:
    return (
        order(result.focus), result.path, order(result.value), result.component, result.severity, result.shape,
        [(name, order(term)) for name, term in result.parameters],
    )  # fmt: skip


@contextlib.contextmanager
def _engine(shapes: ShapeSet, data: Graph | Iterable[Triple]) -> Iterator[tuple[Any, Any]]:
    """Yield (validator, data graph); puts back the switches that pySHACL leaves turned."""
    import rdflib
    from pyshacl import Validator
    from pyshacl.constraints.constraint_component import ConstraintComponent
    from pyshacl.constraints.sparql.sparql_based_constraint_components import SPARQLConstraintComponentValidator
    from pyshacl.errors import ReportableRuntimeError
    from pyshacl.graph_abstraction import DataGraph
    from pyshacl.shape import Shape

    store_graph = over_store(data)
    with _ONE_RUN:
        normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
        chatter = logging.getLogger("rdflib.term")  # logs a traceback for each ill-typed literal of a submission
        disabled, chatter.disabled = chatter.disabled, True
        find: Any = Shape.find_custom_constraints
        found: dict[Any, Any] = {}

        def find_once(shape: Any) -> Any:
            """The components of a shape are the same for all of its focus nodes; the engine looks for them at each."""
            if shape.node not in found:
                found[shape.node] = find(shape)
            return found[shape.node]

        patches: list[tuple[Any, str, Any]] = [
            # The engine's wording is unused here, slow, and a regular expression built from values: `\q` in a record would crash it.
            (ConstraintComponent, "make_v_result_description", lambda *_, **__: ""),
            (ConstraintComponent, "_format_sparql_based_result_message", lambda _, m, __: m),
            (Shape, "find_custom_constraints", find_once),
        ]
        kept = [(owner, name, getattr(owner, name)) for owner, name, _ in patches]
        try:
            for owner, name, method in patches:
                setattr(owner, name, method)
            data_graph = DataGraph.from_rdflib(store_graph)
            # Advanced: without it sh:expression and sh:target pass silently. In place: nothing is written, since rules are refused.
            options = {"advanced": True, "inplace": True}
            yield Validator(data_graph, shacl_graph=shapes_graph(shapes), options=options), data_graph
        except (ReportableRuntimeError, RuntimeError, SyntaxError, ValueError) as error:
            raise DataError(
                Text(f"形状无法执行：{error}", f"A shape cannot be run: {error}"),
                Text("请修正形状文件中的查询或约束。", "Correct the query or constraint in the shape file."),
                ", ".join(str(path) for path in shapes.files),
            ) from error
        finally:
            rdflib.NORMALIZE_LITERALS = normalize
            chatter.disabled = disabled
            for owner, name, method in kept:
                setattr(owner, name, method)
            # Keyed by id(graph), which Python reuses: a later shape file would meet an earlier one's validators.
            SPARQLConstraintComponentValidator.validator_cache.clear()


def _shacl() -> Iterator[Triple]:
    """Yield SHACL's own description, which comes with pySHACL."""
    import pyshacl

    path = Path(pyshacl.__file__).parent / "assets" / "shacl.ttl"
    return SourceFile(path.name, path).triples()
