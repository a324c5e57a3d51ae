"""Runs a validator of lines over the two halves of a file, in two processes."""

import os
import sys
from multiprocessing import Process, Value
from pathlib import Path

PROCESSES = 2


def run(make):
    """`make()` gives a function that takes a line and returns its first error, or None."""
    file, folder = sys.argv[1], Path(sys.argv[2])
    rejected = Value("q", 0)
    bounds = cuts(file)
    parts = [
        Process(target=part, args=(make, file, folder, number, bounds[number], bounds[number + 1], rejected))
        for number in range(PROCESSES)
    ]
    for process in parts:
        process.start()
    for process in parts:
        process.join()
        if process.exitcode != 0:
            sys.exit(2)
    print(f"rejected={rejected.value}")


def cuts(file):
    """Where the parts begin and end: always at the start of a line."""
    size = os.path.getsize(file)
    bounds = [0]
    with open(file, "rb") as lines:
        for number in range(1, PROCESSES):
            lines.seek(size * number // PROCESSES)
            lines.readline()
            bounds.append(lines.tell())
    return [*bounds, size]


def part(make, file, folder, number, start, end, rejected):
    first_error = make()
    count = 0
    with (
        open(file, "rb") as lines,
        open(folder / f"valid.{number}", "wb") as valid,
        open(folder / f"invalid.{number}", "wb") as invalid,
        open(folder / f"errors.{number}", "w") as errors,
    ):
        lines.seek(start)
        at = start
        for line in lines:
            if at >= end:
                break
            error = first_error(line)
            if error is None:
                valid.write(line)
            else:
                invalid.write(line)
                errors.write(f"{at}: {error}\n")
                count += 1
            at += len(line)
    with rejected.get_lock():
        rejected.value += count
