import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.filters import read
from assistant.question import understand
from assistant.schema import Condition, Facet, Intent, Order, Turn
from assistant.spelling import corrected
from assistant.text import fold

TODAY = dt.date(2026, 11, 22)


def conditions(question: str) -> set[tuple[str, frozenset[str], bool]]:
    return {(one.facet.value, one.values, one.negated) for one in read(question, TODAY).filters.conditions if one.values}


def ranges(question: str) -> list[Condition]:
    return [one for one in read(question, TODAY).filters.conditions if not one.values]


@given(st.text(max_size=120))
def test_nothing_raises(question):
    read(question, TODAY)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Quelles missions au Sahel ?", [("place", {"sahel"}, False)]),
        ("missions sénégalaises ouvertes", [("place", {"SN"}, False), ("state", {"open"}, False)]),
        ("postes en Guinée équatoriale", [("place", {"GQ"}, False)]),
        ("Which open missions are not in Africa and not in Asia?", [("state", {"open"}, False), ("place", {"afrique", "asie"}, True)]),
        ("missions ouvertes sauf celles en CDD ou en CDDU", [("state", {"open"}, False), ("contract", {"CDD", "CDDU"}, True)]),
        ("missions au Niger (je ne parle pas du Nigeria)", [("place", {"NE"}, False), ("place", {"NG"}, True)]),
        ("un poste d'expert indépendant à distance", [("status", {"contractor"}, False), ("remote", {"yes"}, False)]),
        ("missions exigeant l'anglais B2", [("language", {"en:B2"}, False)]),
        ("missions demandant de l'anglais, au plus B1", [("language", {"en:A1", "en:A2", "en:B1"}, False)]),
        ("annonces rédigées en anglais", [("sheet_language", {"en"}, False)]),
        ("offres qui ne sont plus ouvertes", [("state", {"closed"}, False)]),
        ("offres pas encore closes", [("state", {"open"}, False)]),
        ("annonces sans date limite", [("state", {"unknown"}, False)]),
        ("de vraies missions, pas des exemples", [("sample", {"no"}, False)]),
        ("offres d'Expertise France", []),
        ("toutes les offres, ouvertes ou closes, en Tunisie", [("place", {"TN"}, False)]),
        ("missions financées par l'Union européenne", [("sponsor", {"eu"}, False)]),
        ("which postings are not funded by the AFD?", [("sponsor", {"afd"}, True)]),
        ("missions de finances publiques", [("domain", {"finances"}, False)]),
    ],
)
def test_conditions_named_in_words(question, expected):
    assert conditions(question) == {(facet, frozenset(values), negated) for facet, values, negated in expected}


@pytest.mark.parametrize(
    ("question", "facet", "low", "high"),
    [
        ("missions de moins de six mois", Facet.MONTHS, None, 6),
        ("missions de plus d'un an", Facet.MONTHS, 12, None),
        ("entre 7 et 11 mois", Facet.MONTHS, 7, 11),
        ("au moins dix ans d'expérience", Facet.EXPERIENCE, 10, None),
        ("au plus 5 ans d'expérience", Facet.EXPERIENCE, None, 5),
        ("j'ai 6 ans d'expérience", Facet.EXPERIENCE, None, 6),
        ("niveau bac+3", Facet.EDUCATION, 3, 3),
        ("qui ferment avant fin mars", Facet.DEADLINE, TODAY.toordinal(), dt.date(2027, 3, 31).toordinal()),
        ("mises en ligne en octobre", Facet.PUBLISHED, dt.date(2026, 10, 1).toordinal(), dt.date(2026, 10, 31).toordinal()),
        ("qui commencent en 2028", Facet.START, dt.date(2028, 1, 1).toordinal(), dt.date(2028, 12, 31).toordinal()),
    ],
)
def test_ranges_named_in_words(question, facet, low, high):
    [found] = ranges(question)
    assert found.facet is facet
    for got, wanted in ((found.low, low), (found.high, high)):
        assert (got is None) == (wanted is None)
        assert got is None or got == pytest.approx(wanted, abs=0.04)


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("la plus longue mission en Tunisie", Order(Facet.MONTHS, largest=True)),
        ("Quelle est la prochaine mission à clôturer ?", Order(Facet.DEADLINE, largest=False)),
        ("which posting is the oldest?", Order(Facet.PUBLISHED, largest=False)),
        ("qui exige le plus d'années d'expérience", Order(Facet.EXPERIENCE, largest=True)),
    ],
)
def test_superlatives(question, order):
    assert read(question, TODAY).filters.order == order


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("mision numerik a madagaskar", "mission numerique a madagascar"), ("justise en ethiopi", "justice en ethiopie"), ("azie", "asie")],
)
def test_misspelt_names_are_brought_back(misspelt, meant):
    assert corrected(misspelt) == meant


