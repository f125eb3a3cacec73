"""Questions about one posting: answered from its fields, or said not to be given."""

import pytest

from assistant.chat import Chat
from assistant.indexing import index_corpus
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
        (
            "Poste en Colombie contre les trafics d'espèces : quelle durée ?",
            "missions/exemple-criminalite-environnementale-bogota.md",
            "18 mois",
        ),
        ("amagara yaku burundi c ki ki finansait", "missions/amagara-yacu-bujumbura.md", "AFD"),
        ("Le poste sur les sargasses, quelle durée ?", "missions/sargasses-caraibes.md", "max 48 mois"),
        (
            "L'offre d'agroécologie à Madagascar s'adresse à quels profils : fonctionnaires, privé ?",
            "missions/exemple-agroecologie-antananarivo.html",
            "salariés du privé",
        ),
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


def test_two_fields_asked_at_once_are_both_given_or_said_missing(shipped_chat, now):
    both = shipped_chat.answer("Le poste d'adjoint de Moroni : quel contrat et pour combien de temps ?", now=now)
    assert [citation.quote for citation in both.citations] == ["Durée : 12 mois renouvelables", "Type de contrat : CDD"]
    one = shipped_chat.answer("Quelle est la rémunération et la durée du poste d'agroécologie à Madagascar ?", now=now)
    assert [citation.quote for citation in one.citations] == ["Durée : 36 mois"]
    assert "ne précise pas la rémunération" in one.text


def test_a_renewal_is_quoted_with_how_often(shipped_chat, now):
    before = [Turn("Y a-t-il une offre dans la justice au Kosovo ?"), Turn("C'est quel type de contrat ?")]
    answer = shipped_chat.answer("Et on peut le renouveler combien de fois ?", history=before, now=now)
    assert any("renouvelable une fois" in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("last", "question", "document", "words"),
    [
        ("Quand ferme l'annonce de Jakarta ?", "Et celle de Dili ?", "missions/postings.csv#exemple-90011", "05/10/2027"),
        (
            "Quel niveau d'anglais faut-il pour le poste d'agroécologie à Madagascar ?",
            "Et pour celui du Vietnam ?",
            "missions/exemple-education-hanoi.html",
            "anglais B2",
        ),
    ],
)
def test_the_same_field_of_another_posting(shipped_chat, now, last, question, document, words):
    answer = shipped_chat.answer(question, history=[Turn(last)], now=now)
    assert {citation.document for citation in answer.citations} == {document}
    assert words in answer.text


def test_a_field_asked_of_something_else_names_no_posting(shipped_chat, now):
    question = "Une fois la demande d'assistance technique déposée à L'Initiative, combien de semaines pour une réponse ?"
    answer = shipped_chat.answer(question, now=now)
    assert not any(citation.document.startswith("missions/") for citation in answer.citations)


def test_a_place_without_posting_names_none(shipped_chat, now):
    answer = shipped_chat.answer("Quelle est la date limite du poste à Oulan-Bator ?", now=now)
    assert not any(citation.document.startswith("missions/") for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("c'est payé combien ?", "salary"), ("C'est dans quelle ville ?", "city"), ("Peut-on télétravailler ?", "remote"), ("Qui recrute ?", "organisation"),
        ("Who funds it?", "sponsor"), ("Quand a-t-elle été publiée ?", "published"), ("Que fait-on là-bas ?", None), ("Le contrat est renouvelable jusqu'à quand ?", "renewal"),
    ],
)  # fmt: skip
def test_the_field_asked_for(question, field):
    assert field_asked(question) == field


def test_a_word_that_titles_hold_is_explained_by_the_documents(shipped_chat, now):
    answer = shipped_chat.answer("Que signifie SERA dans les offres ?", now=now)
    assert any("suivi" in citation.quote for citation in answer.citations)


def test_news_that_tell_another_deadline_are_said_to_disagree(tmp_path, embedder, now):
    sheet = "---\ntitle: Conseiller en statistiques agricoles, Lomé (exemple fictif)\nkind: mission\nreference: 2027/CSA/90555\ncity: Lomé\ncountry: Togo\ndeadline: 01/03/2027 12:00\n---\n\nTexte.\n"
    news = "---\ntitle: Appel à candidatures à Lomé\nkind: news\npublished: 2026-10-01\n---\n\n# Appel à candidatures à Lomé\n\nUn conseiller en statistiques agricoles est recherché à Lomé. Les candidatures sont reçues jusqu'au 15 février 2027.\n"
    for folder, name, text in (("missions", "a.md", sheet), ("news", "n.md", news)):
        (tmp_path / "corpus" / folder).mkdir(parents=True)
        (tmp_path / "corpus" / folder / name).write_text(text, encoding="utf-8")
    index_corpus(tmp_path / "corpus", tmp_path / "index", embedder)
    answer = Chat(tmp_path / "index", embedder).answer("Quelle est la date limite du poste de Lomé ?", now=now)
    assert "01/03/2027 12:00" in answer.text
    assert "Désaccord" in answer.text
    assert {citation.document for citation in answer.citations} == {"missions/a.md", "news/n.md"}
    assert all(any(p.number == citation.number for p in answer.passages) for citation in answer.citations)


