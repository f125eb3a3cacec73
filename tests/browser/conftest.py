"""A server on a copy of the shipped corpus, and a real Chromium at two widths that notes what it loads and complains of."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest

from tests.test_docs import ROOT

PASSWORD = "un mot de passe d'essai"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def serving(folder, **more):
    """Serve the pages on a copy of the shipped corpus, and give their address."""
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"PORT": str(port), "CORPUS": str(folder / "corpus"), "INDEX": str(folder / "index"), "DATA": str(folder / "data"), **more}
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **{f"ASSISTANT_{name}": value for name, value in settings.items()}}
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            assert process.poll() is None, "the server stopped"
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.25)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The address of a server, and the folder that holds its corpus and data."""
    folder = tmp_path_factory.mktemp("served")
    with serving(folder, ADMIN_PASSWORD=PASSWORD) as url:
        yield url, folder


@pytest.fixture(scope="session")
def address(served):
    return served[0]


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium")
    assert executable, "install chromium (Debian's package)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Return a function that opens an address of the site; each page is checked at the end: nothing from elsewhere, no error."""
    contexts, pages = [], []

    def open_page(path="/", width=1200, height=850, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **{"locale": "fr-FR", **options})
        page = context.new_page()
        page.hosts, page.errors = set(), []
        page.on("request", lambda r: page.hosts.add(r.url.split("/")[2].split(":")[0]) if r.url.startswith("http") else None)
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(f"{address}{path}")
        contexts.append(context)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        assert page.hosts == {"127.0.0.1"}
        assert page.errors == []
    for context in contexts:
        context.close()


@pytest.fixture(params=[1200, 375], ids=["desktop", "phone"])
def width(request):
    return request.param


@pytest.fixture
def page(visit, width):
    """The chat page, ready."""
    opened = visit("/", width)
    opened.wait_for_selector("#question textarea")
    return opened


def ask(page, question, nth=0):
    """Ask a question and return its answer, the nth of the page."""
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.locator(".answer").nth(nth).wait_for(timeout=20_000)
    page.locator("#send").wait_for(timeout=20_000)
    return page.locator(".answer").nth(nth)


def fits(page):
    """Tell whether a page scrolls in one direction only."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
