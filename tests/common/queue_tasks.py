"""What the job tests have the worker do."""

import os
import signal
import time
from pathlib import Path


def touch(path):
    """Leave one line per run."""
    with Path(path).open("a") as file:
        file.write("ran\n")


def fail(path):
    touch(path)
    raise ValueError("not \x00 today")


def kill_the_worker(path):
    touch(path)
    os.kill(os.getpid(), signal.SIGKILL)


def exit_the_worker(path):
    touch(path)
    os._exit(3)


def take_too_long(path):
    touch(path)
    time.sleep(60)
