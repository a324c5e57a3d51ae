#!/usr/bin/env bash
# Kills the program at random instants, 10,000 times or as often as named, and checks after every kill that
# nothing is lost and nothing comes twice: tests/kills.sh [KILLS [SEED]]
set -euo pipefail
cd "$(dirname "$0")/.."
export KYC_IMPORT_TEST_KILLS="${1:-10000}" KYC_IMPORT_TEST_SEED="${2:-$RANDOM}"
echo "seed $KYC_IMPORT_TEST_SEED"
exec cargo test --test suite -- --nocapture crash::random
