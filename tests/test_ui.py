"""What the pages are made of, without a browser: HTML, chips, exports, pictures of pages."""

import datetime as dt
import io
import json

import pytest

from assistant.chat import Chat
from assistant.dates import PARIS
from assistant.filters import read
from assistant.schema import Answer, Condition, Facet, Filters, Mission, MissionEntry, Order, Outcome
from assistant.ui import chips, exports, missions, render, scans
from assistant.ui.markup import button, text_html
from assistant.ui.words import WORDS
from tests.test_docs import ROOT

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=PARIS)
HOSTILE = '<img src=x onerror=alert(1)> [lien](http://exemple.org) *gras* "guillemets"'


def entry(title="Conseil", days=10, **fields):
    deadline = NOW + dt.timedelta(days=days) if days is not None else None
    mission = Mission("missions/a.md", title, deadline=deadline, **fields)
    return MissionEntry(mission, mission.is_open(NOW))


def test_no_word_of_a_text_is_interpreted():
    for html in (
        text_html(HOSTILE),
        text_html(f"- {HOSTILE}"),
        missions.table([entry(HOSTILE, organisation=HOSTILE)], "fr", NOW.date(), opens=True),
    ):
        assert "<img" not in html and "](" not in html and "*gras*" not in html
    sent = button("dire", "ask", {"question": HOSTILE})
    assert "<img" not in sent and sent.count('"') == 8


def test_marks_open_their_source():
    assert text_html("Dit [1, 2].").count('data-source="') == 2


def test_a_table_says_each_state_in_words_and_sorts_by_date():
    entries = [entry(days=1), entry(days=40), entry(days=-1), entry(days=None, sample=True)]
    table = missions.table(entries, "fr", NOW.date())
    for word in ("demain", "ouverte", "close", "date limite inconnue", "exemple fictif"):
        assert word in table
    assert "dans 40 jours" not in table
    assert 'data-sort="2026-11-23T12:00:00+01:00"' in table


@pytest.mark.parametrize(
    "question", ["Missions en justice au Sénégal ou en Tunisie, hors CDD, avant fin mars", "Quelle est la mission la plus longue en Asie ?"]
)
def test_filters_come_back_from_the_page_as_they_were(chat, question):
    filters = read(question, NOW.date(), chat.generation().registry).filters
    assert filters.conditions
    assert chips.from_json(json.loads(json.dumps(chips.to_json(filters)))) == filters


def test_a_removed_chip_leaves_the_other_filters():
    filters = Filters(
        (Condition(Facet.PLACE, frozenset({"SN"})), Condition(Facet.CONTRACT, frozenset({"CDD"}))), Order(Facet.MONTHS, largest=True)
    )
    shown = chips.chips(filters, "fr")
    assert shown.count("<button") == 3
    assert "Retirer le filtre « Sénégal »" in shown
    assert chips.chips(Filters(), "fr") == ""


@pytest.mark.parametrize(
    "sent",
    [{}, {"conditions": 3, "order": None}, {"conditions": [{"facet": "nothing", "values": [], "low": None, "high": None, "negated": False}], "order": None},
     {"conditions": [{"facet": "place", "values": [3], "low": None, "high": None, "negated": False}], "order": None},
     {"conditions": [{"facet": "months", "values": [], "low": "x", "high": None, "negated": False}], "order": None}],
)  # fmt: skip
def test_what_is_no_filter_is_refused(sent):
    with pytest.raises(ValueError):
        chips.from_json(sent)


def test_a_table_of_missions_opens_in_a_spreadsheet_and_computes_nothing():
    text = exports.missions_csv([entry("=HYPERLINK(1)", reference="2026/A/1", countries=("SN",))], "fr")
    assert text.startswith("\ufeffMission;")
    row = text.split("\r\n")[1].split(";")
    assert row[0] == "'=HYPERLINK(1)"
    assert row[3] == "Sénégal"
    assert "2026-12-02 12:00" in row


