"""Takes pictures of every page for people's eyes: `.venv/bin/python tests/pictures.py FOLDER [NAME…]`.

Each address of `tests/browser/addresses.yaml` in both languages, on a desktop and on a phone, in light and in dark, and as it prints where
pdftoppm is there (Debian: poppler-utils). Nothing is compared; whoever changes a page looks.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from browsing import ADDRESSES, DESKTOP, LANGUAGES, PHONE, Machine, machine, reach

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = {"desktop": DESKTOP, "phone": PHONE}
_TALLEST = 2600  # pixels of a picture; what is below looks like what is above


def main() -> None:
    folder, *names = sys.argv[1:] or ["build/pictures"]
    Path(folder).mkdir(parents=True, exist_ok=True)
    with machine() as browser:
        for address in ADDRESSES:
            if not names or address["name"] in names:
                for language in LANGUAGES:
                    for size in SIZES:
                        take(browser, address, language, size, Path(folder))


def take(browser: Machine, address: dict[str, Any], language: str, size: str, folder: Path) -> None:
    """Write the pictures of one page in one language and size."""
    name = f"{address['name']}-{language}-{size}"
    try:
        with browser.window(language, SIZES[size]) as window:
            page = reach(window, address)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                picture(page, folder / f"{name}-{scheme}.png")
            if size == "desktop" and (program := shutil.which("pdftoppm")):
                page.emulate_media(color_scheme="light", media="print")
                page.pdf(path=folder / f"{name}.pdf", format="A4")
                subprocess.run([program, "-r", "60", "-png", "-l", "4", folder / f"{name}.pdf", folder / f"{name}-print"], check=True)
    except Exception as error:  # the other pages are worth a look all the same
        print(f"{name}: {str(error)[:2000]}", file=sys.stderr)


def picture(page: Page, path: Path) -> None:
    """Write one picture, from the top down to where it gets too long to look at."""
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"] if page.viewport_size else DESKTOP[0]
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": min(height, _TALLEST)})


if __name__ == "__main__":
    main()
