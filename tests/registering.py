"""Registers of drafts, which stand for checked records, and what somebody with a SQLite shell does to them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from policygraph.app.register.entries import ADD, CORRECT, DETERMINE, Draft
from policygraph.app.register.erasing import erase
from policygraph.app.register.store import Register
from policygraph.app.register.verifying import verify

if TYPE_CHECKING:
    from pathlib import Path

KIND, BEGUN = "https://w3id.org/policygraph/talent#AwardClaim", "2026-01-02T03:04:05Z"
RECORD = "https://w3id.org/policygraph/submission#record-1"
EDITED = "the entry was edited: what it says does not give its chain value"
NAMES = ("张三", "李四", "王五", "赵六")


def draft(name: str, key: str = "", **more: object) -> Draft:
    facts = f'<{RECORD}> <https://w3id.org/policygraph/talent#personName> "{name}" .\n'
    document = {"facts": facts, "key": [key or name, "大赛"], "name": name, "file": "申报.xlsx"}
    said = {"action": ADD, "time": BEGUN, "who": "officer", "kind": KIND, "verdict": "pass", "as_of": "2026-01-01", "policy": "ab" * 32}
    return Draft(**{**said, "document": document, "receipt": f"receipt of {name}", **more})  # type: ignore[arg-type]


def add(register: Register, *drafts: Draft) -> list[int]:
    with register.writing():
        return [register.append(each).number for each in drafts]


def four(place: Path) -> Path:
    """Make a register of four records, the second corrected and with a determination, the last erased."""
    with Register.create(place, BEGUN) as register:
        add(register, *map(draft, NAMES))
        add(register, draft("李四", action=CORRECT, refers_to=2))
        document = {"field": "urn:f", "value": '"x"', "by": "主任", "authority": "机关", "date": "2026-01-01", "document": "一号"}
        add(register, draft("", action=DETERMINE, refers_to=5, document=document))
        erase(register, [4], "expired", "officer", BEGUN)
    return place


def tampered(path: Path, *statements: str) -> None:
    """Change the file as somebody with a SQLite shell would: the triggers are dropped first, and put back."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def flaws(path: Path, head: str = "") -> list[tuple[int, str]]:
    with Register.open(path) as register:
        found = verify(register, head)
        assert all(flaw.what.zh and flaw.what.en for flaw in found.flaws)
        return [(flaw.entry, flaw.what.en) for flaw in found.flaws]


def head_of(path: Path) -> str:
    with Register.open(path) as register:
        return register.head()