def test_a_calendar_holds_each_known_deadline_in_the_form_of_the_standard():
    long = "Conseil, appui ; formation " + "é" * 80
    text = exports.deadlines_ics([entry(long, sample=True), entry(days=None)], "fr", NOW)
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20261202T110000Z" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert "Conseil\\, appui \\; formation" in unfolded and "exemple fictif" in unfolded


def test_a_conversation_is_exported_with_its_sources():
    turns = [exports.Told(question="Quel âge ?", answer="De 18 à 28 ans [1].", sources=["[1] VIE (guides/vie.md) : « 18 »"])]
    text = exports.conversation_markdown(turns, "fr", NOW)
    assert "## Question : Quel âge ?" in text and "- [1] VIE (guides/vie.md)" in text


def test_an_answer_shows_its_sources_engine_and_follow_ups(chat):
    answer = chat.answer("Combien d'experts étaient en poste fin 2023 ?", now=NOW)
    html = render.answer_html(answer, None, "fr", NOW)
    assert "<mark>" in html and "sans modèle de langue" in html and "peut se tromper" in html
    assert render.source_names(answer)[0].startswith("[1] ")
    english = render.answer_html(answer, None, "en", NOW)
    assert 'lang="en"' in english and "without a language model" in english


def test_a_list_keeps_what_was_not_taken_into_account(chat):
    answer = Answer(Outcome.LISTING, "1 mission trouvée : 1 ouverte.\n- ligne\nNon pris en compte : « plage ».", missions=(entry(),))
    html = render.answer_html(answer, None, "fr", NOW)
    assert "Non pris en compte" in html and "ligne" not in html and "<table" in html


def test_an_empty_list_keeps_the_items_quoted_before_it(chat):
    text = "Appel — Les missions : « Deux missions : »\n- « santé » [1]\n\nAucune mission ne correspond. Les plus proches :\n- ligne"
    html = render.answer_html(Answer(Outcome.LISTING, text, alternatives=(entry(),)), None, "fr", NOW)
    assert "santé" in html and "ligne" not in html and "<table" in html


def test_follow_ups_are_answered(chat):
    first = chat.answer("Combien d'experts étaient en poste fin 2023 ?", now=NOW)
    assert first.suggestions
    for one in first.suggestions:
        assert chat.answer(one.question, now=NOW).outcome in {Outcome.ANSWERED, Outcome.LISTING}


def test_both_languages_say_everything():
    french, english = WORDS["fr"], WORDS["en"]
    for name in french.__slots__:
        one, other = getattr(french, name), getattr(english, name)
        assert type(one) is type(other) and bool(one) == bool(other), name
        if isinstance(one, str):
            assert one.count("{") == other.count("{"), name
        else:
            assert len(one) == len(other), name


def test_the_picture_of_a_page_has_its_quote_marked(embedder):
    from PIL import Image

    path = ROOT / "corpus/guides/contrat-statut.pdf"
    quote = "L'agent mis à disposition garde son emploi et reste payé par son administration"
    plain, marked = scans.draw(path, 3, []), scans.draw(path, 3, [quote])
    yellow = (255, 232, 110)
    assert yellow not in {colour for _, colour in Image.open(io.BytesIO(plain)).convert("RGB").getcolors(1_000_000)}
    counts = {colour: count for count, colour in Image.open(io.BytesIO(marked)).convert("RGB").getcolors(1_000_000)}
    assert counts[yellow] > 5_000


def test_a_page_that_cannot_be_drawn_gives_none(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 broken")
    assert scans.page_png(tmp_path / "a.pdf", 0, 1, ()) is None


def test_a_list_is_asked_again_without_a_chip(built, embedder):
    chat = Chat(built, embedder)
    every = chat.list_missions(Filters(), "fr", NOW)
    fewer = chat.list_missions(Filters((Condition(Facet.STATE, frozenset({"open"})),)), "fr", NOW)
    assert 0 < len(fewer.missions) < len(every.missions)
