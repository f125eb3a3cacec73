"""Follow-ups rewritten to stand alone, and short questions that may rest on the last one."""

import pytest

from assistant.follow_ups import resting, standalone
from assistant.schema import Turn


def turns(*questions):
    return [Turn(question, "") for question in questions]


@pytest.mark.parametrize(
    ("question", "last", "whole"),
    [
        ("Et pour un END ?", "Quelle est la durée d'une mission d'ETI ?", "Quelle est la durée d'une mission d'END ?"),
        ("et en 2024 ?", "Combien d'experts en 2023 ?", "Combien d'experts en 2024 ?"),
        ("Et l'année d'après ?", "Combien de participants en 2022 ?", "Combien de participants en 2023 ?"),
        ("Et l'année précédente ?", "Combien de participants en 2022 ?", "Combien de participants en 2021 ?"),
        ("Et au Maroc ?", "Quelle est l'indemnité versée au Sénégal ?", "Quelle est l'indemnité versée au Maroc ?"),
        ("Et en Asie ?", "Que fait l'agence hors d'Afrique ?", "Que fait l'agence en Asie ?"),
        ("et s'il est indépendant ?", "Un fonctionnaire peut-il devenir END ?", "Un indépendant peut-il devenir END ?"),
        ("Et celle de Dili ?", "Quand ferme l'annonce de Jakarta ?", "Quand ferme l'annonce de Dili ?"),
        ("What about Asia?", "Which countries in Africa?", "Which countries in Asia?"),
    ],
)
def test_what_a_follow_up_names_takes_the_place_of_what_was_named(question, last, whole):
    assert standalone(question, turns(last)) == whole


@pytest.mark.parametrize(
    ("question", "last"),
    [
        ("Elle commence quand ?", "Parle-moi de la mission à Hanoï"),
        ("Et pour la biodiversité ?", "Quel montant le comité a-t-il prévu pour le climat en 2023 ?"),
        ("Et au Maroc ?", "Quelle différence entre le Sénégal et le Mali ?"),
        ("Pourquoi ?", "La mission est-elle prolongée ?"),
    ],
)
def test_else_the_last_question_is_added(question, last):
    assert standalone(question, turns(last)) == f"{question} ({last})"


def test_a_follow_up_of_a_follow_up_remembers_the_subject():
    told = standalone("Quelle est la quatrième ?", turns("Parle-moi de la justice", "Combien de priorités ?"))
    assert "justice" in told and "priorités" in told


@pytest.mark.parametrize(
    "question",
    ["Quelle est la durée maximale d'une mission d'expert national détaché ?", "Qui dirige l'agence des mobilités de Valbrune ?"],
)
def test_a_question_of_its_own_drops_the_old_topic(question):
    history = turns("Parle-moi de la justice")
    assert standalone(question, history) == question
    assert resting(question, history) is None


def test_a_short_question_may_rest_on_the_last_one_or_not():
    asked = "Combien de priorités thématiques ?"
    assert resting(asked, turns("Parle-moi de la justice")) == f"{asked} (Parle-moi de la justice)"
    assert resting(asked, []) is None


def test_a_long_conversation_of_follow_ups_stays_short():
    told = standalone("Et elle ?", turns(*(["Et celle-ci ?"] * 50)))
    assert len(told) < 200


@pytest.mark.parametrize(
    ("question", "last", "whole"),
    [
        (
            "Et ça peut durer combien de temps ?",
            "Quel est le budget maximum d'un jumelage ?",
            "Et ça peut durer combien de temps ? (un jumelage)",
        ),
        (
            "Et celle de Lille, combien de personnes y sont venues ?",
            "Quel était le budget du forum à Lyon ?",
            "Et celle de Lille, combien de personnes y sont venues ? (forum à Lille)",
        ),
        ("Ils sont combien à Paris ?", "Qu'est-ce que Campus France ?", "Ils sont combien à Paris ? (Campus France)"),
        (
            "Sur quels principes elle repose ?",
            "La stratégie prévoit combien par an ?",
            "Sur quels principes elle repose ? (La stratégie prévoit)",
        ),
    ],
)
def test_a_follow_up_that_asks_something_else_keeps_but_the_subject(question, last, whole):
    assert standalone(question, turns(last)) == whole


def test_what_refers_back_in_a_longer_question_does_so():
    history = turns("C'est quoi un jumelage institutionnel ?", "Qui s'en occupe en France ?")
    assert (
        standalone("Je peux leur écrire à quelle adresse mail ?", history)
        == "Je peux leur écrire à quelle adresse mail ? (un jumelage institutionnel)"
    )


def test_the_years_of_a_plan_are_not_those_of_another_country():
    history = turns("Quelle enveloppe est prévue pour le Bénin sur 2025-2028 ?")
    assert standalone("Et au Togo ?", history) == "Quelle enveloppe est prévue au Togo ?"
