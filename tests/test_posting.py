"""Questions about one posting: answered from its fields, or said not to be given."""

import pytest

from assistant.posting import field_asked
from assistant.schema import Outcome, Turn


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        ("Jusqu'à quand peut-on candidater au poste d'Arusha ?", "missions/conseiller-secretaire-general-eac.html", "08/06/2025 23:55"),
        ("Quelle est la durée de la mission 13128 ?", "missions/conseiller-secretaire-general-eac.html", "2 ans"),
        ("Le poste chez les Malgaches, il dure combien de mois ?", "missions/exemple-agroecologie-antananarivo.html", "36 mois"),
        ("diplome demander poste niamey epidemio", "missions/exemple-epidemiologie-niamey.md", "doctorat"),
        ("Which languages does the Nairobi job require?", "missions/sample-digital-services-nairobi.html", "English C1 ; French B2"),
        ("Combien de temps dure le poste de SERA à Tunis publié en décembre 2025 ?", "missions/charge-sera-tunis-2025.md", "8 mois"),
        ("2025/PM/13555: when did applications close?", "missions/public-service-reform-jordan.html", "2025/08/06 15:39"),
    ],
)
def test_a_field_of_one_posting_is_quoted_from_its_sheet(shipped_chat, now, question, document, words):
    answer = shipped_chat.answer(question, now=now)
    assert answer.outcome is Outcome.ANSWERED
    assert {citation.document for citation in answer.citations} == {document}
    assert any(words in citation.quote for citation in answer.citations)


def test_a_closed_posting_is_said_closed(shipped_chat, now):
    answer = shipped_chat.answer("Puis-je encore postuler au poste d'Arusha ?", now=now)
    assert "est close" in answer.text
    assert "est ouverte" not in answer.text


def test_a_field_that_the_sheet_lacks_is_said_to_be_missing(shipped_chat, now):
    answer = shipped_chat.answer("Quand commence le poste d'Arusha ?", now=now)
    assert answer.outcome is Outcome.NOT_FOUND
    assert "ne précise pas la date de début" in answer.text


def test_a_sheet_that_says_it_does_not_say_is_quoted(shipped_chat, now):
    answer = shipped_chat.answer("Quel diplôme faut-il pour le poste de Bujumbura ?", now=now)
    assert answer.outcome is Outcome.ANSWERED
    assert "n'est pas repris ici" in answer.citations[0].quote


def test_a_follow_up_is_about_the_posting_before(shipped_chat, now):
    answer = shipped_chat.answer("Elle commence quand ?", history=[Turn("Parle-moi de la mission de Hanoï")], now=now)
    assert {citation.document for citation in answer.citations} == {"missions/exemple-education-hanoi.html"}
    assert "01/04/2027" in answer.text or "1er avril 2027" in answer.text


def test_a_place_without_posting_names_none(shipped_chat, now):
    answer = shipped_chat.answer("Quelle est la date limite du poste à Oulan-Bator ?", now=now)
    assert not any(citation.document.startswith("missions/") for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("c'est payé combien ?", "salary"), ("C'est dans quelle ville ?", "city"), ("Peut-on télétravailler ?", "remote"), ("Qui recrute ?", "organisation"),
        ("Who funds it?", "sponsor"), ("Quand a-t-elle été publiée ?", "published"), ("Que fait-on là-bas ?", None),
    ],
)  # fmt: skip
def test_the_field_asked_for(question, field):
    assert field_asked(question) == field
