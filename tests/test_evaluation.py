"""Metrics of a question set, their intervals and their report."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from assistant import measures
from assistant.evaluation import Example, Retrieved, evaluate, holds_answer, retrieval_metrics, retrieve
from assistant.report import page
from assistant.schema import Answer, Chunk, Hit, Outcome
from tests.test_cli import assistant, rows


def example(**changes):
    values = {"id": "1", "question": "Q ?", "type": "fact", "gold_files": frozenset({"a.md"}), "gold_spans": ("28 ans",)}
    return Example(**{**values, "any_of": False, "history": (), "as_of": None, **changes})


def chunk(text, document="a.md"):
    return Chunk(text, document, ("Titre",), text, None, 0, len(text))


def test_measures_on_known_rankings():
    assert measures.reciprocal_rank([False] * 10 + [True]) == 0
    assert measures.ndcg([True, True], 2) == 1
    assert 0 < measures.ndcg([False, True], 1) < 1


def test_the_interval_holds_the_mean_and_narrows_with_the_sample():
    few, many = measures.bootstrap([0.0, 1.0] * 10), measures.bootstrap([0.0, 1.0] * 1000)
    assert few.low < few.mean == 0.5 < few.high
    assert many.high - many.low < few.high - few.low
    assert measures.bootstrap([1.0] * 5) == measures.Interval(1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("text", "document", "right"),
    [("jusqu'à 28 ANS.", "a.md", True), ("jusqu'à 28 ans", "b.md", False), ("128 ans", "a.md", False), ("28 ans", "a.md#3", True)],
)
def test_a_passage_is_right_where_the_right_document_says_the_words(text, document, right):
    assert holds_answer(chunk(text, document), example()) is right


def test_questions_without_a_passage_to_find_are_left_out_of_retrieval():
    asked = [example(), example(id="2", gold_files=frozenset(), gold_spans=()), example(id="3", gold_spans=("nulle part",))]
    found = retrieve(
        asked, lambda _: [Hit(chunk("autre"), 0.9, 1), Hit(chunk("28 ans"), 0.5, 2)], lambda _: [chunk("28 ans"), chunk("autre")]
    )
    assert [one.example.id for one in found] == ["1"]
    assert retrieval_metrics(found)["mrr@10"].mean == 0.5
    assert retrieval_metrics([]) == {}


def test_the_report_shows_failures_and_escapes_what_documents_hold():
    one = example(question="<script>alert(1)</script> ?")
    found = [Retrieved(one, (Hit(chunk("<img src=x onerror=alert(1)> & 1"), 0.9, 1), Hit(chunk("28 ans"), 0.5, 2)), (False, True), 1)]
    metrics = evaluate([one], lambda _: Answer(Outcome.NOT_FOUND, ""))
    html = page("jeu.jsonl", {"assistant": retrieval_metrics(found)}, found, metrics)
    tags = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.add(tag)

    Reader().feed(html)
    assert tags.isdisjoint({"script", "img", "link", "iframe"})
    assert "rank 2" in html and "0.500 [0.500, 0.500]" in html


@pytest.mark.slow
def test_evaluate_writes_a_report_and_measures_retrieval(built, tmp_path):
    questions = tmp_path / "q.jsonl"
    row = {"id": "1", "question": "Quel âge pour un VIA ?", "type": "fact", "gold_files": ["via.md"], "gold_span": ["18 et 28 ans"]}
    questions.write_text(json.dumps(row), encoding="utf-8")
    out = tmp_path / "report.html"
    result = rows(assistant("evaluate", questions, "--index", built, "--report", out, "--json"))[0]
    assert result["retrieval"]["assistant"]["recall@1"]["mean"] == 1
    assert set(result["retrieval"]) == {"assistant", "full text alone"}
    assert "Not found first: 0" in out.read_text(encoding="utf-8")
