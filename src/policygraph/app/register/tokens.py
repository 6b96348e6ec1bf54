"""Tokens with which programs reach a register over HTTP: made and revoked on the command line, kept as hashes, every use noted.

They lie in a file beside the register, not in it: what is in a register stays, and a token must be able to go. A token is its number
and 256 random bits, so a plain hash keeps it: nobody can search that many.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import sqlite3
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.register import faults
from policygraph.app.register.times import stamp
from policygraph.errors import StoreError, Text, UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

READER, CLERK, AUDITOR = ROLES = ("reader", "clerk", "auditor")
ROLE_NAMES = {READER: Text("查阅", "reader"), CLERK: Text("登记", "clerk"), AUDITOR: Text("审计", "auditor")}
MOST_NAME = 60  # characters of a token's name
_SPELT = re.compile(r"pgt_([1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})", re.ASCII)
_APPLICATION = 0x70677474  # "pgtt"
_WAIT = 10.0
_STRUCTURE = """
CREATE TABLE tokens (
    token INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL CHECK (role IN ('reader', 'clerk', 'auditor')),
    hash BLOB NOT NULL, made TEXT NOT NULL, expires TEXT, revoked TEXT);
CREATE TABLE uses (use INTEGER PRIMARY KEY, time TEXT NOT NULL, token INTEGER, operation TEXT NOT NULL, status INTEGER NOT NULL);
"""
_USES = 1_000_000  # uses that are kept; the oldest go first


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret.

    Attributes:
        number: Its number.
        name: Who uses it: a program or an office; entries made with it carry this name.
        role: What it may do.
        made: When it was made, as xsd:dateTime in UTC.
        expires: First day on which it no longer works, '' for never.
        revoked: When it was revoked, '' if it was not.
    """

    number: int
    name: str
    role: str
    made: str
    expires: str
    revoked: str

    def works(self, today: dt.date) -> bool:
        """Say whether it works on a day."""
        return not self.revoked and (not self.expires or today.isoformat() < self.expires)


@dataclass(frozen=True, slots=True)
class Use:
    """One use of the register over HTTP: neither an address nor an entry, for both can tell of persons.

    Attributes:
        time: When, as xsd:dateTime in UTC.
        token: Number of the token, 0 for none or a wrong one.
        operation: What was asked for.
        status: How it was answered.
    """

    time: str
    token: int
    operation: str
    status: int


def beside(register: Path) -> Path:
    """Return where the tokens of a register are kept."""
    return register.with_name(f"{register.name}.tokens")


