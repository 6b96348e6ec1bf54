"""How entries are chained: each by a digest of what the register says of it, the digest of its payload and the entry before."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.app.register.entries import Entry

# Sorts of marks: the kind's own key, all statements of a record word for word, and single values by which a repeat may be told.
KEY, FACTS, TOLD = "key", "facts", "told"


def canonical(value: object) -> bytes:
    """Return a value as JSON in one spelling."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def origin(identity: bytes, begun: str) -> str:
    """Return the chain value on which a register's first entry rests."""
    return hashlib.sha256(canonical({"register": identity.hex(), "begun": begun})).hexdigest()


def head(entry: Entry) -> str:
    """Return the chain value that an entry must have."""
    said = {
        "entry": entry.number,
        "time": entry.time,
        "who": entry.who,
        "action": entry.action,
        "kind": entry.kind,
        "verdict": entry.verdict,
        "as_of": entry.as_of,
        "policy": entry.policy,
        "refers_to": entry.refers_to,
        "reason": entry.reason,
        "batch": entry.batch,
        "digest": entry.digest,
    }
    # What is empty is left out, so that a column which a later version adds leaves older entries as they are.
    body = canonical({name: value for name, value in said.items() if value})
    return hashlib.sha256(bytes.fromhex(entry.previous) + body).hexdigest()


def digest(salt: bytes, document: bytes, receipt: bytes) -> str:
    """Return the digest of a payload; without the salt nobody can tell by trying what was in an erased one."""
    return hmac.new(salt, len(document).to_bytes(8, "big") + document + receipt, hashlib.sha256).hexdigest()


def marks(salt: bytes, kind: str, document: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Return the marks by which a record is found again, which show nothing of it."""
    found = []
    if key := document.get("key"):
        found.append(mark(salt, KEY, kind, key))
    if facts := document.get("facts"):
        found.append(mark(salt, FACTS, kind, [facts]))
    found += [mark(salt, TOLD, kind, value) for value in document.get("told", ())]
    return tuple(found)


def mark(salt: bytes, sort: str, kind: str, values: object) -> bytes:
    """Return the mark of a key of a kind."""
    return hmac.new(salt, canonical([sort, kind, values]), hashlib.sha256).digest()
