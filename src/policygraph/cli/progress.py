"""Shows how far long work has come, on a terminal and only there."""

from __future__ import annotations

import contextlib
import sys
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policygraph.errors import Text

# Less is done before anybody would look.
_LEAST = 300


@contextlib.contextmanager
def showing(language: str) -> Iterator[Callable[[Text, int, int], None]]:
    """Yield what long work tells how far it is: a bar on standard error when that is a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def tell(stage: Text, done: int, total: int) -> None:
        if max(done, total) < _LEAST:
            return
        words = stage.in_language(language)
        if words not in bars:
            for bar in bars.values():
                bar.close()
            # A terminal may say that it is 0 columns wide, and the bar would vanish.
            size = get_terminal_size()
            bars[words] = tqdm(desc=words, total=total or None, unit="", leave=False, ncols=size.columns - 1, nrows=size.lines)
        bars[words].update(done - bars[words].n)

    try:
        yield tell
    finally:
        for bar in bars.values():
            bar.close()