class Tokens:
    """The tokens of a register; each call opens the file, so that a token that was revoked is so at once.

    Args:
        path: Their file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    # ---------------------------------------------------------------- on the command line
    def make(self, name: str, role: str, now: dt.datetime, expires: dt.date | None = None) -> tuple[Token, str]:
        """Make a token; the file is made with the first one.

        Returns:
            The token and its spelling, which is kept nowhere.

        Raises:
            UsageError: The name is taken, empty or too long, or it would have expired already.
            StoreError: The file cannot be written.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= MOST_NAME or not name.isprintable():
            raise UsageError(
                Text("令牌须有名称，不超过 {n} 个字。", "A token needs a name of at most {n} characters.").format(n=MOST_NAME),
                Text("请写明由谁使用，例如 --name 窗口系统。", "Say who uses it, for instance --name portal."),
                "--name",
            )
        if expires is not None and expires <= now.date():
            raise UsageError(
                Text("到期日已过。", "It would have expired already."), Text("请给出以后的日期。", "Give a later day."), "--expires"
            )
        secret = secrets.token_urlsafe(32)
        values = (name, role, _hash(secret), stamp(now), expires.isoformat() if expires else None)
        with self._open(new=True) as connection:
            try:
                made = connection.execute("INSERT INTO tokens (name, role, hash, made, expires) VALUES (?, ?, ?, ?, ?)", values)
            except sqlite3.IntegrityError:
                raise UsageError(
                    Text(f"已有名为“{name}”的令牌。", f"There is a token named “{name}” already."),
                    Text(
                        "请另取名称；名称不再使用，以便日志可查。",
                        "Choose another name; names are not used again, so that logs stay clear.",
                    ),
                    "--name",
                ) from None
            number = int(made.lastrowid or 0)
        return self._one(number), f"pgt_{number}_{secret}"

    def revoke(self, name: str, now: dt.datetime) -> Token:
        """Revoke a token by its name or number.

        Raises:
            UsageError: There is none of that name.
        """
        found = next((t for t in self.all() if name in {t.name, str(t.number)}), None)
        if found is None:
            raise UsageError(
                Text(f"没有名为“{name}”的令牌。", f"There is no token named “{name}”."),
                Text("policygraph register token list 列出全部令牌。", "policygraph register token list shows them."),
            )
        with self._open() as connection:
            connection.execute("UPDATE tokens SET revoked = coalesce(revoked, ?) WHERE token = ?", (stamp(now), found.number))
        return self._one(found.number)

    def all(self) -> tuple[Token, ...]:
        """Return all tokens, oldest first."""
        with self._open() as connection:
            return tuple(map(_token, connection.execute("SELECT * FROM tokens ORDER BY token").fetchall()))

    def uses(self, most: int) -> tuple[Use, ...]:
        """Return the latest uses, newest first."""
        with self._open() as connection:
            rows = connection.execute("SELECT * FROM uses ORDER BY use DESC LIMIT ?", (most,)).fetchall()
        return tuple(Use(row["time"], row["token"] or 0, row["operation"], row["status"]) for row in rows)

    # ---------------------------------------------------------------- in the service
    def holder(self, spelling: str, today: dt.date) -> Token | None:
        """Return the token that is spelt so, None when there is none or it works no longer; takes as long for either."""
        matched = _SPELT.fullmatch(spelling)
        number, secret = (int(matched[1]), matched[2]) if matched else (0, "")
        with self._open() as connection:
            row = connection.execute("SELECT * FROM tokens WHERE token = ?", (number,)).fetchone()
        same = hmac.compare_digest(_hash(secret), bytes(row["hash"]) if row else bytes(32))
        return token if row and same and (token := _token(row)).works(today) else None

    def note(self, use: Use) -> None:
        """Keep a use."""
        with self._open() as connection:
            connection.execute(
                "INSERT INTO uses (time, token, operation, status) VALUES (?, ?, ?, ?)",
                (use.time, use.token or None, use.operation, use.status),
            )
            connection.execute("DELETE FROM uses WHERE use <= (SELECT max(use) FROM uses) - ?", (_USES,))

    # ---------------------------------------------------------------- the file
    def _one(self, number: int) -> Token:
        with self._open() as connection:
            return _token(connection.execute("SELECT * FROM tokens WHERE token = ?", (number,)).fetchone())

    @contextmanager
    def _open(self, *, new: bool = False) -> Iterator[sqlite3.Connection]:
        if not new and not self._path.is_file():
            raise UsageError(
                Text("这个登记簿还没有令牌。", "This register has no tokens yet."),
                Text(
                    "请先运行：policygraph register token make --role reader --name 名称 --register FILE",
                    "Run first: policygraph register token make --role reader --name NAME --register FILE",
                ),
                str(self._path),
            )
        with faults.reported(self._path):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
            if self._path.stat().st_mode & (stat.S_IRWXO | stat.S_IRWXG):
                self._path.chmod(0o600)
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=_WAIT)
            try:
                connection.row_factory = sqlite3.Row
                self._identify(connection, new=new)
                connection.execute("BEGIN IMMEDIATE" if new else "BEGIN")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()

    def _identify(self, connection: sqlite3.Connection, *, new: bool) -> None:
        """Make the tables in an empty file.

        Raises:
            StoreError: It is another program's file.
        """
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application == _APPLICATION and tables:
            return
        if tables or application or not new:
            raise StoreError(
                Text("文件不是令牌文件。", "The file holds no tokens."),
                Text("请把它移开后重试。", "Move it away and try again."),
                str(self._path),
            )
        connection.executescript(f"BEGIN EXCLUSIVE; {_STRUCTURE} PRAGMA application_id = {_APPLICATION}; COMMIT")


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _token(row: sqlite3.Row) -> Token:
    said = {name: row[name] or "" for name in ("name", "role", "made", "expires", "revoked")}
    return Token(number=int(row["token"]), **said)
