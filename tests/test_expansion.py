"""What a question's words may be called in the documents."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.expansion import GLOSSARY, expand, spell_out
from assistant.lexical import LexicalIndex, analyse
from assistant.schema import Chunk


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    texts = [
        "La rémunération des experts",
        "Le conjoint et les enfants",
        "expert technique international, ETI",
        "suivi évaluation SERA",
        "le voyage",
    ]
    found = LexicalIndex.create(tmp_path_factory.mktemp("words") / "tantivy")
    found.update([Chunk(str(row), "a.md", (), text, None, 0, len(text)) for row, text in enumerate(texts)], [])
    return found


def variants(question, index, language="fr"):
    return {variant.stems for term in expand(question, language, index) for variant in term.variants}


@pytest.mark.parametrize(
    ("question", "language", "term"),
    [
        ("C'est quoi le salaire ?", "fr", "rémunération"),
        ("What is the salary?", "en", "rémunération"),
        ("Can my spouse come?", "en", "conjoint"),
        ("spouse", "fr", "conjoint"),  # too short to tell the language, and unknown
        ("la remunératoin", "fr", "rémunération"),
        ("les ENFNATS", "fr", "enfants"),
        ("un ETI", "fr", "expert technique international"),
        ("un expert technique international", "fr", "ETI"),
        ("Que signifie SERA ?", "fr", "suivi, évaluation, redevabilité, apprentissage"),
    ],
)
def test_a_word_is_also_searched_as_documents_say_it(index, question, language, term):
    assert tuple(analyse(term)) in variants(question, index, language)


def test_a_question_keeps_its_own_words(index):
    assert [term.stem for term in expand("le voyage du conjoint", "fr", index)] == analyse("voyage conjoint")


def test_known_words_are_not_respelt(index):
    assert ("conjoint",) in variants("le conjiont", index)
    assert ("conjoint",) not in variants("le conjoint", index)


def test_an_acronym_that_is_a_word_needs_capitals(index):
    meaning = tuple(analyse("volontariat international en entreprise"))
    assert meaning in variants("le contrat VIE", index)
    assert meaning not in variants("la vie à Paris", index)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("c koi kel contrat pr 1 ETI", "c'est quoi quel contrat pour 1 ETI"),
        ("Le C de CDD", "Le C de CDD"),
        ("l'ac et d'g", "l'ac et d'g"),
        ("CB PR UN ETI ?", "combien pour UN ETI ?"),
    ],
)
def test_short_forms_are_written_out(typed, read):
    assert spell_out(typed) == read


def test_every_entry_of_the_glossary_says_something():
    glossary = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))
    assert all(analyse(meaning) for meanings in glossary["acronyms"].values() for meaning in meanings)
    assert [entry for entry in glossary["everyday"] if not entry["say"] or not all(map(analyse, entry["find"]))] == []


@given(st.text(max_size=200), st.sampled_from(["fr", "en"]))
def test_any_text_can_be_expanded_and_searched(index, text, language):
    terms = expand(spell_out(text), language, index)
    assert all(variant.stems and variant.weight > 0 for term in terms for variant in term.variants)
    assert 0 <= index.unknown_share(terms) <= 1
    index.search(terms, 5)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("cb de tps dure 1 vie", "combien de temps dure 1 vie"),
        ("yavé cb dexpert en tou", "il y avait combien d'expert en tou"),
        ("larret de travail", "l'arret de travail"),
        ("les dames, lundi, demain dans la dune", "les dames, lundi, demain dans la dune"),
    ],
)
def test_messages_are_spelt_out_and_apostrophes_put_back(written, meant):
    assert spell_out(written) == meant
