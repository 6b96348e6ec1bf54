"""Answers for the pages of comparing: the differences of two sides, and what an overlay would change for a submission."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from policygraph.app.jobs import PART
from policygraph.errors import Text, UsageError
from policygraph.reports.html.markup import Markup, element
from policygraph.web.answers import Answer
from policygraph.web.answers import respond as lasting
from policygraph.web.api.intake import Taken, private_folder, take
from policygraph.web.api.judging import day, parts
from policygraph.web.connected import while_connected
from policygraph.web.negotiation import TURTLE, language
from policygraph.web.pages.compare import asking
from policygraph.web.pages.compare.sides import policies, sample
from policygraph.web.pages.keeping import kept
from policygraph.web.pages.shell import Page, answer, crumbs, place, respond, spoken
from policygraph.web.problems import NOT_FOUND, ProblemError, usage

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.pages.compare.sides import Sample
    from policygraph.web.service import Service

_TYPES = {"text/turtle": "turtle"}
_OVERLAY = "overlay.ttl"
_DIFFERENCES, _ANSWERS = Text("有何不同", "Differences"), Text("这份申报的答案", "Answers for this submission")
_POLICY = Text("政策文本与规则", "The policy's text and rules")
_DATA, _SAMPLE = Text("数据：", "Data: "), Text("叠加文件：", "Overlay: ")
_ANOTHER = Text("换一个再比", "Compare something else")
_NO_FILE = Text(
    "给出一份申报文件，还可看到哪些判读与核查会变、数额增减多少：",
    "With a submission you also see which decisions and checks change, and what is gained or lost: ",
)
_GIVE = Text("选择文件", "choose one")


class Comparing:
    """The pages of comparing.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner = owner

    async def compared(self, request: Request) -> Response:
        """Answer with the page on which sides are chosen, or with what tells them apart."""
        if request.method == "POST":
            return await self._laid_over(request)
        asked = request.query_params
        if not (asked.get("after") or asked.get("sample")):
            return await kept(request, ("compare",), lambda: asking.page(request))
        return await self._stored(request)

    async def sample(self, request: Request) -> Response:
        """Answer with an overlay that ships."""
        found = await to_thread.run_sync(self._sample, request.path_params["name"])
        body = await to_thread.run_sync(found.path.read_bytes)
        return lasting(request, Answer(body, TURTLE.sent), self._owner.modified)

    # ---------------------------------------------------------------- inside
    async def _stored(self, request: Request) -> Response:
        """Compare what lies on the server: the address names it, and the answer says nothing of the caller, so that it is kept."""
        asked = request.query_params
        key = ("compared", language(request), *asked.multi_items())
        if (found := self._owner.cache.get(key)) is not None:
            return lasting(request, found, self._owner.modified)
        before, name = asked.get("before") or self._base(), asked.get("sample", "")
        async with private_folder() as folder:
            told: dict[str, Any] = {"folder": str(folder), "files": (), "overlays": (), "before": before}
            if name:
                path = (await to_thread.run_sync(self._sample, name)).path
                await to_thread.run_sync(shutil.copyfile, path, folder / path.name)
                told |= {"job": "laid over", "overlays": (path.name,)}
            else:
                told |= {"job": "diff", "after": asked.get("after", "")}
            _, body = await self._judged(request, told)
        main = (self._crumbs(request), self._links(request), element("div", body, class_="report"))
        page = self._page(request, main, keep=True)
        return lasting(request, self._owner.cache.keep(key, answer(request, page)), self._owner.modified)

    async def _laid_over(self, request: Request) -> Response:
        """Compare a policy with what a request lays over it, and judge the submission that it brings, if any, on both sides."""
        async with private_folder() as folder:
            taken = await take(request, folder, self._owner.options.upload, _TYPES)
            laid, files = await self._overlays(taken, folder)
            before = taken.values.get("before") or request.query_params.get("before") or self._base()
            told: dict[str, Any] = {"job": "laid over", "folder": str(folder), "files": files, "overlays": laid, "before": before}
            changes, differences = await self._judged(request, told | {"asOf": day(request.query_params.get("as-of", ""))} | parts(taken))
        main: tuple[Markup, ...]
        if files:
            title, other = element("h2", spoken(_ANSWERS, request), id="answers"), element("h2", spoken(_POLICY, request), id="policy")
            main = (title, element("div", changes, class_="report"), other, element("div", differences, class_="report"))
        else:
            link = element("a", spoken(_GIVE, request), href=place(request, "compare#own"))
            main = (element("p", spoken(_NO_FILE, request), link, class_="soft"), element("div", differences, class_="report"))
        return respond(request, self._page(request, (self._crumbs(request), *main), keep=False))

    async def _overlays(self, taken: Taken, folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the overlays and the files to be judged.

        Raises:
            ProblemError: There is no overlay.
        """
        if taken.overlays:
            return taken.overlays, taken.files
        if name := taken.values.get("sample", ""):
            found = await to_thread.run_sync(self._sample, name)
            free = f"{found.name}.ttl" if f"{found.name}.ttl" not in taken.files else _OVERLAY
            await to_thread.run_sync(shutil.copyfile, found.path, folder / free)
            return (free,), taken.files
        if len(taken.files) == 1 and not taken.parts:  # the body itself
            return taken.files, ()
        raise usage("没有叠加文件。", "There is no overlay.", Text("请选择叠加文件，或选一个示例。", "Choose an overlay, or a sample."))

    async def _judged(self, request: Request, told: dict[str, Any]) -> tuple[Markup, Markup]:
        """Return how the answers change, if a submission was given, and what differs."""
        head = told | {"form": PART, "prefix": self._owner.prefix.rstrip("/"), "language": language(request)}
        found, body = await while_connected(request, self._owner.judge(head))
        end = found.get("answers", 0)
        return Markup(body[:end].decode()), Markup(body[end:].decode())

    def _sample(self, name: str) -> Sample:
        try:
            return sample(self._owner, name)
        except UsageError as error:
            raise ProblemError(NOT_FOUND, error) from error

    def _base(self) -> str:
        found = policies(self._owner)
        return found[0].value if found else ""

    def _crumbs(self, request: Request) -> Markup:
        return crumbs(request, [(spoken(asking.TITLE, request), "compare"), (spoken(_DIFFERENCES, request), "")])

    def _links(self, request: Request) -> Markup:
        """Return where the same is as data, and the overlay."""
        asked = request.query_params
        if name := asked.get("sample", ""):
            file = element("a", f"{name}.ttl", href=place(request, f"compare/samples/{name}"))
            return element("p", spoken(_SAMPLE, request), file, class_="soft")
        sides = {side: asked.get(side) or self._base() for side in ("before", "after")}
        link = element("a", "JSON", href=place(request, "api/diff", **sides, format="json"))
        return element("p", spoken(_DATA, request), link, class_="soft")

    def _page(self, request: Request, main: tuple[Markup, ...], *, keep: bool) -> Page:
        back = element("a", spoken(_ANOTHER, request), href=place(request, "compare"), class_="button quiet")
        page = Page(spoken(_DIFFERENCES, request), (*main, element("p", back)), "compare", sheets=("check.css", "compare.css"))
        return replace(page, keep=keep)
