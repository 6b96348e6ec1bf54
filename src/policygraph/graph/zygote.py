"""The process that a pool's workers are forked from: `python -P -m policygraph.graph.zygote FD`, started by `graph.pool`.

It imports the module and prepares its state once; each fork then shares that memory and takes milliseconds. It stays single-threaded,
so that forking is safe. What a killed worker leaves behind falls to it and is killed, whatever session it had moved to. When the pool's
end of the socket closes, it kills all that is below it and ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from policygraph.errors import PolicyGraphError
from policygraph.graph import framing, worker
from policygraph.graph.stopping import told_of

_PDEATHSIG, _SUBREAPER = 1, 36  # of Linux's prctl


def main() -> None:
    """Prepare, then fork whenever told to."""
    control = socket.socket(fileno=int(sys.argv[1]))
    if not (size := control.recv(framing.JOB.size, socket.MSG_WAITALL)):
        return
    told = json.loads(control.recv(framing.JOB.unpack(size)[0], socket.MSG_WAITALL))
    module = importlib.import_module(told["module"])
    try:
        state = module.prepare(told["job"])
    except PolicyGraphError as error:
        said = json.dumps(told_of(error)).encode()
        control.sendall(framing.EVENT.pack(framing.FAILED, 0, len(said)) + said)
        return
    _control(_SUBREAPER, 1)
    gc.collect()
    gc.freeze()  # a collection in a child would otherwise touch, and so copy, every page
    _Zygote(control, module, state).serve()


class _Zygote:
    def __init__(self, control: socket.socket, module: Any, state: Any) -> None:
        self._socket, self._module, self._state = control, module, state
        self._numbers: dict[int, int] = {}  # process → number of the worker
        self._waker = socket.socketpair()
        for end in self._waker:
            end.setblocking(False)

    def serve(self) -> None:
        signal.set_wakeup_fd(self._waker[1].fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._socket.sendall(framing.EVENT.pack(framing.PREPARED, 0, 0))
        ready = select.poll()
        ready.register(self._socket, select.POLLIN)
        ready.register(self._waker[0], select.POLLIN)
        with contextlib.suppress(ConnectionError):  # the pool is gone
            while True:
                for descriptor, _ in ready.poll():
                    if descriptor == self._waker[0].fileno():
                        self._waker[0].recv(1 << 12)
                        self._reap()
                        continue
                    told, fds, _, _ = socket.recv_fds(self._socket, framing.FORK.size, 2)
                    if not told:
                        raise ConnectionResetError
                    self._fork(framing.FORK.unpack(told)[0], fds)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for process in self._numbers:
            os.kill(process, signal.SIGKILL)  # not reaped yet: the number is still its own
        self._numbers.clear()
        while _waited(0):  # what was below a worker falls to this process as that worker goes
            for process in _children():
                os.kill(process, signal.SIGKILL)

    def _fork(self, number: int, fds: list[int]) -> None:
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _control(_PDEATHSIG, signal.SIGKILL)
                if os.getppid() == parent:
                    worker.begin(self._module, self._state, *fds)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            finally:
                os._exit(0)  # never back into the zygote's loop
        self._numbers[process] = number
        for descriptor in fds:
            os.close(descriptor)
        said = framing.EVENT.pack(framing.FORKED, number, process)
        if not hasattr(os, "pidfd_open"):
            self._socket.sendall(said)
            return
        handle = os.pidfd_open(process)
        socket.send_fds(self._socket, [said], [handle])
        os.close(handle)

    def _reap(self) -> None:
        """Report the workers that ended; kill what they had started, which falls to this process."""
        while ended := _waited(os.WNOHANG):
            process, status = ended
            if (number := self._numbers.pop(process, None)) is not None:
                code = os.waitstatus_to_exitcode(status)
                self._socket.sendall(framing.EVENT.pack(framing.ENDED, number, code))
        for process in _children():
            if process not in self._numbers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)


def _waited(how: int) -> tuple[int, int] | None:
    """Return a child that ended with its status, if there is one."""
    try:
        process, status = os.waitpid(-1, how)
    except ChildProcessError:
        return None
    return (process, status) if process else None


def _children() -> list[int]:
    """Return the processes directly below this one, where the system lists them."""
    try:
        return list(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
    except OSError:
        return []


def _control(option: int, value: int) -> None:
    """Call Linux's prctl; other systems have none, and there a worker's own alarm ends what is left over."""
    if sys.platform == "linux":
        _PRCTL(option, value, 0, 0, 0)


if sys.platform == "linux":
    import ctypes

    _PRCTL = ctypes.CDLL(None).prctl

if __name__ == "__main__":
    main()
