#!/usr/bin/env bash
# Drops very many small files at once and imports them in one run: tests/many_files.sh PROGRAM [FILES [SEED]]
#
# Proves that every file gets a batch of its own, that accepted and rejected are what was dropped, that the
# archive has as many originals and nothing is left in inbox, claims and staging, and tells what it took: exit
# code, wall and CPU time, peak memory. 100,000 files by default; each of them has one to five records, and every
# fifth record or so is wrong. Needs python3; works in a folder of its own below TMPDIR, which stays at a fault.
set -euo pipefail
program="$(realpath "${1:?the path of the program}")"
files="${2:-100000}" seed="${3:-$RANDOM}"
work="$(mktemp -d "${TMPDIR:-/tmp}/many-files.XXXXXX")"
echo "seed $seed, in $work"

if python3 - "$program" "$work" "$files" "$seed" <<'PYTHON'; then
import collections, json, os, pathlib, random, resource, subprocess, sys, time

program, work, wanted, seed = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
site, chance, faults = work / "site", random.Random(seed), []
(site / "inbox").mkdir(parents=True)
(site / "kyc-import.toml").write_text("[inbox]\nquiet_seconds = 0\n")
COLUMNS = ["communicationNumber", "requester", "riskLevel", "customerStatus", "riskManagementCategory", "entityType",
           "customerExtId", "applicationDate", "firstName", "lastName", "citizenshipCountry"]
good = bad = 0
for index in range(wanted):
    records = []
    for _ in range(chance.randint(1, 5)):
        wrong = chance.random() < 0.2
        number = good + bad + 1
        good, bad = good + (not wrong), bad + wrong
        records.append([f"NR-{number}", "branch-7", "?" if wrong else "LOW", "ACTIVE", "IND", "INDIVIDUAL",
                        f"CRM-{number}", "2026-01-21", "Ona", "Pavyzdienė", "LT"])
    if chance.random() < 0.5:
        name, lines = f"drop{index:06}.csv", [";".join(row) for row in [COLUMNS, *records]]
    else:
        name, lines = f"drop{index:06}.ndjson", [json.dumps(dict(zip(COLUMNS, row))) for row in records]
    (site / "inbox" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
print(f"dropped: {wanted} files, {good} good and {bad} wrong records", flush=True)

def run(*arguments):
    with open(work / "out", "wb") as out, open(work / "err", "wb") as err:
        return subprocess.run([program, "--root", str(site), *arguments], stdout=out, stderr=err).returncode

begun = time.monotonic()
code = run("run")
wall, used = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"run: exit code {code}, {wall:.1f} s, CPU {used.ru_utime:.1f} s user and {used.ru_stime:.1f} s system, "
      f"peak {used.ru_maxrss / 1024:.0f} MiB, {wanted / wall:.0f} files a second", flush=True)
if code != (1 if bad else 0):
    faults.append(f"exit code {code}: {(work / 'err').read_text()[-2000:]}")

counts, names = collections.Counter(), collections.Counter()
for folder in os.scandir(site / "outbox"):
    if folder.name not in (".staging", "to-correct"):
        summary = json.loads(pathlib.Path(folder.path, "summary.json").read_bytes())
        counts.update(summary["records"])
        names[summary["file"]["name"]] += 1
archived = sum(len(found) for _, _, found in os.walk(site / "archive"))
print(f"found: {len(names)} files with a batch, {archived} in the archive, "
      f"{counts['accepted']} accepted, {counts['rejected']} rejected")
if len(names) != wanted or set(names.values()) - {1}:
    faults.append(f"{len(names)} files have a batch, {sum(names.values())} batches")
if (counts["accepted"], counts["rejected"], archived) != (good, bad, wanted):
    faults.append(f"accepted, rejected and archived should be {good}, {bad}, {wanted}")
for folder in ("inbox", "inbox/.kyc-import", "outbox/.staging"):
    left = set(os.listdir(site / folder)) - {".kyc-import"}
    if left:
        faults.append(f"{len(left)} left in {folder}: {sorted(left)[:9]}")
if run("verify") or "; 0 faults\n" not in (work / "out").read_text():
    faults.append(f"verify: {(work / 'out').read_text()[-2000:]}")
if run("register", "export", "-") or sum(1 for _ in open(work / "out")) != good:
    faults.append("the register is not as large as what was accepted")
begun = time.monotonic()
if run("run"):
    faults.append("a second run finds something to do")
print(f"a run with nothing to do: {time.monotonic() - begun:.1f} s")
for fault in faults:
    print(f"fault: {fault}")
sys.exit(bool(faults))
PYTHON
    rm -rf --one-file-system "$work"
else
    echo "the installation is $work/site"
    exit 1
fi
