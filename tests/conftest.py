"""Fixtures that several test modules need."""

from __future__ import annotations

import pytest


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POLICYGRAPH_LANG", "POLICYGRAPH_DATA", "POLICYGRAPH_DEBUG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