SHEET = """---
kind: mission
reference: 2027/ABC/90777
title: Expert en statistiques, Lomé (exemple fictif)
---

## Description de la mission

La mission appuie un institut. Elle porte sur les enquêtes.

Les tâches sont les suivantes :

- former les agents ;
- tirer les échantillons.

## Profil recherché

Un diplôme de statistique est demandé.
"""


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("En quoi consiste la mission 90777 ?", ["La mission appuie un institut.", "Elle porte sur les enquêtes.", "Les tâches sont les suivantes :", "former les agents ;", "tirer les échantillons."]),
        ("Que demande la mission 90777 ?", ["Un diplôme de statistique est demandé."]),
        ("What skills does the mission 90777 ask for?", ["Un diplôme de statistique est demandé."]),
    ],
)  # fmt: skip
def test_a_section_of_a_sheet_is_quoted_from_its_beginning_its_list_whole(tmp_path, embedder, now, question, quotes):
    from assistant.chat import Chat
    from assistant.indexing import index_corpus

    corpus = tmp_path / "corpus" / "missions"
    corpus.mkdir(parents=True)
    (corpus / "a.md").write_text(SHEET)
    index_corpus(tmp_path / "corpus", tmp_path / "index", embedder)
    answer = Chat(tmp_path / "index", embedder).answer(question, now=now)
    assert [one.quote for one in answer.citations] == quotes


@pytest.mark.parametrize("question", ["Quel est le numéro de téléphone du service ?", "Combien d'experts à la rencontre numéro 3 ?"])
def test_a_number_that_is_no_reference_asks_for_none(question):
    assert field_asked(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Quelle est la date limite pour le poste de chargé de SERA à Nouakchott ?",
        "Le conseiller en décentralisation à Lima, c'est quel type de contrat ?",
    ],
)
def test_no_other_posting_stands_in_for_one_that_is_not_there(shipped_chat, now, question):
    answer = shipped_chat.answer(question, now=now)
    assert answer.outcome is Outcome.LISTING
    assert not answer.missions and not answer.citations


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("slt c koi la dat limite pr le poste agroecologi a tananarive", "missions/exemple-agroecologie-antananarivo.html"),
        ("Combien de jours de travail pour le dépistage du sida par les pairs en RDC ?", "missions/depistage-vih-kinshasa.html"),
        ("Le conseiller anticorruption au Kosovo, quel est le dernier délai ?", "missions/exemple-justice-pristina.md"),
        (
            "Conseiller auprès du secrétaire général à Arusha, c'était prévu pour durer combien ?",
            "missions/conseiller-secretaire-general-eac.html",
        ),
    ],
)
def test_a_posting_is_known_by_the_words_people_have_for_it(shipped_chat, now, question, document):
    assert {citation.document for citation in shipped_chat.answer(question, now=now).citations} == {document}


def test_the_same_question_about_another_posting(shipped_chat, now):
    before = [Turn("Le coordonnateur modernisation de la fonction publique en Guinée, date limite de candidature ?")]
    answer = shipped_chat.answer("Même question pour l'expert gouvernance locale de Boma", history=before, now=now)
    assert [citation.quote for citation in answer.citations] == ["Date limite de candidature : 24/03/2025 17:00 (Kinshasa)"]


def test_a_reference_of_any_shape_names_its_posting(tmp_path, embedder, now):
    corpus = tmp_path / "corpus" / "missions"
    corpus.mkdir(parents=True)
    (corpus / "o.csv").write_text(
        "Référence,Intitulé,Pays,Durée,Début\nAB-26-101,Archives,Togo,24 mois,2027-03-04\nAB-26-102,Musées,Togo,12 mois,2027-05-01\n",
        "utf-8",
    )
    index_corpus(tmp_path / "corpus", tmp_path / "index", embedder)
    answer = Chat(tmp_path / "index", embedder).answer("Elle commence quand ?", history=[Turn("La mission AB-26-102 m'intéresse")], now=now)
    assert [citation.quote for citation in answer.citations] == ["Date de début : 2027-05-01"]


def test_where_something_takes_place_is_not_where_a_posting_is():
    assert field_asked("La revue de la stratégie a lieu quand ?") != "place"
    assert field_asked("Quel est le lieu du poste ?") == "place"
    assert field_asked("Qui contacter pour cette offre ?") == "contact"


def test_a_scheme_asked_about_is_no_posting(shipped_chat, now):
    answer = shipped_chat.answer("Qui paie l'expert national détaché (END) ?", now=now)
    assert answer.outcome is Outcome.ANSWERED
    assert not any(citation.document.startswith("missions/") for citation in answer.citations)
