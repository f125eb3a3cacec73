"""A reading process in which one file does its worst, as the environment says."""

import os
import time

from assistant.loading import Loaded, worker


def load(path, name):
    if name == "f2.txt":
        MANNERS[os.environ["HOSTILE_MANNER"]]()
    return Loaded(())


def stumble():
    raise ZeroDivisionError("surprise")


MANNERS = {"hang": lambda: time.sleep(60), "crash": lambda: os._exit(7), "hoard": lambda: bytearray(10**10), "stumble": stumble}

if __name__ == "__main__":
    worker.load = load
    worker.main()
