"""The chat in a real Chromium: what a candidate and a member of staff do with it, at both widths."""

import pytest

from assistant.journal import Journal
from tests.browser.conftest import ask, fits, serving
from tests.fakes import Script, model_server

pytestmark = pytest.mark.browser
LIST = "Quelles missions sont ouvertes en Afrique ?"


def saved(page, action):
    with page.expect_download() as waiting:
        action()
    return waiting.value.suggested_filename, open(waiting.value.path(), encoding="utf-8").read()


def test_a_question_gets_its_answer_and_a_mark_opens_its_source(page):
    answer = ask(page, "Quelles sont les priorités de la coopération en matière de justice ?")
    assert answer.locator(".cite").count() >= 6
    assert "justice internationale" in answer.inner_text()
    source = answer.locator(".source").first
    assert not source.locator("mark").first.is_visible()
    answer.locator(".cite").first.click()
    source.locator("mark").first.wait_for()
    assert "policies/justice.md" in source.inner_text()
    assert source.locator("mark").count() >= 6
    assert source.locator("a").get_attribute("href").startswith("https://")
    assert "sans modèle de langue" in answer.inner_text() and "peut se tromper" in answer.inner_text()


def test_a_source_in_a_pdf_shows_its_page(page):
    answer = ask(page, "Qu'est-ce que la mise à disposition des experts nationaux détachés ?")
    scan = answer.locator(".source:has(img.scan)").first
    scan.locator("summary").click()
    picture = scan.locator("img.scan")
    picture.scroll_into_view_if_needed()
    for _ in range(40):
        if picture.evaluate("image => image.naturalWidth") > 400:
            break
        page.wait_for_timeout(250)
    assert picture.evaluate("image => image.naturalWidth") > 400
    assert "Page" in picture.get_attribute("alt")


def test_a_list_sorts_narrows_and_is_taken_away(page, width):
    answer = ask(page, LIST)
    rows = answer.locator("tbody tr")
    count = rows.count()
    assert count >= 4 and "exemple fictif" in answer.inner_text()
    if width > 400:
        countries = [row.locator("td").nth(1).inner_text() for row in rows.all()]
        answer.get_by_role("button", name="Trier par Pays").click()
        assert [row.locator("td").nth(1).inner_text() for row in rows.all()] == sorted(countries)
    name, calendar = saved(page, lambda: answer.get_by_role("button", name="Agenda").click())
    assert name == "missions.ics" and calendar.count("BEGIN:VEVENT") == count
    name, table = saved(page, lambda: answer.get_by_role("button", name="CSV").click())
    assert name == "missions.csv" and table.count("\n") == count + 1
    answer.get_by_role("button", name="Retirer le filtre « Afrique »").click()
    page.locator(".answer").nth(1).wait_for()
    assert page.locator(".answer").nth(1).locator("tbody tr").count() > count
    assert fits(page)


def test_a_follow_up_is_offered_and_asked_with_a_click(page):
    answer = ask(page, "Jusqu'à quel âge peut-on partir en VIE ?")
    assert "28 ans" in answer.inner_text()
    answer.locator(".follow-ups button").first.click()
    page.locator(".answer").nth(1).wait_for(timeout=20_000)
    assert page.locator(".answer").nth(1).locator(".source").count() >= 1


def test_an_example_is_asked_with_a_click(page):
    page.get_by_text("Jusqu'à quel âge peut-on partir en VIE ?").click()
    page.locator(".answer").first.wait_for(timeout=20_000)
    assert "28 ans" in page.locator(".answer").first.inner_text()


def test_a_conversation_follows_up_starts_again_and_is_kept_in_the_browser(page):
    ask(page, "Quand s'est tenue la 3e édition des Journées ETI ?")
    answer = ask(page, "Et combien de participants ?", nth=1)
    assert "250" in answer.inner_text()
    page.locator("#clear").click()
    page.locator(".answer").first.wait_for(state="detached")
    page.reload()
    page.wait_for_selector("#question textarea")
    page.locator(".toggle-button").click()
    page.get_by_role("button", name="Ouvrir « Quand s'est tenue").click()
    page.locator(".answer").nth(1).wait_for()
    page.get_by_role("button", name="Supprimer « Quand s'est tenue").click()
    page.get_by_text("Aucune conversation gardée.").wait_for()


def test_a_question_is_asked_again_and_edited(page):
    ask(page, "Quel âge faut-il pour l'étranger en VIA ?")
    page.get_by_role("button", name="Réessayer").click()
    page.locator(".answer").first.wait_for(state="detached")
    page.locator(".answer").first.wait_for()
    assert page.locator(".answer").count() == 1
    page.locator("#send").wait_for()
    page.get_by_role("button", name="Modifier").click()
    field = page.locator("#conversation textarea")
    assert field.input_value() == "Quel âge faut-il pour l'étranger en VIA ?"
    field.fill("Quelle indemnité pour un VIE ?")
    page.locator("#conversation").get_by_role("button", name="Envoyer").click()
    page.locator("#conversation .answer", has_text="€").wait_for()
    assert page.locator(".answer").count() == 1
    assert "Quelle indemnité" in page.locator("#conversation .user-row").inner_text()


