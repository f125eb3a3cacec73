"""Takes the pictures of the pages for the README, with the pages served on the shipped corpus.

python -m tools.make_screenshots
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

OUT = Path(__file__).parent.parent / "docs" / "screenshots"
PORT = 7869
URL = f"http://127.0.0.1:{PORT}"
PASSWORD = "un mot de passe de démonstration"
WIDTHS = {"desktop": 1100, "phone": 375}


def main() -> None:
    """Serve the pages on a copy of the corpus, take the pictures, stop."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree("corpus", f"{folder}/corpus")
        names = {
            "PORT": str(PORT),
            "CORPUS": f"{folder}/corpus",
            "INDEX": f"{folder}/index",
            "DATA": f"{folder}/data",
            "ADMIN_PASSWORD": PASSWORD,
        }
        server = subprocess.Popen(
            [sys.executable, "app.py"], env={**os.environ, **{f"ASSISTANT_{name}": value for name, value in names.items()}}
        )
        try:
            _wait()
            Path(folder, "corpus/missions/annonce.pdf").write_text("pas un PDF")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
                for name, width in WIDTHS.items():
                    for picture, prepare in PICTURES.items():
                        page = browser.new_page(
                            viewport={"width": width, "height": 1000}, locale="en-GB" if "english" in picture else "fr-FR"
                        )
                        prepare(page)
                        page.wait_for_timeout(1_000)
                        page.screenshot(path=OUT / f"{picture}-{name}.png")
                        page.close()
                browser.close()
        finally:
            server.terminate()
            server.wait(10)


def _open(page: Page, path: str = "/") -> None:
    page.goto(f"{URL}{path}")
    page.wait_for_selector("h1")


def _ask(page: Page, question: str) -> None:
    page.wait_for_selector("#question textarea")
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer")


def _chat(page: Page) -> None:
    _open(page)
    _ask(page, "Quelles sont les priorités de la coopération en matière de justice ?")


def _source(page: Page) -> None:
    _open(page)
    _ask(page, "Qu'est-ce que la mise à disposition des experts nationaux détachés ?")
    page.wait_for_timeout(500)
    page.locator(".source:has(img.scan) summary").first.click()
    page.locator("img.scan").first.scroll_into_view_if_needed()
    page.wait_for_timeout(1_500)


def _list(page: Page) -> None:
    _open(page)
    _ask(page, "Quelles missions en Afrique de l'Ouest ?")


def _missions(page: Page) -> None:
    _open(page, "/missions/")
    page.wait_for_selector("table.missions")


def _sheet(page: Page) -> None:
    _missions(page)
    page.locator("#missions-table button.link").first.click()
    page.wait_for_selector(".sheet")


def _maintenance(page: Page) -> None:
    _open(page, "/maintenance/")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#files table")


def _index(page: Page) -> None:
    _maintenance(page)
    page.get_by_role("tab", name="Index").click()
    page.click("#run-index")
    page.locator("#outcome table, #outcome .note-line").first.wait_for()


def _questions(page: Page) -> None:
    _maintenance(page)
    page.get_by_role("tab", name="Questions").click()
    page.wait_for_selector("#usage table")


def _english(page: Page) -> None:
    _open(page, "/en/")
    _ask(page, "What is the age limit for a VIE?")


PICTURES: dict[str, Callable[[Page], None]] = {
    "welcome": _open,
    "chat": _chat,
    "source": _source,
    "list": _list,
    "english": _english,
    "missions": _missions,
    "sheet": _sheet,
    "documents": _maintenance,
    "maintenance": _index,
    "questions": _questions,
}


def _wait() -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(URL, timeout=1).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the pages did not start")


if __name__ == "__main__":
    main()
