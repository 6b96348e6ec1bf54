"""Answers for the pages of checking; what is sent is judged in the jobs pool and gone with the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyio import to_thread

from policygraph.app.fieldclauses import FieldClauses
from policygraph.app.jobs import PART
from policygraph.errors import Text
from policygraph.records.templates.layout import lay_out
from policygraph.reports.html.markup import Markup
from policygraph.store.embedded import EmbeddedStore
from policygraph.web.api import forms
from policygraph.web.api.intake import Taken, private_folder, take
from policygraph.web.api.judging import day, head, parts, require
from policygraph.web.connected import while_connected
from policygraph.web.negotiation import Media, language
from policygraph.web.pages.check import filled, landing, results
from policygraph.web.pages.check.form import Form
from policygraph.web.pages.keeping import kept
from policygraph.web.pages.shell import respond
from policygraph.web.problems import usage
from policygraph.web.sparql.forms import chosen

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.records.kinds import Kind
    from policygraph.web.service import Service

FORMATS = {media.name: media for media in forms.REPORTS}
PAGE = "page"


class Checking:
    """The pages of checking.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner = owner

    async def ways_in(self, request: Request) -> Response:
        """Answer with the page from which a file is sent, or with the report on what was sent."""
        if request.method == "POST":
            return await self._file(request)
        return await kept(request, ("check",), lambda: landing.page(request))

    async def of_kind(self, request: Request) -> Response:
        """Answer with the form of a kind, or with the form and the report on what was filled in."""
        kind = await to_thread.run_sync(self._owner.kinds.find, request.path_params["kind"])
        if request.method != "POST":
            return await kept(request, ("check", kind.iri), lambda: results.form_page(request, kind, self._form(request, kind)))
        written = await filled.read(request)
        if written.asked.get("add"):
            form = await to_thread.run_sync(self._form, request, kind, written)
            return respond(request, results.form_page(request, kind, form, keep=False))
        return await self._filled(request, kind, written)

    async def done(self, request: Request) -> Response:
        """Answer with the report of a job that is done."""
        body = await self._owner.later.rendered(request, PART)
        return respond(request, results.file_page(request, Markup(body.decode())))

    # ---------------------------------------------------------------- inside
    async def _file(self, request: Request) -> Response:
        """Judge the files that a request brings."""
        told = head(request, "check")
        async with private_folder() as folder:
            taken = await take(request, folder, self._owner.options.upload)
            require(taken)
            told |= {**_sent(folder, taken), **parts(taken)}
            media = _format(request, taken.values.get("format", ""))
            _, body = await self._judged(request, told, media)
        if media is None:
            return respond(request, results.file_page(request, Markup(body.decode())))
        return _download(request, body, media)

    async def _filled(self, request: Request, kind: Kind, written: filled.Filled) -> Response:
        """Judge what was filled into a form, and put it back into it."""
        told = head(request, "check") | {"asOf": day(written.asked.get("as-of", "")), "kind": self._owner.kinds.forms.name_of(kind)}
        layout = lay_out(kind, self._owner.kinds.forms)
        if not (written.values or written.rows):
            raise usage("表单是空的。", "The form is empty.", Text("请至少填写一项。", "Fill in one field at least."))
        async with private_folder() as folder:
            await to_thread.run_sync((folder / filled.FILE).write_bytes, written.record(layout))
            told |= _sent(folder, Taken(folder, (filled.FILE,)))
            media = _format(request, written.asked.get("format", ""))
            found, body = await self._judged(request, told, media)
        if media is not None:
            return _download(request, body, media)
        said = {(mark["table"], mark["row"], mark["field"]): mark["findings"] for mark in found.get("marks", ())}
        form = await to_thread.run_sync(lambda: self._form(request, kind, written, said))
        return respond(request, results.filled_page(request, kind, form, Markup(body.decode()), found))

    async def _judged(self, request: Request, told: dict[str, Any], media: Media | None) -> tuple[dict[str, Any], bytes]:
        told |= {"form": media.form if media else PART, "prefix": self._owner.prefix.rstrip("/"), "language": language(request)}
        return await while_connected(request, self._owner.judge(told))

    def _form(self, request: Request, kind: Kind, written: filled.Filled | None = None, said: Any = None) -> Form:
        store = EmbeddedStore(self._owner.graph)
        about = self._owner.kinds.about[kind.iri]
        clauses = FieldClauses(self._owner.graph, store).of(about)
        return Form(request, kind, clauses, written or filled.Filled(), said or {})


def _sent(folder: Path, taken: Taken) -> dict[str, Any]:
    return {"folder": str(folder), "files": taken.files, "overlays": taken.overlays}


def _format(request: Request, asked: str) -> Media | None:
    """Return the form in which the report is wanted, None for the page.

    Raises:
        ProblemError: There is no such form.
    """
    name = asked or request.query_params.get("format", "")
    if name in ("", PAGE):
        return None
    return FORMATS.get(name) or chosen(forms.REPORTS, name, None)


def _download(request: Request, body: bytes, media: Media) -> Response:
    """Return a report to be saved as a file."""
    response = forms.report(request, body, media, "check")
    endings = {"text": "txt", "turtle": "ttl"}
    response.headers["Content-Disposition"] = forms.disposition(f"check.{endings.get(media.form, media.form)}")
    return response
