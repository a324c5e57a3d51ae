#!/usr/bin/env bash
# Installs the peers, makes the files, runs everything in turn and prints one table.
#
#   benches/peers/run.sh [--records N] [--rounds N] [--work FOLDER] [--only TEXT] [--own] [--no-install]
#
# Needs cargo and python3; npm, pip and apt-get where a peer comes from there. A peer that cannot be
# installed is left out, and the table says so. With a million records the folder grows to about 6 GB.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$here/.work
records=1000000
rounds=3
install=yes
own=
only=

while [ $# -gt 0 ]; do
    case $1 in
        --records) records=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        --work) work=$2; shift 2 ;;
        --only) only=$2; shift 2 ;;
        --own) own=--own; shift ;;
        --no-install) install=no; shift ;;
        *) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
    esac
done
mkdir -p "$work"
work=$(cd "$work" && pwd)
export PYTHONDONTWRITEBYTECODE=1

# One peer: a name, what proves that it is there, and what installs it.
peer() {
    local name=$1 proof=$2
    shift 2
    if eval "$proof" >/dev/null 2>&1; then return; fi
    echo "installing $name ..." >&2
    "$@" >"$work/install-$name.log" 2>&1 || echo "$name: not installed, see $work/install-$name.log" >&2
}

# The smallest build that has `validate`; the build `qsvlite` of this version needs a patched crate.
install_qsv() {
    nice -n 19 cargo install qsv --version 16.1.0 --locked --no-default-features \
        --features mimalloc,datapusher_plus --bin qsvdp --root "$work/qsv" --target-dir "$work/qsv-build" -j1
    rm -rf "$work/qsv-build"
}

install_python() {
    [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet "$1"
}

install_ajv() {
    mkdir -p "$work/node"
    (cd "$work/node" && echo '{"private":true}' >package.json && npm install --silent ajv@8)
}

install_xmllint() {
    apt-get install -y libxml2-utils
}

if [ $install = yes ] && [ -z "$own" ]; then
    python=$work/venv/bin/python
    for module in duckdb==2.0.0 polars==2.1.0 msgspec==0.22.0 pydantic==2.14.3; do
        peer "${module%%=*}" "$python -c 'import ${module%%=*}'" install_python "$module"
    done
    peer ajv "[ -d '$work/node/node_modules/ajv' ]" install_ajv
    peer xmllint "command -v xmllint" install_xmllint
    peer qsv "[ -x '$work/qsv/bin/qsvdp' ]" install_qsv
fi
if [ -z "$own" ]; then
    python3 "$here/rules.py" "$work/schemas"
    cargo build --release --locked --target-dir "$work/rust" \
        --manifest-path "$here/jsonschema-rayon/Cargo.toml"
fi

# KYC_IMPORT and GENERATE name binaries that are built already.
target=$(cd "$root" && cargo metadata --format-version 1 --no-deps |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
if [ -z "${KYC_IMPORT:-}" ]; then
    (cd "$root" && cargo build --release)
    KYC_IMPORT=$target/release/kyc-import
fi
if [ -z "${GENERATE:-}" ]; then
    (cd "$root" && cargo build --release --example generate)
    GENERATE=$target/release/examples/generate
fi

# One file: a name, and the arguments of the generator without the path.
make_file() {
    local file=$work/data/$1
    shift
    [ -s "$file" ] || "$GENERATE" "$1" "$2" "$file" "${@:3}"
}

if [ "$(cat "$work/records" 2>/dev/null)" != "$records" ]; then rm -rf "$work/data"; fi
mkdir -p "$work/data"
echo "$records" >"$work/records"
for format in csv ndjson xml; do
    make_file $format.$format $format "$records"
    if [ -n "$own" ]; then
        make_file $format-all-valid.$format $format $((records / 5)) --invalid 0
        make_file $format-all-invalid.$format $format $((records / 5)) --invalid 1
        make_file $format-20-records.$format $format 20
    fi
done
make_file wrapper.json wrapper "$records"

python3 "$here/measure.py" --work "$work" --program "$KYC_IMPORT" --rounds "$rounds" --only "$only" $own
