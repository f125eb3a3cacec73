"""The registry: every field of every shipped sheet, filters, and the project's own question set."""

import datetime as dt
import json

import pytest

from assistant.dates import PARIS
from assistant.indexing import index_corpus
from assistant.question import understand
from assistant.schema import Condition, Facet, Filters, Order, Outcome, Turn
from assistant.store import Generation
from tests.conftest import ROOT
from tools.records import compare, read_corpus


@pytest.fixture
def registry(shipped_index):
    opened = Generation.open(shipped_index)
    yield opened.registry
    opened.close()


def documents(registry, now, *conditions, order=None):
    return [entry.mission.document for entry in registry.listed(Filters(conditions, order), now)]


def rows(name):
    return [json.loads(line) for line in (ROOT / "questions" / name).read_text(encoding="utf-8").splitlines()]


def test_every_field_of_every_sheet_is_that_of_the_table_read_by_hand():
    table = json.loads((ROOT / "questions" / "missions.json").read_text(encoding="utf-8"))
    agreement = compare(read_corpus(ROOT / "corpus"), table)
    assert agreement.precision >= 0.98, agreement.invented
    assert agreement.recall >= 0.98, agreement.missed


def test_every_quote_of_a_record_is_in_its_sheet(shipped_index, registry):
    generation = Generation.open(shipped_index)
    for mission in registry.missions():
        text = generation.document(mission.document).text
        assert all(text[e.start : e.end] == e.quote for e in mission.evidence)
    generation.close()


@pytest.mark.parametrize(("name", "exact"), [("listing.jsonl", 0.95), ("listing_ordinary.jsonl", 0.95), ("listing_varied.jsonl", 0.65)])
def test_lists_counts_and_deadlines_of_the_question_sets_are_exact(shipped_chat, name, exact):
    right, states = [], []
    for row in rows(name):
        now = dt.datetime.fromisoformat(row["as_of"]).replace(tzinfo=PARIS)
        answer = shipped_chat.answer(row["question"], history=[Turn(q) for q in row.get("history", [])], now=now)
        listed = {entry.mission.document: entry.open for entry in answer.missions}
        also = {name for entry in answer.missions for name in entry.also}
        gold = set(row["gold_files"])
        right.append(answer.outcome is Outcome.LISTING and set(listed) <= gold and gold <= set(listed) | also)
        states += [listed[name] == row["open"][name] for name in listed if name in row["open"]]
    assert sum(right) / len(right) >= exact
    assert all(states)


def test_open_ends_at_the_instant_of_the_deadline(registry):
    # 2027/EXEMPLE/90005 closes on 10/02/2027 at 00:00, the start of that day
    reference = Condition(Facet.REFERENCE, frozenset({"90005"}))
    before, at = (dt.datetime(2027, 2, day, hour, tzinfo=PARIS) for day, hour in ((9, 23), (10, 0)))
    assert [e.open for e in registry.listed(Filters((reference,)), before)] == [True]
    assert [e.open for e in registry.listed(Filters((reference,)), at)] == [False]


def test_what_a_sheet_does_not_say_never_passes_a_denial(registry, now):
    without = documents(registry, now, Condition(Facet.LANGUAGE, frozenset({"en"}), negated=True))
    assert without
    assert all(mission.languages for mission in map(registry.mission, without))


def test_order_is_open_then_unknown_then_closed(registry, now):
    states = [entry.open for entry in registry.listed(Filters(), now)]
    assert states == sorted(states, key=[True, None, False].index)
    assert set(states) == {True, None, False}


def test_a_superlative_is_among_those_that_pass_and_keeps_ties(registry, now):
    tunisia = Condition(Facet.PLACE, frozenset({"TN"}))
    longest = documents(registry, now, tunisia, order=Order(Facet.MONTHS, largest=True))
    assert longest == ["missions/formation-employabilite-tunisie.html"]


def test_an_empty_list_names_its_nearest(shipped_chat, now):
    answer = shipped_chat.answer("Quelles missions sont encore ouvertes en Tunisie ?", now=now)
    assert answer.outcome is Outcome.LISTING
    assert not answer.missions
    assert answer.alternatives
    assert all("TN" in entry.mission.countries for entry in answer.alternatives)


def test_the_filters_understood_are_said(shipped_chat, now):
    text = shipped_chat.answer("Quelles missions en CDD, hors Afrique, qui ferment avant fin juin 2027 ?", now=now).text
    assert "CDD" in text
    assert "hors Afrique" in text
    assert "30 juin 2027" in text


def test_one_posting_in_two_files_is_listed_once_and_stays_when_one_goes(tmp_path, embedder, now):
    sheet = "---\ntitle: {}\nkind: mission\nreference: 2027/ABC/12345\ncountry: Togo\ndeadline: 01/03/2027\n{}---\n\nTexte.\n"
    folder = tmp_path / "corpus" / "missions"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text(sheet.format("Conseiller", ""), encoding="utf-8")
    (folder / "b.md").write_text(sheet.format("Adviser", "duration: 12 mois\n"), encoding="utf-8")
    index_corpus(tmp_path / "corpus", tmp_path / "index", embedder)
    [entry] = Generation.open(tmp_path / "index").registry.listed(Filters(), now)
    assert (entry.mission.document, entry.also) == ("missions/b.md", ("missions/a.md",))
    (folder / "b.md").unlink()
    index_corpus(tmp_path / "corpus", tmp_path / "index", embedder)
    [entry] = Generation.open(tmp_path / "index").registry.listed(Filters(), now)
    assert (entry.mission.document, entry.also) == ("missions/a.md", ())


def test_words_like_queries_are_but_words(registry, now):
    for hostile in ('" OR "zzz', "* NEAR(zzz", "head:zzz AND", "'; DROP TABLE missions; --", '"""', "zzz*"):
        assert documents(registry, now, Condition(Facet.TEXT, frozenset({hostile}))) == []
    assert len(registry) > 40


def test_cities_in_another_language_and_topics_in_english_are_found(registry):
    today = dt.date(2026, 11, 22)
    for question, facet in (("postings in Addis Ababa", Facet.CITY), ("missions on HIV", Facet.TEXT)):
        filters = understand(question, today=today, known=registry).filters
        now = dt.datetime(2026, 11, 22, tzinfo=PARIS)
        assert filters.of(facet)
        assert registry.listed(filters, now)
