"""Reads files in child processes under limits of time and memory, several at once.

One hostile file costs at most its own place: its process is ended, the file is reported, and another process goes on.
"""

from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

from assistant.errors import AssistantError, UnreadableFileError
from assistant.loading import Loaded, load
from assistant.schema import Problem

_MODULE = "assistant.loading.worker"
"""What a child runs: this module, in an interpreter of its own, whatever threads, locks and main module this one has."""
_READY = "ready"
_START_SECONDS = 60.0
"""Time a child may take to start on a busy machine."""

log = logging.getLogger(__name__)

Outcome = Loaded | Problem
"""What reading a file gave: its documents, or why there are none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost."""

    seconds: float = 60.0
    memory_mb: int = 2_000
    """Address space of the child, its libraries (about 600 MB) included."""
    jobs: int = min(os.cpu_count() or 1, 4)


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    pipe: Connection[tuple[str, Path], Outcome]
    name: str = ""
    until: float = 0.0


def read_all(files: Sequence[tuple[str, Path]], limits: Limits | None = None) -> Iterator[tuple[str, Outcome]]:
    """Yield (name, outcome) of each file as it is read; the order is that of their ends."""
    limits = limits or Limits()
    waiting = deque(files)
    children: list[_Child] = []
    try:
        while waiting or any(child.name for child in children):
            _hand_out(waiting, children, limits)
            yield from _collect(children, limits)
    finally:
        for child in children:
            _end(child)


def _hand_out(waiting: deque[tuple[str, Path]], children: list[_Child], limits: Limits) -> None:
    """Give every idle child a file, starting children while there are too few."""
    while waiting and (idle := _idle(children, limits)):
        name, path = waiting.popleft()
        idle.name, idle.until = name, time.monotonic() + limits.seconds
        idle.pipe.send((name, path))


def _idle(children: list[_Child], limits: Limits) -> _Child | None:
    free = next((child for child in children if not child.name), None)
    if free is None and len(children) < limits.jobs:
        free = _start(limits)
        children.append(free)
    return free


def _start(limits: Limits) -> _Child:
    """Start a child and wait until it is ready.

    Raises:
        AssistantError: it does not start, so that no file is said to be bad for it.
    """
    ours, theirs = Pipe()
    command = [sys.executable, "-m", _MODULE, str(theirs.fileno()), str(limits.memory_mb)]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    theirs.close()
    child = _Child(process, ours)
    try:
        if ours.poll(_START_SECONDS) and ours.recv() == _READY:
            return child
    except EOFError:
        pass
    _end(child)
    raise AssistantError(f"no process could be started to read files (exit code {process.returncode}); the index is kept as it was")


def _collect(children: list[_Child], limits: Limits) -> Iterator[tuple[str, Outcome]]:
    """Yield what busy children have read, or why they were ended; wait for one of the two."""
    busy = [child for child in children if child.name]
    patience = max(0.0, min(child.until for child in busy) - time.monotonic())
    ready = wait([child.pipe for child in busy], timeout=patience)
    for child in busy:
        if child.pipe in ready:
            name, outcome, alive = _receive(child)
        elif time.monotonic() >= child.until:
            reason, remedy = f"took more than {limits.seconds:.0f} s to read", "split it, or print it again as PDF"
            name, outcome, alive = child.name, Problem(child.name, reason, remedy), False
        else:
            continue
        child.name = ""
        if not alive:
            children.remove(child)
            _end(child)
        yield name, outcome


def _receive(child: _Child) -> tuple[str, Outcome, bool]:
    name = child.name
    try:
        outcome = child.pipe.recv()
    except (EOFError, ConnectionResetError):
        code = child.process.wait(5)
        reason = f"ended the process that read it (exit code {code})"
        return name, Problem(name, reason, "open it and save it again; if it comes back, leave it out"), False
    return name, outcome, True


def _end(child: _Child) -> None:
    child.pipe.close()
    child.process.kill()
    child.process.wait(5)


def main() -> None:
    """Read files one after the other, until the pipe closes: what a child does."""
    pipe: Connection[Outcome | str, tuple[str, Path]] = Connection(int(sys.argv[1]))
    memory_mb = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1_000_000, memory_mb * 1_000_000))
    pipe.send(_READY)
    while True:
        try:
            name, path = pipe.recv()
        except EOFError:
            return
        pipe.send(_read(name, path, memory_mb))


def _read(name: str, path: Path, memory_mb: int) -> Outcome:
    try:
        return load(path, name)
    except UnreadableFileError as error:
        return Problem(name, error.reason, error.remedy)
    except MemoryError:
        return Problem(name, f"needs more than {memory_mb} MB of memory to read", "split it, or check where it comes from")
    except Exception as error:  # whatever a library does with a hostile file, it is this file's problem, and reported
        log.warning("reading %s failed", name, exc_info=True)
        return Problem(name, f"could not be read ({type(error).__name__}: {error})"[:300], "open it and save it again")


if __name__ == "__main__":
    main()
