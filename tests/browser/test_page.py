"""The chat page in a real Chromium: it loads nothing from elsewhere, answers, and shows its sources."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.test_docs import ROOT

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"ASSISTANT_PORT": str(port), "ASSISTANT_INDEX": str(folder / "index"), "ASSISTANT_DATA": str(folder / "data")}
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **settings})
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            assert process.poll() is None, "the server stopped"
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium")
    assert executable, "install chromium (Debian's package)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[1200, 375], ids=["desktop", "phone"])
def page(request, chromium, address):
    opened = chromium.new_page(viewport={"width": request.param, "height": 850}, locale="fr-FR")
    opened.hosts, opened.errors = set(), []
    opened.on("request", lambda r: opened.hosts.add(r.url.split("/")[2].split(":")[0]) if r.url.startswith("http") else None)
    opened.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
    opened.goto(address)
    opened.wait_for_selector("#question textarea")
    yield opened
    assert opened.hosts == {"127.0.0.1"}
    assert opened.errors == []
    opened.close()


def ask(page, question, nth=0):
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.locator(".answer").nth(nth).wait_for(timeout=20_000)
    return page.locator(".answer").nth(nth)


def test_a_question_gets_its_answer_and_sources(page):
    answer = ask(page, "Quelles sont les priorités de la coopération en matière de justice ?")
    text = answer.inner_text()
    assert text.count("[1]") >= 6
    assert "justice internationale" in text
    source = answer.locator(".source").first
    assert "policies/justice.md" in source.inner_text()
    assert source.locator("mark").count() >= 6
    assert source.locator("a").get_attribute("href").startswith("https://")


def test_an_example_is_asked_with_a_click(page):
    page.get_by_text("Jusqu'à quel âge peut-on partir en VIE ?").click()
    page.locator(".answer").first.wait_for(timeout=20_000)
    assert "28 ans" in page.locator(".answer").first.inner_text()


def test_a_conversation_follows_up_and_starts_again(page):
    ask(page, "Quand s'est tenue la 3e édition des Journées ETI ?")
    answer = ask(page, "Et combien de participants ?", nth=1)
    assert "250" in answer.inner_text()
    page.locator("#clear").click()
    page.locator(".answer").first.wait_for(state="detached")


def test_what_is_typed_is_never_interpreted(page):
    ask(page, "<img src=x onerror=alert(1)> **quelle** est la [recette](http://exemple.org) de la tarte ?")
    assert page.locator("#conversation img").count() == 0
    assert page.locator('#conversation a[href*="exemple.org"]').count() == 0


def test_the_page_is_in_french_and_fits_its_width(page):
    assert page.evaluate("document.documentElement.lang") == "fr"
    ask(page, "Quelles missions sont ouvertes en Afrique ?")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_programs_ask_over_http(address):
    from gradio_client import Client

    answer = Client(address, verbose=False).predict("Jusqu'à quel âge peut-on partir en VIE ?", api_name="/ask")
    assert answer["outcome"] == "answered"
    assert "28 ans" in answer["answer"]
