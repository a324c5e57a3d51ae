#!/usr/bin/env python3
"""A regression check on instruction counts.

Runs the release build under callgrind on small generated files and compares the instructions of judging
(reading, rules, outputs; hashing and the kernel are left out) with the counts that are committed. The
counts hold on a busy machine; they differ between compilers and C libraries by a little, so the check
allows a few per cent. Needs valgrind.

    benches/instructions.py            compare, exit 1 where a count grew by more than the tolerance
    benches/instructions.py --update   write the counts anew

KYC_IMPORT and GENERATE name binaries to use instead of building them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COUNTS = os.path.join(ROOT, "benches", "instructions.tsv")
RECORDS = "5000"
TOLERANCE = 0.05
CASES = [
    ("csv", "0.05"), ("ndjson", "0.05"), ("wrapper", "0.05"), ("xml", "0.05"),
    ("csv", "0"), ("csv", "1"), ("ndjson", "0"), ("ndjson", "1"),
]


# The function below which everything is counted, as callgrind prints it.
JUDGED = re.compile(r"^\s*([\d,]+) .*pipeline::judge::judge \[")


def target_folder():
    metadata = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps"], check=True, cwd=ROOT,
                              capture_output=True, text=True).stdout
    return os.path.join(json.loads(metadata)["target_directory"], "release")


def binary(variable, *path):
    """The binary that an environment variable names, or the one that is built."""
    if variable in os.environ:
        return os.path.abspath(os.environ[variable])
    run("cargo", "build", "--release", "--quiet", *(["--example", path[-1]] if len(path) > 1 else []))
    return os.path.join(target_folder(), *path)


def run(*command, **options):
    subprocess.run(command, check=True, cwd=ROOT, **options)


def judged(program, file, folder):
    """The instructions of everything below `judge`, for every record of a file."""
    out = os.path.join(folder, "callgrind.out")
    subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program,
         "run", "--threads", "1", "--root", folder, "--exit-zero", file],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    text = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--auto=no", out], check=True,
                          capture_output=True, text=True).stdout
    for line in text.splitlines():
        if found := JUDGED.match(line):
            return int(found[1].replace(",", "")) // int(RECORDS)
    sys.exit("callgrind did not see the function that judges a chunk")


def main():
    program = binary("KYC_IMPORT", "kyc-import")
    generate = binary("GENERATE", "examples", "generate")
    old = {}
    if os.path.exists(COUNTS):
        with open(COUNTS, encoding="utf-8") as counts:
            old = {tuple(line.split("\t")[:2]): int(line.split("\t")[2]) for line in counts.read().splitlines()[1:]}
    new, worse = {}, False
    with tempfile.TemporaryDirectory() as folder:
        for shape, invalid in CASES:
            file = os.path.join(folder, f"in.{'json' if shape == 'wrapper' else shape}")
            run(generate, shape, RECORDS, file, "--invalid", invalid, stderr=subprocess.DEVNULL)
            new[shape, invalid] = judged(program, file, folder)
            before = old.get((shape, invalid))
            change = "" if before is None else f"{new[shape, invalid] / before - 1:+.1%}"
            worse |= before is not None and new[shape, invalid] > before * (1 + TOLERANCE)
            print(f"{shape:8} {invalid:>5} invalid  {new[shape, invalid]:>8} instructions a record  {change}")
    if "--update" in sys.argv:
        with open(COUNTS, "w", encoding="utf-8") as counts:
            counts.write("format\tinvalid\tinstructions a record\n")
            for (shape, invalid), count in new.items():
                counts.write(f"{shape}\t{invalid}\t{count}\n")
    elif worse:
        sys.exit("a count grew by more than the tolerance")


if __name__ == "__main__":
    main()
