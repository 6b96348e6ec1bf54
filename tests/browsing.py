"""A real browser on the real service: it notes what a reader of a page would never see go wrong, and measures what they would.

Chromium is the machine's own (Debian's package), driven by Playwright. `.ci/run` installs it and says `required`; elsewhere the tests
are skipped where there is none.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from policygraph.app.register.tokens import AUDITOR, Tokens, beside
from policygraph.cli import main
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import ConsoleMessage, Dialog, Request

REQUIRED = "POLICYGRAPH_TEST_BROWSER"  # .ci/run says `required` where it installed one: there a missing browser is a failure
DESKTOP, PHONE = (1280, 900), (390, 844)
LANGUAGES = {"zh": "zh-Hans", "en": "en"}
REPOSITORY = Path(__file__).resolve().parent.parent
ADDRESSES: list[dict[str, Any]] = yaml.safe_load((REPOSITORY / "tests/browser/addresses.yaml").read_text("utf-8"))
SECONDS = 20
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# No sandbox, since CI runs as root; the others keep Chromium from calling home.
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_OURS = ("about:", "blob:", "data:")
_ENTERED = "examples/green-channel-good.ttl"


@dataclass(slots=True)
class Window:
    """A window of the browser on the service.

    Attributes:
        page: What Playwright drives.
        root: Address of the service, with a slash at the end.
        token: A token of an auditor for its register.
        language: Language that the reader asks for.
        faults: What went wrong unseen: requests to others, failed ones, complaints of the console.
        expected: Statuses of failure that belong to the test.
    """

    page: Page
    root: str
    token: str
    language: str
    faults: list[str] = field(default_factory=list)
    expected: frozenset[int] = frozenset()

    def open(self, path: str) -> Page:
        """Go to a page below the root, in the window's language."""
        self.page.goto(self.root + spoken(path, self.language), wait_until="load")
        return self.page

    def measure(self) -> dict[str, Any]:
        """Return what can be read off the page as it is shown: see `measure.js`."""
        found: dict[str, Any] = self.page.evaluate(_script("measure.js"))
        return found

    def sideways(self) -> list[str]:
        """Return what makes the page wider than the window."""
        found: list[str] = self.page.evaluate(_script("sideways.js"))
        return found

    def axe(self, *rules: str) -> list[str]:
        """Return what axe finds, by all of its rules or by some of them only."""
        self.page.evaluate(_AXE)
        only = {"runOnly": {"type": "rule", "values": rules}} if rules else {"rules": {"target-size": {"enabled": True}}}
        found = self.page.evaluate("options => axe.run(document, {resultTypes: ['violations'], ...options})", only)
        return [
            f"{each['id']}: {each['help']}\n    {node['html'][:160]}\n    {node['failureSummary'].splitlines()[-1].strip()}"
            for each in found["violations"]
            for node in each["nodes"][:5]
        ]


class Machine:
    """One browser, and one service with a register of one entry, for the tests of a module."""

    def __init__(self, browser: Browser, root: str, token: str) -> None:
        self.browser, self.root, self.token = browser, root, token
        self._contexts: dict[bool, BrowserContext] = {}

    @contextmanager
    def window(
        self, language: str = "zh", size: tuple[int, int] = DESKTOP, *, script: bool = True, expected: frozenset[int] = frozenset()
    ) -> Iterator[Window]:
        """Open a window with nothing kept from others; at the end nothing may have gone wrong unseen."""
        context = self._context(script)
        context.clear_cookies()
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        opened = Window(page, self.root, self.token, language, expected=expected)
        _watch(page, opened)
        try:
            yield opened
        finally:
            page.close()
        assert not opened.faults, "\n".join(opened.faults)

    def _context(self, script: bool) -> BrowserContext:
        """Return what pages share. A browser's window is dear, a tab is not: an empty one keeps the window open."""
        if script not in self._contexts:
            made = self.browser.new_context(
                locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=script, reduced_motion="reduce"
            )
            made.set_default_timeout(SECONDS * 1000)
            made.new_page()
            self._contexts[script] = made
        return self._contexts[script]


@contextmanager
def machine() -> Iterator[Machine]:
    """Start the service and the browser."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None and os.environ.get(REQUIRED) != "required":
        pytest.skip("there is no Chromium (Debian: apt install chromium fonts-noto-cjk)")
    assert program, "Chromium is required here"
    with tempfile.TemporaryDirectory() as folder:
        register = Path(folder) / "register.db"
        assert main.main(["register", "add", str(REPOSITORY / _ENTERED), "--register", str(register), "--new"]) == 0
        token = Tokens(beside(register)).make("browser", AUDITOR, dt.datetime.now(dt.UTC))[1]
        with (
            served("--register", str(register)) as service,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=program, args=_FLAGS) as browser,
        ):
            yield Machine(browser, service.url, token)


def spoken(path: str, language: str) -> str:
    """Return a path with the language that the site writes into its links: none for the first."""
    if language != "en":
        return path
    start, mark, fragment = path.partition("#")
    return f"{start}{'&' if '?' in start else '?'}lang=en{mark}{fragment}"


def reach(window: Window, address: Mapping[str, Any]) -> Page:
    """Bring a window to one of ADDRESSES: open its path, and do there what it says."""
    page = window.open(address["path"])
    for step in address.get("steps", ()):
        ((what, where),) = step.items()
        if what == "file":
            page.locator("input[type=file]").first.set_input_files(REPOSITORY / where)
        elif what == "fill":
            page.locator(where[0]).first.fill(where[1].format(token=window.token))
        elif what == "choose":
            page.locator(where[0]).first.select_option(where[1])
        else:
            assert what == "press", what
            page.locator(where).first.click()
            page.wait_for_load_state("load")
    for ready in address.get("ready", ()):
        page.locator(ready).first.wait_for(state="visible")
    return page


def _watch(page: Page, window: Window) -> None:
    home, note = urlsplit(window.root).netloc, window.faults.append

    def asked(request: Request) -> None:
        if not request.url.startswith(_OURS) and urlsplit(request.url).netloc != home:
            note(f"leaves the server: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400 and response.status not in window.expected:
            note(f"{response.status} {response.request.method} {response.url}")

    def said(message: ConsoleMessage) -> None:
        told = message.text.startswith("Failed to load resource") and window.expected
        if message.type in {"error", "warning"} and not told:
            note(f"console: {message.text} ({message.location.get('url', '')})")

    def asks(dialog: Dialog) -> None:
        note(f"a dialog: {dialog.message}")
        dialog.dismiss()

    page.on("request", asked)
    page.on("response", answered)
    page.on("console", said)
    page.on("dialog", asks)
    page.on("pageerror", lambda error: note(f"error of a script: {error}"))


def _script(name: str) -> str:
    return (REPOSITORY / "tests/browser" / name).read_text("utf-8")


_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
