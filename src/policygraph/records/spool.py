"""A sequence that lies on disk once it grows: what is read and judged of a long file never stands in memory as a whole."""

from __future__ import annotations

import io
import pickle
import tempfile
import weakref
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

T = TypeVar("T")
# As many stay in memory; above, they go to disk in blocks of this many.
IN_MEMORY, BLOCK = 1_000, 100


class Spool(Sequence[T], Generic[T]):
    """Values in their order, added at the end, read any number of times.

    On disk they are pickles in an unnamed temporary file of this process: nobody else writes to it, and it is gone when the process is.

    Args:
        shared: Types whose instances are kept in memory and referred to, since many values share them.
    """

    def __init__(self, shared: tuple[type, ...] = ()) -> None:
        self._shared = shared
        self._kept: dict[Hashable, Any] = {}
        self._tail: list[T] = []
        self._file: Any = None
        self._blocks: list[tuple[int, int]] = []
        self._read: tuple[int, list[T]] = (-1, [])

    def append(self, value: T) -> None:
        """Add a value at the end."""
        self._tail.append(value)
        if len(self._tail) >= (BLOCK if self._file else IN_MEMORY + 1):
            self._flush()

    def extend(self, values: Iterable[T]) -> None:
        """Add values at the end."""
        for value in values:
            self.append(value)

    def __len__(self) -> int:
        return len(self._blocks) * BLOCK + len(self._tail)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        block, rest = divmod(place, BLOCK)
        return self._block(block)[rest] if block < len(self._blocks) else self._tail[place - len(self._blocks) * BLOCK]

    def __iter__(self) -> Iterator[T]:
        for block in range(len(self._blocks)):
            yield from self._block(block)
        yield from self._tail

    def settled(self) -> Sequence[T]:
        """Return few values as a tuple, many as they lie on disk."""
        return tuple(self) if len(self) <= IN_MEMORY else self

    def _flush(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="policygraph-")  # noqa: SIM115 - lives as long as the sequence
            weakref.finalize(self, self._file.close)
        while len(self._tail) >= BLOCK:
            buffer = io.BytesIO()
            _Pickler(buffer, self._shared, self._kept).dump(self._tail[:BLOCK])
            del self._tail[:BLOCK]
            data = zlib.compress(buffer.getvalue(), 1)
            self._blocks.append((self._file.seek(0, io.SEEK_END), len(data)))
            self._file.write(data)

    def _block(self, number: int) -> list[T]:
        if self._read[0] != number:
            start, length = self._blocks[number]
            self._file.seek(start)
            self._read = number, cast("list[T]", _Unpickler(io.BytesIO(zlib.decompress(self._file.read(length))), self._kept).load())
        return self._read[1]


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, shared: tuple[type, ...], kept: dict[Hashable, Any]) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._shared, self._kept = shared, kept

    def persistent_id(self, value: Any) -> int | None:
        if not isinstance(value, self._shared):
            return None
        self._kept[id(value)] = value
        return id(value)


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, kept: dict[Hashable, Any]) -> None:
        super().__init__(stream)
        self._kept = kept

    def persistent_load(self, number: Any) -> Any:
        return self._kept[number]
