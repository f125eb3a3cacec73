"""A person's words against the criteria of postings and schemes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import eligibility, posting, profile
from assistant.eligibility import Verdict
from assistant.schema import Evidence, Mission, Outcome, Skill, Turn
from assistant.text import words
from tests.conftest import ROOT

MISSION = Mission(
    "a.md", "Conseiller", education_level=5, experience_years=8, languages=(Skill("fr", "C1"), Skill("en", "B2"), Skill("pt", None, required=False)),
    evidence=tuple(Evidence(name, name, 0, 1) for name in ("education", "experience", "languages")),
)  # fmt: skip


def verdicts(said, mission=MISSION):
    return {one.name: one.verdict for one in eligibility.against_posting(profile.read([said]), mission)}


@given(st.lists(st.text(max_size=120), min_size=1, max_size=3))
def test_no_words_break_the_reading_of_a_profile(told):
    read = profile.read(told)
    assert read.age is None or 0 <= read.age <= 99


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("J'ai un master, 8 ans d'expérience, français langue maternelle, anglais B2", (Verdict.MET, Verdict.MET, Verdict.MET)),
        (
            "J'ai une licence, 7 ans d'expérience, français langue maternelle, anglais B1",
            (Verdict.NOT_MET, Verdict.NOT_MET, Verdict.NOT_MET),
        ),
        ("Je suis juriste", (Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN)),
        ("Doctorat, dix ans d'expérience, français C1", (Verdict.MET, Verdict.MET, Verdict.UNKNOWN)),
    ],
)
def test_each_criterion_is_met_not_met_or_unknown(said, expected):
    assert tuple(verdicts(said)[name] for name in ("education", "experience", "languages")) == expected


def test_only_what_is_unknown_is_asked_back_and_but_once():
    criteria = eligibility.against_posting(profile.read(["J'ai un master, 9 ans d'expérience, français C1"]), MISSION)
    assert eligibility.question_back(criteria, "fr") == "Quel est votre niveau en anglais (de A1 à C2) ?"


def test_the_later_word_counts():
    assert profile.read(["J'ai 27 ans", "Et si j'avais 30 ans ?"]).age == 30


def test_the_question_set_of_profiles(shipped_chat, now):
    """Each criterion of the set: its verdict, and the words of the documents that set it."""
    right = quoted = total = 0
    for line in (ROOT / "questions" / "eligibility.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = shipped_chat.answer(row["question"], history=[Turn(q) for q in row.get("history", [])], now=now)
        said = " ".join(words(" ".join([answer.text, *(c.quote for c in answer.citations)])))
        for criterion in row["criteria"]:
            total += 1
            quoted += " ".join(words(criterion["span"])) in said
            right += any(
                line.startswith(f"- {label} — {_VERDICTS[criterion['verdict']][english]}")
                for label in _LABELS[criterion["criterion"]]
                for english in (0, 1)
                for line in answer.text.split("\n")
            )
    assert right / total >= 0.9
    assert quoted / total >= 0.9


_LABELS = {
    "status": ("Statut", "Status"), "education": ("Diplôme", "Degree"), "experience": ("Expérience", "Experience"), "languages": ("Langues", "Languages"), "age": ("Âge", "Age"),
    "nationality": ("Nationalité", "Nationality"), "residence": ("Années à l'étranger", "Years abroad"), "profession": (),
}  # fmt: skip
_VERDICTS = {
    "met": ("condition remplie", "condition met"),
    "not_met": ("condition non remplie", "condition not met"),
    "unknown": ("à vérifier", "to be checked"),
}


def test_what_may_i_apply_to_lists_the_open_postings_that_nothing_rules_out(shipped_chat, now):
    answer = shipped_chat.answer(
        "Je suis magistrat, 16 ans d'expérience, master, anglais C1 et français C1 : à quoi puis-je prétendre ?", now=now
    )
    assert answer.outcome is Outcome.LISTING
    assert "missions/exemple-justice-pristina.md" in {entry.mission.document for entry in answer.missions}
    assert all(entry.open for entry in answer.missions)
    assert "missions/exemple-finances-publiques-dakar.md" not in {entry.mission.document for entry in answer.missions}


@pytest.mark.parametrize(
    "question", ["Qui peut devenir END ?", "Combien gagne un fonctionnaire en mission ETI ?", "Peut-on prolonger un VIE ?"]
)
def test_questions_that_are_about_nobody_get_no_verdict(shipped_chat, now, question):
    assert "condition" not in shipped_chat.answer(question, now=now).text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Je suis consultante à mon compte, puis-je devenir experte nationale détachée ?", "un indépendant"),
        ("Je travaille dans un hôpital public en CDI, sans être titulaire. Ai-je le droit de viser l'END ?", "contractuel en CDI"),
        ("Je suis contractuelle dans un ministère, puis-je obtenir un détachement ?", "Seuls les titulaires"),
        ("Une juriste salariée d'une entreprise privée a-t-elle le droit de candidater à Pristina ?", "magistrats judiciaires"),
    ],
)
def test_conditions_are_held_against_who_is_described(shipped_chat, now, question, words):
    answer = shipped_chat.answer(question, now=now)
    assert "condition" in answer.text
    assert any(words in citation.quote for citation in answer.citations)


def test_every_verdict_rests_on_an_exact_quote(shipped_chat, shipped_index, now):
    answer = shipped_chat.answer("Je suis contractuel en CDD dans un ministère : l'END est-il pour moi ?", now=now)
    generation = shipped_chat.generation()
    assert answer.citations
    for citation in answer.citations:
        assert generation.document(citation.document).text[citation.start : citation.end] == citation.quote


def test_places_tell_postings_from_schemes(shipped_chat, now):
    registry = shipped_chat.generation().registry
    assert posting.names_place("l'expertise perlée de Dakar", registry, now.date())
    assert not posting.names_place("une expertise perlée", registry, now.date())
