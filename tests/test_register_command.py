"""The register on the command line: the life of an entry, and mistakes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from entering import BY, ID, OTHER_ID, claim
from policygraph.app.register.entries import ADD, CORRECT, DETERMINE
from policygraph.app.register.store import Register
from policygraph.cli import main
from policygraph.cli.register import COMMANDS
from submitting import turtle

if TYPE_CHECKING:
    from pathlib import Path


CHINESE = re.compile("[\u4e00-\u9fff]")


# ---------------------------------------------------------------- the command line
@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("POLICYGRAPH_LANG", "POLICYGRAPH_REGISTER", "POLICYGRAPH_DEBUG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("USER", "somebody else")
    return tmp_path


def say(capfd: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main.main(["register", *words]) == code, capfd.readouterr()
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    return out + err


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_sub_command_has_help_with_an_example(name: str, tongue: str, capfd: pytest.CaptureFixture[str]) -> None:
    text = say(capfd, name, "--help", "--lang", tongue)
    assert f"policygraph register {name}" in text.splitlines()[0]
    assert text.count(f"policygraph register {name}") >= 2
    assert bool(CHINESE.search(text)) == (tongue == "zh")


def test_the_whole_life_of_an_entry(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first, second = place / "申报.ttl", place / "更正.ttl"
    first.write_text(turtle([claim(), claim(personId=OTHER_ID, rank="0")]), "utf-8")
    second.write_text(turtle([claim(rank="1")]), "utf-8")
    at = ["--register", str(place / "r.db")]
    text = say(capfd, "add", str(first), *at, "--new", "--by", "王科长", code=1)
    assert "第 1 号" in text
    assert "不能登记" in text
    (head,) = re.findall("链头：([0-9a-f]{64})", text)
    assert "somebody" not in say(capfd, "list", *at)
    listed = say(
        capfd, "list", "--lang", "en", "--kind", "award claim", "--verdict", "pass", "--since", "2020-01-01", "--who", "王科长", *at
    )
    assert "Entries: 1." in listed
    assert "张三" not in listed
    assert ID not in listed
    assert '"verdict": "pass"' in say(capfd, "list", "--format", "json", "--standing", *at)
    assert "entry 2" in say(capfd, "correct", "1", str(second), *at, "--lang", "en")
    assert "已由第 2 号更正" in say(capfd, "show", "1", *at)
    shown = say(capfd, "show", "2", "--receipt", str(place / "receipt.ttl"), *at)
    assert all(part in shown for part in ("更正第 1 号", "张三", ID, "现行", "符合条件"))
    assert (place / "receipt.ttl").stat().st_mode & 0o077 == 0
    assert main.main(["replay", str(place / "receipt.ttl")]) == 0
    assert "一致" in capfd.readouterr().out
    assert "replaces no file" in say(capfd, "show", "2", "--receipt", str(place / "receipt.ttl"), "--lang", "en", *at, code=2)
    assert "姓名" in say(capfd, "search", "张三", *at)
    assert "✓" in say(capfd, "verify", "--head", head, *at)
    assert "其后又登记 1 条" in say(capfd, "verify", "--head", head, *at)
    assert "没有通过核验" not in say(capfd, "backup", str(place / "b.db"), *at)
    assert "Entries" not in say(capfd, "restore", str(place / "b.db"), "--register", str(place / "new.db"), "--head", head)
    assert "不在链上" in say(capfd, "restore", str(place / "b.db"), "--register", str(place / "n2.db"), "--head", "0" * 64, code=1)
    assert not (place / "n2.db").exists()
    assert "个人信息" in say(capfd, "erase", "2", "--reason", f"{ID}要求", "--yes", *at, code=2)
    assert "--yes" in say(capfd, "erase", "2", "--reason", "本人要求", *at, code=2)
    assert "第 1, 2 号" in say(capfd, "erase", "2", "--reason", "本人要求", "--yes", *at)
    assert "已由第 3 号删除" in say(capfd, "show", "1", *at)
    assert "没有凭证" in say(capfd, "show", "1", "--receipt", str(place / "none.ttl"), *at, code=2)
    say(capfd, "export", "--anonymous", "-o", str(place / "x.csv"), *at)
    assert (place / "x.csv").stat().st_mode & 0o077 == 0
    assert "张三".encode() not in b"".join(p.read_bytes() for p in place.glob("r.db*"))
    assert "共 0 条" in say(capfd, "search", "张三", *at)
    assert main.main(["register", "--register", str(place / "r.db"), "verify", "--lang", "en"]) == 0
    assert "erased: 2" in capfd.readouterr().out


MISTAKES = [
    ((), 0, "子命令"),
    (("lits",), 2, "list"),
    (("list",), 2, "POLICYGRAPH_REGISTER"),
    (("list", "--register", "/nowhere/r.db"), 2, "文件不存在"),
    (("show", "x", "--register", "{r}"), 2, "不是编号"),
    (("show", "9" * 30, "--register", "{r}"), 2, "不是编号"),
    (("show", "7", "--register", "{r}"), 2, "没有第 7 号"),
    (("list", "--kind", "奖励", "--register", "{r}"), 2, "竞赛奖励申报"),
    (("list", "--since", "soon", "--register", "{r}"), 2, "不是日期"),
    (("search", "!!", "--register", "{r}"), 2, "没有可查找"),
    (("verify", "--head", "12", "--register", "{r}"), 2, "64 位"),
    (("add", "{r}", "--register", "{r}", "--new"), 2, "已存在"),
    (("add", "{f}", "--register", "{r}", "--also", "invalid"), 2, "不能是"),
    (("add", "{f}", "--register", "{r}", "--also", "violation"), 2, "须同用"),
    (("add", "{f}", "--register", "{r}", "--because", "x"), 2, "须同用"),
    (("add", "{f}", "--register", "{r}", "--by", "a\u202eb"), 2, "--by"),
    (("add", "/nowhere.ttl", "--register", "{n}", "--new"), 2, "/nowhere.ttl"),
    (("backup", "{r}", "--register", "{r}"), 2, "已存在"),
    (("erase", "1", "--reason", " ", "--register", "{r}", "--yes"), 2, "--reason"),
]


@pytest.mark.parametrize(("words", "code", "part"), MISTAKES, ids=lambda v: " ".join(v)[:40] if isinstance(v, tuple) else None)
def test_mistakes_are_told(place: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, part: str) -> None:
    path, file = place / "r.db", place / "f.ttl"
    Register.create(path, BY.time).close()
    file.write_text(turtle([claim()]), "utf-8")
    filled_in = [word.format(r=path, f=file, n=place / "new.db") for word in words]
    assert part in say(capfd, *filled_in, code=code)
    assert not (place / "new.db").exists()
    english = say(capfd, *filled_in, *(["--lang", "en"] if words else []), code=code)
    if code == 2:
        assert not CHINESE.search(re.sub("“[^”]*”|\n.*—.*", "", english.replace("奖励", "")).replace("竞赛奖励申报", "")), english
    with Register.open(path) as register:
        assert list(register.entries()) == []


def test_actions_are_those_of_the_file() -> None:
    assert ADD == "add"
    assert {ADD, CORRECT, DETERMINE} < set(COMMANDS)
