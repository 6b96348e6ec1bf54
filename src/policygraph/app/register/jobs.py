"""Jobs of the service that write to a register; they check what callers send, so they run where anything foreign does.

What a worker had not committed when it was killed is not in the register.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.app import receipts
from policygraph.app.checking import Run, check_with_records
from policygraph.app.overlays import overlay
from policygraph.app.register import determining, times
from policygraph.app.register.accepting import ALSO, By, correctable, register_report
from policygraph.app.register.knowing import Knowing
from policygraph.app.register.lines import typed
from policygraph.app.register.store import Register
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.app.setting import Setting

    Tell = Callable[[dict[str, Any]], None]
    Progress = Callable[[Text, int, int], None]


def add(setting: Setting, head: dict[str, Any], progress: Progress) -> bytes:
    """Check files and enter their records, or the one that corrects an entry.

    Args:
        setting: The policy as of today.
        head: `register`, `who`, `files`, `overlays`, `kind`; `also` and `because`; `corrects`, 0 for none; `language`.
        progress: Is told how far it is.

    Returns:
        What was entered, what was not and why, and the head of the chain, as JSON.
    """
    moment = receipts.now()
    by = _by(head, moment)
    corrects = head.get("corrects", 0)
    rests_on = receipts.circumstances(setting, map(Path, head.get("overlays", ())), moment)
    amended = overlay(setting, head.get("overlays", ()))
    with Register.open(Path(head["register"]), writable=True) as register:
        if corrects:
            correctable(register, corrects)
        run = Run(Knowing(register, amended.as_of, corrects), progress)
        report, records = check_with_records(amended, head["files"], kind=head.get("kind"), run=run)
        found = register_report(register, report, records, rests_on, by, corrects)
    spoken = head["language"]
    told = {
        "accepted": [
            {
                "entry": each.entry.number,
                "kind": each.entry.kind,
                "verdict": each.entry.verdict,
                "place": each.place.in_language(spoken),
                "notes": [note.in_language(spoken) for note in each.notes],
            }
            for each in found.accepted
        ],
        "declined": [{name: getattr(each, name).in_language(spoken) for name in ("place", "why", "fix")} for each in found.declined],
        "aside": len(report.file_findings),
        "head": found.head,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def determine(setting: Setting, head: dict[str, Any], progress: Progress) -> bytes:
    """Record what an authority determined on a fact of an entry, and judge it again.

    Args:
        setting: The policy as of today.
        head: `register`, `who`, `entry`; `field`, `value`, `by`, `authority`, `date`, `document`; `language`.
        progress: Is not told.

    Returns:
        The entry made, the verdict before and after, and the head of the chain, as JSON.
    """
    moment = receipts.now()
    said = {name: typed(head[name], name) for name in ("field", "value", "by", "authority", "document")}
    finding = determining.Finding(**said, date=times.day(head["date"], "date"))
    rests_on = receipts.circumstances(setting, (), moment)
    with Register.open(Path(head["register"]), writable=True) as register:
        found = determining.determine(register, setting, head["entry"], finding, rests_on, By(head["who"], times.stamp(moment)))
    told = {
        "entry": found.entry.number,
        "of": found.entry.refers_to,
        "field": found.field.in_language(head["language"]),
        "before": found.before,
        "after": found.entry.verdict,
        "asOf": found.said.as_of,
        "head": found.head,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _by(head: dict[str, Any], moment: Any) -> By:
    also, because = frozenset(head.get("also", ())), head.get("because", "")
    if strange := sorted(also - set(ALSO)):
        raise UsageError(
            Text(f"also 不能是“{strange[0]}”。", f"also cannot be “{strange[0]}”."),
            Text("可用：{names}", "There are: {names}").format(names=", ".join(ALSO)),
        )
    if bool(also) != bool(because):
        raise UsageError(
            Text("also 与 because 须同用。", "also and because belong together."),
            Text("请说明为何仍予登记。", "Say why it is entered all the same."),
        )
    return By(head["who"], times.stamp(moment), also, typed(because, "because") if because else "")
