#!/usr/bin/env bash
# Cuts the power at random instants of an import and checks that nothing is lost, nothing comes twice and no
# half-published batch is ever visible: tests/power_cuts.sh PROGRAM [ROUNDS [SEED [FILE_SYSTEM...]]]
#
# Needs root, loop devices, python3, mkfs.ext4 and xfs_io (xfsprogs); file systems are ext4 and, where it can be
# made, xfs. Everything is in a folder of its own below TMPDIR. In every round files with good, wrong and repeated
# records lie durably in the inbox of an installation on a loop image; a run is stopped at an instant, the file
# system is shut down without a flush of its journal, so that only what was made durable remains, and is mounted
# again. In every third round the power fails in the run after that, too. In every other round a stranger on the
# same file system syncs a file of its own again and again, which makes names and renames durable at instants of
# its own, before the bytes they belong to. What is checked:
#   - right after the cut: fsck is content, every visible folder has a manifest and is what it says, every
#     dropped file is somewhere, byte for byte
#   - after the next run: `verify` finds 0 faults, the register is the accepted customers, each once, accepted and
#     rejected are what was dropped, the archive has every original once, nothing is left in claims and staging,
#     and the copies in to-correct are whole
# Ends with 1 at the first fault of a file system and leaves its image. The seed decides on files and settings;
# the instants depend on the machine. With a debug build, FAILPOINTS=yes cuts behind the durable steps in turn
# instead of at random, and KYC_IMPORT_SKIP_SYNC=files or ledger is the negative control: it must end with 1.
# (Syncs of folders do not show here: both file systems write names with the next sync of any file.)
set -euo pipefail
program="$(realpath "${1:?the path of the program}")"
rounds="${2:-50}" seed="${3:-$RANDOM}"
systems=("${@:4}")
[ "$(id -u)" = 0 ] || { echo "power_cuts: needs root" >&2; exit 2; }
for tool in python3 xfs_io losetup; do
    command -v "$tool" >/dev/null || { echo "power_cuts: needs $tool" >&2; exit 2; }
