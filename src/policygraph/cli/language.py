"""Which language to speak: --lang, else POLICYGRAPH_LANG, else the locale if it is zh or en, else Chinese."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from policygraph.errors import LANGUAGES, Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENV_LANGUAGE = "POLICYGRAPH_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts, as POSIX has it


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return zh or en.

    Args:
        arguments: The command line, for `--lang`, which is needed before any parser speaks.
        environment: The environment variables.

    Raises:
        UsageError: --lang or POLICYGRAPH_LANG names another language.
    """
    for where, wanted in (("--lang", _option(arguments)), (ENV_LANGUAGE, environment.get(ENV_LANGUAGE))):
        if wanted:
            if (short := _short(wanted)) is None:
                raise UsageError(
                    Text(f"没有语言“{wanted}”。", f"There is no language “{wanted}”."),
                    Text("可用：zh（中文）、en（英文）。", "There are zh (Chinese) and en (English)."),
                    where,
                )
            return short
    return from_locale(environment)


def from_locale(environment: Mapping[str, str]) -> str:
    """Return the locale's language if it is zh or en, else zh."""
    return _short(next(filter(None, map(environment.get, _LOCALE)), "")) or LANGUAGES[0]


def _option(arguments: Sequence[str]) -> str | None:
    found = None
    for word, following in pairwise([*arguments, ""]):
        if word == "--":
            break
        if word == "--lang":
            found = following
        elif word.startswith("--lang="):
            found = word.removeprefix("--lang=")
    return found


def _short(name: str) -> str | None:
    """Return zh or en for names such as zh_CN.UTF-8, en-GB."""
    language = name.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return language if language in LANGUAGES else None
