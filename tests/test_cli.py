"""The command line is the contract that other programs rely on."""

import datetime as dt
import json
import subprocess
import sys

import pytest

from assistant.output import answer_json
from tests.conftest import DATA


def assistant(*args, check=True, env=None):
    import os

    environment = {**os.environ, **(env or {})}
    done = subprocess.run([sys.executable, "-m", "assistant.cli", *map(str, args)], capture_output=True, env=environment)
    if check:
        assert done.returncode == 0, done.stderr.decode()
    return done


def rows(done):
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_index_reports_in_words_and_in_json(corpus, tmp_path):
    (corpus / "vide.txt").write_bytes(b"")
    done = assistant("index", "--corpus", corpus, "--index", tmp_path / "i")
    assert "vide.txt: is empty" in done.stdout.decode()
    report = rows(assistant("index", "--corpus", corpus, "--index", tmp_path / "i", "--json"))[0]
    assert (report["added"], report["unchanged"], report["documents"]) == ([], 5, 6)
    assert report["skipped"][0]["remedy"]


def test_ask_json_has_the_agreed_shape(built):
    args = ["ask", "Quelles sont les priorités de la justice ?", "--index", built, "--json", "--today", "2026-11-22"]
    answer = rows(assistant(*args))[0]
    assert set(answer) >= {"id", "question", "outcome", "answer", "citations", "missions", "alternatives", "passages", "engine", "seconds"}
    assert answer["outcome"] == "answered"
    assert set(answer["citations"][0]) == {"number", "document", "record", "title", "page", "quote", "start", "end", "also"}
    assert set(answer["seconds"]) == {"retrieval", "total"}
    assert len(answer["citations"]) == 3


def test_quotes_are_substrings_of_show(built):
    answer = rows(assistant("ask", "Quel âge pour un VIA ?", "--index", built, "--json"))[0]
    for citation in answer["citations"]:
        shown = assistant("show", citation["document"], "--index", built).stdout.decode()
        assert citation["quote"] in shown
        assert shown[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.slow
def test_show_prints_one_record_or_all(built):
    one = assistant("show", "missions/export.jsonl#m1", "--index", built).stdout.decode()
    every = assistant("show", "missions/export.jsonl", "--index", built).stdout.decode()
    assert one.strip() in every
    assert every.count("Date limite de candidature") == 3
    assert assistant("show", "absent.md", "--index", built, check=False).returncode == 1


def test_batch_answers_every_line_in_order(built, tmp_path):
    lines = [
        {"id": "1", "question": "Quel âge pour un VIA ?", "extra": 1},
        {"id": "2"},
        {
            "id": "3",
            "question": "Quelles missions sont ouvertes ?",
            "today": "2028-01-01",
            "history": ["Bonjour", {"question": "a", "answer": "b"}],
        },
        {"id": "4", "question": "Bonjour", "today": "pas une date"},
    ]
    batch = tmp_path / "b.jsonl"
    batch.write_text("\n".join([json.dumps(lines[0]), "{oups", *map(json.dumps, lines[1:])]))
    answers = rows(assistant("ask", "--batch", batch, "--json", "--index", built))
    assert [a["id"] for a in answers] == ["1", None, "2", "3", "4"]
    assert [a["outcome"] for a in answers] == ["answered", "failed", "failed", "listing", "failed"]
    assert answers[3]["missions"] == []
    assert "line 2" in answers[1]["error"]


@pytest.mark.slow
def test_search_json_and_batch(built, tmp_path):
    single = rows(assistant("search", "priorités justice", "-k", "3", "--json", "--index", built))[0]
    assert [h["rank"] for h in single["hits"]] == [1, 2, 3]
    assert set(single["hits"][0]) == {"rank", "document", "record", "heading", "page", "score", "text"}
    batch = tmp_path / "b.jsonl"
    batch.write_text(json.dumps({"id": "q", "question": "priorités justice"}))
    assert rows(assistant("search", "--batch", batch, "-k", "3", "--json", "--index", built))[0]["hits"] == single["hits"]


@pytest.mark.slow
def test_missions_filters(built):
    args = ["missions", "--index", built, "--json", "--today", "2026-11-22"]
    assert rows(assistant(*args))[0]["count"] == 3
    assert [m["reference"] for m in rows(assistant(*args, "--zone", "Afrique", "--open"))[0]["missions"]] == ["2027/AHD/90102"]
    assert rows(assistant(*args, "--country", "Pérou"))[0]["count"] == 0
    assert assistant(*args, "--country", "Atlantide", check=False).returncode == 1


def test_status_tells_what_changed(corpus, tmp_path):
    assistant("index", "--corpus", corpus, "--index", tmp_path / "i")
    (corpus / "neuf.txt").write_text("Neuf.")
    status = rows(assistant("status", "--index", tmp_path / "i", "--json"))[0]
    assert status["changes"]["added"] == ["neuf.txt"]
    assert status["documents"] == 6


def test_check_reads_without_indexing(tmp_path):
    done = assistant("check", DATA / "corpus" / "via.md", DATA / "corpus" / "absent.pdf")
    assert "Conditions d'âge" in done.stdout.decode()
    assert "cannot be opened" in done.stdout.decode()


def test_evaluate_prints_metrics(built, tmp_path):
    questions = tmp_path / "q.jsonl"
    questions.write_text(
        json.dumps(
            {"id": "1", "question": "Quel âge pour un VIA ?", "type": "fact", "gold_files": ["via.md"], "gold_span": ["18 et 28 ans"]}
        )
        + "\n"
        + json.dumps({"id": "2", "question": "Quel temps fait-il ?", "type": "no", "gold_files": []})
    )
    metrics = rows(assistant("evaluate", questions, "--index", built, "--json"))[0]
    assert (metrics["answerable"], metrics["declined"], metrics["failures"]) == (1.0, 1.0, [])


@pytest.mark.parametrize("args", [["ask", "x"], ["search", "x"], ["show", "x"], ["status"], ["missions"]])
def test_without_index_the_message_says_what_to_type(tmp_path, args):
    done = assistant(*args, "--index", tmp_path / "none", check=False)
    assert done.returncode == 1
    assert "assistant index" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_a_bad_setting_is_named(built):
    done = assistant("ask", "x", "--index", built, check=False, env={"ASSISTANT_PORT": "abc"})
    assert done.returncode == 1
    assert "ASSISTANT_PORT" in done.stderr.decode()


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_imports_no_heavy_library(built, command):
    code = (
        "import sys; from assistant.cli import app\n"
        f"try: app(['{command}', 'Quel âge pour un VIA ?', '--index', r'{built}', '--json'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('torch', 'sentence_transformers', 'gradio', 'langchain', 'langchain_core', 'trafilatura', 'pypdf') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"


def test_json_of_an_answer_is_serialisable(chat, now):
    for question in ("Quelles missions ?", "Bonjour", "Quel âge pour un VIA ?"):
        json.dumps(answer_json(chat.answer(question, now=now), question, None))


def test_purge_erases_the_journal(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from assistant.cli import app
    from assistant.dates import PARIS
    from assistant.journal import Journal
    from assistant.schema import Answer, Outcome

    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))
    Journal(tmp_path).record("question", Answer(Outcome.ANSWERED, ""), dt.datetime(2026, 11, 1, tzinfo=PARIS))
    assert "0 recorded" in CliRunner().invoke(app, ["purge", "--yes", "--before", "2026-10-01"]).output
    assert CliRunner().invoke(app, ["purge"], input="n\n").exit_code != 0
    assert "1 recorded question erased" in CliRunner().invoke(app, ["purge", "--yes"]).output
