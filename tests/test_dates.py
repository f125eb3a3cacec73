import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dates import parse_date, parse_deadline

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


@given(DAYS)
def test_every_written_form_of_a_day_is_read_back(day):
    months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    forms = [f"{day:%d/%m/%Y}", f"{day:%Y/%m/%d}", day.isoformat(), f"{day.day} {months[day.month - 1]} {day.year}", f"{day:%B %d, %Y}"]
    assert [parse_date(form) for form in forms] == [day] * 5


@given(DAYS, st.times())
def test_a_deadline_keeps_its_minute(day, time):
    deadline = parse_deadline(f"{day:%d/%m/%Y} {time:%H:%M}")
    assert (deadline.date(), deadline.hour, deadline.minute) == (day, time.hour, time.minute)
    assert deadline.tzinfo is not None


@given(st.text(max_size=60))
def test_nothing_raises(value):
    parse_date(value)
    parse_deadline(value)


def test_a_deadline_without_time_ends_with_its_day():
    assert parse_deadline("15/12/2025").time() == dt.time(23, 59, 59)


def test_midnight_is_the_start_of_its_day():
    assert parse_deadline("10/02/2027 00:00").time() == dt.time(0, 0)


@pytest.mark.parametrize("value", ["31/02/2026", "2025/13/01", "00/00/2026", "bientôt", ""])
def test_impossible_dates_are_none(value):
    assert parse_deadline(value) is None
