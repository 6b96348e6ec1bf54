"""What the command line writes: forms of output, exports and files."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import pytest

from commanding import RUN, process
from policygraph.cli import main, tables, width
from policygraph.graph.canonical import canonical
from policygraph.graph.loading import PUBLIC, Graph, load
from policygraph.graph.parsing import parse
from policygraph.model.terms import Iri, Literal, Table, Triple
from policygraph.paths import data_roots
from policygraph.vocab import XSD

pytestmark = pytest.mark.usefixtures("plain_environment")


# ---------------------------------------------------------------- forms of output
def test_machine_formats_are_what_their_standards_say(capfd: pytest.CaptureFixture[str]) -> None:
    found = {}
    for form in ("csv", "tsv", "json", "markdown"):
        assert main.main(["ask", "units-of-measure", "--format", form]) == 0
        found[form] = capfd.readouterr().out
    answer = json.loads(found["json"])
    columns = answer["head"]["vars"]
    rows = answer["results"]["bindings"]
    assert len(rows) == 6
    assert next(iter(csv.reader(io.StringIO(found["csv"])))) == columns
    assert [row[columns.index("label")] for row in csv.reader(io.StringIO(found["csv"]))][1:] == [row["label"]["value"] for row in rows]
    assert found["tsv"].splitlines()[0] == "\t".join(f"?{name}" for name in columns)
    assert '"市人社局"@zh' in found["tsv"]
    assert found["markdown"].splitlines()[1].count("---") == len(columns)


def test_a_table_is_aligned_whatever_the_script() -> None:
    words = ["市人社局", "a", "“引号”，混排 mixed", "🙂", "e\u0301", ""]
    table = Table(("名称", "n"), tuple((Literal(word), Literal("1", XSD.integer)) for word in words))
    text = tables.render(table, "table", show=lambda term: term.value)
    assert len({width.width(line) for line in text.splitlines()}) == 1
    narrow = tables.render(table, "table", show=lambda term: term.value * 9, columns=40)
    assert max(width.width(line) for line in narrow.splitlines()) <= 40
    many = Table(tuple("abcdefgh"), ((*(Literal("很长的内容" * 9),) * 8,),))
    records = tables.render(many, "table", show=lambda term: term.value, columns=60)
    assert max(width.width(line) for line in records.splitlines()) <= 60
    assert records.startswith("a  很长")


def test_what_could_fool_a_terminal_is_not_passed_on() -> None:
    table = Table(("x",), ((Literal("a\x1b[31mred\nnext\u202e\u200b\tend"),),))
    for form in ("table", "markdown"):
        assert tables.render(table, form, show=lambda term: term.value).splitlines()[2] in {
            "a�[31mred⏎next�� end",
            "| a�[31mred⏎next�� end |",
        }


@pytest.mark.parametrize("columns", [2, 7, 20, 200])
@pytest.mark.parametrize(
    "text",
    [
        "企业应按规定足额提取，60%以上用于一线职工教育。",
        "plain english words, one after another",
        "  缩进 indented 文字",
        "",
        "字",
        "x" * 50,
    ],
)
def test_wrapping_loses_nothing(text: str, columns: int) -> None:
    lines = width.wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width.width(line) <= max(columns, 4) for line in lines)


def test_the_catalogue_as_json_says_how_to_ask(capfd: pytest.CaptureFixture[str]) -> None:
    main.main(["ask", "--format", "json"])
    catalogue = {entry["name"]: entry for entry in json.loads(capfd.readouterr().out)}
    assert len(catalogue) >= 45
    assert set(catalogue["units-of-measure"]["params"]) == {"measure"}
    assert all(entry["summary"]["zh"] and entry["summary"]["en"] for entry in catalogue.values())


def test_show_as_json_and_turtle(capfd: pytest.CaptureFixture[str]) -> None:
    main.main(["show", "xx:m7", "--format", "json"])
    found = json.loads(capfd.readouterr().out)
    units = next(s["values"] for s in found["statements"] if s["predicate"]["short"] == "pg:responsibleAgencyList")
    assert [member["short"] for member in units[0]["list"]][:2] == ["agency:rsj", "agency:zzb"]
    quote = next(q for q in found["quotations"] if q["item"]["short"] == "xx:m7-green")
    assert "绿色通道" in quote["quote"]
    assert quote["quote"] in quote["sentence"]
    assert quote["end"] - quote["start"] == len(quote["quote"])
    main.main(["show", "xx:m7", "--format", "turtle"])
    triples = parse(capfd.readouterr().out.encode(), "turtle")
    assert set(canonical(triples)) & set(canonical(load(data_roots(), derived=False).triples(Iri(found["iri"]))))


# ---------------------------------------------------------------- export and files
ENDINGS = {"turtle": ".ttl", "trig": ".trig", "ntriples": ".nt", "jsonld": ".jsonld", "rdfxml": ".rdf"}


def stored(data: bytes, form: str) -> tuple[Triple, ...]:
    """What a store makes of an export: a store keeps 0.60 as 0.6."""
    return canonical(Graph(parse(data, form)))


@pytest.mark.parametrize("form", ENDINGS)
def test_two_exports_are_equal_byte_for_byte_and_complete(form: str, tmp_path: Path) -> None:
    target = tmp_path / f"graph{ENDINGS[form]}"
    assert main.main(["export", "-o", str(target)]) == 0
    again = process("export", "--format", form, PYTHONHASHSEED="2")
    assert (again.returncode, again.stderr) == (0, b"")
    assert again.stdout == target.read_bytes()
    assert stored(again.stdout, form) == canonical(load(data_roots(), PUBLIC))


def test_what_is_stated_and_what_is_derived(capfd: pytest.CaptureFixture[str]) -> None:
    main.main(["export", "--format", "nt", "--stated"])
    text = capfd.readouterr().out
    assert stored(text.encode(), "ntriples") == canonical(load(data_roots(), PUBLIC, derived=False))
    assert f'"0.60"^^<{XSD.decimal}>' in text  # as the files have it
    main.main(["export", "--format", "trig"])
    trig = capfd.readouterr().out
    assert "<https://w3id.org/policygraph/graph/ontology/core.ttl> {" in trig
    assert "<https://w3id.org/policygraph/graph/derived> {" in trig


def test_a_file_is_whole_or_untouched(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    target.chmod(0o640)
    (tmp_path / "link.csv").symlink_to(target)
    assert main.main(["ask", "nothing-like-it", "-o", str(target)]) == 2
    assert target.read_text() == "old"
    assert main.main(["ask", "units-of-measure", "--format", "csv", "-o", str(tmp_path / "link.csv")]) == 0
    assert "市人社局" in target.read_text("utf-8")
    assert (tmp_path / "link.csv").is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "out.csv"]
    assert capfd.readouterr().out == ""
    for path in (tmp_path, tmp_path / "no/such/folder.csv", Path("/proc/nothing.csv")):
        assert main.main(["ask", "units-of-measure", "-o", str(path)]) == 2
        assert str(path) in capfd.readouterr().err
    assert main.main(["ask", "units-of-measure", "-o", os.devnull]) == 0
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(("content", "place"), [(b"SELECT * {", "SPARQL:1:"), ("ASK { ?s ?p '中' }".encode("gbk"), "UTF-8"), (b"", "")])
def test_a_query_from_a_file(content: bytes, place: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.rq").write_bytes(content)
    assert main.main(["sparql", "-f", str(tmp_path / "q.rq")]) == 2
    assert place in capfd.readouterr().err


def test_a_query_from_standard_input() -> None:
    for words in (["sparql"], ["sparql", "-"], ["sparql", "--file", "-"]):
        ran = subprocess.run(
            [*RUN, *words, "--lang", "en"], input="\ufeffASK { ?m a pg:Measure }".encode(), capture_output=True, check=True
        )
        assert ran.stdout == b"yes\n"