done
if [ ${#systems[@]} = 0 ]; then
    for system in ext4 xfs; do
        ! command -v "mkfs.$system" >/dev/null || systems+=("$system")
    done
fi

failpoints="${FAILPOINTS:-}" points=()
if [ -n "$failpoints" ]; then
    mapfile -t points < <(sed -n '/const FAILPOINTS/,/];/s/^ *"\(.*\)",$/\1/p' "$(dirname "$0")/../src/store/fault.rs")
    [ ${#points[@]} != 0 ] || { echo "power_cuts: no failpoints" >&2; exit 2; }
fi

work="$(mktemp -d "${TMPDIR:-/tmp}/power-cuts.XXXXXX")"
mount="$work/mount" image='' child='' stranger='' keep=''
mkdir "$mount"
cleanup() {
    [ -z "$child" ] || kill -KILL "$child" 2>/dev/null || true
    [ -z "$child" ] || wait "$child" 2>/dev/null || true
    no_stranger
    ! mountpoint -q "$mount" || umount "$mount"
    [ -n "$keep" ] || rm -rf --one-file-system "$work"
}
trap cleanup EXIT

cat >"$work/site.py" <<'PYTHON'
"""site.py drop SITE DROPPED SEED | cut SITE DROPPED | done SITE DROPPED REGISTER | stranger SITE FILE SEED"""
import collections, csv, hashlib, io, json, os, pathlib, random, re, sqlite3, sys, time

what, site, dropped = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
faults = []

def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()

def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []

def drop(seed):
    chance, numbers = random.Random(seed), 0
    plan = {"good": [], "numbers": []}
    for index in range(chance.randint(6, 14)):
        records = []
        for _ in range(chance.choice([1, 3, 10, 40, 150])):
            numbers += 1
            kind = chance.choices(["good", "wrong", "repeated"], [70, 15, 15])[0]
            if kind == "repeated" and plan["good"]:
                customer = chance.choice(plan["good"])
            elif kind == "wrong":
                customer = f"BAD-{numbers:06}"
            else:
                customer = f"CRM-{numbers:06}"
                plan["good"].append(customer)
            record = {
                "communicationNumber": f"NR-{numbers:06}X", "requester": "branch-7", "riskLevel": "LOW",
                "customerStatus": "ACTIVE", "riskManagementCategory": "IND", "entityType": "INDIVIDUAL",
                "customerExtId": customer,
                "applicationDate": "2026-01-21", "firstName": chance.choice(["Ona", "Jonas", "Žiogė"]),
                "lastName": "Pavyzdienė", "citizenshipCountry": "LT",
            }
            if kind == "wrong":
                record[chance.choice(["applicationDate", "riskLevel", "citizenshipCountry"])] = "?"
            plan["numbers"].append(record["communicationNumber"])
            records.append(record)
        form = chance.choice(["csv", "json", "ndjson"])
        if form == "csv":
            text = io.StringIO()
            writer = csv.DictWriter(text, list(records[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(records)
            data = text.getvalue()
        elif form == "json":
            data = json.dumps({"customers": records}, ensure_ascii=False, indent=1)
        else:
            data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        name = f"drop{index:02}.{form}"
        for folder in (dropped, site / "inbox"):
            (folder / name).write_bytes(data.encode())
    (dropped.parent / "plan.json").write_text(json.dumps(plan))
    spool = chance.choice(["auto", "auto", "always"])
    (site / "kyc-import.toml").write_text(f'[inbox]\nquiet_seconds = 0\nspool = "{spool}"\n')

def batches():
    for path in sorted((site / "outbox").iterdir()) if (site / "outbox").is_dir() else []:
        if path.name in (".staging", "to-correct"):
            continue
        manifest = path / "MANIFEST.json"
        if not manifest.is_file():
            faults.append(f"visible without a manifest: {path.name}: {sorted(os.listdir(path)) if path.is_dir() else 'a file'}")
            continue
        try:
            listed = json.loads(manifest.read_bytes())["files"]
        except ValueError as error:
            faults.append(f"manifest of {path.name} cannot be read: {error}; {manifest.stat().st_size} bytes")
            continue
        for entry in listed:
            file = path / entry["name"]
            if not file.is_file():
                faults.append(f"{path.name} lacks {entry['name']}")
            elif file.stat().st_size != entry["bytes"]:
                faults.append(f"{path.name}/{entry['name']}: {file.stat().st_size} bytes for {entry['bytes']}")
            elif sha(file) != entry["sha256"]:
                faults.append(f"{path.name}/{entry['name']}: another hash")
        surplus = {file.name for file in path.iterdir()} - {entry["name"] for entry in listed} - {"MANIFEST.json"}
        if surplus:
            faults.append(f"{path.name} holds more than its manifest: {sorted(surplus)}")
        yield path

def cut():
    list(batches())
    there = {sha(path) for folder in ("inbox", "archive") for path in files(site / folder)}
    for path in sorted(dropped.iterdir()):
        if sha(path) not in there:
            faults.append(f"lost at the cut: {path.name}")

def several(name, counted):
    more = sorted(item for item, times in counted.items() if times > 1)
    if more:
        faults.append(f"{name} more than once: {more[:9]} of {len(more)}")

def same(name, found, wanted):
    found, wanted = collections.Counter(found), collections.Counter(wanted)
    if found != wanted:
        faults.append(f"{name}: lacking {sorted((wanted - found).elements())[:9]}, too many {sorted((found - wanted).elements())[:9]}")

def done(register):
    plan = json.loads((dropped.parent / "plan.json").read_text())
    accepted, rejected, counts = [], [], collections.Counter()
    for path in batches():
        counts.update(json.loads((path / "summary.json").read_bytes())["records"])
        if (path / "accepted.ndjson").exists():
            accepted += [json.loads(line) for line in (path / "accepted.ndjson").read_text().splitlines()]
        for file in path.glob("rejected.*"):
            if file.suffix != ".xlsx":
                rejected += re.findall(r"NR-\d{6}X", file.read_text())
            copy = site / "outbox/to-correct" / f"{path.name}.{file.name}"
            if not copy.is_file():
                faults.append(f"to-correct lacks {copy.name}")
            elif sha(copy) != sha(file):
                faults.append(f"to-correct/{copy.name} is not the published file: {copy.stat().st_size} bytes for {file.stat().st_size}")
    ids = collections.Counter(record["customerExtId"] for record in accepted)
    several("accepted", ids)
    same("accepted customers", ids, plan["good"])
    same("records", [record["communicationNumber"] for record in accepted] + rejected, plan["numbers"])
    same("register", [json.loads(line)["customerExtId"] for line in open(register)], ids)
    if (counts["read"], counts["accepted"], counts["rejected"]) != (len(plan["numbers"]), len(accepted), len(rejected)):
        faults.append(f"summaries: {dict(counts)} for {len(plan['numbers'])} records, {len(accepted)} accepted, {len(rejected)} rejected")
    same("archive", [sha(path) for path in files(site / "archive")], [sha(path) for path in dropped.iterdir()])
    for folder in ("inbox", "inbox/.kyc-import", "outbox/.staging", "state/spool"):
        left = sorted(set(os.listdir(site / folder)) - {".kyc-import"}) if (site / folder).is_dir() else []
        if left:
            faults.append(f"left in {folder}: {left}")
    try:
        ledger = sqlite3.connect(f"file:{site}/state/ledger.db?mode=ro", uri=True)
        told = ledger.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.Error as error:
        told = [error]
    if told != [("ok",)]:
        faults.append(f"ledger: {told[:9]}")

def stranger(seed):
    chance = random.Random(seed)
    try:
        with open(dropped, "wb", buffering=0) as file:
            while True:
                file.write(b"x")
                os.fsync(file.fileno())
                time.sleep(chance.choice([0.0, 0.002, 0.01, 0.03]))
    except OSError:
        pass  # the power is off

if what == "stranger":
    stranger(sys.argv[4])
elif what == "drop":
    drop(sys.argv[4])
elif what == "cut":
    cut()
else:
    done(sys.argv[4])
for fault in faults:
    print(f"  fault: {fault}")
sys.exit(bool(faults))
PYTHON

# A fault of this round: it is told, the image stays.
fault() {
    echo "FAULT $system round $round of seed $seed: $*"
    [ ! -s "$work/run.err" ] || sed 's/^/  stderr: /' "$work/run.err" | tail -20
    keep=yes faults=$((faults + 1)) failed=yes
}

microseconds() { local now="$EPOCHREALTIME"; echo $((10#${now/[.,]/})); }

below() { python3 -c 'import random, sys; print(random.Random(sys.argv[1]).randrange(int(sys.argv[2])))' "$1" "$2"; }

start() { env -C "$work" "$@" "$program" --root "$site" run >"$work/run.out" 2>"$work/run.err" & child=$!; }

# Waits for the end of a process that is still to be waited for.
ended() {
    local stat
    while read -r stat 2>/dev/null <"/proc/$1/stat"; do
        stat="${stat##*) }"
        [ "${stat%% *}" != Z ] || break
        sleep 0.002
    done
}

# Whether all threads of the process stand still, or it has ended. One that waits for the disk stops after that.
still() {
    local stat rest
    for stat in /proc/"$child"/task/*/stat; do
        rest="$(cat "$stat")" || continue
        rest="${rest##*) }"
        case "${rest%% *}" in T | t | Z | X) ;; *) return 1 ;; esac
    done
}

no_stranger() {
    [ -n "$stranger" ] || return 0
    kill -KILL "$stranger" 2>/dev/null || true
    wait "$stranger" 2>/dev/null || true
    stranger=''
}

# Starts a run, and cuts the power after so many microseconds, or behind the next failpoint.
cut_after() {
    local tries at
    if ((round % 2)); then
        python3 "$work/site.py" stranger "$site" "$mount/stranger" "$seed $round" & stranger=$!
        sleep 0.1
    fi
    if [ -n "$failpoints" ]; then
        at="${points[cuts % ${#points[@]}]}:$((1 + cuts / ${#points[@]} % 3))"
        start KYC_IMPORT_FAILPOINT="$at"
        ended "$child" 2>/dev/null
    else
        at="$1 µs"
        start
        { sleep "$(printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000)))"; } 2>/dev/null
    fi
    kill -STOP "$child" 2>/dev/null || true
    for ((tries = 0; tries < 200; tries++)); do
        ! still || break
        sleep 0.005
    done 2>/dev/null
    xfs_io -x -c shutdown "$mount"
    kill -KILL "$child" 2>/dev/null || true
    code=0
    wait "$child" 2>/dev/null || code=$?
    child=''
    no_stranger
    [ "$code" != 137 ] || inside=$((inside + 1))
    cuts=$((cuts + 1))
    umount "$mount"
    mount -o "$options" "$image" "$mount" || { fault "cannot be mounted after the cut"; return; }
    umount "$mount"
    check_system
    mount -o "$options" "$image" "$mount"
    python3 "$work/site.py" cut "$site" "$dropped" || fault "right after the cut (at $at, exit code $code)"
}

check_system() {
    case "$system" in
    ext4) e2fsck -fn "$image" >"$work/fsck" 2>&1 || { cat "$work/fsck"; fault "fsck"; } ;;
    xfs) xfs_repair -n "$image" >"$work/fsck" 2>&1 || { cat "$work/fsck"; fault "xfs_repair"; } ;;
    esac
}

# Files for this round lie durably in the inbox of a new installation.
drop() {
    site="$mount/site" dropped="$work/dropped"
    rm -rf --one-file-system "$site" "$dropped"
    mkdir -p "$site/inbox" "$dropped"
    python3 "$work/site.py" drop "$site" "$dropped" "$seed $system $round"
    sync -f "$mount"
}

# Runs until nothing is left to do, and looks at the whole.
finish() {
    local tries code
    for tries in 1 2 3; do
        code=0
        start
        wait "$child" || code=$?
        child=''
        [ "$code" = 0 ] || [ "$code" = 1 ] || fault "run $tries after the cut ended with $code"
        [ "$code" != 0 ] || break
    done
    [ "$code" = 0 ] || fault "three runs after the cut were not enough"
    : >"$work/run.err"
    "$program" --root "$site" verify >"$work/verify" 2>&1 && grep -q '; 0 faults$' "$work/verify" ||
        { cat "$work/verify"; fault "verify"; }
    "$program" --root "$site" register export - >"$work/register" || fault "register export"
    python3 "$work/site.py" done "$site" "$dropped" "$work/register" || fault "after the run that followed the cut"
}

tell() {
    echo "$system: $((round - 1)) rounds, $cuts cuts, $inside of them before the run had ended (one takes $((took / 1000)) ms), $faults faults, seed $seed"
}
trap 'tell; exit 130' INT TERM

total=0
for system in "${systems[@]}"; do
    image="$work/$system.img" round=1 took=0 faults=0 cuts=0 inside=0 failed=''
    # ext4 would write a file that replaces another by itself.
    options=loop
    [ "$system" != ext4 ] || options=loop,noauto_da_alloc
    truncate -s 512M "$image"
    "mkfs.$system" -q "$image"
    mount -o "$options" "$image" "$mount"
    # Three rounds without a cut, to know how long a run takes.
    for round in -3 -2 -1; do
        drop
        begun="$(microseconds)"
        start
        wait "$child" || true
        child=''
        took=$((took + ($(microseconds) - begun) / 3))
        finish
    done
    for ((round = 1; round <= rounds; round++)); do
        [ -z "$failed" ] || break
        drop
        cut_after "$(below "$seed $system $round" $((took * 5 / 4)))"
        if [ -z "$failed" ] && ((round % 3 == 0)); then
            cut_after "$(below "$seed $system $round again" "$took")"
        fi
        [ -n "$failed" ] || finish
    done
    umount "$mount"
    tell
    [ -z "$failed" ] || echo "$system: the image is $image, the dropped files are in $work/dropped"
    [ -n "$failed" ] || rm "$image"
    total=$((total + faults))
done
[ "$total" = 0 ]
