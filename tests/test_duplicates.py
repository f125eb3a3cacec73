"""The same document or posting twice is shown once, the others named under ``also``."""

import json

import pytest

from assistant.chat import Chat
from assistant.indexing import index_corpus
from assistant.schema import Outcome

POSTING = {
    "title": "Juriste, Nairobi (exemple fictif)", "kind": "mission", "country": "Kenya", "contract_type": "CDD", "deadline": "01/03/2027 12:00",
    "reference": "2027/JUR/90500", "text": "Cette fiche est un exemple fictif. Le poste demande dix ans d'expérience du droit.",
}  # fmt: skip


@pytest.fixture
def chat(tmp_path, embedder):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.jsonl").write_text(json.dumps({"id": "1", **POSTING}))
    english = {
        "title": "Lawyer, Nairobi (fictitious sample)",
        "language": "en",
        "text": "This sheet is a fictitious sample. Ten years of law are required.",
    }
    (corpus / "b.jsonl").write_text(json.dumps({"id": "9", **POSTING, **english, "deadline": "2027/03/01 12:00"}))
    (corpus / "c.csv").write_text("id,Intitulé,Pays,Type de contrat,Date limite\n5,Médecin (exemple fictif),Mali,CDD,02/04/2027\n")
    (corpus / "d.csv").write_text("id,Intitulé,Pays,Type de contrat,Date limite\n6,Médecin (exemple fictif),Mali,CDD,2027/04/02\n")
    text = "Le guide\n\nLe logement reste à la charge de l'expert pendant toute la mission.\n"
    (corpus / "guide.txt").write_text(text)
    (corpus / "guide-copie.txt").write_text(text)
    report = index_corpus(corpus, tmp_path / "index", embedder)
    told = {p.where for p in report.partial if "the same thing" in p.reason}
    assert told == {"b.jsonl#9", "d.csv#6", "guide.txt"}
    return Chat(tmp_path / "index", embedder)


def test_a_posting_in_two_languages_or_exports_is_listed_once(chat, now):
    answer = chat.answer("Quelles missions sont ouvertes ?", now=now)
    assert [(e.mission.document, e.also) for e in answer.missions] == [("a.jsonl#1", ("b.jsonl#9",)), ("c.csv#5", ("d.csv#6",))]


def test_a_copied_document_is_cited_once(chat, now):
    answer = chat.answer("À la charge de qui reste le logement pendant la mission ?", now=now)
    assert answer.outcome is Outcome.ANSWERED
    assert len(answer.citations) == 1
    assert {answer.citations[0].document, *answer.citations[0].also} == {"guide.txt", "guide-copie.txt"}


def test_records_that_only_look_alike_stay_two(tmp_path, embedder, now):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    rows = [{"id": str(n), **POSTING, "reference": f"2027/JUR/9050{n}"} for n in range(2)]
    (corpus / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    index_corpus(corpus, tmp_path / "index", embedder)
    assert len(Chat(tmp_path / "index", embedder).answer("Quelles missions sont ouvertes ?", now=now).missions) == 2
