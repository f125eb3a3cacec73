"""Takes the pictures of the pages for the README, with the chat served on the shipped corpus.

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
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

OUT = Path(__file__).parent.parent / "docs" / "screenshots"
PORT = 7869
QUESTION = "Quelles sont les priorités de la coopération en matière de justice ?"
WIDTHS = {"desktop": 1100, "phone": 375}


def main() -> None:
    """Serve the chat, take the pictures, stop."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = {"ASSISTANT_PORT": str(PORT), "ASSISTANT_INDEX": f"{folder}/index", "ASSISTANT_DATA": f"{folder}/data"}
        server = subprocess.Popen([sys.executable, "app.py"], env={**os.environ, **settings})
        try:
            _wait()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
                for name, width in WIDTHS.items():
                    _take(browser, name, width)
                browser.close()
        finally:
            server.terminate()
            server.wait(10)


def _take(browser: Browser, name: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 1000}, locale="fr-FR")
    page.goto(f"http://127.0.0.1:{PORT}")
    page.wait_for_selector("#question textarea")
    page.screenshot(path=OUT / f"welcome-{name}.png")
    page.fill("#question textarea", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer")
    page.wait_for_timeout(800)
    page.screenshot(path=OUT / f"chat-{name}.png")
    page.close()


def _wait() -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}", timeout=1).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the chat did not start")


if __name__ == "__main__":
    main()
