"""Checks and decisions that are done later: accepted with 202, watched, fetched in any form, cancelled; forgotten soon after.

What is kept is the report alone, in a private folder; what was sent is removed as soon as it was judged. Whoever knows the address of a
job, which cannot be guessed, may read it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.responses import Response, StreamingResponse

from policygraph.errors import BusyError, PolicyGraphError, Text
from policygraph.web.api import forms
from policygraph.web.api.intake import private_folder, take
from policygraph.web.api.judging import parts, require
from policygraph.web.api.wording import reworded
from policygraph.web.connected import while_connected
from policygraph.web.negotiation import JSON, Media, accepted, language
from policygraph.web.problems import CONFLICT, NOT_FOUND, Problem, ProblemError, problem, usage
from policygraph.web.service import service
from policygraph.web.sparql.forms import chosen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.requests import Request

    from policygraph.web.service import Service

KEPT = 600.0  # seconds after the end
MOST_JOBS, MOST_BYTES = 64, 1 << 30  # of all that are kept, the reports together with what waits to be judged
EVENTS = Media("events", "text/event-stream", "events")
_WATCHED = 60.0  # seconds until a stream of events ends; the caller's program then asks again by itself
_STILL = 15.0  # seconds between signs of life
_WAITING, _RUNNING, _DONE, _FAILED = "waiting", "running", "done", "failed"
_OPEN = frozenset({_WAITING, _RUNNING})


@dataclass(eq=False)
class Job:
    """One call that is done later.

    Attributes:
        id: Its name, which cannot be guessed.
        name: check or decide.
        folder: Where its files are.
        size: Bytes that it keeps there.
        state: waiting, running, done or failed.
        progress: What the worker told last.
        verdict: Worst verdict of the report, '' until there is one.
        error: Why it failed.
        ended: When it ended, on the monotonic clock.
        task: What runs it.
        stack: Removes the folder.
    """

    id: str
    name: str
    folder: Path
    size: int
    stack: contextlib.AsyncExitStack
    state: str = _WAITING
    progress: dict[str, Any] = field(default_factory=dict)
    verdict: str = ""
    error: PolicyGraphError | None = None
    ended: float = 0.0
    task: asyncio.Task[None] | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def turn(self) -> None:
        """Wake those who watch it."""
        self.changed.set()
        self.changed = asyncio.Event()


class Jobs:
    """The jobs of a service; bounded in number, bytes and time.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner = owner
        self._jobs: dict[str, Job] = {}
        self._entering = 0
        self._slots = asyncio.Semaphore(max(1, owner.options.jobs - 1))  # callers who wait for their answer keep a worker
        owner.closing.append(self.close)

    # ---------------------------------------------------------------- handlers
    async def accept(self, request: Request, told: dict[str, Any], most: int) -> Response:
        """Take what is to be judged, and answer where its progress is told.

        Raises:
            BusyError: As much is kept as may be.
        """
        if len(self._jobs) + self._entering >= MOST_JOBS or sum(job.size for job in self._jobs.values()) > MOST_BYTES:
            raise BusyError(
                Text("待办与未取走的任务过多。", "Too many jobs are under way, or wait to be fetched."),
                Text("请稍后再试，或不带 Prefer: respond-async。", "Try again later, or without Prefer: respond-async."),
                seconds=30,
            )
        self._entering += 1
        try:
            async with contextlib.AsyncExitStack() as stack:
                folder = await stack.enter_async_context(private_folder())
                taken = await take(request, folder, most)
                require(taken)
                size = sum(path.stat().st_size for path in folder.iterdir())
                job = Job(secrets.token_urlsafe(24), told["job"], folder, size, stack.pop_all())
        finally:
            self._entering -= 1
        head = told | {"folder": str(folder), "files": taken.files, "overlays": taken.overlays, "keep": True, **parts(taken)}
        self._jobs[job.id] = job
        job.task = asyncio.create_task(self._run(job, head))
        place = self._address(job)
        headers = {"Location": place, "Preference-Applied": "respond-async", "Vary": "Prefer", **forms.NO_STORE}
        return _json(self._told(job, language(request)), 202, headers)

    async def state(self, request: Request) -> Response:
        """Say how far a job is, once or as a stream of events; or cancel and forget it."""
        job = self._job(request)
        if request.method == "DELETE":
            await self._forget(job)
            return Response(None, 204, forms.NO_STORE)
        media = chosen((JSON, EVENTS), request.query_params.get("format", ""), accepted(request))
        if media is JSON or request.method == "HEAD":
            headers = {"Vary": "Accept", **forms.NO_STORE} | ({"Retry-After": "1"} if job.state in _OPEN else {})
            return _json(self._told(job, language(request)), 200, headers)
        return StreamingResponse(self._events(job, language(request)), 200, {"Vary": "Accept", **forms.NO_STORE}, EVENTS.type)

    async def report(self, request: Request) -> Response:
        """Return the report of a job that is done.

        Raises:
            ProblemError: It is not done yet, or failed.
        """
        job, media = self._job(request), forms.wanted(request, forms.REPORTS)
        return forms.report(request, await self.rendered(request, media.form), media, job.name)

    async def rendered(self, request: Request, form: str) -> bytes:
        """Return the report of a job that is done, in a form.

        Raises:
            ProblemError: It is not done yet, or failed.
        """
        job = self._job(request)
        if job.error is not None:
            raise ProblemError(problem(job.error).sort, job.error)
        if job.state != _DONE:
            raise usage(
                "尚未完成。",
                "It is not done yet.",
                Text("请看任务的状态，完成后再取。", "Look at the job's state, and fetch it when it is done."),
                CONFLICT,
                {"Retry-After": "1"},
            )
        head: dict[str, Any] = {"job": "render", "folder": str(job.folder), "form": form, "language": language(request)}
        head |= {"decisions": job.name == "decide", "prefix": self._owner.prefix.rstrip("/")}
        _, body = await while_connected(request, service(request).judge(head))
        return body

    async def close(self) -> None:
        """Cancel and forget all."""
        for job in tuple(self._jobs.values()):
            await self._forget(job)

    # ---------------------------------------------------------------- inside
    def _job(self, request: Request) -> Job:
        found = self._jobs.get(request.path_params["id"])
        if found is None:
            raise usage(
                "没有此任务，或已过期删除。",
                "There is no such job, or it was forgotten.",
                Text(f"结果在完成后保留 {KEPT / 60:g} 分钟。", f"Results are kept for {KEPT / 60:g} minutes after the end."),
                NOT_FOUND,
            )
        return found

    async def _run(self, job: Job, head: dict[str, Any]) -> None:
        def told(progress: dict[str, Any]) -> None:
            job.progress = progress
            job.turn()

        try:
            async with self._slots:
                job.state = _RUNNING
                done, _ = await self._owner.judge(head, told)
            job.verdict, job.size, job.state = done["verdict"], done["size"], _DONE
        except PolicyGraphError as error:
            job.error, job.size, job.state = type(error)(reworded(error.what), reworded(error.fix), error.where), 0, _FAILED
        sent = [job.folder / name for name in (*head["files"], *head["overlays"])]
        await to_thread.run_sync(lambda: _remove(sent))
        job.ended = time.monotonic()
        asyncio.get_running_loop().call_later(KEPT, self._expired, job)
        job.turn()

    def _expired(self, job: Job) -> None:
        if self._jobs.get(job.id) is job:
            job.task = asyncio.create_task(self._forget(job))

    async def _forget(self, job: Job) -> None:
        """Kill its worker if it runs, and remove what is kept of it."""
        if self._jobs.pop(job.id, None) is None:
            return
        if job.task is not None and job.task is not asyncio.current_task():
            job.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await job.task
        job.state = _FAILED if job.state in _OPEN else job.state
        job.turn()
        await job.stack.aclose()

    async def _events(self, job: Job, spoken: str) -> AsyncIterator[bytes]:
        end = time.monotonic() + _WATCHED
        while True:
            waiting = job.changed.wait()
            yield f"event: {job.state}\ndata: {json.dumps(self._told(job, spoken), ensure_ascii=False)}\n\n".encode()
            if job.state not in _OPEN:
                waiting.close()
                return
            try:
                await asyncio.wait_for(waiting, _STILL)
            except TimeoutError:
                yield b": still running\n\n"
            if time.monotonic() > end:
                return

    def _address(self, job: Job) -> str:
        return f"{self._owner.prefix.rstrip('/')}/api/jobs/{job.id}"

    def _told(self, job: Job, spoken: str) -> dict[str, Any]:
        told: dict[str, Any] = {"id": job.id, "job": job.name, "state": job.state, "progress": job.progress or None}
        told["verdict"] = job.verdict or None
        told["report"] = f"{self._address(job)}/report" if job.state == _DONE else None
        told["keptSeconds"] = max(0, round(job.ended + KEPT - time.monotonic())) if job.ended else None
        told["problem"] = Problem(problem(job.error).sort, job.error).plain(spoken, self._owner.prefix) if job.error else None
        return told


def _json(told: dict[str, Any], status: int, headers: dict[str, str]) -> Response:
    return Response(json.dumps(told, ensure_ascii=False).encode(), status, headers, JSON.type)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
