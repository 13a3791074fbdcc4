#!/bin/sh
# The checks that take hours: the same tests as in CI, with far more cases. For a machine with nothing
# else to do; the first that fails ends it.
#
#     sh tests/nightly.sh [HOW-MANY-TIMES-THE-CASES-OF-CI]
set -eu
cd "$(dirname "$0")/.."
times=${1:-25}

step() {
    echo "== $1"
    shift
    "$@"
}

step 'random states, faults and commands: nothing is lost' \
    env PROPTEST_CASES=$((20000 * times)) cargo test --release --locked --all-features --test safety
step 'random states of a simulated host' \
    env PROPTEST_CASES=$((2000 * times)) cargo test --release --locked --all-features --test round_trip
step 'replacements, killed after every single run of MegaCLI' \
    env CRASH=every cargo test --release --locked --all-features --test replace
step 'random orders to the simulated firmware' \
    env PROPTEST_CASES=$((256 * times)) cargo test --release --locked -p ironkeep-sim
if command -v c++ >/dev/null 2>&1; then
    step 'parsers on damaged text' fuzz/run.sh $((12 * times))
fi
echo 'every check passed'
