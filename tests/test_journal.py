import datetime as dt

from assistant.dates import PARIS
from assistant.journal import RETENTION_DAYS, Journal
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
