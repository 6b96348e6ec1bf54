"""A child that misbehaves as its job says: `graph.confine.stream` must survive each of them."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from typing import TYPE_CHECKING, Any, BinaryIO

from policygraph.errors import InputError, Text
from policygraph.graph import confine

if TYPE_CHECKING:
    from collections.abc import Iterator


def work(job: dict[str, Any], file: BinaryIO, _: confine.Limits) -> Iterator[bytes]:
    match job["do"]:
        case "count":
            for number in range(job["to"]):
                yield b"[%d]" % number
        case "copy":
            yield b"[" + file.read() + b"]"
        case "raise":
            yield b"[1]"
            raise InputError(Text("坏了", "broken"), Text("修好", "mend it"), "7")
        case "hang":
            yield b"[1]"
            time.sleep(60)
        case "burn":
            while True:
                pass
        case "crash":
            yield b"[1]"
            ctypes.string_at(0)
        case "exit":
            os._exit(3)
        case "fail":
            raise ZeroDivisionError
        case "memory":
            yield b"[%d]" % len(bytearray(8 << 30))
        case "flood":
            while True:
                yield b"[" + b" " * 10_000 + b"]"
        case "no end":
            while True:
                yield_without_end()
        case "dribble":
            while True:
                yield_without_end(1)
                time.sleep(0.05)
        case "complain":
            for _ in range(100):
                print("x" * 100_000, file=sys.stderr)
            yield b"[1]"


def yield_without_end(size: int = 1 << 16) -> None:
    sys.stdout.buffer.write(b" " * size)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    confine.serve_lines(work)
