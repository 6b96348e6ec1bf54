"""Checks, decides and compares what callers send; each call in a worker that is killed when its caller goes away."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from policygraph.errors import Text, clean
from policygraph.web.api import forms
from policygraph.web.api.intake import MULTIPART, Taken, private_folder, take
from policygraph.web.connected import while_connected
from policygraph.web.negotiation import language
from policygraph.web.problems import usage
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.api.jobs import Jobs
    from policygraph.web.negotiation import Media

    Handler = Callable[[Request], Awaitable[Response]]

TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"", "false", "0", "no"})
_ASYNC = re.compile(r"(^|,)\s*respond-async\s*(;|,|$)", re.IGNORECASE)


def submissions(name: str, jobs: Jobs) -> Handler:
    """Return what answers `check` or `decide`: at once, or later where the caller prefers it (RFC 7240)."""

    async def answer(request: Request) -> Response:
        media = forms.wanted(request, forms.REPORTS)
        told = head(request, name)
        most = service(request).options.upload
        if _ASYNC.search(", ".join(request.headers.getlist("prefer"))):
            return await jobs.accept(request, told, most)
        return await at_once(request, told, media)

    return answer


async def what_if(request: Request) -> Response:
    """Say what overlays would change for a submission."""
    media = forms.wanted(request, forms.BRIEF)
    return await at_once(request, head(request, "whatif"), media, overlays=1)


async def entitlements(request: Request) -> Response:
    """Say what a subject is entitled to, and what to ask next."""
    media = forms.wanted(request, forms.PROFILES)
    return await at_once(request, head(request, "entitlements"), media, files=1)


async def difference(request: Request) -> Response:
    """Say what tells two policies apart; one of them may be an overlay that the caller sends."""
    media = forms.wanted(request, forms.BRIEF)
    async with private_folder() as folder:
        taken = Taken(folder)
        if request.method == "POST":
            taken = await take(request, folder, service(request).options.upload, {"text/turtle": "turtle"})
        told = {"job": "diff", "form": media.form, "language": language(request), **_sent(taken)}
        for name in ("before", "after"):
            sent = taken.parts.get(name) or taken.values.get(name) or request.query_params.get(name, "")
            if not sent and name == "after" and len(taken.files) == 1:
                sent = taken.files[0]
            if not sent.strip():
                raise usage(
                    f"缺少 {name}。",
                    f"{name} is missing.",
                    Text(
                        "请给出政策的名称、文号或 IRI，或以 text/turtle 发送叠加文件。",
                        "Name a policy by its name, number or IRI, or send an overlay as text/turtle.",
                    ),
                )
            told[name] = sent
        _, body = await while_connected(request, service(request).judge(told))
    return forms.report(request, body, media, "diff")


async def at_once(request: Request, told: dict[str, Any], media: Media, files: int = 0, overlays: int = 0) -> Response:
    """Have what a request brings judged, and answer with the result.

    Args:
        request: The request.
        told: What is to be done.
        media: The form of the answer.
        files: How many files there must be, 0 for at least one.
        overlays: How many overlays there must be at least.
    """
    async with private_folder() as folder:
        taken = await take(request, folder, service(request).options.upload)
        require(taken, files, overlays)
        told |= {"form": media.form, **_sent(taken), **parts(taken)}
        _, body = await while_connected(request, service(request).judge(told))
    return forms.report(request, body, media, told["job"])


def head(request: Request, name: str) -> dict[str, Any]:
    """Return what a worker is told, as far as the address says it.

    Raises:
        ProblemError: A parameter is off.
    """
    asked = request.query_params
    return {
        "job": name,
        "language": language(request),
        "kind": asked.get("kind") or None,
        "asOf": day(asked.get("as-of", "")),
        "past": flag("all-changes", asked.get("all-changes", "")),
    }


def parts(taken: Taken) -> dict[str, Any]:
    """Return what parts of a form say instead of the address."""
    found: dict[str, Any] = {}
    if taken.values.get("kind"):
        found["kind"] = taken.values["kind"]
    if taken.values.get("as-of"):
        found["asOf"] = day(taken.values["as-of"])
    return found


def require(taken: Taken, files: int = 0, overlays: int = 0) -> None:
    """Refuse what brings too few files or overlays.

    Raises:
        ProblemError: It does.
    """
    if not taken.files or (files and len(taken.files) != files):
        raise usage(
            f"应恰有 {files} 个文件。" if files else "没有文件。",
            f"There must be exactly {files} file{'s' * (files != 1)}." if files else "There is no file.",
            Text(
                f"请以请求体发送，或作为 {MULTIPART} 中带文件名的一部分。",
                f"Send it as the body, or as a part of {MULTIPART} with a filename.",
            ),
        )
    if len(taken.overlays) < overlays:
        raise usage(
            "没有叠加内容。",
            "There is no overlay.",
            Text("请用 ?with= 或表单的 with 部分给出 Turtle。", "Give Turtle as ?with= or as the part `with` of a form."),
        )


def _sent(taken: Taken) -> dict[str, Any]:
    found: dict[str, Sequence[str] | str] = {"folder": str(taken.folder), "files": taken.files, "overlays": taken.overlays}
    return found


def day(text: str) -> str | None:
    """Return a day of the calendar, None if none is given.

    Raises:
        ProblemError: It is none.
    """
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise usage(
            f"as-of 的值“{clean(text)[:40]}”不是日期。",
            f"“{clean(text)[:40]}” is not a day of the calendar (as-of).",
            Text("请写成 2024-12-31 的形式。", "Write it like 2024-12-31."),
        ) from None


def flag(name: str, text: str) -> bool:
    """Return a truth value.

    Raises:
        ProblemError: It is none.
    """
    if text.lower() in TRUE | _FALSE:
        return text.lower() in TRUE
    raise usage(
        f"{name} 须为 true 或 false。", f"{name} must be true or false.", Text(f"例如 ?{name}=true。", f"For instance ?{name}=true.")
    )
