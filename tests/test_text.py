import doctest
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import (
    asking,
    dates,
    domains,
    durations,
    eligibility,
    fields,
    filters,
    journal,
    lexical,
    listing,
    periods,
    places,
    posting,
    profile,
    registry,
    requirements,
    spelling,
    text,
    vocabulary,
)  # fmt: skip
from assistant.grounding import cited_numbers  # noqa: F401  # its module's doctests run below
from assistant.loading import markdown
from assistant.ui import desk_words, markup

DOCUMENTED = [
    text, asking, dates, domains, durations, eligibility, fields, filters, journal, lexical, listing, markdown, periods, places, posting, profile, registry,
    requirements, spelling, vocabulary, markup, desk_words,
]  # fmt: skip


@pytest.mark.parametrize("module", DOCUMENTED)
def test_examples_in_docstrings(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@given(st.text())
def test_normalise_is_idempotent_and_nfc(value):
    once = text.normalise(value)
    assert text.normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once


@given(st.text(alphabet="abc .!?\n«»éA1,", max_size=200))
def test_sentences_are_ordered_and_lose_no_word(value):
    spans = text.sentences(value)
    assert all(a < b <= c < d for (a, b), (c, d) in pairwise(spans))
    outside = "".join(value[a:b] for a, b in spans)
    assert [c for c in outside if not c.isspace()] == [c for c in value if not c.isspace()]


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("Art. 3 du décret n° 73-321. Il date de 1973.", 2),
        ("M. Jérémie P. est venu. Il parlait.", 2),
        ("Trois choses :\n- a\n- b", 3),
        ("Il coûte 1.5 million. Ensuite ?", 2),
    ],
)
def test_sentences_keep_abbreviations_whole(value, count):
    assert len(text.sentences(value)) == count


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Quelles sont les priorités ?", "fr"),
        ("How long does a mission last?", "en"),
        ("jpeux partir en VIE a 30 ans", "fr"),
        ("missions open in Africa", "en"),
    ],
)
def test_language_of_questions(question, language):
    assert text.language_of(question) == language


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Quel est le salaire d'un magistrat à l'étranger ?", "amount"),
        ("Combien de personnes sont venues ?", "count"),
        ("Quelle est la durée moyenne d'une mission ?", "duration"),
        ("Jusqu'à quel âge peut-on partir ?", "age"),
        ("En quelle année le dispositif a-t-il été créé ?", "date"),
        ("Dans quels pays sont les missions ?", "place"),
        ("Quels sont les profils recherchés ?", "list"),
        ("Qui a ouvert la journée ?", "person"),
        ("Pourquoi refuser un détachement ?", "reason"),
        ("Comment postuler ?", "manner"),
        ("What are the six priorities for justice?", "list"),
        ("How many experts were deployed?", "count"),
    ],
)
def test_asked_for(question, asked):
    assert asking.asked_for(question).value == asked
