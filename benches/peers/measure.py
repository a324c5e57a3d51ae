"""Runs the program and its peers in turn on the same files, and prints one table.

CPU is user and system time of all processes of a run, memory the peak of its largest process; both come
from `wait4` (Linux only). The runs are interleaved: every round runs everything once. A ratio is the median
of the ratios within a round, because the machine may be slower in another. Before each run memory is taken and
given back: a virtual machine whose host takes unused memory away pays dearly for having it again, and that would
be charged to whoever comes next.

    python3 measure.py --work FOLDER --program BINARY [--rounds N] [--only TEXT] [--own]
"""

import argparse
import ctypes
import json
import mmap
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = "kyc-import run"
ALONE = ("--threads", "1")


class Program:
    """One row of the table: how something is run on a file."""

    def __init__(self, name, form, command, tool, ends=(0,), count=None, env=None, against=None):
        self.name = name
        self.form = form
        # Ratios are to the first row with the same word.
        self.against = against or form
        self.command = command
        self.tool = tool
        self.ends = ends
        self.count = count or printed
        self.env = env or {}
        self.runs = []
        self.rejected = ""
        self.failure = None if tool is None or shutil.which(str(tool)) else "not installed"


def printed(folder):
    """The count that most peers print."""
    found = re.search(r"rejected=(\d+)", (folder / "stdout").read_text())
    return int(found[1]) if found else ""


def summed_up(folder):
    """The count of our own summary."""
    summaries = list(folder.glob("outbox/*/summary.json"))
    return json.loads(summaries[0].read_text())["records"]["rejected"]


def of_qsv(folder):
    found = re.search(r"([\d,]+) out of [\d,]+ records? invalid", (folder / "stderr").read_text())
    return int(found[1].replace(",", "")) if found else ""


def of_xmllint(folder):
    """xmllint does not count records: the lines of its report, without the last."""
    with open(folder / "stderr", "rb") as lines:
        return f"{sum(1 for _ in lines) - 1} errors"


def ours(program, form, *options, against=None):
    name = " ".join([OURS, *options])
    command = lambda file, folder: [program, "run", file, "--root", folder, *options]
    return Program(name, form, command, program, (0, 1), summed_up, against=against)


def programs(work, program):
    """All rows; ours is the first one of every format. Beside peers of one thread it runs on one, too: two processors
    that share a core take more time for the same work."""
    python = work / "venv/bin/python"
    rust = work / "rust/release/rust-peers"
    qsv = next((found for found in (work / "qsv/bin").glob("qsv*")), work / "qsv/bin/qsvdp")
    schema = lambda name: work / "schemas" / f"{name}.schema.json"
    script = lambda name: lambda file, folder: [python, HERE / name, file, folder]
    xsd = work / "schemas/envelope.xsd"
    has = lambda module: python if importable(python, module) else "none"
    ajv = "node" if (work / "node/node_modules/ajv").is_dir() else "none"
    return [
        ours(program, "csv"),
        Program(
            "csv crate, records counted only, 1 thread", "csv", lambda file, _: [rust, "csv", file], rust
        ),
        Program(
            f"qsv validate, JSON Schema{version(qsv)}",
            "csv",
            lambda file, folder: [qsv, "validate", linked(file, folder), schema("customer-csv")],
            qsv,
            ends=(0, 1),
            count=of_qsv,
        ),
        Program("DuckDB, rules in SQL", "csv", script("duckdb_peer.py"), has("duckdb")),
        Program("polars, streaming", "csv", script("polars_peer.py"), has("polars")),
        ours(program, "ndjson"),
        ours(program, "ndjson", *ALONE),
        Program(
            "serde_json into a borrowed struct, nothing else, 1 thread",
            "ndjson",
            lambda file, _: [rust, "serde", file],
            rust,
        ),
        Program(
            "jsonschema crate, rayon, files written",
            "ndjson",
            lambda file, folder: [rust, "jsonschema", file, schema("customer"), folder],
            rust,
        ),
        Program(
            "msgspec, 2 processes, first error only", "ndjson", script("msgspec_peer.py"), has("msgspec")
        ),
        Program("DuckDB, rules in SQL", "ndjson", script("duckdb_peer.py"), has("duckdb")),
        Program(
            "ajv, 2 workers",
            "ndjson",
            lambda file, folder: ["node", HERE / "ajv_peer.mjs", file, schema("customer"), folder],
            ajv,
            env={"AJV_FOLDER": str(work / "node")},
        ),
        Program("pydantic, 2 processes", "ndjson", script("pydantic_peer.py"), has("pydantic")),
        ours(program, "wrapper"),
        ours(program, "wrapper", *ALONE),
        Program(
            "serde_json into a borrowed struct, nothing else, 1 thread",
            "wrapper",
            lambda file, _: [rust, "serde-wrapper", file],
            rust,
        ),
        ours(program, "xml"),
        ours(program, "xml", *ALONE),
        Program(
            "quick-xml, events only, file mapped, 1 thread",
            "xml",
            lambda file, _: [rust, "quick-xml", file],
            rust,
        ),
        Program(
            "quick-xml, events only, buffered, 1 thread",
            "xml",
            lambda file, _: [rust, "quick-xml-buffered", file],
            rust,
        ),
        Program(
            "xmllint --stream --schema",
            "xml",
            lambda file, _: ["xmllint", "--stream", "--noout", "--schema", xsd, file],
            "xmllint",
            ends=(0, 3, 4),
            count=of_xmllint,
        ),
    ]


