"""Files are read in child processes: one that hangs, eats memory or crashes costs only its own place."""

import os
import time

import pytest

from assistant.loading import Loaded, worker
from assistant.loading.worker import Limits, read_all
from assistant.schema import Problem

LIMITS = Limits(seconds=3, memory_mb=1500, jobs=2)


@pytest.fixture
def files(tmp_path):
    for number in range(6):
        (tmp_path / f"f{number}.txt").write_text(f"Le texte numéro {number}.")
    return [(p.name, p) for p in sorted(tmp_path.iterdir())]


def test_every_file_is_read_once(files):
    outcomes = dict(read_all(files, LIMITS))
    assert sorted(outcomes) == [name for name, _ in files]
    assert all(isinstance(one, Loaded) for one in outcomes.values())


def test_nothing_to_read_starts_nothing():
    assert list(read_all([], LIMITS)) == []


def hang(path, name):
    if name == "f2.txt":
        time.sleep(60)
    return Loaded(())


def crash(path, name):
    if name == "f2.txt":
        os._exit(7)
    return Loaded(())


def hoard(path, name):
    return Loaded((bytearray(10**10),)) if name == "f2.txt" else Loaded(())


def stumble(path, name):
    if name == "f2.txt":
        raise ZeroDivisionError("surprise")
    return Loaded(())


@pytest.mark.parametrize(
    ("loader", "reason"), [(hang, "took more than 3 s"), (crash, "exit code 7"), (hoard, "memory"), (stumble, "surprise")]
)
def test_a_hostile_file_costs_only_its_place(files, monkeypatch, loader, reason):
    monkeypatch.setattr(worker, "_METHOD", "fork")
    monkeypatch.setattr(worker, "load", loader)
    outcomes = dict(read_all(files, LIMITS))
    assert len(outcomes) == 6
    bad = outcomes.pop("f2.txt")
    assert isinstance(bad, Problem)
    assert reason in bad.reason
    assert bad.remedy
    assert all(isinstance(one, Loaded) for one in outcomes.values())
