import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.periods import find_periods

TODAY = dt.date(2026, 11, 22)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))


@given(st.text(max_size=80), DAYS)
def test_nothing_raises_and_periods_run_forward(text, today):
    for period, (start, end) in find_periods(text, today):
        assert start < end
        assert period.first is None or period.last is None or period.first <= period.last


@given(DAYS, DAYS)
def test_a_full_date_is_that_day_whatever_today(day, today):
    assert next(p for p, _ in find_periods(f"le {day:%d/%m/%Y}", today)).first == day


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("avant fin mars", "2026-11-22", "2027-03-31"),
        ("avant mars", "2026-11-22", "2027-02-28"),
        ("d'ici la fin de l'annee", "2026-11-22", "2026-12-31"),
        ("cette semaine", "2026-11-16", "2026-11-22"),
        ("ce mois-ci", "2026-11-01", "2026-11-30"),
        ("le mois prochain", "2026-12-01", "2026-12-31"),
        ("en juin 2027", "2027-06-01", "2027-06-30"),
        ("en mars", "2027-03-01", "2027-03-31"),
        ("en 2022 ou en 2023", "2022-01-01", "2023-12-31"),
        ("entre mars et mai 2027", "2027-03-01", "2027-05-31"),
        ("apres mai 2027", "2027-06-01", None),
        ("within two weeks", "2026-11-22", "2026-12-06"),
        ("before july 2027", "2026-11-22", "2027-06-30"),
        ("d'ici dimanche", "2026-11-22", "2026-11-22"),
        ("demain", "2026-11-23", "2026-11-23"),
    ],
)
def test_periods_as_people_name_them(words, first, last):
    [(period, _)] = find_periods(words, TODAY)
    assert (str(period.first), str(period.last) if period.last else None) == (first, last)


@pytest.mark.parametrize("words", ["la strategie 2023-2027", "ont ete publiees", "36 mois", "bac+5"])
def test_what_is_no_period_is_left_alone(words):
    assert find_periods(words, TODAY) == []
