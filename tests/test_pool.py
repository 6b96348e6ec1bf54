"""The pool that foreign work runs in: what is cut off, what is served meanwhile, and that nothing is left over."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from policygraph.errors import BusyError, DataError, LimitError, PolicyGraphError, StoreError
from policygraph.graph.pool import Limits, Pool
from policygraph.graph.stopping import rebuilt, told_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")  # noqa: PTH112
MEGABYTE = 1 << 20


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def below(pid: int) -> set[int]:
    """Processes below one, at any depth, that are no zombies."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(entry.parent.name)] = int(fields[1])
    found, fresh = set(), {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


async def until(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return true()


@asynccontextmanager
async def pool(module: str = "labour", job: dict[str, Any] | None = None, **options: Any) -> AsyncIterator[Pool]:
    """A pool that leaves nothing behind."""
    before, files = below(os.getpid()), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    limits = Limits(**({"seconds": 5.0, "memory": 256 * MEGABYTE, "output": MEGABYTE} | options.pop("limits", {})))
    made = Pool(module, job or {}, limits=limits, **({"size": 2, "queue": 8} | options))
    await made.start()
    mine = below(os.getpid()) - before
    try:
        yield made
    finally:
        mine |= below(os.getpid()) - before
        started = time.monotonic()
        await made.close()
        assert time.monotonic() - started < 3  # the zygote ended by itself
    assert await until(lambda: not any(map(alive, mine)))
    assert len(os.listdir("/proc/self/fd")) <= files + 2  # noqa: PTH208 - the loop's own


def go(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))


# ---------------------------------------------------------------- work
def test_answers_progress_and_errors_come_back() -> None:
    async def test() -> None:
        async with pool() as p:
            told: list[dict[str, Any]] = []
            body = os.urandom(900_000)
            assert (await p.run({"kind": "echo", "名": "中"}, body))[1] == body
            await p.run({"kind": "tell", "amount": 3}, told=told.append)
            assert [step["done"] for step in told] == [0, 1, 2]
            with pytest.raises(DataError) as caught:
                await p.run({"kind": "refuse"})
            assert (caught.value.what.zh, caught.value.where) == ("不行。", "where")
            with pytest.raises(StoreError, match="of our own"):
                await p.run({"kind": "fail"})
            pids = {(await p.run({"kind": "echo"}))[0]["pid"] for _ in range(20)}
            assert len(pids) <= 3  # workers are used again; there are two and a spare one
        with pytest.raises(StoreError):
            await p.run({"kind": "echo"})

    go(test)


def test_a_worker_has_its_socket_and_complaints_only() -> None:
    async def test() -> None:
        async with pool() as p:
            head, _ = await p.run({"kind": "open"})
            assert head["fds"][:4] == [0, 1, 2, 3]
            assert len(head["fds"]) == 5  # the last is the listing itself
            assert head["stdin"] == "/dev/null"

    go(test)


def test_what_preparing_or_opening_raises_reaches_the_caller() -> None:
    async def test() -> None:
        with pytest.raises(DataError) as caught:
            async with pool(job={"broken": 1}):
                pass
        assert caught.value.where == "here.ttl:1:1"
        with pytest.raises(StoreError) as opening:
            async with pool(job={"unopened": 1}):
                pass
        assert opening.value.where == "there"
        with pytest.raises(StoreError):
            async with pool("no_such_module"):
                pass

    go(test)


def test_busy_travels_between_processes() -> None:
    error = rebuilt(told_of(_caught())["error"])
    assert isinstance(error, BusyError)
    assert error.seconds >= 1


def _caught() -> PolicyGraphError:
    from policygraph.graph.handle import restarting

    return restarting()


# ---------------------------------------------------------------- limits
def test_a_runaway_is_cut_off_while_others_are_served() -> None:
    async def test() -> None:
        async with pool() as p:
            started = time.monotonic()
            runaway = asyncio.create_task(p.run({"kind": "spin"}, limits=Limits(seconds=1.0)))
            served = 0
            while not runaway.done():
                await p.run({"kind": "echo"})
                served += 1
            with pytest.raises(LimitError, match="within 1 seconds"):
                await runaway
            assert 0.9 < time.monotonic() - started < 3
            assert served > 100
            await asyncio.gather(*(p.run({"kind": "echo"}) for _ in range(8)))

    go(test)


STOPPED = [
    ("hog", 1 << 30, "256 MB of memory"),
    ("crash", 0, "nested too deeply"),
    ("answer", MEGABYTE + 1, "larger than 1 MB"),
]


@pytest.mark.parametrize(("kind", "amount", "said"), STOPPED)
def test_what_goes_over_a_limit_is_stopped_and_the_next_is_served(kind: str, amount: int, said: str) -> None:
    async def test() -> None:
        async with pool(size=1) as p:
            for _ in range(3):
                with pytest.raises(LimitError, match=said):
                    await p.run({"kind": kind, "amount": amount})
                assert await p.run({"kind": "answer", "amount": MEGABYTE})

    go(test)


def test_processor_time_is_counted_for_each_request() -> None:
    async def test() -> None:
        async with pool(size=1, limits={"seconds": 2.0}) as p:
            pids = {(await p.run({"kind": "burn", "amount": 0.25}))[0]["pid"] for _ in range(14)}
            assert len(pids) == 1

    go(test)


def test_limits_of_one_request_are_not_those_of_the_next() -> None:
    async def test() -> None:
        async with pool(size=1) as p:
            with pytest.raises(LimitError):
                await p.run({"kind": "hog", "amount": 100 * MEGABYTE}, limits=Limits(memory=50 * MEGABYTE))
            assert await p.run({"kind": "hog", "amount": 80 * MEGABYTE})

    go(test)


# ---------------------------------------------------------------- places
def test_too_many_are_turned_away() -> None:
    async def test() -> None:
        async with pool(size=2, queue=3, limits={"seconds": 3.0}) as p:
            calls = [asyncio.create_task(p.run({"kind": "sleep", "amount": 0.5})) for _ in range(6)]
            found = await asyncio.gather(*calls, return_exceptions=True)
            turned = [error for error in found if isinstance(error, BusyError)]
            assert len(turned) == 1
            assert turned[0].seconds == 3
            assert "3 秒" in turned[0].fix.zh
            assert sum(isinstance(answer, tuple) for answer in found) == 5
            # Whoever has waited for as long as a request may take is turned away as well.
            long = [asyncio.create_task(p.run({"kind": "spin"}, limits=Limits(seconds=2.0))) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(BusyError):
                await p.run({"kind": "echo"}, limits=Limits(seconds=0.2))
            assert all(isinstance(e, LimitError) for e in await asyncio.gather(*long, return_exceptions=True))

    go(test)


def test_cancelling_kills_the_worker_and_frees_its_place() -> None:
    async def test() -> None:
        async with pool(size=1, limits={"seconds": 30.0}) as p:
            told: list[dict[str, Any]] = []
            call = asyncio.create_task(p.run({"kind": "spawn"}, told=told.append))
            assert await until(lambda: bool(told))
            waiting = asyncio.create_task(p.run({"kind": "echo"}))
            unwanted = asyncio.create_task(p.run({"kind": "spin"}))
            await asyncio.sleep(0.01)
            unwanted.cancel()
            started = time.monotonic()
            call.cancel()
            assert await waiting
            assert time.monotonic() - started < 1
            with pytest.raises(asyncio.CancelledError):
                await call
            # It had moved to a session of its own, and ends none the less.
            assert await until(lambda: not alive(told[0]["child"]))

    go(test)


def test_a_place_is_not_lost_when_its_turn_and_the_cancelling_come_together() -> None:
    async def test() -> None:
        async with pool(size=1) as p:
            for _ in range(20):
                first = asyncio.create_task(p.run({"kind": "echo"}))
                second = asyncio.create_task(p.run({"kind": "echo"}))
                first.add_done_callback(lambda _, second=second: second.cancel())
                await asyncio.gather(first, second, return_exceptions=True)
            assert await asyncio.wait_for(p.run({"kind": "echo"}), 2)

    go(test)


# ---------------------------------------------------------------- faults
def test_a_killed_worker_is_replaced() -> None:
    async def test() -> None:
        async with pool(size=1) as p:
            pid = (await p.run({"kind": "echo"}))[0]["pid"]
            call = asyncio.create_task(p.run({"kind": "sleep", "amount": 30}))
            await asyncio.sleep(0.1)
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(LimitError):
                await call
            assert (await p.run({"kind": "echo"}))[0]["pid"] != pid

    go(test)


def test_a_killed_zygote_is_replaced() -> None:
    async def test() -> None:
        before = below(os.getpid())
        async with pool() as p:
            mine = below(os.getpid()) - before
            zygote = min(mine, key=lambda pid: -len(below(pid)))
            call = asyncio.create_task(p.run({"kind": "spin"}))
            await asyncio.sleep(0.1)
            os.kill(zygote, signal.SIGKILL)
            with pytest.raises(BusyError):
                await call
            with pytest.raises(BusyError):
                await p.run({"kind": "echo"})
            assert await until(lambda: not any(map(alive, mine)))
            for _ in range(200):
                try:
                    assert await p.run({"kind": "echo"})
                    break
                except BusyError:
                    await asyncio.sleep(0.05)
            else:
                raise AssertionError("it did not come back")

    go(test)


# ---------------------------------------------------------------- memory
def test_memory_is_flat_over_many_requests() -> None:
    async def test() -> None:
        async with pool(size=2, queue=2000, limits={"output": 2 * MEGABYTE}, reuse=300) as p:
            pids = await asyncio.gather(*(p.run({"kind": "answer", "amount": 50_000}) for _ in range(100)))
            before = resident(os.getpid())
            for _ in range(20):
                pids += await asyncio.gather(*(p.run({"kind": "answer", "amount": 50_000}, b"x" * 50_000) for _ in range(100)))
                pids = [(head, b"") for head, _ in pids]
            assert resident(os.getpid()) - before < 20 * MEGABYTE
            assert len({head["pid"] for head, _ in pids}) >= 6  # 2,100 requests, 300 a worker
            workers = [pid for pid in {head["pid"] for head, _ in pids} if alive(pid)]
            assert all(resident(pid) < 100 * MEGABYTE for pid in workers)

    go(test)


def test_a_worker_that_has_grown_is_replaced() -> None:
    async def test() -> None:
        async with pool(size=1) as p:
            first = (await p.run({"kind": "keep", "amount": 150 * MEGABYTE}))[0]["pid"]
            assert (await p.run({"kind": "echo"}))[0]["pid"] != first

    go(test)


def test_one_fork_a_request() -> None:
    async def test() -> None:
        async with pool(reuse=1) as p:
            assert len({(await p.run({"kind": "echo"}))[0]["pid"] for _ in range(20)}) == 20

    go(test)
