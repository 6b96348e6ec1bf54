"""The command line as a user meets it: both languages, exit codes, bad input, files, pipes."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
import wcwidth

from commanding import RUN, process
from policygraph.cli import language, main, width
from policygraph.cli.arguments import Parser, complaint
from policygraph.cli.context import Context
from policygraph.errors import Text, UsageError
from policygraph.model.terms import Iri
from policygraph.vocab import RDF

if TYPE_CHECKING:
    from pathlib import Path

CHINESE = re.compile("[\u4e00-\u9fff]")
HEAVY = {"rdflib", "pyshacl", "owlready2", "SPARQLWrapper", "jpype", "oxrdflib"}


pytestmark = pytest.mark.usefixtures("plain_environment")


# ---------------------------------------------------------------- what is said, and the exit code
SAYS: list[tuple[list[str], int, list[str], list[str]]] = [
    # words, exit code, in the output or complaint in Chinese, in English
    ([], 0, ["用法：", "退出码", "ask"], ["usage: ", "exit codes", "ask"]),
    (["--help"], 0, ["用法：", "$ policygraph ask"], ["usage: ", "$ policygraph ask"]),
    (["--version"], 0, ["policygraph 0.", "数据摘要"], ["policygraph 0.", "digest of the graph"]),
    (["--nonsense"], 2, ["不认识的参数：--nonsense"], ["Unrecognized arguments: --nonsense"]),
    (["akt"], 2, ["没有命令“akt”", "ask"], ["no command “akt”", "ask"]),
    (["☃"], 2, ["没有命令“☃”", "--help"], ["no command “☃”", "--help"]),
    (["--lang"], 2, ["缺少一个值"], ["expected one argument"]),
    (["--data", "/nowhere", "ask"], 2, ["/nowhere", "不含 ontology/"], ["/nowhere", "no ontology/"]),
    (["ask"], 0, ["责任单位\n", "units-of-measure", "某项措施由哪些单位负责"], ["Responsible units\n", "Which units"]),
    (["ask", "units-of-measure"], 0, ["为示例", "市人社局", "共 6 行。"], ["a sample", "Municipal Finance Bureau", "Rows: 6."]),
    (["ask", "units-of-measure", "-p", "measure=m8"], 0, ["市妇联", "xx:m8"], ["Women's Federation", "xx:m8"]),
    (["ask", "measures-of-agency", "--param", "agency=市人社局"], 0, ["共 11 行"], ["Rows: 11"]),
    (
        ["ask", "measures-of-agency", "--param", "agency=市人社"],
        2,
        ["没有叫“市人社”", "市人社局 (agency:rsj)"],
        ["Nothing is called", "agency:rsj"],
    ),
    (["ask", "measures-of-agency", "-p", "agency=m7"], 0, ["没有结果", "不属同类"], ["No result", "not of the same kind"]),
    (["ask", "measures-of-agency", "-p", "agenty=rsj"], 2, ["没有参数 agenty", "agency"], ["no parameter agenty", "agency"]),
    (["ask", "measures-of-agency", "-p", "rsj"], 2, ["名称=值"], ["name=value"]),
    (["ask", "units-of-mesure"], 2, ["您是否要问", "units-of-measure"], ["Did you mean", "units-of-measure"]),
    (["ask", "负责"], 2, ["没有问题“负责”", "measures-of-agency"], ["no question", "measures-of-agency"]),
    (["ask", "zzzzz"], 2, ["policygraph ask 列出全部问题"], ["lists all questions"]),
    (["ask", "-p", "a=b"], 2, ["缺少问题的名称"], ["name of the question is missing"]),
    (["ask", "units-of-measure", "--format", "xml"], 2, ["--format 不能是 'xml'"], ["invalid choice: 'xml'"]),
    (["ask", "units-of-measure", "--format", "turtle"], 2, ["turtle 只用于"], ["turtle is for"]),
    (["ask", "--format", "csv"], 2, ["--format json"], ["--format json"]),
    (["ask", "units-of-measure", "--query"], 0, ["SELECT", 'VALUES ?lang { "zh" }'], ["SELECT", 'VALUES ?lang { "en" }']),
    (["show", "m7"], 0, ["工作措施", "原文", "绿色通道"], ["measure (pg:Measure)", "green channel"]),
    (["show", "agency:rsj"], 0, ["新乡市人力资源和社会保障局", "关联"], ["Neighbours", "formal name"]),
    (["show", "https://w3id.org/policygraph/core#Policy"], 0, ["政策文件", "上位类"], ["policy document", "subclass of"]),
    (["show", "没有这个"], 2, ["没有叫“没有这个”的对象"], ["Nothing is called"]),
    (["show"], 2, ["缺少参数：ENTITY"], ["required: ENTITY"]),
    (["sparql", "ASK { ?m a pg:Measure }"], 0, ["是\n"], ["yes\n"]),
    (["sparql", "ASK { ?m a pg:Nothing }"], 0, ["否\n"], ["no\n"]),
    (["sparql", "SELECT ?m WHERE { ?m a pg:Safeguard } ORDER BY ?m"], 0, ["xx:s1", "共 3 行"], ["xx:s1", "Rows: 3"]),
    (["sparql", "SELECT ?m WHERE { GRAPH ?g { ?m a pg:Safeguard } }"], 0, ["没有结果", "请去掉 GRAPH"], ["No result", "leave GRAPH out"]),
    (["sparql", "CONSTRUCT WHERE { xx:m7 a ?c }"], 0, ["xx:m7 a "], ["xx:m7 a "]),
    (["sparql", "SELECT * WHERE { ?s ?p"], 2, ["SPARQL:1:", "请检查"], ["SPARQL:1:", "Check"]),
    (["sparql", "SELECT * { SERVICE <http://e/> {} }"], 2, ["不允许 SERVICE"], ["SERVICE is not allowed"]),
    (["sparql", "CLEAR ALL"], 2, ["只读"], ["read-only"]),
    (["sparql", "ASK {}", "--timeout", "0"], 2, ["时限"], ["time limit"]),
    (["sparql", "ASK {}", "--timeout", "soon"], 2, ["--timeout 的值 'soon' 不合要求"], ["invalid float value"]),
    (["sparql", "ASK {}", "--file", "x.rq"], 2, ["只能给一个"], ["not both"]),
    (["sparql", "--file", "/nowhere/x.rq"], 2, ["/nowhere/x.rq", "无法读取"], ["/nowhere/x.rq", "cannot be read"]),
    (["export", "--format", "docx"], 2, ["没有格式“docx”", "turtle"], ["no format “docx”", "turtle"]),
    (["doctor"], 0, ["Java", "1 份政策", "一切正常"], ["Java", "policies: 1", "Everything works"]),
]


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("case", SAYS, ids=lambda case: " ".join(case[0])[:40] or "nothing")
def test_a_command_says_the_right_thing(
    case: tuple[list[str], int, list[str], list[str]], tongue: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words, code, zh, en = case
    monkeypatch.setenv("POLICYGRAPH_LANG", tongue)
    assert main.main(words) == code
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    assert all(part in out + err for part in (zh if tongue == "zh" else en)), out + err
    if code == 2:
        assert out == ""
        assert err.count("\n") >= 2  # what is wrong, and what to do next
        if tongue == "en":
            assert not CHINESE.search(re.sub("“[^”]*”|\\n  .*", "", err))


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_has_help_with_an_example(name: str, tongue: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main.main([name, "--help", "--lang", tongue]) == 0
    help_text = capfd.readouterr().out
    module = import_module(main.COMMANDS[name])
    assert isinstance(module.SUMMARY, Text)
    assert module.EXAMPLE.startswith(f"policygraph {name}")
    assert module.EXAMPLE in help_text
    assert f"policygraph {name}" in help_text.splitlines()[0]
    assert bool(CHINESE.search(help_text)) == (tongue == "zh")
    if tongue == "zh":
        assert not re.search(r"\b(usage|options|positional|show this)\b", help_text)


def test_the_overview_names_every_command_with_a_line_and_an_example(capfd: pytest.CaptureFixture[str]) -> None:
    main.main(["--lang", "en"])
    text = capfd.readouterr().out
    assert all(import_module(path).EXAMPLE in text for path in main.COMMANDS.values())


# ---------------------------------------------------------------- language
CHOICES = [
    ([], {}, "zh"),
    ([], {"LANG": "de_DE.UTF-8"}, "zh"),
    ([], {"LANG": "C.UTF-8"}, "zh"),
    ([], {"LANG": "en_GB.UTF-8"}, "en"),
    ([], {"LANG": "en_US", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
    ([], {"LANG": "zh_CN", "LC_MESSAGES": "en_US"}, "en"),
    ([], {"LANG": "en_US", "LC_ALL": "C"}, "zh"),
    ([], {"LANG": "zh_CN", "POLICYGRAPH_LANG": "en"}, "en"),
    (["ask", "--lang", "zh"], {"POLICYGRAPH_LANG": "en"}, "zh"),
    (["--lang=en", "ask"], {}, "en"),
    (["--lang", "zh-Hans"], {"LANG": "en_US"}, "zh"),
    (["sparql", "--", "--lang", "en"], {}, "zh"),
    (["--lang", "fr"], {}, None),
    ([], {"POLICYGRAPH_LANG": "fr"}, None),
]


@pytest.mark.parametrize(("words", "variables", "wanted"), CHOICES)
def test_the_language(words: list[str], variables: dict[str, str], wanted: str | None) -> None:
    if wanted is None:
        with pytest.raises(UsageError):
            language.choose(words, variables)
    else:
        assert language.choose(words, variables) == wanted


def test_argparses_complaints_are_all_known() -> None:
    parser = Parser("zh", "p", "d")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--a", action="store_true")
    group.add_argument("--b", type=int)
    parser.add_argument("--c", nargs=2)
    parser.add_argument("--d", choices=("x", "y"))
    parser.add_argument("e")
    for line in ("", "--a", "--a --b 1 e", "--b x e", "--b", "--a --c 1", "--a --d z e", "--a e f", "--a=1 e", "--a --x e", "e"):
        with pytest.raises(UsageError) as caught:
            parser.parse_args(line.split())
        assert "参数有误" not in caught.value.what.zh, caught.value.what
    assert complaint("something new") == "参数有误：something new"


# ---------------------------------------------------------------- data roots, faults, signals
def test_a_data_root_adds_questions_and_facts(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for folder in ("ontology", "queries/ask"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "ontology/own.ttl").write_text(
        '<http://e/thing> a <http://e/Thing> ; <http://www.w3.org/2000/01/rdf-schema#label> "自家事物"@zh .'
    )
    question = "#+ summary: {zh: 自家的问题, en: our own question}\nSELECT ?x WHERE { ?x a <http://e/Thing> } ORDER BY ?x\n"
    (tmp_path / "queries/ask/own.rq").write_text(question)
    extra = ["--data", str(tmp_path)]
    for words in (
        ["ask", "own", *extra],
        [*extra, "ask", "own"],
        ["show", "自家事物", *extra],
        ["sparql", "SELECT ?x { ?x a <http://e/Thing> }", *extra],
    ):
        assert main.main(words) == 0
        assert "http://e/thing" in capfd.readouterr().out
    main.main(["ask", *extra])
    assert "其他\n  own" in capfd.readouterr().out
    (tmp_path / "ontology/broken.ttl").write_text("@prefix a: <a:> .\na:b a:c .\n")
    assert main.main(["ask", "own", *extra]) == 2
    assert f"{tmp_path}/ontology/broken.ttl:2:" in capfd.readouterr().err
    (tmp_path / "ontology/broken.ttl").unlink()
    (tmp_path / "queries/ask/own.rq").write_text(question.replace("ORDER", "ODER"))
    assert main.main(["ask", "own", *extra]) == 2
    assert f"{tmp_path}/queries/ask/own.rq:2:" in capfd.readouterr().err


def test_a_fault_of_the_program_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> int:
        raise KeyError("lost\nand found")

    monkeypatch.setattr("policygraph.cli.doctor.execute", fail)
    assert main.main(["doctor", "--lang", "en"]) == main.EXIT_INTERNAL
    err = capfd.readouterr().err
    assert err.count("\n") == 1
    assert "KeyError" in err
    assert "report" in err
    monkeypatch.setenv("POLICYGRAPH_DEBUG", "1")
    with pytest.raises(KeyError):
        main.main(["doctor"])


def test_a_closed_pipe_ends_quietly() -> None:
    command = f"{' '.join(RUN)} export --format nt; echo code $? >&2"
    ran = subprocess.run(["bash", "-c", f"({command}) | head -1"], capture_output=True, text=True, check=True)
    assert ran.stderr == f"code {main.EXIT_CLOSED_PIPE}\n"
    assert ran.stdout.count("\n") == 1


def test_ctrl_c_ends_quietly(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("policygraph.cli.doctor.execute", interrupt)
    assert main.main(["doctor"]) == main.EXIT_INTERRUPTED
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_a_terminal_that_lacks_characters_breaks_nothing(encoding: str) -> None:
    ran = process("ask", "units-of-measure", PYTHONIOENCODING=encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "市人社局" in ran.stdout.decode("utf-8")  # a pipe gets UTF-8
    assert process("ask", "nothing", PYTHONIOENCODING=encoding).returncode == 2


# ---------------------------------------------------------------- start-up
def test_asking_imports_nothing_heavy() -> None:
    code = "\n".join(
        [
            "import sys",
            "from policygraph.cli.main import main",
            "code = main(['ask', 'units-of-measure'])",
            "print(sorted(sys.modules), file=sys.stderr)",
            "sys.exit(code)",
        ]
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in re.findall(r"'([\w.]+)'", ran.stderr)}
    assert not loaded & HEAVY
    assert "pyoxigraph" in loaded


def test_the_context_loads_once_and_late() -> None:
    context = Context("zh")
    assert "graph" not in vars(context)
    assert context.graph is context.graph
    assert context.entities.graph is context.graph
    assert context.graph.subjects(RDF.type, Iri("https://w3id.org/policygraph/core#Policy"))


def test_widths_known_beforehand_are_wcwidths() -> None:
    known = [*map(chr, range(0x4E00, 0xA000)), *width._WIDE, *width._SINGLE]
    assert [character for character in known if width.width(character) != max(wcwidth.wcwidth(character), 0)] == []
