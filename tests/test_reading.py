"""What can be quoted in a passage, and how likely it is read to answer."""

import numpy as np
import pytest

from assistant import reading
from assistant.expansion import expand
from assistant.question import understand
from assistant.retrieval import passages, search
from assistant.units import quotable


@pytest.fixture
def read(indexed, embedder):
    """Return a function that gives what can be quoted for a question in texts, and the probability of each."""

    def ask(texts, question):
        generation = indexed(texts)
        query = understand(question)
        found = [unit for one in passages(generation, search(generation, embedder, query, 8)) for unit in quotable(one)]
        view = reading.view(query.text, generation.lexical.idf, expand(query.text, query.language, generation.lexical))
        candidates = [unit.candidate for unit in found]
        features = reading.features(view, candidates)
        return found, features, reading.predict(features)

    return ask


GUIDE = """# Guide du départ

## Le congé

Le congé annuel est de vingt-cinq jours. Il est porté à trente jours hors d'Europe. La demande est adressée au bureau des carrières.

## Le dossier

Le dossier comprend :

- un curriculum vitae
- une lettre de motivation
- la copie du diplôme

## Les indemnités

| Pays | Montant |
|---|---|
| Togo | 1 200 euros |
| Bénin | 1 350 euros |
"""


def test_sentences_items_rows_and_whole_lists_can_be_quoted(read):
    found, _, _ = read({"guide.md": GUIDE}, "Que contient le dossier, et quelles sont les indemnités de congé ?")
    texts = [unit.text for unit in found]
    assert "Il est porté à trente jours hors d'Europe." in texts and "une lettre de motivation" in texts
    [whole] = [unit for unit in found if unit.is_list and unit.introduction]
    assert [whole.passage.chunk.text[a:b] for a, b in whole.items] == [
        "un curriculum vitae",
        "une lettre de motivation",
        "la copie du diplôme",
    ]
    [row] = [unit for unit in found if "Togo" in unit.text and not unit.is_list]
    assert row.is_row and row.candidate.text == "Pays : Togo ; Montant : 1 200 euros"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Combien de jours de congé annuel a-t-on ?", "vingt-cinq"),
        ("À qui adresser la demande de congé ?", "bureau des carrières"),
        ("Quel est le montant de l'indemnité au Bénin ?", "1 350"),
        ("How many days of annual leave?", "jours"),
    ],
)
def test_what_answers_is_the_likeliest(read, question, answer):
    found, _, likely = read({"guide.md": GUIDE}, question)
    assert answer in found[int(np.argmax(likely))].text


def test_features_are_finite_whatever_is_asked_and_read(read):
    for question in ("?", "12", "ETI", "la deuxième en 2019 à Lomé", "a " * 500):
        _, rows, likely = read({"guide.md": GUIDE, "vide.md": "x"}, question)
        assert rows.shape[1] == len(reading.FEATURES)
        assert np.isfinite(rows).all() and ((likely >= 0) & (likely <= 1)).all()