@pytest.mark.parametrize("word", ["niger", "nigeria", "formation", "logement", "public", "salaire"])
def test_known_words_are_not_corrected(word):
    assert corrected(word) == word


@pytest.mark.parametrize(
    "question",
    [
        "Combien de temps dure une mission ETI ?", "Qui publie les offres de postes END en France ?", "C'est quoi un CDDU ?", "Quelles sont les missions d'un conseiller culturel ?",
        "Which company handles medical repatriation for staff on mission?", "C'est quoi les valeurs du « type d'offre » sur une fiche de mission ?",
        "Sous quels domaines d'expertise l'agence classe-t-elle ses offres en gouvernance ?", "Chef de projet à Fort-de-France : la prise de poste était prévue à quelle date ?",
        "Poste en Colombie contre les trafics : quelle durée ?", "Quels sont les cinq axes de la stratégie agricole 2019-2024 ?", "Peut-on me licencier pendant une mission ?", "Y a-t-il une nouvelle stratégie après 2024 ?",
        "Quelle note de qualité les missions ont-elles obtenue en 2025 ?",
        "Je suis contractuelle en CDI, puis-je demander une bourse ?",
        "Le recueil de fiches de cas existe-t-il déjà en russe ?",
    ],
)  # fmt: skip
def test_questions_on_schemes_are_no_lists(question):
    assert understand(question, today=TODAY).intent is Intent.QUESTION


@pytest.mark.parametrize(
    "question",
    [
        "Quelles missions sont ouvertes en Asie ?", "un poste en Martinique ?", "Missions rwandaises", "ya koi o kenya ?", "Any mission in Colombia?", "cb de missions ouvertes ?",
        "Liste les missions du département Santé", "Recense les annonces qui ont l'Union européenne comme bailleur",
        "Lesquelles ferment ce mois-ci ?", "What can I still apply to?", "open + renewable",
    ],
)  # fmt: skip
def test_questions_for_missions_are_lists(question):
    assert understand(question, today=TODAY).intent is Intent.LISTING


def test_another_language_than_those_named():
    (one,) = understand("Quelles offres demandent une autre langue que le français et l'anglais ?", today=TODAY).filters.of(Facet.LANGUAGE)
    assert {"es", "pt", "tet"} <= one.values and not {"fr", "en"} & one.values and not one.negated


def test_follow_ups_narrow_the_list_before():
    first = [Turn("Quelles missions sont ouvertes en Afrique ?")]
    narrowed = understand("Et celles en CDD ?", first, today=TODAY).filters
    assert {one.facet for one in narrowed.conditions} == {Facet.STATE, Facet.PLACE, Facet.CONTRACT}
    moved = understand("Et en Asie ?", first, today=TODAY).filters
    assert [one.values for one in moved.of(Facet.PLACE)] == [frozenset({"asie"})]
    assert moved.of(Facet.STATE)


def test_a_new_subject_drops_the_list_before():
    query = understand("Quelles missions en justice ?", [Turn("Quelles missions sont ouvertes en Afrique ?")], today=TODAY)
    assert {one.facet for one in query.filters.conditions} == {Facet.DOMAIN}


@given(st.text(max_size=60))
def test_correcting_raises_nothing(text):
    corrected(fold(text))


def test_a_city_without_posting_is_a_city_all_the_same():
    assert conditions("des missions à Lima") == {("city", frozenset({"lima"}), False)}
    assert not conditions("des missions par les pairs")
