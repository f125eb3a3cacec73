"""The missions page and the maintainer's hour in a real Chromium, and what a checker of accessibility says of every page."""

import json

import pytest

from tests.browser.conftest import PASSWORD, ask, fits

pytestmark = pytest.mark.browser


@pytest.fixture
def missions(visit, width):
    page = visit("/missions/", width)
    page.wait_for_selector("table.missions tbody tr")
    return page


def rows(page):
    return page.locator("#missions-table tbody tr")


def test_missions_are_open_ones_first_then_narrowed_by_filters_and_words(missions):
    count = rows(missions).count()
    assert count > 5
    assert all("ouverte" in row.inner_text() for row in rows(missions).all())
    missions.locator("#open-now input").uncheck()
    missions.wait_for_function(f"document.querySelectorAll('#missions-table tbody tr').length > {count}")
    assert "close" in missions.locator("#missions-table").inner_text()
    missions.locator("#free-text input, #free-text textarea").fill("cybersécurité")
    missions.wait_for_function("document.querySelectorAll('#missions-table tbody tr').length < 10")
    assert "ybersécurité" in missions.locator("#missions-table").inner_text()
    missions.locator("#free-text input, #free-text textarea").fill("zzzz")
    missions.get_by_text("Aucune mission ne correspond").wait_for()
    assert fits(missions)


def test_plots_are_tables_too(missions):
    missions.locator("#by-zone svg, #by-zone canvas").first.wait_for()
    missions.locator("details.as-table summary").first.click()
    assert "Afrique" in missions.locator("details.as-table table").first.inner_text()


def test_a_row_opens_its_sheet_from_which_one_asks(missions):
    missions.locator("#missions-table button.link").first.click()
    sheet = missions.locator(".sheet")
    sheet.wait_for()
    assert "Ce que la fiche demande" in sheet.inner_text() and "lu dans" in sheet.inner_text()
    sheet.get_by_role("link", name="Poser une question sur cette mission").click()
    missions.locator(".answer").first.wait_for(timeout=20_000)
    missions.locator("#send").wait_for()
    assert missions.locator(".answer .source, .answer table").count() >= 1


def leave(page, path):
    """Go to another page once what was asked of this one has ended: Gradio complains of what it must abandon."""
    page.wait_for_timeout(1_500)
    page.goto("/".join(page.url.split("/")[:3]) + path)


def sign_in(page):
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#files table")


def test_a_maintainers_hour(visit, served, tmp_path, width):
    corpus = served[1] / "corpus"
    names = [f"note-{width}-{number}.md" for number in range(4)]
    for name in names:
        (tmp_path / name).write_text(f"# La coopération {name}\n\nLa fiche {name} décrit la coopération décentralisée.\n")
    bad = f"faux-{width}.pdf"
    (tmp_path / bad).write_text("pas un PDF")
    (tmp_path / "programme.exe").write_bytes(b"MZ")
    page = visit("/maintenance/", width)
    assert page.url.endswith("/maintenance/login")
    sign_in(page)
    page.set_input_files("#uploaded input[type=file]", [str(tmp_path / name) for name in [*names, bad, "programme.exe"]])
    page.locator("#uploaded", has_text="programme").wait_for()
    page.click("#add")
    page.locator("#files-told", has_text="programme.exe a un format inconnu").wait_for()
    page.get_by_role("tab", name="Index").click()
    page.click("#dry-run")
    page.locator("#outcome", has_text="5 nouveaux").wait_for()
    page.click("#run-index")
    page.locator("#outcome", has_text="Index à jour").wait_for(timeout=60_000)
    assert "s'appelle .pdf mais n'est pas un PDF" in page.locator("#outcome").inner_text()
    page.locator("#versions", has_text="5 nouveaux").wait_for()
    page.click("#roll-back")
    page.locator("#outcome", has_text="est servie").wait_for()
    page.click("#run-index")
    page.locator("#outcome", has_text="Index à jour").wait_for(timeout=60_000)
    page.get_by_role("tab", name="Documents").click()
    page.locator("#files", has_text=bad).wait_for()
    page.locator("#doomed input").fill(bad)
    page.get_by_role("option", name=bad).click()
    page.keyboard.press("Escape")
    page.click("#remove")
    page.locator("#files-told", has_text="Retiré").wait_for()
    assert not (corpus / "missions" / bad).exists()
    assert fits(page)


def test_a_maintainer_reads_what_users_did_not_find(visit, width):
    page = visit("/", width)
    page.wait_for_selector("#question textarea")
    ask(page, "Quel est le salaire en yens d'un expert à Tokyo ?")
    leave(page, "/maintenance/")
    sign_in(page)
    page.get_by_role("tab", name="Questions").click()
    page.locator("#unmet", has_text="yens").wait_for()
    with page.expect_download() as waiting:
        page.click("#save-unmet")
    assert "yens" in open(waiting.value.path(), encoding="utf-8").read()
    page.locator("#usage table").wait_for()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/maintenance/login")


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        json.dumps([one["id"], [node["html"][:120] for node in one["nodes"][:2]]], ensure_ascii=False)
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_obstacle_on_any_page(visit, width, scheme):
    page = visit("/", width, color_scheme=scheme)
    page.wait_for_selector("#question textarea")
    page.wait_for_timeout(500)
    assert violations(page) == []
    ask(page, "Quelles missions en Afrique ?")
    answer = ask(page, "Qui paie l'expert national détaché (END) ?", nth=1)
    answer.locator(".cite").first.click()
    assert violations(page) == []
    leave(page, "/missions/")
    page.locator("#missions-table button.link").first.click()
    page.wait_for_selector(".sheet")
    page.wait_for_timeout(500)
    assert violations(page) == []
    leave(page, "/maintenance/")
    assert violations(page) == []
    sign_in(page)
    for tab in ("Documents", "Index", "Questions"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(700)
        assert violations(page) == []


@pytest.mark.parametrize("path", ["/", "/missions/", "/en/", "/en/missions/", "/maintenance/", "/en/maintenance/"])
def test_every_page_holds_at_twice_the_size(visit, path):
    page = visit(path, 640, 480, device_scale_factor=2)
    page.wait_for_selector("h1")
    page.wait_for_timeout(800)
    assert fits(page)
    assert page.evaluate("document.documentElement.lang") == ("en" if path.startswith("/en") else "fr")
