import datetime as dt

from assistant.dates import PARIS
from assistant.journal import BAD, GOOD, RETENTION_DAYS, Journal
from assistant.schema import Answer, Outcome

ANSWER = Answer(Outcome.ANSWERED, "réponse")
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=PARIS)


def kept(tmp_path, *questions):
    journal = Journal(tmp_path)
    for question in questions:
        journal.record(question, ANSWER, NOON)
    return [question for _, question, _ in journal.questions()]


def test_what_a_person_tells_of_themselves_is_not_kept(tmp_path):
    told = "Je suis magistrate, 45 ans, huit ans d'expérience, anglais B2 : puis-je devenir END ou ETI ?"
    [question] = kept(tmp_path, told)
    assert not any(word in question for word in ("magistrat", "45", "huit", "anglais"))
    assert "expert national détaché (END)" in question


def test_a_question_about_a_scheme_is_kept_without_addresses(tmp_path):
    questions = ["Un militaire peut-il être recruté comme ETI ?", "Répondez à jean@exemple.org : quel âge pour un VIE ?"]
    assert kept(tmp_path, *questions) == [questions[0], "Répondez à [courriel] : quel âge pour un VIE ?"]


def test_entries_past_their_time_go(tmp_path):
    journal = Journal(tmp_path)
    journal.record("ancienne", ANSWER, NOON - dt.timedelta(days=RETENTION_DAYS + 1))
    journal.record("nouvelle", ANSWER, NOON)
    assert [question for _, question, _ in journal.questions()] == ["nouvelle"]


def test_the_name_of_who_asks_is_masked_and_others_stay(tmp_path):
    told = "Bonjour, je m'appelle Jeanne Martin-Dupré, où se trouve la mission de Rabat ? Cordialement, Jeanne Martin"
    [question] = kept(tmp_path, told)
    assert "Jeanne" not in question and "Dupré" not in question and "Rabat" in question


def test_nothing_is_kept_where_the_journal_is_off(tmp_path):
    journal = Journal(tmp_path, enabled=False)
    assert journal.record("question", ANSWER, NOON) is None
    assert journal.questions() == []


def test_what_found_nothing_or_was_called_bad_comes_most_frequent_first(tmp_path):
    journal = Journal(tmp_path)
    for question in ("Salaire en yens ?", "salaire en YENS", "Autre ?"):
        journal.record(question, Answer(Outcome.NOT_FOUND, ""), NOON)
    good, bad = journal.record("Bonne ?", ANSWER, NOON), journal.record("Mauvaise ?", ANSWER, NOON)
    journal.remark(good, GOOD, "", NOON)
    journal.remark(bad, BAD, "périmé : écrivez à a@b.fr", NOON)
    first, *others = journal.unmet()
    assert (first.times, first.why) == (2, "not_found")
    assert {one.question: one.why for one in others} == {"Autre ?": "not_found", "Mauvaise ?": "périmé : écrivez à [courriel]"}


def test_usage_is_counted_by_day(tmp_path):
    journal = Journal(tmp_path)
    for days, outcome in ((1, Outcome.ANSWERED), (0, Outcome.LISTING), (0, Outcome.NOT_FOUND)):
        journal.record("question", Answer(outcome, "", seconds={"total": 0.2}), NOON - dt.timedelta(days))
    assert [(day.date, day.questions, day.answered, day.seconds) for day in journal.days()] == [
        ("2026-11-21", 1, 1, 0.2),
        ("2026-11-22", 2, 1, 0.2),
    ]


def test_a_purge_erases_all_or_what_is_older(tmp_path):
    journal = Journal(tmp_path)
    for days in (10, 5, 0):
        number = journal.record("question", ANSWER, NOON - dt.timedelta(days))
        journal.remark(number, BAD, "", NOON)
    assert journal.purge(NOON - dt.timedelta(7)) == 1
    assert journal.purge() == 2
    assert journal.questions() == [] and journal.unmet() == []
