"""Both READMEs do what they say: their commands run as written and print the lines that are shown, and they say the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

import pytest

from policygraph.cli.main import COMMANDS
from policygraph.paths import data_roots
from policygraph.queries.catalogue import read_questions

ROOT = Path(__file__).resolve().parent.parent
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
SET_UP = (
    "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/policygraph demo\n",
    "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest\n",
)
HOW_TOS = 5
LEFT_OUT = "…"
RULE = "═" * 78 + "\n"
# Namespaces of the examples, and the service that one starts.
HOSTS = {"w3id.org", "data.europa.eu", "qudt.org", "www.w3.org", "127.0.0.1:8087"}
WRITTEN_BY_HOW_TOS = "my-*"

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)")
DIGEST = re.compile(r"([Pp]olicy graph |政策图谱 )[0-9a-f]{12}\b")


@dataclass(frozen=True)
class Readme:
    """A README, taken apart.

    Attributes:
        language: zh or en.
        text: All of it.
        prose: What stands outside the fenced blocks.
        blocks: (language of the fence, content) of the fenced blocks, in order.
    """

    language: str
    text: str
    prose: str
    blocks: tuple[tuple[str, str], ...]

    def commands(self) -> list[str]:
        return [content for name, content in self.blocks if name == "sh"]

    def how_tos(self) -> list[tuple[str, str]]:
        """(commands, what they print) of each how-to."""
        paired = [(command, shown) for (a, command), (b, shown) in pairwise(self.blocks) if (a, b) == ("sh", "text")]
        return [(command, shown) for command, shown in paired if command not in SET_UP]

    def rows(self) -> list[list[str]]:
        """Cells of the table rows."""
        lines = [line for line in self.prose.splitlines() if line.startswith("| ")]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module", params=sorted(READMES))
def readme(request: pytest.FixtureRequest) -> Readme:
    return take_apart(request.param)


def take_apart(language: str) -> Readme:
    text = READMES[language].read_text("utf-8")
    blocks = tuple((match[1], match[2]) for match in FENCE.finditer(text))
    return Readme(language, text, FENCE.sub("", text), blocks)


def run(script: str, folder: Path, language: str) -> str:
    """Run a block as written, in a folder whose .venv/bin/policygraph is the installed program; return what it prints."""
    program = folder / ".venv" / "bin" / "policygraph"
    if not program.exists():
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policygraph.cli.main "$@"\n', "utf-8")
        program.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POLICYGRAPH", "COLUMNS"))}
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=folder,
        env={**kept, "PYTHONUTF8": "1", "POLICYGRAPH_LANG": language},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def prints(printed: str, shown: str) -> bool:
    """Say whether the output is what is shown, line by line, where a line … stands for any lines."""
    lines = same_digest(shown).strip("\n").split("\n")
    pattern = "".join(r"(?:.*\n)*?" if line == LEFT_OUT else re.escape(line + "\n") for line in lines)
    return re.fullmatch(pattern, same_digest(printed).strip("\n") + "\n") is not None


def same_digest(text: str) -> str:
    """Blank out the digest of the graph, which changes with every edit of the data."""
    return DIGEST.sub(r"\g<1>" + "0" * 12, text)


def test_set_up_commands_stand_verbatim(readme: Readme) -> None:
    assert readme.commands()[:2] == list(SET_UP)
    assert "`PIP_CONSTRAINT=constraints.txt`" in readme.prose and (ROOT / "constraints.txt").is_file()


def test_shown_demo_is_what_the_program_prints(readme: Readme, tmp_path: Path) -> None:
    kind, shown = readme.blocks[0]
    assert kind == "text" and shown.count("\n") <= 45
    printed = run(".venv/bin/policygraph demo", tmp_path, readme.language)
    steps, wanted = printed.split(RULE), shown.split(RULE)[1:]
    assert len(wanted) >= 1 and shown.startswith(RULE)
    assert [step for step in wanted if not any(prints(each, step) for each in steps)] == []


def test_how_tos_run_as_written(readme: Readme, tmp_path: Path) -> None:
    how_tos = readme.how_tos()
    assert len(how_tos) == HOW_TOS == len(readme.commands()) - len(SET_UP)
    for command, shown in how_tos:
        printed = run(command, tmp_path, readme.language)
        assert prints(printed, shown), printed
    assert {path.name for path in tmp_path.iterdir() if not fnmatch(path.name, WRITTEN_BY_HOW_TOS)} == {".venv"}


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("a\nb\nc\n", True),
        ("a\n…\nc\n", True),
        ("…\nb\n…\n", True),
        ("a\nc\n", False),
        ("a\nb\n", False),
        ("b\nc\n", False),
        ("…\nc\n…\nb\n…\n", False),
        ("a\n…\nb c\n", False),
        ("a\n.\nc\n", False),
    ],
)
def test_comparison_of_shown_and_printed_lines(shown: str, same: bool) -> None:
    assert prints("a\nb\nc\n", shown) is same


def test_every_command_named_exists_and_all_are_in_the_table(readme: Readme) -> None:
    table = [CODE.findall(row[0])[0] for row in readme.rows() if row[0].startswith("`policygraph ")]
    assert sorted(table) == sorted(f"policygraph {name}" for name in COMMANDS)
    named = re.findall(r"\bpolicygraph ([a-z]+)\b(?=[ `\n])", "\n".join([*CODE.findall(readme.prose), *readme.commands()]) + "\n")
    assert len(named) > len(COMMANDS) and set(named) <= set(COMMANDS)


def test_every_question_named_exists_and_answers(readme: Readme, tmp_path: Path) -> None:
    spans = [span for span in CODE.findall(readme.prose) if span.startswith("policygraph ask ")]
    assert len(spans) >= 3 and {span.split()[2] for span in spans} <= set(read_questions(data_roots()))
    for span in spans:
        assert run(f".venv/bin/{span} --format csv", tmp_path, readme.language).count("\n") > 1, span


def test_map_names_every_folder(readme: Readme) -> None:
    cells = [row[0] for row in readme.rows() if LINK.fullmatch(row[0])]
    named = {LINK.findall(cell)[0] for cell in cells}
    assert sorted(f"[{name}]({name})" for name in named) == sorted(cells)
    assert [name for name in named if not (ROOT / name).is_dir()] == []
    ignored = [".git", WRITTEN_BY_HOW_TOS, *(line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split())]
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not any(fnmatch(path.name, p) for p in ignored)}
    assert sorted(folders - named) == []


def test_links_resolve(readme: Readme) -> None:
    links = LINK.findall(readme.prose)
    assert len(links) > 10 and READMES["zh" if readme.language == "en" else "en"].name in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_no_registry_no_machine_path_and_not_long(readme: Readme) -> None:
    assert set(re.findall(r"https?://([^/\s>`]+)", readme.text)) <= HOSTS
    assert re.findall(r"(?<![\w.>])/(?:home|root|tmp|usr|opt|work|mnt|Users)\b|[A-Z]:\\|pypi|--index-url", readme.text) == []
    assert readme.text.count("\n") <= 330


def test_standing_notice_and_licences_are_named(readme: Readme) -> None:
    for words in ("依文本判读，非行政决定", "Apache-2.0", "CC-BY-4.0", "https://w3id.org/policygraph/"):
        assert words in readme.prose


def test_both_say_the_same() -> None:
    english, chinese = take_apart("en"), take_apart("zh")
    assert english.commands() == chinese.commands()
    assert [name for name, _ in english.blocks] == [name for name, _ in chinese.blocks]
    for find in (re.compile(r"^#+ ", re.MULTILINE), re.compile(r"^- ", re.MULTILINE), re.compile(r"^\|", re.MULTILINE)):
        assert find.findall(english.prose) == find.findall(chinese.prose)
    own = {"POLICYGRAPH_LANG=en", "POLICYGRAPH_LANG=zh"}
    assert set(CODE.findall(english.prose)) - own == set(CODE.findall(chinese.prose)) - own
    assert sorted(set(LINK.findall(english.prose)) - {"README.zh-CN.md"}) == sorted(set(LINK.findall(chinese.prose)) - {"README.md"})