def test_what_is_copied_is_what_is_read(visit):
    page = visit("/", permissions=["clipboard-read", "clipboard-write"])
    page.wait_for_selector("#question textarea")
    ask(page, "Jusqu'à quel âge peut-on partir en VIE ?")
    page.locator("#conversation .message-buttons button[title^=Cop]").last.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "28 ans" in copied and "<" not in copied


def test_a_thumb_down_asks_why_and_a_conversation_is_exported(page):
    ask(page, "Quel âge pour un VIA ?")
    page.locator(
        "#conversation button[title*='islike'], #conversation button[aria-label*='islike'], #conversation button[aria-label*='aime pas']"
    ).first.click()
    page.locator("#reason").get_by_label("incomplet").check()
    page.locator("#reason button").click()
    page.get_by_text("Merci, c'est noté.").wait_for()
    name, text = saved(page, lambda: page.locator("#export").click())
    assert name == "conversation.md" and "Quel âge pour un VIA ?" in text and "guides/via.md" in text


def test_what_is_typed_is_never_interpreted(page):
    ask(page, "<img src=x onerror=alert(1)> **quelle** est la [recette](http://exemple.org) de la tarte ?")
    assert page.locator("#conversation .message img").count() == 0
    assert page.locator('#conversation a[href*="exemple.org"]').count() == 0


def test_the_page_is_in_french_and_fits_its_width(page):
    assert page.evaluate("document.documentElement.lang") == "fr"
    ask(page, LIST)
    assert fits(page)


def test_the_page_follows_the_browsers_language_and_a_switch(visit):
    page = visit("/", locale="en-GB")
    page.wait_for_url("**/en/**")
    page.wait_for_selector("#question textarea")
    assert page.evaluate("document.documentElement.lang") == "en"
    answer = ask(page, "What is the age limit for a VIE?")
    assert "28 ans" in answer.inner_text() and "Answer made of exact quotes" in answer.inner_text()
    page.get_by_role("link", name="Français").click()
    page.wait_for_function("document.documentElement.lang === 'fr'")
    page.wait_for_selector("#question textarea")


def test_a_link_opens_with_its_question(visit, width):
    page = visit("/?q=Jusqu%27%C3%A0%20quel%20%C3%A2ge%20peut-on%20partir%20en%20VIE%20%3F", width)
    page.locator(".answer").first.wait_for(timeout=20_000)
    assert "28 ans" in page.locator(".answer").first.inner_text()


def test_the_keyboard_alone_asks_and_opens_a_source(visit):
    page = visit("/")
    page.wait_for_selector("#question textarea")
    page.locator("#question textarea").focus()
    page.keyboard.type("Jusqu'à quel âge peut-on partir en VIE ?")
    page.keyboard.press("Enter")
    page.locator(".answer .cite").first.wait_for(timeout=20_000)
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('cite')"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.locator(".source[open] mark").first.wait_for()


def test_an_unrecorded_question_leaves_no_trace(visit, served):
    page = visit("/")
    page.wait_for_selector("#question textarea")
    ask(page, "Quelle est la capitale du duché de Strelsau ?")
    page.get_by_label("Ne pas enregistrer mes questions").check()
    ask(page, "Quelle est la capitale du royaume de Zembla ?", nth=1)
    kept = [question for _, question, _ in Journal(served[1] / "data").questions()]
    assert any("Strelsau" in question for question in kept)
    assert not any("Zembla" in question for question in kept)


def test_an_answer_streams_and_is_stopped(chromium, tmp_path):
    script = Script("Les experts partent longtemps [1]. ", endless=True, pause=0.4)
    with model_server(script) as model, serving(tmp_path, LLM="openai:fake", LLM_BASE_URL=model, LLM_API_KEY="x") as url:
        page = chromium.new_page(locale="fr-FR")
        page.goto(url)
        page.wait_for_selector("#question textarea")
        page.fill("#question textarea", "Combien de temps peut durer une mission d'ETI ?")
        page.keyboard.press("Enter")
        page.get_by_text("Les experts partent longtemps").first.wait_for(timeout=20_000)
        page.locator("#stop").click()
        page.locator("#send").wait_for()
        page.get_by_text("Réponse arrêtée").wait_for()
        page.wait_for_timeout(1_000)
        assert "Les experts partent" not in page.locator("#conversation").inner_text()
        page.close()


def test_programs_ask_over_http(address):
    from gradio_client import Client

    answer = Client(address, verbose=False).predict("Jusqu'à quel âge peut-on partir en VIE ?", api_name="/ask")
    assert answer["outcome"] == "answered"
    assert "28 ans" in answer["answer"]