def twice(program, form):
    """Two runs on one thread each, at once: what the machine itself has for two threads that share nothing."""
    one = '"$0" run "$1" --threads 1 --root "$2/{}"'
    script = f"""mkdir "$2/one" "$2/other"; {one.format('one')} & {one.format('other')}; end=$?; wait $! && exit $end"""
    command = lambda file, folder: ["sh", "-c", script, program, file, folder]
    count = lambda folder: summed_up(folder / "one")
    return Program(f"{OURS} --threads 1, two at once", form, command, program, (0, 1), count)


def own_programs(work, program):
    """Ours against itself: threads, files that are all valid or all invalid, and small ones."""
    rows = []
    for form in ("csv", "ndjson", "xml"):
        rows += [ours(program, form), ours(program, form, *ALONE), twice(program, form)]
        for all_of in ("all valid", "all invalid"):
            rows.append(ours(program, f"{form}, {all_of}", against=f"{form}, all"))
        rows += [ours(program, f"{form}, 20 records")]
        check = lambda file, _: [program, "check", file]
        rows.append(Program("kyc-import check", f"{form}, 20 records", check, program, (0, 1), lambda _: ""))
    return rows


def linked(file, folder):
    """qsv writes beside its input."""
    link = folder / file.name
    link.symlink_to(file)
    return link


def version(tool):
    if not Path(tool).exists():
        return ""
    shown = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\d+\.\d+\.\d+", shown)
    return f" ({Path(tool).name} {found[0]})" if found else ""


def importable(python, module):
    if not python.exists():
        return False
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def adopt_orphans():
    """Makes processes whose parent has ended children of this one."""
    set_child_subreaper = 36
    if ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0) != 0:
        sys.exit("cannot become the parent of orphans")


def prepare(command, folder, env):
    """Makes a process that becomes the command when the returned end of a pipe is closed.

    A shell makes it, and ends at once: a process inherits the peak memory of the one that it came from,
    and a shell is small.
    """
    line = 'exec 3<&0; { read go <&3; exec "$@" 3<&-; } >"$0/stdout" 2>"$0/stderr" & echo $!'
    shell = ["sh", "-c", line, str(folder), *(str(word) for word in command)]
    waits, go = os.pipe()
    made = subprocess.run(shell, stdin=waits, stdout=subprocess.PIPE, env={**os.environ, **env}, check=True)
    os.close(waits)
    return int(made.stdout), go


def bring_memory():
    """Has the machine give as much memory as a run writes, and gives it back."""
    available = int(re.search(r"MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024
    size = min(2 << 30, available // 2)
    child = os.fork()
    if child == 0:
        with mmap.mmap(-1, size) as memory:
            for page in range(0, size, mmap.PAGESIZE):
                memory[page] = 1
        os._exit(0)
    os.waitpid(child, 0)


def run(program, file, folder):
    """One run in a folder that did not exist before: (CPU s, wall s, peak MiB)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bring_memory()
    process, go = prepare(program.command(file, folder), folder, program.env)
    os.sync()
    started = time.perf_counter()
    os.close(go)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - started
    end = os.waitstatus_to_exitcode(status)
    if end not in program.ends:
        tail = (folder / "stderr").read_text(errors="replace")[-400:]
        print(f"{program.name}: ended with {end}: {tail}", file=sys.stderr)
        program.failure = f"failed ({end})"
        return
    program.rejected = program.count(folder)
    program.runs.append((usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024))
    shutil.rmtree(folder)


def measure(rows, work, rounds):
    files = {program.form: data_file(work, program.form) for program in rows}
    for number in range(rounds):
        for form, file in files.items():
            with open(file, "rb") as warm:
                while warm.read(1 << 20):
                    pass
            for program in rows:
                if program.form == form and program.failure is None:
                    print(f"round {number + 1}: {form}: {program.name}", file=sys.stderr)
                    run(program, file, work / "run")


def data_file(work, form):
    name = form.replace(", ", "-").replace(" ", "-")
    ending = "json" if form == "wrapper" else form.split(",")[0]
    return work / "data" / f"{name}.{ending}"


def table(rows):
    """The medians; ratios to the first row of the same format."""
    yield "| input | what | CPU s | wall s | peak MiB | rejected | CPU / ours | wall / ours |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    first = {}
    for program in rows:
        base = first.setdefault(program.against, program)
        if program.failure or not program.runs:
            yield f"| {program.form} | {program.name} | {program.failure} | | | | | |"
            continue
        cpu, wall, memory = (statistics.median(column) for column in zip(*program.runs))
        ratios = []
        for column in (0, 1):
            pairs = zip(program.runs, base.runs)
            within = [peer[column] / our[column] for peer, our in pairs if our[column] > 0]
            ratios.append(f"{statistics.median(within):.2f}" if within else "")
        yield (
            f"| {program.form} | {program.name} | {cpu:.3f} | {wall:.3f} | {memory:.0f} "
            f"| {program.rejected} | {ratios[0]} | {ratios[1]} |"
        )


def heading(work, rounds):
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    commit = subprocess.run(
        ["git", "-C", HERE, "describe", "--always", "--dirty"], capture_output=True, text=True
    ).stdout.strip()
    yield f"{date.today()}, commit {commit}, {os.cpu_count()} cores, {cpu[1] if cpu else platform.machine()}"
    yield f"{rounds} interleaved rounds, medians; load before the first run: {os.getloadavg()[0]:.1f}"
    floor = Program("", "", lambda *_: ["true"], None, count=lambda _: "")
    run(floor, None, work / "run")
    _, wall, memory = floor.runs[0]
    yield f"a process that does nothing: {wall * 1000:.0f} ms, {memory:.0f} MiB"
    for file in sorted((work / "data").iterdir()):
        yield f"{file.name}: {file.stat().st_size / 1e6:.1f} MB"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="rows whose format or name contains this text, and ours")
    parser.add_argument("--own", action="store_true", help="ours against itself, without peers")
    options = parser.parse_args()
    adopt_orphans()
    work = options.work.resolve()
    make = own_programs if options.own else programs
    rows = make(work, options.program.resolve())
    shown = lambda row: options.only in row.form or options.only in row.name
    forms = {row.form for row in rows if shown(row)}
    rows = [row for row in rows if shown(row) or (row.form in forms and row.name.startswith(OURS))]
    lines = list(heading(work, options.rounds))
    measure(rows, work, options.rounds)
    print("\n".join([*lines, "", *table(rows)]))
    raw = [{"input": row.form, "what": row.name, "runs": row.runs} for row in rows]
    (work / ("own.json" if options.own else "results.json")).write_text(json.dumps(raw, indent=1))


if __name__ == "__main__":
    main()
